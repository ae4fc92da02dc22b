// Moments of a video, written and read: completed, inserted by a command, told on hover.

import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { eventually } from '../support/eventually.ts';
import { test } from '../support/test.ts';
import { vaultOf } from '../support/vault.ts';
import { VsCode } from '../support/vscode.ts';

let editor: VsCode;
before(async () => (editor = await VsCode.start()));
after(() => editor.close());

const tag = (clock: string): string => `<a class="yt-timestamp" data-t="${clock}">[${clock}]</a>`;
const front = '---\nvideoId: Rxmv7rT9leo\n---\n';
const reads = (text: string): Promise<void> => eventually(async () => assert.equal(await editor.text(), `${front}${text}\n`));

async function inNote(text: string): Promise<void> {
  const others = `${front}It begins ${tag('00:00:30')}. The turn comes ${tag('00:01:55')}. It ends ${tag('00:05:00')}.\n`;
  await editor.openFolder(vaultOf({ 'a.md': `${front}${text}\n`, 'b.md': others }), { file: 'a.md', line: 4, column: text.length + 1 });
  await editor.hasRead(2);
}

test('[ lists the moments of the video, the next one first, and writes them as the note does', async () => {
  const begun = `Before ${tag('00:01:00')}, then `;
  await inNote(begun);
  const labels = async (): Promise<string[]> => (await editor.completions()).map(({ label }) => label);
  await editor.type('[');
  await eventually(async () => assert.deepEqual((await labels()).slice(0, 3), ['00:01:55', '00:05:00', '00:00:30']));
  await editor.type('5');
  await eventually(async () => assert.deepEqual(await labels(), ['00:05:00']));
  await editor.accept();
  await reads(`${begun}${tag('00:05:00')}`);
});

test('the next moment is inserted by a command', async () => {
  await inNote('[1:00] then');
  await editor.command('vaultls: Insert Timestamp');
  await reads('[1:00] then [1:55]');
});

test('a hover tells the moment, its neighbours and who else cites it', async () => {
  await inNote('[1:00] The turn [1:54] and [2:30]');
  await editor.goTo(4, 19);
  await eventually(async () => assert.match(await editor.hover(), /1:54[^]*1:00[^]*2:30[^]*The turn comes/));
});
