// The Backlinks view of the explorer.

import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
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
  await shows(['Beta 2 · b.md', 'Then a comes and goes.', 'also there', 'c 1 · sub/c.md', 'Not b but a.'], /^Backlinks\W+3 · a$/i);
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
  await shows(['c 1 · sub/c.md', 'Not b but a.'], /1 · b$/);
  await editor.open('sub/c.md');
  await shows(['No note links to this one.'], /0 · c$/);
  await editor.open('a.md', 1, 8);
  await editor.press('Enter');
  await editor.type('Back to [[b');
  await editor.press('Escape');
  await editor.open('b.md');
  await shows(['Alpha 1 · a.md', 'Back to b', 'c 1 · sub/c.md', 'Not b but a.'], /2 · b$/);
  writeNote(vault, 'new.md', 'From outside: [[b]]\n');
  await eventually(async () => assert((await editor.view('Backlinks')).rows.includes('From outside: b')));
  rmSync(join(vault, 'new.md'));
  await shows(['Alpha 1 · a.md', 'Back to b', 'c 1 · sub/c.md', 'Not b but a.'], /2 · b$/);
});

test('without a note, the view says what it is for', async () => {
  await editor.open('d.txt');
  await shows(['Open a note to see which notes link to it.'], /^Backlinks$/i);
});
