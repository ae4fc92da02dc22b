// Drives VS Code as a user does, by keys and by what the page shows, and asks its extension host what can't be seen.
//
// What reads (`completions`, `notifications`, ...) answers at once with what is there now: wrap it in `eventually`.

import assert from 'node:assert/strict';
import { cpSync, globSync, readFileSync, readdirSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { chromium, type Browser, type FrameLocator, type Locator, type Page } from 'playwright-core';
import type * as vscode from 'vscode';
import { CodeServer, type CodeServerOptions } from './code_server.ts';
import { eventually } from './eventually.ts';
import { installed } from './paths.ts';
import { serversBelow } from './processes.ts';
import { announce, takeBack } from './test.ts';

export interface VsCodeOptions extends CodeServerOptions {
  /** The size of the window, and how many pixels of a picture each of its own takes. */
  window?: { width: number; height: number; scale: number };
}

export interface Place {
  file: string;
  /** Both count from 1, columns in UTF-16 units, as VS Code shows them. */
  line?: number;
  column?: number;
}

export interface Completion {
  label: string;
  /** What stands beside the label: the item's detail or description. */
  detail: string;
  selected: boolean;
}

export interface Notification {
  text: string;
  buttons: string[];
}

export interface Problem {
  /** Counts from 1, as do columns. */
  line: number;
  column: number;
  severity: 'error' | 'warning' | 'information' | 'hint';
  code: string;
  message: string;
  source: string;
}

type Json = string | number | boolean | null | undefined | readonly Json[] | { readonly [key: string]: Json };

export class VsCode {
  readonly page: Page;
  readonly #server: CodeServer;
  readonly #browser: Browser;
  readonly #console: string[] = [];
  /** Addresses of other machines that the page asked for something. */
  readonly #outside = new Set<string>();
  readonly #expected = new Set<string>();
  #folder = '';
  #host = '';

  private constructor(server: CodeServer, browser: Browser, page: Page) {
    this.#server = server;
    this.#browser = browser;
    this.page = page;
    page.on('console', message => this.#console.push(message.text()));
    page.on('dialog', dialog => void dialog.accept()); // "leave the page?", when a folder with unsaved notes is left
    page.context().on('request', request => {
      const { protocol, hostname } = new URL(request.url());
      // By this name a webview, such as the Markdown preview, asks a service worker in the page for files of this machine.
      if (hostname.endsWith('.vscode-resource.vscode-cdn.net')) return;
      if (/^(http|ws)s?:$/.test(protocol) && hostname !== '127.0.0.1') this.#outside.add(request.url());
    });
    announce(this);
  }

  /** About 3 seconds, and 3 more for each folder: let tests of one file share an editor. */
  static async start(options: VsCodeOptions = {}): Promise<VsCode> {
    const [server, browser] = await Promise.all([
      CodeServer.start(options),
      chromium.launch({
        executablePath: installed('vscode', 'bin', 'chromium'),
        args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync',
          '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1'],
      }),
    ]);
    const { width, height, scale } = options.window ?? { width: 1280, height: 800, scale: 1 };
    const context = await browser.newContext({ viewport: { width, height }, deviceScaleFactor: scale });
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    return new VsCode(server, browser, await context.newPage());
  }

  /** Ends everything. Fails if the page asked another machine for anything. */
  async close(): Promise<void> {
    takeBack(this);
    await this.#browser.close();
    this.#server.stop();
    assert.deepEqual([...this.#outside].filter(address => !this.#expected.has(address)), [], 'no request leaves this machine');
  }

  /** Opens a folder, or a `.code-workspace` with several, in a window with an extension host of its own; and a file in it. */
  async openFolder(folder: string, place?: Place, attempts = 3): Promise<void> {
    const before = this.#hosts();
    const remote = `vscode-remote://127.0.0.1:${this.#server.port}`;
    const kind = folder.endsWith('.code-workspace') ? 'workspace' : 'folder';
    const file = place && `${remote}${join(folder, place.file)}:${place.line ?? 1}:${place.column ?? 1}`;
    const payload = file === undefined ? [] : [['gotoLineMode', 'true'], ['openFile', file]];
    const query = new URLSearchParams({ [kind]: folder, payload: JSON.stringify(payload) });
    await this.page.goto(`http://127.0.0.1:${this.#server.port}/?${query}`);
    this.#folder = folder;
    this.#host = await eventually(async () => {
      const host = this.#hosts().find(host => !before.includes(host));
      assert(host, 'the extension host has started');
      await ask(host, 'vscode => vscode.version', []);
      return host;
    }, 60);
    // Now and then VS Code opens a workspace without the folders that its file names, and does not add them later.
    if (kind === 'workspace' && attempts > 1 && !(await this.#hasFolders())) {
      await this.openFolder(folder, place, attempts - 1);
      return;
    }
    if (place) await this.#focused(place.file);
  }

  /** Returns whether the window has a folder, or gets one within a few seconds. */
  async #hasFolders(): Promise<boolean> {
    const count = (): Promise<number> => this.inHost(vscode => vscode.workspace.workspaceFolders?.length ?? 0);
    return eventually(async () => assert(await count()), 5).then(() => true, () => false);
  }

  /** Opens a file of the folder, or by its absolute path, with the cursor there. */
  async open(file: string, line = 1, column = 1): Promise<void> {
    await this.inHost(
      async (vscode, path, line, column) => {
        const at = new vscode.Position(line - 1, column - 1);
        await vscode.window.showTextDocument(vscode.Uri.file(path), { selection: new vscode.Range(at, at), preview: false });
      },
      file.startsWith('/') ? file : join(this.#folder, file),
      line,
      column,
    );
    await this.#focused(file);
  }

  async #focused(file: string): Promise<void> {
    await eventually(async () => {
      assert.equal(await this.activeTab(), file.split('/').at(-1));
      assert(await this.page.evaluate(() => document.activeElement?.closest('.monaco-editor') !== null), 'the editor has the focus');
    });
  }

  /** Moves the cursor in the open file. */
  async goTo(line: number, column = 1): Promise<void> {
    await this.inHost(
      (vscode, line, column) => {
        const editor = vscode.window.activeTextEditor;
        if (!editor) throw new Error('no file is open');
        const at = new vscode.Position(line - 1, column - 1);
        editor.selection = new vscode.Selection(at, at);
        editor.revealRange(editor.selection);
      },
      line,
      column,
    );
  }

  /** Types as a quick writer does, with whatever the editor adds by itself. */
  async type(text: string): Promise<void> {
    await this.page.keyboard.type(text, { delay: 30 });
  }

  /** Presses keys one after the other, named as Playwright does: `Enter`, `F12`, `Control+Space`. */
  async press(...keys: string[]): Promise<void> {
    for (const key of keys) await this.page.keyboard.press(key);
  }

  /** Runs a command by its title in the command palette, as `Markdown: Open Preview`. */
  async command(title: string): Promise<void> {
    await this.press('F1');
    await this.page.locator('.quick-input-widget input').fill(`>${title}`);
    const row = this.page.locator('.quick-input-list .monaco-list-row', { has: this.page.getByText(title, { exact: true }) });
    await row.first().click();
  }

  /** The shown part of the completion list from its top; empty if it is not open. */
  async completions(): Promise<Completion[]> {
    return await this.page.$$eval('.suggest-widget.visible .monaco-list-row', rows =>
      rows
        .map(row => ({ row, index: Number(row.getAttribute('data-index')) }))
        .sort((one, other) => one.index - other.index)
        .map(({ row }) => ({
          label: row.querySelector('.label-name')?.textContent ?? '',
          detail: [...row.querySelectorAll('.qualifier-label, .signature-label, .details-label')].map(part => part.textContent).join(' ').trim(),
          selected: row.classList.contains('focused'),
        })),
    );
  }

  /** Moves down to the completion with this label and accepts it. Without a label, accepts what is selected. */
  async accept(label?: string): Promise<void> {
    await eventually(async () => {
      const completions = await this.completions();
      const selected = completions.find(completion => completion.selected);
      assert(selected, 'a completion is selected');
      if (label === undefined || selected.label === label) return;
      assert(completions.some(completion => completion.label === label), `${label} is offered`);
      await this.press('ArrowDown');
      assert.fail(`${label} is selected`);
    });
    await this.press('Enter');
  }

  /** What the light bulb offers at the cursor, from top to bottom: opens its menu (Ctrl+.) and waits until it shows. */
  async actions(): Promise<string[]> {
    const menu = this.page.locator('.action-widget:visible');
    return await eventually(async () => {
      if ((await menu.count()) === 0) await this.press('Control+.');
      await menu.locator('.monaco-list-row.action').first().waitFor({ timeout: 2000 });
      return (await menu.locator('.monaco-list-row.action').allInnerTexts()).map(oneLine);
    });
  }

  /** Picks what the open menu of the light bulb offers by its title. */
  async pickAction(title: string): Promise<void> {
    await this.page.locator('.action-widget:visible .monaco-list-row.action', { hasText: title }).first().click();
  }

  /** The hover at the cursor, once it shows; one that shows already is closed first. */
  async hover(): Promise<string> {
    const hover = this.page.locator('.monaco-hover:not(.hidden) .hover-contents');
    await eventually(async () => {
      await this.inHost(vscode => vscode.commands.executeCommand('editor.action.hideHover'));
      assert.equal(await hover.count(), 0);
    });
    return await eventually(async () => {
      await this.inHost(vscode => vscode.commands.executeCommand('editor.action.showHover', { focus: 'noAutoFocus' }));
      return await eventually(async () => {
        const text = (await hover.allInnerTexts()).join('\n').trim();
        assert(text !== '' && !text.startsWith('Loading'), 'a hover shows');
        return text;
      }, 2);
    });
  }

  /** What is marked in a file of the folder, in the order of the text. */
  async problems(file: string): Promise<Problem[]> {
    return await this.inHost((vscode, path) => {
      const found = vscode.languages.getDiagnostics(vscode.Uri.file(path));
      return found
        .toSorted((one, other) => one.range.start.compareTo(other.range.start))
        .map(({ range, severity, code, message, source }) => ({
          line: range.start.line + 1,
          column: range.start.character + 1,
          severity: (['error', 'warning', 'information', 'hint'] as const)[severity] ?? 'error',
          code: String(typeof code === 'object' ? code.value : (code ?? '')),
          message,
          source: source ?? '',
        }));
    }, join(this.#folder, file));
  }

  /** The text of the open file, unsaved edits and all. */
  async text(): Promise<string> {
    return await this.inHost(vscode => vscode.window.activeTextEditor?.document.getText() ?? '');
  }

  /** A line of the open file, counted from 1. */
  async line(number: number): Promise<string> {
    return (await this.text()).split(/\r\n|\r|\n/)[number - 1] ?? '';
  }

  /** Where the cursor is, counted from 1. */
  async cursor(): Promise<{ line: number; column: number }> {
    return await this.inHost(vscode => {
      const at = vscode.window.activeTextEditor?.selection.active;
      return { line: (at?.line ?? -1) + 1, column: (at?.character ?? -1) + 1 };
    });
  }

  /** The file name of the active tab, or the title of one that shows no file: `Preview a.md`. */
  async activeTab(): Promise<string> {
    const tab = this.page.locator('.tab.active').first();
    const name = (await tab.getAttribute('data-resource-name', { timeout: 5000 })) ?? '';
    return name.startsWith('webview-') ? (await tab.innerText()).trim() : name;
  }

  /** Opens and shows a view, such as those of the explorer, by its id. */
  async openView(id: string): Promise<void> {
    await this.inHost((vscode, id) => vscode.commands.executeCommand(`${id}.focus`), id);
  }

  /** The shown rows of a tree view from its top, or its message; the title is with the description. */
  async view(name: string): Promise<{ title: string; rows: string[] }> {
    const pane = this.#pane(name);
    const rows = await pane.locator('.monaco-list-row').evaluateAll(rows =>
      rows
        .sort((one, other) => Number(one.getAttribute('data-index')) - Number(other.getAttribute('data-index')))
        .map(row => [...row.querySelectorAll<HTMLElement>('.monaco-icon-name-container, .label-description')].map(part => part.innerText).join(' ')),
    );
    const message = (await pane.locator('.message').allInnerTexts()).filter(text => text !== '');
    return { title: oneLine(await pane.locator('.pane-header').innerText()), rows: [...message, ...rows].map(oneLine) };
  }

  /** A row of a tree view by its label, to be clicked. */
  viewRow(name: string, label: string): Locator {
    return this.#pane(name).locator('.monaco-list-row', { hasText: label });
  }

  /** Clicks on what stands at the end of a row while the mouse is over it, by its title. */
  async viewAction(name: string, label: string, title: string): Promise<void> {
    const row = this.viewRow(name, label).first();
    await row.hover();
    await row.locator(`.action-label[aria-label^="${title}"]`).click();
  }

  #pane(name: string): Locator {
    return this.page.locator('.pane', { has: this.page.locator('.pane-header', { hasText: name }) });
  }

  /** The texts of all items in the status bar. */
  async statusBar(): Promise<string[]> {
    return (await this.page.locator('.statusbar-item').allInnerTexts()).map(text => text.trim()).filter(text => text !== '');
  }

  /** Waits until the server has read all vaults and they have this many notes. Before that, it answers from what is there. */
  async hasRead(notes: number): Promise<void> {
    const shown = new RegExp(`^${notes.toLocaleString('en-US')} notes?\\b`);
    await eventually(async () => {
      const texts = await this.statusBar();
      assert(texts.some(text => shown.test(text)), `${notes} notes in the status bar: ${texts.join(' | ')}`);
      assert.equal(await this.page.locator('.statusbar-item .codicon-sync').count(), 0, 'no vault is being read');
    });
  }

  async notifications(): Promise<Notification[]> {
    return await this.page.$$eval('.notifications-toasts .notification-list-item', items =>
      items.map(item => ({
        text: item.querySelector('.notification-list-item-message')?.textContent ?? '',
        buttons: [...item.querySelectorAll('.notification-list-item-buttons-container .monaco-button')].map(button => button.textContent ?? ''),
      })),
    );
  }

  async clickNotificationButton(label: string): Promise<void> {
    await this.page.locator('.notifications-toasts .monaco-button', { hasText: label }).click();
  }

  /** A modal dialogue, such as the question before a link is opened; `undefined` if there is none. */
  async dialogue(): Promise<Notification | undefined> {
    const box = this.page.locator('.monaco-dialog-box');
    if ((await box.count()) === 0) return undefined;
    const buttons = await box.locator('.monaco-button').allInnerTexts();
    return { text: await box.locator('.dialog-message-container').innerText(), buttons };
  }

  async answerDialogue(button: string): Promise<void> {
    await this.page.locator('.monaco-dialog-box .monaco-button', { hasText: button }).click();
  }

  /** The contents of the webview that was opened last, such as the Markdown preview. */
  webview(): FrameLocator {
    return this.page.locator('iframe.webview.ready').last().contentFrame().frameLocator('#active-frame');
  }

  /**
   * Runs a function inside the extension host and returns what it returns. It is sent as text: it sees its
   * arguments, which must be plain data, and nothing else of the test.
   */
  async inHost<Arguments extends Json[], Result>(
    run: (api: typeof vscode, ...args: Arguments) => Result | PromiseLike<Result>,
    ...args: Arguments
  ): Promise<Result> {
    return (await ask(this.#host, run.toString(), args)) as Result;
  }

  /** The process ids of the language servers that run. */
  servers(): number[] {
    return serversBelow(this.#server.processId);
  }

  killServer(): void {
    const servers = this.servers();
    assert.notEqual(servers.length, 0, 'a server runs');
    for (const server of servers) process.kill(server, 'SIGKILL');
  }

  /** What the extension and the server have logged, over all windows. */
  log(): string {
    const files = globSync('logs/**/*.log', { cwd: this.#server.profile }).filter(file => /vaultls/i.test(file));
    return files.sort().map(file => readFileSync(join(this.#server.profile, file), 'utf8')).join('\n');
  }

  /** Waits until the editor has opened an address of another machine. Nothing answers there. */
  async opened(address: string): Promise<void> {
    await eventually(() => assert(this.#outside.has(address), `${address} is opened`));
    this.#expected.add(address);
  }

  /** What the page has logged: also of content that must not run. */
  console(): readonly string[] {
    return this.#console;
  }

  async saveEvidence(folder: string): Promise<void> {
    await this.page.screenshot({ path: join(folder, 'window.png') });
    cpSync(join(this.#server.profile, 'logs'), join(folder, 'logs'), { recursive: true });
    cpSync(join(this.#server.profile, 'server.log'), join(folder, 'server.log'));
  }

  #hosts(): string[] {
    return readdirSync(this.#server.hosts).map(name => join(this.#server.hosts, name));
  }
}

const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();

async function ask(socketPath: string, source: string, args: readonly Json[]): Promise<unknown> {
  const body = await new Promise<string>((resolve, reject) => {
    const asked = httpRequest({ socketPath, method: 'POST' }, response => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => (text += part));
      response.on('end', () => resolve(text)).on('error', reject);
    });
    asked.on('error', reject).end(JSON.stringify({ source, args }));
  });
  const answer = JSON.parse(body) as { value?: unknown; error?: string };
  if (answer.error !== undefined) throw new Error(`in the extension host: ${answer.error}`);
  return answer.value;
}
