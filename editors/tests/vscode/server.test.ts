// The life of the server in VS Code: started, watched, started again, given up, chosen by a setting.

import assert from 'node:assert/strict';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, beforeEach } from 'node:test';
import { eventually } from '../support/eventually.ts';
import { server } from '../support/server.ts';
import { test } from '../support/test.ts';
import { temporaryFolder, vaultOf } from '../support/vault.ts';
import { VsCode, type Notification } from '../support/vscode.ts';

let editor: VsCode;
const programs = temporaryFolder();
const vault = vaultOf({ 'a.md': '# A\n\n[[missing]] [[b]]\n', 'b.md': '# B\n' });

before(async () => {
  editor = await VsCode.start();
  await editor.openFolder(vault, { file: 'a.md' });
});
after(() => editor.close());
beforeEach(() => editor.inHost(async vscode => void (await vscode.commands.executeCommand('notifications.clearAll'))));

/** A program that is asked for its version by `--version` and served by any other argument. */
function program(name: string, version: string, serve: string): string {
  const path = join(programs, name);
  writeFileSync(path, `#!/bin/sh\nif [ "$1" = --version ]; then\n${version}\nelse\necho started >>'${path}.log'\n${serve}\nfi\n`);
  chmodSync(path, 0o755);
  return path;
}
const right = `'${server()}' --version`;

async function choose(path: string): Promise<void> {
  await editor.inHost(
    (vscode, path) => vscode.workspace.getConfiguration('vaultls').update('server.path', path || undefined, vscode.ConfigurationTarget.Global),
    path,
  );
}

interface State {
  kind: string;
  version?: string;
  reason?: string;
}
const state = (): Promise<State> => editor.inHost(vscode => vscode.extensions.getExtension('vaultls.vaultls')?.exports.state() as State);

async function runs(): Promise<void> {
  await eventually(async () => {
    assert.equal((await state()).kind, 'running');
    assert((await editor.problems('a.md')).some(({ code }) => code === 'link/missing-note'), 'what is broken is marked');
  });
}

async function failure(): Promise<Notification> {
  return await eventually(async () => {
    assert.equal((await state()).kind, 'failed');
    const told = await editor.notifications();
    assert.equal(told.length, 1, 'it is told, and once');
    return told[0]!;
  });
}

test('the status bar counts notes and broken links, and its menu acts', async () => {
  await runs();
  await eventually(async () => assert((await editor.statusBar()).some(text => text === '2 notes, 1 unresolved'), (await editor.statusBar()).join('|')));
  await editor.page.locator('.statusbar-item', { hasText: '2 notes, 1 unresolved' }).click();
  await editor.page.getByRole('option', { name: /Show Vault Statistics/ }).click();
  await eventually(async () => {
    assert.match(await editor.activeTab(), /Vaults/);
    assert.match(await editor.webview().locator('body').innerText({ timeout: 2000 }), /Notes\s+2[^]*Links\s+2/);
  });
  await editor.inHost(async vscode => void (await vscode.commands.executeCommand('workbench.action.closeAllEditors')));
  await editor.open('a.md');
});

test('a diagnostic disappears once it is fixed', async () => {
  await runs();
  await editor.open('a.md', 3, 3);
  await editor.inHost(async vscode => void (await vscode.window.activeTextEditor?.edit(edit => edit.replace(new vscode.Range(2, 0, 2, 11), '[[b]]'))));
  await eventually(async () => assert.deepEqual(await editor.problems('a.md'), []));
  await editor.inHost(async vscode => void (await vscode.commands.executeCommand('workbench.action.files.revert')));
  await runs();
});

test('a server that is killed is started again', async () => {
  await runs();
  const [before] = editor.servers();
  editor.killServer();
  await eventually(() => assert(editor.servers()[0] !== undefined && editor.servers()[0] !== before));
  await runs();
  assert.deepEqual(await editor.notifications(), []);
  assert.equal(editor.servers().length, 1);
});

test('it can be stopped, started and restarted', async () => {
  await editor.command('vaultls: Stop Server');
  await eventually(async () => {
    assert.equal((await state()).kind, 'stopped');
    assert.deepEqual(editor.servers(), []);
    assert.deepEqual(await editor.problems('a.md'), []);
  });
  await editor.command('vaultls: Start Server');
  await runs();
  const [before] = editor.servers();
  await editor.command('vaultls: Restart Server');
  await eventually(() => assert(editor.servers()[0] !== undefined && editor.servers()[0] !== before));
  await runs();
  await editor.command('vaultls: Reload Vaults');
  await runs();
  assert.deepEqual(await editor.notifications(), []);
});

test('a server that keeps crashing is given up, and the log is a click away', async () => {
  const path = program('crashing', right, 'echo the cause of it >&2\nexit 7');
  await choose(path);
  const { text, buttons } = await failure();
  assert.match(text, /crashed 4 times \(exit code 7\)/);
  assert.deepEqual(buttons, ['Show Log', 'Restart Server']);
  assert.deepEqual(editor.servers(), []);
  assert.equal(editor.log().match(/ended unexpectedly/g)?.length, 1 + 4, 'the one that was killed, and four starts');
  await editor.clickNotificationButton('Show Log');
  await eventually(async () => assert.match(await editor.page.locator('.part.panel').innerText(), /crashed\s+4\s+times/));
  await editor.inHost(async vscode => void (await vscode.commands.executeCommand('workbench.action.closePanel')));
  await choose('');
  await runs();
});

test('a server that never answers can be left', async () => {
  await choose(program('silent', right, 'exec sleep 600'));
  await eventually(async () => {
    assert.equal((await state()).kind, 'starting');
    assert(editor.log().includes('silent (setting)'));
  });
  await choose('');
  await runs();
});

test('a server that is too old is told of, and another is used as soon as it is set', async () => {
  await choose(program('old', 'echo vaultls 0.0.1', 'exit 1'));
  const { text, buttons } = await failure();
  assert.match(text, /is vaultls 0\.0\.1, \d/);
  assert.deepEqual(buttons, ['How to Install', 'Open Setting', 'Show Log']);
  await editor.clickNotificationButton('How to Install');
  await eventually(async () => assert.match(await editor.webview().locator('body').innerText({ timeout: 2000 }), /Installing the server/));
  await editor.open('a.md');
  await choose('');
  await runs();
});

test('a program that is missing or another one is told of', async () => {
  await choose('~/no such program');
  assert.match((await failure()).text, /Server executable not found: .*\/no such program/);
  await editor.inHost(async vscode => void (await vscode.commands.executeCommand('notifications.clearAll')));
  await choose(program('other', 'echo something else', 'exit 1'));
  await eventually(async () => assert.match((await state()).reason ?? '', /Not a vaultls executable: .*"something else"/));
  await choose('');
  await runs();
});
