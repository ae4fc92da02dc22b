// Code actions that write, move and link text, as Neovim carries them out.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach } from 'node:test';
import { eventually } from '../support/eventually.ts';
import { closeAll, Neovim } from '../support/nvim.ts';
import { test } from '../support/test.ts';
import { vaultOf } from '../support/vault.ts';

afterEach(closeAll);

let vault: string;

async function inNote(notes: Record<string, string>): Promise<Neovim> {
  vault = vaultOf({ '.vaultls.toml': '', ...notes });
  const neovim = await Neovim.start({ folder: vault, init: 'vim.o.hidden = true' });
  await neovim.editNote('a.md');
  return neovim;
}

const codes = async (neovim: Neovim): Promise<string[]> => (await neovim.diagnostics()).map(({ code }) => code);
const reads = (neovim: Neovim, text: string): Promise<void> => eventually(async () => assert.equal((await neovim.text()).replace('▮', ''), text));

test('a selection moves to a note of its own, and back', async () => {
  const neovim = await inNote({ 'a.md': 'Before.\n\nMoved text, [[b]].\n\nAfter.\n', 'b.md': '' });
  await neovim.press('3GV');
  await neovim.act('Extract selection to a new note (link)');
  await reads(neovim, 'Before.\n\n[[Moved text, b]]\n\nAfter.');
  await neovim.command('silent wall');
  await neovim.press('<Esc>3G0fM');
  await neovim.press('gd');
  await eventually(async () => assert.match(await neovim.text(), /^▮Moved text, \[\[b\]\]\./));
  await neovim.press('<C-o>3G0fM');
  await neovim.act('and delete its note');
  await reads(neovim, 'Before.\n\nMoved text, [[b]].\n\nAfter.');
  await eventually(() => assert(!existsSync(join(vault, 'Moved text, b.md'))));
});

test('words that name a note become links, one and all', async () => {
  const neovim = await inNote({ 'a.md': 'Quiet sleep, quiet\tsleep; and quiet-sleep.\n', 'quiet_sleep.md': '' });
  await neovim.press('gg0');
  await neovim.act('Link “Quiet sleep” to `quiet_sleep`');
  await reads(neovim, '[[quiet_sleep|Quiet sleep]], quiet\tsleep; and quiet-sleep.');
  await neovim.press('gg$b');
  await neovim.act('Link all 2 unlinked mentions in this note');
  await reads(neovim, '[[quiet_sleep|Quiet sleep]], [[quiet_sleep|quiet\tsleep]]; and [[quiet_sleep|quiet-sleep]].');
});

test('a timestamp that names no moment has a diagnostic, and the first fix fixes it', async () => {
  const neovim = await inNote({ 'a.md': '---\nvideoId: Rxmv7rT9leo\n---\nAt <a class="yt-timestamp" data-t="00:01:55:12">[00:01:55]</a>.\n' });
  await eventually(async () => assert.deepEqual(await codes(neovim), ['timestamp/malformed']));
  await neovim.press('4Gf0');
  assert.equal(await neovim.act(''), 'Change to 1:55');
  await reads(neovim, '---\nvideoId: Rxmv7rT9leo\n---\nAt <a class="yt-timestamp" data-t="00:01:55">[00:01:55]</a>.');
  await eventually(async () => assert.deepEqual(await codes(neovim), []));
});

test('timestamps are written in another form, and back', async () => {
  const tag = (clock: string): string => `<a class="yt-timestamp" data-t="${clock}">[${clock}]</a>`;
  const text = (...moments: string[]): string => `---\nvideoId: Rxmv7rT9leo\n---\n${moments.join(' and ')}.`;
  const neovim = await inNote({ 'a.md': `${text(tag('00:01:55'), tag('00:02:10'))}\n` });
  const [tagged, plain] = [[tag('00:01:55'), tag('00:02:10')], ['[00:01:55]', '[00:02:10]']];
  await neovim.press('4G0');
  await neovim.act('Convert timestamp to plain');
  await reads(neovim, text(plain[0]!, tagged[1]!));
  await neovim.press('4G0');
  await neovim.act('Convert all timestamps in the note to plain');
  await reads(neovim, text(...plain));
  await neovim.press('4G0');
  await neovim.act('Convert timestamp to `<a>`');
  await reads(neovim, text(tagged[0]!, plain[1]!));
  await neovim.press('4G0');
  await neovim.act('Convert all timestamps in the note to `<a>`');
  await reads(neovim, text(...tagged));
});
