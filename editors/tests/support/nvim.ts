// Drives Neovim through its API, with a user interface attached: keys go through its main loop as if they were typed.

import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from './eventually.ts';
import { MsgpackRpc } from './msgpack_rpc.ts';
import { installed, repository } from './paths.ts';
import { environmentWithServer } from './server.ts';
import { announce, takeBack } from './test.ts';
import { temporaryFolder } from './vault.ts';

/** The plugin, as users put it on their runtime path. */
export const plugin = join(repository, 'editors', 'nvim');

export interface NeovimOptions {
  /** The current folder. */
  folder: string;
  /** Files to open at the start. */
  files?: string[];
  /** The user's `init.lua` without the line that adds the plugin: settings of the plugin, autocommands. */
  init?: string;
  environment?: NodeJS.ProcessEnv;
}

export interface MenuItem {
  text: string;
  kind: string;
  detail: string;
}

export interface Diagnostic {
  /** Counted from 1. */
  line: number;
  code: string;
  message: string;
}

/** A message that is too long for its line would stop Neovim, and the test, until a key is pressed. */
const NEVER_CONFIRM = 'set messagesopt=wait:0,history:500';

const running = new Set<Neovim>();
process.once('exit', () => running.forEach(neovim => neovim.close()));

/** Ends every Neovim that is still running, and throws if Lua has failed in one: for `afterEach`. */
export async function closeAll(): Promise<void> {
  const failed: string[] = [];
  for (const neovim of running) {
    const messages = await neovim.messages().catch(() => '');
    if (messages.includes('stack traceback')) failed.push(messages);
    neovim.close();
  }
  if (failed.length > 0) throw new Error(failed.join('\n'));
}

export class Neovim {
  /** Its home: configuration, state and logs are here and nowhere else. */
  readonly home: string;
  readonly #process: ChildProcess;
  readonly #rpc: MsgpackRpc;

  private constructor(home: string, started: ChildProcess) {
    this.home = home;
    this.#process = started;
    if (!started.stdout || !started.stdin) throw new Error('Neovim has no pipes');
    this.#rpc = new MsgpackRpc(started.stdout, started.stdin, () => undefined);
    running.add(this);
    announce(this);
  }

