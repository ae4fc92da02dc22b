// The Backlinks view of the explorer.

import assert from 'node:assert/strict';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { eventually } from '../support/eventually.ts';
import { test } from '../support/test.ts';
import { vaultOf, writeNote } from '../support/vault.ts';
import { VsCode } from '../support/vscode.ts';

const NOTES = {
  'a.md': '# Alpha\n',
  'b.md': '# Beta\n\nFirst. Then [[a]] comes\nand goes. Last.\n\n- also [there](a.md)\n',
  'sub/c.md': 'Not [[b]] but [[a]].\n',
  'd.txt': 'no note\n',
};
let editor: VsCode;
let vault: string;
before(async () => {
  editor = await VsCode.start();
  vault = vaultOf(NOTES);
  await editor.openFolder(vault, { file: 'a.md' });
  await editor.hasRead(3);
  await editor.openView('vaultls.backlinks');
});
after(() => editor.close());

const shows = (rows: readonly string[], title: RegExp): Promise<void> =>
  eventually(async () => {
    const { rows: shown, title: shownTitle } = await editor.view('Backlinks');
    assert.deepEqual(shown, rows);
    assert.match(shownTitle, title);
  });

test('notes that link to the open one, with the sentences around the links', async () => {
  await editor.open('a.md');
  await shows(['Beta 2 · b.md', 'Then a comes and goes.', 'also there', 'c 1 · sub/c.md', 'Not b but a.', 'Unlinked mentions'], /^Backlinks\W+3 · a$/i);
});

test('a click jumps to the link', async () => {
  await editor.open('a.md');
  await editor.viewRow('Backlinks', 'also there').click();
  await eventually(async () => {
    assert.equal(await editor.activeTab(), 'b.md');
    assert.deepEqual(await editor.cursor(), { line: 6, column: 21 });
  });
});

test('the view follows the open note, edits that are not saved, and other programs', async () => {
  await editor.open('b.md');
  await shows(['c 1 · sub/c.md', 'Not b but a.', 'Unlinked mentions'], /1 · b$/);
  await editor.open('sub/c.md');
  await shows(['No backlinks', 'Unlinked mentions'], /0 · c$/);
  await editor.open('a.md', 1, 8);
  await editor.press('Enter');
  await editor.type('Back to [[b');
  await editor.press('Escape');
  await editor.open('b.md');
  await shows(['Alpha 1 · a.md', 'Back to b', 'c 1 · sub/c.md', 'Not b but a.', 'Unlinked mentions'], /2 · b$/);
  writeNote(vault, 'new.md', 'From outside: [[b]]\n');
  await eventually(async () => assert((await editor.view('Backlinks')).rows.includes('From outside: b')));
  rmSync(join(vault, 'new.md'));
  await shows(['Alpha 1 · a.md', 'Back to b', 'c 1 · sub/c.md', 'Not b but a.', 'Unlinked mentions'], /2 · b$/);
});

test('without a note, the view says what it is for', async () => {
  await editor.open('d.txt');
  await shows(['Open a note to see its backlinks.'], /^Backlinks$/i);
});

const MENTIONING = {
  'quiet_sleep.md': '---\naliases: [rest]\n---\n# Quiet sleep\n',
  'b.md': '# Beta\n\nFirst. Then quiet sleep comes\nand goes. Last.\n\n- also [[quiet_sleep]], a rest\n',
  'sub/c.md': 'No rest here.\n',
  'd.md': 'Nothing.\n',
};
const FOUND = ['Unlinked mentions (3)', 'Beta 2 · b.md', 'Then quiet sleep comes and goes.', 'also quiet_sleep, a rest', 'c 1 · sub/c.md', 'No rest here.'];

