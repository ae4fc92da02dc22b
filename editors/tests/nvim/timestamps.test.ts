// Moments of a video, written: completed, inserted by a command, and read on hover.

import assert from 'node:assert/strict';
import { afterEach } from 'node:test';
import { eventually } from '../support/eventually.ts';
import { closeAll, Neovim } from '../support/nvim.ts';
import { test } from '../support/test.ts';
import { vaultOf } from '../support/vault.ts';

afterEach(closeAll);

const tag = (clock: string): string => `<a class="yt-timestamp" data-t="${clock}">[${clock}]</a>`;
const front = '---\nvideoId: Rxmv7rT9leo\n---\n';

async function inNote(text: string): Promise<Neovim> {
  const others = `${front}It begins ${tag('00:00:30')}. The turn comes ${tag('00:01:55')}. It ends ${tag('00:05:00')}.\n`;
  const neovim = await Neovim.start({ folder: vaultOf({ '.vaultls.toml': '', 'a.md': `${front}${text}\n`, 'b.md': others }) });
  await neovim.editNote('a.md');
  return neovim;
}

const reads = (neovim: Neovim, text: string): Promise<void> =>
  eventually(async () => assert.equal((await neovim.text()).replace('▮', '').trimEnd(), `${front}${text}`));

test('[ lists the moments of the video, the next one first, and writes them as the note does', async () => {
  const neovim = await inNote(`Before ${tag('00:01:00')}, then`);
  await neovim.press('GA');
  await neovim.type(' [');
  await eventually(async () => assert.deepEqual((await neovim.menu()).map(item => item.text).slice(0, 3), ['00:01:55', '00:05:00', '00:00:30']));
  await neovim.type('5');
  await eventually(async () => assert.deepEqual((await neovim.menu()).map(item => item.text), ['00:05:00']));
  await neovim.press('<C-n><C-y>');
  await reads(neovim, `Before ${tag('00:01:00')}, then ${tag('00:05:00')}`);
});

test(':Vault timestamp inserts the next moment, or the one that is named', async () => {
  const neovim = await inNote('[1:00] then');
  await neovim.press('G$');
  await neovim.command('Vault timestamp');
  await eventually(async () => assert.match(await neovim.text(), /\[1:55\]/));
  await neovim.command('Vault timestamp 2:05');
  await eventually(async () => assert.match(await neovim.text(), /\[2:05\]/));
  await neovim.press(':Vault timestamp soon<CR>');
  await eventually(async () => assert.match(await neovim.messages(), /`soon` names no moment of a video/));
});

test('K tells the moment, its neighbours and who else cites it', async () => {
  const neovim = await inNote('[1:00] The turn [1:54] and [2:30]');
  await neovim.press('Gf4K');
  await eventually(async () => assert.match(await neovim.float(), /1:54[^]*1:00[^]*2:30[^]*The turn comes/));
});