  static async start(options: NeovimOptions): Promise<Neovim> {
    const home = temporaryFolder('vaultls-nvim');
    const config = join(home, '.config', 'nvim');
    mkdirSync(config, { recursive: true });
    const init = `vim.opt.rtp:append(${luaText(plugin)})\n${options.init ?? ''}\n`;
    writeFileSync(join(config, 'init.lua'), init);
    const started = spawn(installed('terminal', 'bin', 'nvim'), ['--embed', '--cmd', NEVER_CONFIRM, ...(options.files ?? [])], {
      cwd: options.folder,
      env: {
        ...environmentWithServer(),
        ...{ HOME: home, XDG_CONFIG_HOME: join(home, '.config'), XDG_CACHE_HOME: join(home, '.cache') },
        ...{ XDG_DATA_HOME: join(home, '.local', 'share'), XDG_STATE_HOME: join(home, '.local', 'state') },
        ...{ NVIM: undefined, NVIM_APPNAME: undefined, VIMINIT: undefined, LC_ALL: 'C.UTF-8' },
        ...options.environment,
      },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const neovim = new Neovim(home, started);
    // Neovim reads its configuration when the first user interface is there.
    await neovim.#rpc.request('nvim_ui_attach', 120, 40, { ext_linegrid: true, rgb: true });
    await eventually(async () => {
      if ((await neovim.lua('return vim.v.vim_did_enter')) !== 1) throw new Error('Neovim has not started');
    });
    return neovim;
  }

  get processId(): number {
    return this.#process.pid ?? -1;
  }

  close(): void {
    takeBack(this);
    running.delete(this);
    this.#process.kill('SIGKILL');
  }

  /** Runs Lua; the arguments are `...` in it. */
  async lua<T = unknown>(code: string, ...parameters: unknown[]): Promise<T> {
    return (await this.#rpc.request('nvim_exec_lua', code, parameters)) as T;
  }

  /** Runs an Ex command and returns what it prints. */
  async command(command: string): Promise<string> {
    const result = (await this.#rpc.request('nvim_exec2', command, { output: true })) as { output: string };
    return result.output;
  }

  /** Presses keys, as in a mapping: `<Esc>`, `<C-n>`, `gd`. */
  async press(keys: string): Promise<void> {
    await this.#rpc.request('nvim_input', keys);
  }

  /** Types text as it is, character by character: the next one when the last is in. */
  async type(text: string): Promise<void> {
    for (const character of text) {
      await this.press(character === '<' ? '<lt>' : character === '\n' ? '<CR>' : character);
      await this.lua('return vim.api.nvim_get_mode()');
    }
  }

  async edit(path: string): Promise<void> {
    await this.command(`edit ${path.replaceAll(' ', '\\ ')}`);
  }

  /** Opens a note and waits until the server has read its vault. */
  async editNote(path: string): Promise<void> {
    await this.edit(path);
    await eventually(async () => {
      if (!(await this.isServed())) throw new Error(`vaultls has not read the vault of ${path}`);
    }, 60);
  }

  /** Whether a server serves the current buffer and has read its vaults. */
  async isServed(): Promise<boolean> {
    return this.lua(`
      local client = vim.lsp.get_clients({ bufnr = 0, name = 'vaultls' })[1]
      local answer = client and client:request_sync('workspace/executeCommand', { command = 'vaultls.stats' }, 10000)
      return answer ~= nil and answer.result ~= nil
        and vim.iter(answer.result):all(function(vault) return not vault.isLoading end)`);
  }

  /** How many servers named vaultls serve the current buffer. */
  async clients(): Promise<number> {
    return this.lua("return #vim.lsp.get_clients({ bufnr = 0, name = 'vaultls' })");
  }

  /** Replaces the whole text, with the cursor before the `▮` in it. */
  async setText(text: string): Promise<void> {
    const lines = text.split('\n');
    const row = lines.findIndex(line => line.includes('▮'));
    const column = Buffer.byteLength(lines[row]?.split('▮')[0] ?? '');
    const clean = lines.map(line => line.replace('▮', ''));
    await this.lua('vim.api.nvim_buf_set_lines(0, 0, -1, true, ...)', clean);
    if (row >= 0) await this.lua('vim.api.nvim_win_set_cursor(0, { ... })', row + 1, column);
  }

  /** The text of the current buffer, with `▮` before the cursor. */
  async text(): Promise<string> {
    return this.lua(`
      local lines = vim.api.nvim_buf_get_lines(0, 0, -1, true)
      local row, column = unpack(vim.api.nvim_win_get_cursor(0))
      lines[row] = lines[row]:sub(1, column) .. '▮' .. lines[row]:sub(column + 1)
      return table.concat(lines, '\\n')`);
  }

  /** The completion menu from top to bottom; empty if there is none. */
  async menu(): Promise<MenuItem[]> {
    return this.lua(`
      if vim.fn.pumvisible() == 0 then return {} end
      local shown = vim.tbl_filter(function(item) return item.match ~= false end,
        vim.fn.complete_info({ 'items', 'matches' }).items)
      return vim.tbl_map(function(item)
        return { text = item.abbr ~= '' and item.abbr or item.word, kind = item.kind, detail = item.menu }
      end, shown)`);
  }

  /** What the server answers to a completion request at the cursor, in its order. */
  async offered(): Promise<string[]> {
    return this.lua(`
      local client = vim.lsp.get_clients({ bufnr = 0, name = 'vaultls' })[1]
      local parameters = vim.lsp.util.make_position_params(0, client.offset_encoding)
      local answer = client:request_sync('textDocument/completion', parameters, 10000, 0)
      return vim.tbl_map(function(item) return item.label end, answer.result and answer.result.items or {})`);
  }

  /** The diagnostics of the current buffer, by line. */
  async diagnostics(): Promise<Diagnostic[]> {
    return this.lua(`
      local found = vim.tbl_map(function(it) return { line = it.lnum + 1, code = it.code, message = it.message } end,
        vim.diagnostic.get(0))
      table.sort(found, function(a, b) return a.line < b.line end)
      return found`);
  }

  /** Does what `gra` does when its first entry with these words is picked, and returns its title; fails if there is none. */
  async act(words: string): Promise<string> {
    await this.lua(
      `local words = ...
      vim.g.picked = nil
      vim.ui.select = function(actions, options, choose)
        for _, action in ipairs(actions) do
          if options.format_item(action):find(words, 1, true) then
            vim.g.picked = options.format_item(action)
            return choose(action)
          end
        end
        error('nothing with ' .. words)
      end
      vim.lsp.buf.code_action()`,
      words,
    );
    return eventually(async () => {
      const picked: string | null = await this.lua('return vim.g.picked');
      if (picked === null) throw new Error(`nothing with ${words} is offered`);
      return picked;
    });
  }

  /** The text of the first floating window. */
  async float(): Promise<string> {
    return this.lua(`
      for _, window in ipairs(vim.api.nvim_list_wins()) do
        if vim.api.nvim_win_get_config(window).relative ~= '' then
          return table.concat(vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(window), 0, -1, true), '\\n')
        end
      end
      return ''`);
  }

  /** The quickfix list, as `path:line:column: text` with paths as Neovim shows them. */
  async quickfix(): Promise<string[]> {
    return this.lua(`
      return vim.tbl_map(function(item)
        return ('%s:%d:%d: %s'):format(vim.fn.fnamemodify(vim.fn.bufname(item.bufnr), ':.'), item.lnum, item.col, item.text)
      end, vim.fn.getqflist())`);
  }

  /** What was said so far, `:messages`. */
  async messages(): Promise<string> {
    return this.command('messages');
  }

  /** What the screen shows. */
  async screen(): Promise<string> {
    return this.lua(`
      vim.cmd.redraw()
      local rows = {}
      for row = 1, vim.o.lines do
        local cells = {}
        for column = 1, vim.o.columns do cells[column] = vim.fn.screenstring(row, column) end
        rows[row] = table.concat(cells):gsub('%s+$', '')
      end
      return table.concat(rows, '\\n')`);
  }

  async saveEvidence(folder: string): Promise<void> {
    const log = await this.lua<string>(`
      local file = io.open(vim.lsp.log.get_filename())
      return file and file:read('*a') or ''`);
    writeFileSync(join(folder, 'lsp.log'), log);
    writeFileSync(join(folder, 'messages.txt'), await this.messages());
    writeFileSync(join(folder, 'screen.txt'), await this.screen());
  }
}

/** A text as a Lua string. */
export function luaText(text: string): string {
  return JSON.stringify(text);
}