/** Opens the note of these mentions and their group in the view. */
async function openMentions(): Promise<string> {
  const vault = vaultOf(MENTIONING);
  await editor.openFolder(vault, { file: 'quiet_sleep.md' });
  await editor.hasRead(4);
  await editor.openView('vaultls.backlinks');
  await editor.page.locator('.pane-header', { hasText: 'vault' }).click({ position: { x: 12, y: 10 } }); // to make room
  await shows(['Beta 1 · b.md', 'also quiet_sleep, a rest', 'Unlinked mentions'], /1 · quiet_sleep$/);
  await editor.viewRow('Backlinks', 'Beta').locator('.monaco-tl-twistie').click();
  await editor.viewRow('Backlinks', 'Unlinked mentions').click();
  await shows(['Beta 1 · b.md', ...FOUND], /1 · quiet_sleep$/);
  return vault;
}

test('the notes that name the open one without a link, with the sentences, and a click goes there', async () => {
  await openMentions();
  await editor.viewRow('Backlinks', 'No rest here.').click();
  await eventually(async () => {
    assert.equal(await editor.activeTab(), 'c.md');
    assert.deepEqual(await editor.cursor(), { line: 1, column: 8 });
  });
  await shows(['No backlinks', 'Unlinked mentions (0)'], /0 · c$/);
});

test('a mention becomes a link, and those that are left are listed anew', async () => {
  const vault = await openMentions();
  await editor.viewAction('Backlinks', 'Then quiet sleep comes', 'Link Mention');
  await shows(
    ['Beta 2 · b.md', 'Unlinked mentions (2)', 'Beta 1 · b.md', 'also quiet_sleep, a rest', 'c 1 · sub/c.md', 'No rest here.'],
    /2 · quiet_sleep$/,
  );
  await eventually(() => assert.match(readFileSync(join(vault, 'b.md'), 'utf8'), /^First\. Then \[\[quiet_sleep\|quiet sleep\]\] comes$/m));
  assert.equal(await editor.activeTab(), 'quiet_sleep.md');
  assert.equal(await editor.page.locator('.tab').count(), 1);
});

test('a mention in a text that has moved on is left as it is, and the user is told', async () => {
  await openMentions();
  // While a text is being written, the list is not made anew. Here it stays so: the timer that would do it is held back.
  await editor.inHost(async vscode => {
    const { setTimeout: start } = globalThis;
    const held = (run: () => void, delay?: number): unknown => (delay === 1500 ? undefined : start(run, delay));
    Object.assign(globalThis, { setTimeout: held, release: () => Object.assign(globalThis, { setTimeout: start }) });
    const document = await vscode.workspace.openTextDocument(vscode.Uri.joinPath(vscode.workspace.workspaceFolders![0]!.uri, 'b.md'));
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, new vscode.Position(0, 0), 'x');
    await vscode.workspace.applyEdit(edit);
  });
  // The backlinks above are made anew, as the note has another title now; a click while they are would hit nothing.
  await shows(['b 1 · b.md', ...FOUND], /1 · quiet_sleep$/);
  await editor.viewAction('Backlinks', 'Then quiet sleep comes', 'Link Mention');
  await eventually(async () =>
    assert.deepEqual((await editor.notifications()).map(({ text }) => text), ['vaultls: the note has changed since this was offered; request it again']),
  );
  const text = await editor.inHost(vscode => {
    (globalThis as { release?: () => void }).release?.();
    return vscode.workspace.textDocuments.find(document => document.uri.path.endsWith('/b.md'))?.getText();
  });
  assert.match(text ?? '', /Then quiet sleep comes/);
});

test('all mentions become links at once, when that is agreed to', async () => {
  const vault = await openMentions();
  await editor.viewAction('Backlinks', 'Unlinked mentions', 'Link All Mentions');
  await eventually(async () => assert.match((await editor.dialogue())?.text ?? '', /Link 3 mentions in 2 notes\?/));
  await editor.answerDialogue('Link All');
  await eventually(async () => assert.equal((await editor.view('Backlinks')).rows.at(-1), 'Unlinked mentions (0)'));
  assert.match(readFileSync(join(vault, 'sub/c.md'), 'utf8'), /^No \[\[quiet_sleep\|rest\]\] here\.$/m);
  assert.equal(readFileSync(join(vault, 'b.md'), 'utf8').match(/\[\[quiet_sleep\|/g)?.length, 2);
});
