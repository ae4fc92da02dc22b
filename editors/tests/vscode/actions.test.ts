// Code actions that write, move and link text, picked from the light bulb's menu.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { eventually } from '../support/eventually.ts';
import { test } from '../support/test.ts';
import { vaultOf } from '../support/vault.ts';
import { VsCode } from '../support/vscode.ts';

let editor: VsCode;
before(async () => (editor = await VsCode.start()));
after(() => editor.close());

const codes = async (file: string): Promise<string[]> => (await editor.problems(file)).map(({ code }) => code);
const reads = (text: string): Promise<void> => eventually(async () => assert.equal(await editor.text(), text));

/** Picks the action with these words at a place of the open note. */
async function act(line: number, column: number, words: string): Promise<void> {
  await eventually(async () => {
    // An edit that has just been made may move the cursor once more.
    await editor.press('Escape');
    await editor.goTo(line, column);
    const offered = await editor.actions();
    assert(offered.some(title => title.includes(words)), offered.join(' | '));
  });
  await editor.pickAction(words);
}

test('a selection moves to a note of its own, and back', async () => {
  const text = 'Before.\n\nMoved text, [[b]].\n\nAfter.\n';
  const vault = vaultOf({ 'a.md': text, 'b.md': '' });
  await editor.openFolder(vault, { file: 'a.md', line: 3, column: 1 });
  await editor.hasRead(2);
  await editor.press('Shift+End');
  await editor.actions();
  await editor.pickAction('Extract selection to a new note (link)');
  await reads('Before.\n\n[[Moved text, b]]\n\nAfter.\n');
  await editor.hasRead(3);
  await act(3, 4, 'and delete its note');
  await reads(text);
  await eventually(() => assert(!existsSync(join(vault, 'Moved text, b.md'))));
});

test('words that name a note become links, one and all', async () => {
  const vault = vaultOf({ 'a.md': 'Quiet sleep, quiet sleep; and quiet-sleep.\n', 'quiet_sleep.md': '' });
  await editor.openFolder(vault, { file: 'a.md' });
  await editor.hasRead(2);
  await act(1, 3, 'Link “Quiet sleep” to `quiet_sleep`');
  await reads('[[quiet_sleep|Quiet sleep]], quiet sleep; and quiet-sleep.\n');
  await act(1, 35, 'Link all 2 unlinked mentions in this note');
  await reads('[[quiet_sleep|Quiet sleep]], [[quiet_sleep|quiet sleep]]; and [[quiet_sleep|quiet-sleep]].\n');
});

test('the first item of the menu fixes a broken link', async () => {
  const vault = vaultOf({ 'a.md': 'See [[large_modles]].\n', 'large_models.md': '# Large models\n', 'large_moulds.md': '' });
  await editor.openFolder(vault, { file: 'a.md', line: 1, column: 9 });
  await editor.hasRead(3);
  await eventually(async () => assert.deepEqual(await codes('a.md'), ['link/missing-note']));
  await editor.actions();
  await editor.press('Enter');
  await reads('See [[large_models]].\n');
  await eventually(async () => assert.deepEqual(await codes('a.md'), []));
});

const note = (...moments: string[]): string => `---\nvideoId: Rxmv7rT9leo\n---\n${moments.join(' and ')}.\n`;
const tag = (clock: string): string => `<a class="yt-timestamp" data-t="${clock}">[${clock}]</a>`;

test('a timestamp that names no moment has a diagnostic, and the first fix fixes it', async () => {
  const broken = '<a class="yt-timestamp" data-t="00:01:55:12">[00:01:55]</a>';
  await editor.openFolder(vaultOf({ 'a.md': note(broken) }), { file: 'a.md', line: 4, column: 35 });
  await editor.hasRead(1);
  await eventually(async () => assert.deepEqual(await codes('a.md'), ['timestamp/malformed']));
  assert.equal((await editor.actions())[0], 'Change to 1:55');
  await editor.press('Enter');
  await reads(note(tag('00:01:55')));
  await eventually(async () => assert.deepEqual(await codes('a.md'), []));
});

test('timestamps are written in another form, and back', async () => {
  const [tagged, plain] = [[tag('00:01:55'), tag('00:02:10')], ['[00:01:55]', '[00:02:10]']];
  await editor.openFolder(vaultOf({ 'a.md': note(...tagged) }), { file: 'a.md' });
  await editor.hasRead(1);
  await act(4, 3, 'Convert timestamp to plain');
  await reads(note(plain[0]!, tagged[1]!));
  await act(4, 3, 'Convert all timestamps in the note to plain');
  await reads(note(...plain));
  await act(4, 3, 'Convert timestamp to `<a>`');
  await reads(note(tagged[0]!, plain[1]!));
  await act(4, 3, 'Convert all timestamps in the note to `<a>`');
  await reads(note(...tagged));
});
