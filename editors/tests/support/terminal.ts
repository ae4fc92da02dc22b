// Drives an editor in a terminal, through tmux: real keys in, the screen out.

import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from './eventually.ts';
import { environmentWithServer } from './server.ts';
import { announce, takeBack } from './test.ts';
import { temporaryFolder } from './vault.ts';

export interface TerminalOptions {
  /** The program and its arguments. */
  command: string[];
  /** The folder that it starts in. */
  folder: string;
  /** Its home, where it looks for its configuration; an empty one if none is given. */
  home?: string;
  environment?: Record<string, string>;
  columns?: number;
  rows?: number;
}

let started = 0;

export class Terminal {
  readonly #socket = `vaultls-${process.pid}-${++started}`;
  readonly #environment: NodeJS.ProcessEnv;

  constructor(options: TerminalOptions) {
    const home = options.home ?? temporaryFolder();
    this.#environment = {
      ...environmentWithServer(),
      ...{ HOME: home, XDG_CONFIG_HOME: join(home, '.config'), XDG_CACHE_HOME: join(home, '.cache') },
      ...{ XDG_DATA_HOME: join(home, '.local', 'share'), XDG_STATE_HOME: join(home, '.local', 'state') },
      ...{ TERM: 'xterm-256color', COLORTERM: 'truecolor', LC_ALL: 'C.UTF-8', TMUX: undefined },
      ...options.environment,
    };
    const size = ['-x', String(options.columns ?? 110), '-y', String(options.rows ?? 32)];
    const command = options.command.map(word => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
    this.#tmux('new-session', '-d', '-s', 'editor', ...size, '-c', options.folder, command);
    this.#tmux('set-option', '-g', 'escape-time', '0'); // or Escape and a letter become Alt and that letter
    this.#tmux('set-option', '-g', 'default-terminal', 'tmux-256color');
    process.once('exit', () => this.close());
    announce(this);
  }

  close(): void {
    takeBack(this);
    try {
      this.#tmux('kill-server');
    } catch {
      // It has ended already.
    }
  }

  /** Types text as it is. */
  type(text: string): void {
    this.#tmux('send-keys', '-t', 'editor', '-l', '--', text);
  }

  /** Presses keys, named as tmux does: `Enter`, `Escape`, `C-x`, `M-.`, `F12`. */
  press(...keys: string[]): void {
    this.#tmux('send-keys', '-t', 'editor', ...keys);
  }

  /** What the screen shows now, a line a row. */
  screen(): string {
    return this.#tmux('capture-pane', '-p', '-t', 'editor');
  }

  /** The same with the terminal's escape sequences for colours, and with the blanks at the ends of lines. */
  colouredScreen(): string {
    return this.#tmux('capture-pane', '-p', '-e', '-N', '-t', 'editor');
  }

  /** Waits until the screen shows all of these, and returns it. */
  async shows(...wanted: (string | RegExp)[]): Promise<string> {
    return await eventually(() => {
      const screen = this.screen();
      const missing = wanted.filter(part => (typeof part === 'string' ? !screen.includes(part) : !part.test(screen)));
      if (missing.length > 0) throw new Error(`the screen does not show ${missing.join(' nor ')}:\n${screen}`);
      return screen;
    });
  }

  /** Waits until the screen shows none of these. */
  async hides(...unwanted: string[]): Promise<void> {
    await eventually(() => {
      const screen = this.screen();
      const shown = unwanted.filter(part => screen.includes(part));
      if (shown.length > 0) throw new Error(`the screen shows ${shown.join(' and ')}:\n${screen}`);
    });
  }

  async saveEvidence(folder: string): Promise<void> {
    writeFileSync(join(folder, 'screen.txt'), this.screen());
  }

  #tmux(...words: string[]): string {
    const tmux = ['-L', this.#socket, '-f', '/dev/null', ...words];
    return execFileSync('tmux', tmux, { env: this.#environment, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  }
}
