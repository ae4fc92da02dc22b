// Workspaces of every kind: several vaults, none, files that come and go, untitled notes, folders that cannot be written.

import assert from 'node:assert/strict';
import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { eventually } from '../support/eventually.ts';
import { test } from '../support/test.ts';
import { temporaryFolder, vaultOf, writeNote } from '../support/vault.ts';
import { VsCode } from '../support/vscode.ts';

let editor: VsCode;
before(async () => (editor = await VsCode.start()));
after(() => editor.close());

const codes = async (file: string): Promise<string[]> => (await editor.problems(file)).map(({ code }) => code);
const counts = (pattern: RegExp): Promise<void> =>
  eventually(async () => {
    const shown = (await editor.statusBar()).map(text => text.replaceAll(/\s+/g, ' '));
    assert(shown.some(text => pattern.test(text)), `${pattern} in ${shown.join(' | ')}`);
  });

test('three vaults, and no link leads from one to another', async () => {
  const vaults = ['one', 'two', 'three'].map(name => vaultOf({ 'a.md': `[[only in ${name}]] [[only in two]]\n`, [`only in ${name}.md`]: '' }));
  const workspace = join(temporaryFolder(), 'notes.code-workspace');
  writeFileSync(workspace, JSON.stringify({ folders: vaults.map(path => ({ path })) }));
  await editor.openFolder(workspace);
  await editor.open(join(vaults[0]!, 'a.md'));
  await counts(/^6 notes, 2 unresolved$/);
  for (const [index, vault] of vaults.entries()) {
    await editor.open(join(vault, 'a.md'), 1, 4);
    await editor.hasRead(6);
    const broken = index === 1 ? [] : ['link/missing-note'];
    await eventually(async () => {
      const found = await editor.inHost(
        (vscode, path) => vscode.languages.getDiagnostics(vscode.Uri.file(path)).map(({ code }) => (typeof code === 'object' ? String(code.value) : '')), join(vault, 'a.md'));
      assert.deepEqual(found, broken);
    });
    await editor.press('F12');
    await eventually(async () => assert.match(await editor.activeTab(), /^only in /));
  }
});

test('a folder that is added to the workspace is a vault at once', async () => {
  const [first, second] = [vaultOf({ 'a.md': '# A\n' }), vaultOf({ 'b.md': '[[nobody]]\n' })];
  const workspace = join(temporaryFolder(), 'more.code-workspace');
  writeFileSync(workspace, JSON.stringify({ folders: [{ path: first }] }));
  await editor.openFolder(workspace);
  await editor.open(join(first, 'a.md'));
  await counts(/^1 note$/);
  await editor.inHost((vscode, path) => vscode.workspace.updateWorkspaceFolders(1, 0, { uri: vscode.Uri.file(path) }), second);
  await counts(/^2 notes, 1 unresolved$/);
});

test('notes that are made and deleted by other programs count', async () => {
  const vault = vaultOf({ 'a.md': '[[b]]\n' });
  await editor.openFolder(vault, { file: 'a.md' });
  await eventually(async () => assert.deepEqual(await codes('a.md'), ['link/missing-note']));
  await editor.hasRead(1);
  writeNote(vault, 'new folder/b.md', '# B\n');
  await eventually(async () => assert.deepEqual(await codes('a.md'), []));
  await counts(/^2 notes$/);
  rmSync(join(vault, 'new folder'), { recursive: true });
  await eventually(async () => assert.deepEqual(await codes('a.md'), ['link/missing-note']));
  await counts(/^1 note, 1 unresolved$/);
});

test('an untitled note disturbs nobody, and is served once it is saved', async () => {
  const vault = vaultOf({ 'a.md': '# A\n' });
  await editor.openFolder(vault, { file: 'a.md' });
  await counts(/^1 note$/);
  await editor.inHost(async vscode => {
    const untitled = await vscode.workspace.openTextDocument({ language: 'markdown', content: '# New\n\n[[nobody]] [[a]]\n' });
    await vscode.window.showTextDocument(untitled);
  });
  await editor.type('More [[');
  await editor.press('Escape');
  await editor.inHost(async (vscode, path) => {
    const untitled = vscode.window.activeTextEditor?.document;
    if (untitled) await vscode.workspace.fs.writeFile(vscode.Uri.file(path), new TextEncoder().encode(untitled.getText()));
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  }, join(vault, 'new.md'));
  await editor.open('new.md');
  await eventually(async () => assert((await codes('new.md')).includes('link/missing-note')));
  assert.deepEqual(await editor.notifications(), []);
});

test('a folder without notes and an empty note are quiet', async () => {
  await editor.openFolder(vaultOf({ 'a.txt': 'no note\n', 'empty.md': '' }), { file: 'empty.md' });
  await counts(/^1 note$/);
  rmSync(join((await editor.inHost(vscode => vscode.workspace.workspaceFolders?.[0]?.uri.fsPath)) ?? '', 'empty.md'));
  assert.deepEqual(await editor.notifications(), []);
});

test('a folder that may only be read is served as any other', async () => {
  const vault = vaultOf({ 'a.md': '[[b]] [[c]]\n', 'b.md': '# B\n' });
  chmodSync(vault, 0o555);
  await editor.openFolder(vault, { file: 'a.md' });
  await eventually(async () => assert.deepEqual(await codes('a.md'), ['link/missing-note']));
  assert.deepEqual(await editor.notifications(), []);
  chmodSync(vault, 0o755);
});

test('what a vault sets for itself counts, and what the editor sets counts more', async () => {
  const vault = vaultOf({ 'a.md': '[[nobody]]\n', '.vaultls.toml': '[diagnostics.severity]\n"link/missing-note" = "error"\n' });
  await editor.openFolder(vault, { file: 'a.md' });
  const severity = async () => (await editor.problems('a.md'))[0]?.severity;
  await eventually(async () => assert.equal(await severity(), 'error'));
  const set = (value: Record<string, string> | null) =>
    editor.inHost(async (vscode, value) => {
      await vscode.workspace.getConfiguration('vaultls').update('diagnostics.severity', value ?? undefined, vscode.ConfigurationTarget.Global);
    }, value);
  await set({ 'link/missing-note': 'information' });
  await eventually(async () => assert.equal(await severity(), 'information'));
  await set(null);
  await eventually(async () => assert.equal(await severity(), 'error'));
});
