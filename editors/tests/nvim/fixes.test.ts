// Code actions as Neovim carries them out, and the commands that create notes and fix them.

import assert from 'node:assert/strict';
import { afterEach } from 'node:test';
import { eventually } from '../support/eventually.ts';
import { closeAll, Neovim } from '../support/nvim.ts';
import { test } from '../support/test.ts';
import { vaultOf } from '../support/vault.ts';

afterEach(closeAll);

async function inNote(notes: Record<string, string>): Promise<Neovim> {
  const neovim = await Neovim.start({ folder: vaultOf({ '.vaultls.toml': '', ...notes }), init: 'vim.o.hidden = true' });
  await neovim.editNote('a.md');
  return neovim;
}

const codes = async (neovim: Neovim): Promise<string[]> => (await neovim.diagnostics()).map(({ code }) => code);
const reads = (neovim: Neovim, text: string): Promise<void> => eventually(async () => assert.equal((await neovim.text()).replace('▮', ''), text));
const name = (neovim: Neovim): Promise<string> => neovim.lua("return vim.fn.expand('%:.')");

test('gra offers the nearest names for a broken link', async () => {
  const neovim = await inNote({ 'a.md': 'See [[large_modles]].\n', 'large_models.md': '# Large models\n' });
  await eventually(async () => assert.deepEqual(await codes(neovim), ['link/missing-note']));
  await neovim.press('fm');
  assert.equal(await neovim.act(''), 'Change to `large_models`');
  await reads(neovim, 'See [[large_models]].');
  await eventually(async () => assert.deepEqual(await codes(neovim), []));
});

test('gra makes a missing note', async () => {
  const neovim = await inNote({ 'a.md': 'See [[brand new note]].\n' });
  await eventually(async () => assert.deepEqual(await codes(neovim), ['link/missing-note']));
  await neovim.press('fb');
  await neovim.act('Create note');
  await eventually(async () => assert.deepEqual(await codes(neovim), []));
  await neovim.press('gd');
  await eventually(async () => assert.equal(await name(neovim), 'brand new note.md'));
  assert.match(await neovim.text(), /^▮?# brand new note/i);
});

test(':Vault fix applies the safe fixes', async () => {
  const neovim = await inNote({ 'a.md': '[[Some Note]] [[nobody]]\n', 'some_note.md': '# Some\n' });
  await neovim.command('Vault fix');
  await reads(neovim, '[[some_note|Some Note]] [[nobody]]');
  await eventually(async () => assert.match(await neovim.messages(), /vaultls: 1 problem fixed/));
  await neovim.command('Vault fix');
  await eventually(async () => assert.match(await neovim.messages(), /vaultls: no auto-fixable problems in this note/));
});

test(':Vault daily and :Vault new open notes, and make them', async () => {
  const neovim = await inNote({ 'a.md': '# A\n' });
  await neovim.command('Vault daily 2026-03-01');
  await eventually(async () => assert.equal(await name(neovim), '2026-03-01.md'));
  await reads(neovim, '# 2026-03-01\n');
  await neovim.command('Vault new deep/Made here');
  await eventually(async () => assert.equal(await name(neovim), 'deep/Made here.md'));
  assert.equal(await neovim.clients(), 1);
  await neovim.command('Vault new a');
  await eventually(async () => assert.equal(await name(neovim), 'a.md'));
  await neovim.press(':Vault daily tomorrow<CR>');
  await eventually(async () => assert.match(await neovim.messages(), /Invalid date `tomorrow`: expected YYYY-MM-DD/));
  await neovim.press(':Vault new<CR>');
  await eventually(async () => assert.match(await neovim.messages(), /:Vault new: name required/));
});
