// Names are changed where users change them, and the links of other notes follow.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { eventually } from '../support/eventually.ts';
import { test } from '../support/test.ts';
import { vaultOf } from '../support/vault.ts';
import { VsCode } from '../support/vscode.ts';

let editor: VsCode;
before(async () => (editor = await VsCode.start()));
after(() => editor.close());

/** Renames what is at the cursor, which is called `before` now. */
async function rename(before: string, name: string): Promise<void> {
  const input = editor.page.locator('.rename-box input');
  await eventually(async () => {
    await editor.press('F2');
    await eventually(async () => assert.equal(await input.inputValue({ timeout: 1000 }), before), 2);
  });
  await input.fill(name);
  await editor.press('Enter');
}

const onDisk = (vault: string, texts: Record<string, string>): Promise<void> =>
  eventually(() => {
    for (const [path, text] of Object.entries(texts)) assert.equal(readFileSync(join(vault, path), 'utf8'), text);
  });

test('F2 on a link renames the note that it leads to', async () => {
  const vault = vaultOf({ 'a.md': 'See [[b|the other]].\n', 'b.md': '# B\n\n[self](b.md#b)\n', 'sub/c.md': '[[b#B]] [b](../b.md)\n' });
  await editor.openFolder(vault, { file: 'a.md', line: 1, column: 7 });
  await editor.hasRead(3);
  await rename('b', 'new name');
  await onDisk(vault, {
    'a.md': 'See [[new name|the other]].\n',
    'new name.md': '# B\n\n[self](new%20name.md#b)\n',
    'sub/c.md': '[[new name#B]] [b](../new%20name.md)\n',
  });
  assert(!existsSync(join(vault, 'b.md')));
});

test('F2 on a heading, which VS Code can rename too, takes the wikilinks along', async () => {
  const vault = vaultOf({ 'a.md': '# A\n\n## Old part\n', 'b.md': '[[a#Old part]] [a](a.md#old-part)\n' });
  await editor.openFolder(vault, { file: 'a.md', line: 3, column: 6 });
  await editor.hasRead(2);
  await rename('Old part', 'New part');
  await onDisk(vault, { 'a.md': '# A\n\n## New part\n', 'b.md': '[[a#New part]] [a](a.md#new-part)\n' });
});

test('a name that cannot be is refused with the reason', async () => {
  const vault = vaultOf({ 'a.md': '[[b]]\n', 'b.md': '', 'c.md': '' });
  await editor.openFolder(vault, { file: 'a.md', line: 1, column: 3 });
  await editor.hasRead(3);
  await rename('b', 'c');
  await eventually(async () => assert.match((await editor.notifications())[0]?.text ?? '', /there is `?c\.md`? already/));
  assert.equal(await editor.text(), '[[b]]\n');
});

test('a link to a note that nobody has written is renamed wherever it stands', async () => {
  const vault = vaultOf({ 'a.md': '[[nobody]] [[nobody|she]]\n' });
  await editor.openFolder(vault, { file: 'a.md', line: 1, column: 5 });
  await editor.hasRead(1);
  await rename('nobody', 'somebody');
  await eventually(async () => assert.equal(await editor.text(), '[[somebody]] [[somebody|she]]\n'));
});

test('a folder that is renamed in the explorer takes its links along', async () => {
  const vault = vaultOf({
    'a.md': '[[old/b]] [b](old/b.md) ![](old/picture.svg)\n',
    'c.md': 'Closed: [[old/b|b]]\n',
    'old/b.md': '[back](../a.md) ![](picture.svg) [[old/b|self]]\n',
    'd.md': 'Not saved: [[old/b]]\n',
    'old/picture.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>',
  });
  await editor.openFolder(vault, { file: 'a.md' });
  await editor.hasRead(4);
  await editor.open('d.md');
  await editor.type('Mine. ');
  await editor.page.locator('.explorer-folders-view .monaco-list-row', { hasText: 'old' }).click();
  await editor.press('F2');
  await editor.page.locator('.explorer-folders-view .monaco-inputbox input').fill('new');
  await editor.press('Enter');
  await editor.answerDialogue('OK'); // VS Code asks whether vaultls may change files
  await onDisk(vault, {
    'a.md': '[[new/b]] [b](new/b.md) ![](new/picture.svg)\n',
    'c.md': 'Closed: [[new/b|b]]\n',
    'new/b.md': '[back](../a.md) ![](picture.svg) [[new/b|self]]\n',
  });
  await eventually(async () => assert.equal(await editor.text(), 'Mine. Not saved: [[new/b]]\n'));
  await onDisk(vault, { 'd.md': 'Not saved: [[old/b]]\n' });
});
