// Fixes of findings, by the light bulb, on saving and by command; and notes that are made.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { eventually } from '../support/eventually.ts';
import { test } from '../support/test.ts';
import { vaultOf } from '../support/vault.ts';
import { VsCode } from '../support/vscode.ts';

let editor: VsCode;
before(async () => (editor = await VsCode.start({ settings: { 'editor.codeActionsOnSave': { 'source.fixAll.vaultls': 'explicit' } } })));
after(() => editor.close());

const codes = async (file: string): Promise<string[]> => (await editor.problems(file)).map(({ code }) => code);
const reads = (text: string): Promise<void> => eventually(async () => assert.equal(await editor.text(), text));

test('the light bulb offers the nearest names for a broken link', async () => {
  const vault = vaultOf({ 'a.md': 'See [[large_modles]].\n', 'large_models.md': '# Large models\n', 'other.md': '' });
  await editor.openFolder(vault, { file: 'a.md', line: 1, column: 9 });
  await editor.hasRead(3);
  await eventually(async () => assert.deepEqual(await codes('a.md'), ['link/missing-note']));
  const offered = await editor.actions();
  assert.equal(offered.filter(title => title.includes('large_models')).length, 1, offered.join(' | '));
  assert(offered.some(title => title.includes('Create note')), offered.join(' | '));
  await editor.pickAction(offered.find(title => title.includes('large_models'))!);
  await reads('See [[large_models]].\n');
  await eventually(async () => assert.deepEqual(await codes('a.md'), []));
});

test('a missing note is made from its link', async () => {
  const vault = vaultOf({ 'a.md': 'See [[brand new note]].\n' });
  await editor.openFolder(vault, { file: 'a.md', line: 1, column: 9 });
  await editor.hasRead(1);
  await eventually(async () => assert.deepEqual(await codes('a.md'), ['link/missing-note']));
  await editor.actions();
  await editor.pickAction('Create note');
  await eventually(async () => assert.deepEqual(await codes('a.md'), []));
  await editor.hasRead(2);
  await editor.goTo(1, 9);
  await editor.press('F12');
  await eventually(async () => assert.equal(await editor.activeTab(), 'brand new note.md'));
  await eventually(async () => assert.match(await editor.text(), /^# brand new note\n/i));
});

test('saving applies the safe fixes', async () => {
  const vault = vaultOf({ 'a.md': '', 'some_note.md': '# Some\n' });
  await editor.openFolder(vault, { file: 'a.md' });
  await editor.hasRead(2);
  await editor.page.keyboard.insertText('[[Some Note]] [[nobody]]');
  await eventually(async () => assert.deepEqual(await codes('a.md'), ['link/inexact', 'link/missing-note']));
  await eventually(async () => {
    // VS Code runs nothing on saving until its window is complete.
    await editor.press('Control+s');
    await eventually(() => assert.match(readFileSync(join(vault, 'a.md'), 'utf8'), /^\[\[some_note\|Some Note\]\] \[\[nobody\]\]$/), 2);
  });
});

test('commands of the palette create notes and fix them', async () => {
  const vault = vaultOf({ 'a.md': '[[Some Note]]\n', 'some_note.md': '# Some\n' });
  await editor.openFolder(vault, { file: 'a.md' });
  await editor.hasRead(2);
  await editor.command('vaultls: Fix All Auto-Fixable Problems');
  await reads('[[some_note|Some Note]]\n');
  await editor.command('vaultls: Open Daily Note');
  await eventually(async () => assert.match(await editor.activeTab(), /^\d{4}-\d\d-\d\d\.md$/));
  await editor.command('vaultls: Create Note…');
  const box = editor.page.locator('.quick-input-widget:visible', { hasText: 'Name of the note, or its path' });
  await box.waitFor();
  await box.locator('input').fill('deep/Made here');
  await editor.press('Enter');
  await eventually(async () => assert.equal(await editor.activeTab(), 'Made here.md'));
  await eventually(async () => assert.match(await editor.text(), /^# Made here\n/));
});
