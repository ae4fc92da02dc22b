// What Neovim does in notes: diagnostics, hover, jumps, several vaults, files that change outside, odd buffers.

import assert from 'node:assert/strict';
import { chmodSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach } from 'node:test';
import { eventually } from '../support/eventually.ts';
import { closeAll, Neovim } from '../support/nvim.ts';
import { serversBelow } from '../support/processes.ts';
import { test } from '../support/test.ts';
import { generatedVault, seedVault, temporaryFolder, vaultOf, writeNote } from '../support/vault.ts';

afterEach(closeAll);

/** Waits until the current buffer has diagnostics with exactly these codes, by line. */
async function showsCodes(neovim: Neovim, expected: string[]): Promise<void> {
  await eventually(async () => assert.deepEqual((await neovim.diagnostics()).map(({ code }) => code), expected));
}

async function currentFile(neovim: Neovim): Promise<string> {
  return neovim.lua("return vim.fn.expand('%:t')");
}

test('the file that Neovim is started with is served, with its vault as root', async () => {
  const vault = vaultOf({ '.vaultls.toml': '', 'deep/down/note.md': '[[nobody]]\n' });
  const neovim = await Neovim.start({ folder: temporaryFolder(), files: [join(vault, 'deep/down/note.md')] });
  await showsCodes(neovim, ['link/missing-note']);
  assert.equal(await neovim.lua("return vim.lsp.get_clients({ name = 'vaultls' })[1].root_dir"), vault);
});

test('a broken link has a diagnostic until it is fixed', async () => {
  const neovim = await Neovim.start({ folder: vaultOf({ '.vaultls.toml': '', 'a.md': '# A\n', 'b.md': '# B\n' }) });
  await neovim.editNote('a.md');
  await neovim.press('o');
  await neovim.type('[[bb]]');
  await showsCodes(neovim, ['link/missing-note']);
  assert.equal((await neovim.diagnostics())[0]?.line, 2);
  await neovim.press('<Esc>hhx');
  assert.equal(await neovim.text(), '# A\n[[b▮]]');
  await showsCodes(neovim, []);
});

test('the faults of the seed vault are shown', async () => {
  const neovim = await Neovim.start({ folder: seedVault() });
  await neovim.editNote('faults/missing_targets.md');
  await eventually(async () => {
    const codes = new Set((await neovim.diagnostics()).map(({ code }) => code));
    for (const code of ['link/missing-note', 'link/missing-heading']) assert.ok(codes.has(code), [...codes].join(' '));
  });
});

test('K previews the note under the cursor, and HTML in it is text', async () => {
  const html = '# B\n\n<script>vim.cmd("let g:hacked = 1")</script> <img src=x onerror="alert(1)"> plain\n';
  const neovim = await Neovim.start({ folder: vaultOf({ '.vaultls.toml': '', 'a.md': 'See [[b]].\n', 'b.md': html }) });
  await neovim.editNote('a.md');
  await neovim.press('0f[lllK');
  await eventually(async () => assert.match(await neovim.float(), /plain/));
  assert.match(await neovim.float(), /b\.md/);
  assert.equal(await neovim.lua("return vim.fn.exists('g:hacked')"), 0);
});

test('gd jumps to the heading, and back', async () => {
  const vault = vaultOf({ '.vaultls.toml': '', 'a.md': '\nSee [[b#Second]].\n', 'b.md': '# B\n\n## First\n\n## Second\n' });
  const neovim = await Neovim.start({ folder: vault });
  await neovim.editNote('a.md');
  await neovim.press('gg0jf[llgd');
  await eventually(async () => assert.equal(await currentFile(neovim), 'b.md'));
  assert.equal((await neovim.lua<number[]>('return vim.api.nvim_win_get_cursor(0)'))[0], 5);
  await neovim.press('<C-o>');
  await eventually(async () => assert.equal(await currentFile(neovim), 'a.md'));
});

test('an ambiguous link offers all candidates', async () => {
  const vault = vaultOf({ '.vaultls.toml': '', 'a.md': '[[twin]]\n', 'left/twin.md': '# L\n', 'right/twin.md': '# R\n' });
  const neovim = await Neovim.start({ folder: vault });
  await neovim.editNote('a.md');
  await neovim.press('gg0llgd');
  await eventually(async () => assert.equal((await neovim.quickfix()).length, 2));
  assert.deepEqual(
    (await neovim.quickfix()).map(line => line.split(':')[0]),
    ['left/twin.md', 'right/twin.md'],
  );
});

test('gd stays what it was for who has mapped it, has switched it off, and in other buffers', async () => {
  const folder = vaultOf({ '.vaultls.toml': '', 'a.md': '# A\n', 'other.txt': 'text\n' });
  for (const init of ["vim.keymap.set('n', 'gd', 'ix<Esc>')", 'vim.g.vaultls = { keys = false }']) {
    const neovim = await Neovim.start({ folder, init });
    await neovim.editNote('a.md');
    assert.equal(await neovim.lua("return vim.fn.maparg('gd', 'n', false, true).buffer or 0"), 0, init);
  }
  const neovim = await Neovim.start({ folder });
  await neovim.editNote('a.md');
  assert.equal(await neovim.lua("return vim.fn.maparg('gd', 'n', false, true).buffer"), 1);
  await neovim.edit('other.txt');
  assert.equal(await neovim.lua("return vim.fn.maparg('gd', 'n')"), '');
});

test('three vaults in one session keep their links apart', async () => {
  const folder = vaultOf({
    ...{ 'one/.vaultls.toml': '', 'one/a.md': '[[b]]\n', 'one/b.md': '# Here\n' },
    ...{ 'two/.obsidian/app.json': '{}', 'two/a.md': '[[b]]\n', 'two/deep/b.md': '# There\n' },
    ...{ 'three/.git/HEAD': 'ref: refs/heads/main\n', 'three/a.md': '[[b]]\n' },
  });
  const neovim = await Neovim.start({ folder });
  for (const vault of ['one', 'two', 'three']) await neovim.editNote(`${vault}/a.md`);
  await showsCodes(neovim, ['link/missing-note']);
  for (const [vault, target] of [['one', 'one/b.md'], ['two', 'two/deep/b.md']] as const) {
    await neovim.edit(`${vault}/a.md`);
    await showsCodes(neovim, []);
    await neovim.press('gg0lllgd');
    await eventually(async () => assert.equal(await neovim.lua("return vim.fn.expand('%:.')"), target));
  }
  assert.equal(serversBelow(neovim.processId).length, 3, 'one server a vault');
});

test('a note that is made, renamed or deleted outside counts', async () => {
  const vault = vaultOf({ '.vaultls.toml': '', 'a.md': '[[later]]\n' });
  const neovim = await Neovim.start({ folder: vault });
  await neovim.editNote('a.md');
  await showsCodes(neovim, ['link/missing-note']);
  writeNote(vault, 'later.md', '# Later\n');
  await showsCodes(neovim, []);
  renameSync(join(vault, 'later.md'), join(vault, 'never.md'));
  await showsCodes(neovim, ['link/missing-note']);
  renameSync(join(vault, 'never.md'), join(vault, 'later.md'));
  await showsCodes(neovim, []);
  rmSync(join(vault, 'later.md'));
  await showsCodes(neovim, ['link/missing-note']);
});

test('an unnamed buffer is left alone until it is saved as a note', async () => {
  const neovim = await Neovim.start({ folder: vaultOf({ '.vaultls.toml': '', 'b.md': '# B\n' }) });
  await neovim.command('setfiletype markdown');
  await neovim.press('i[[b]] [[nobody]]<Esc>');
  await neovim.edit('b.md');
  await eventually(async () => assert.ok(await neovim.isServed()));
  await neovim.command('buffer 1');
  assert.equal(await neovim.clients(), 0);
  assert.equal(await neovim.messages(), '');
  await neovim.command('write fresh.md');
  await eventually(async () => assert.ok(await neovim.isServed()));
  await showsCodes(neovim, ['link/missing-note']);
  await neovim.press('gg0llgd');
  await eventually(async () => assert.equal(await currentFile(neovim), 'b.md'));
});

test('a note that is saved under another name is that note from then on', async () => {
  const vault = vaultOf({ '.vaultls.toml': '', 'a.md': '# A\n', 'links.md': '[[a]] [[moved]]\n' });
  const neovim = await Neovim.start({ folder: vault });
  await neovim.editNote('links.md');
  await showsCodes(neovim, ['link/missing-note']);
  await neovim.editNote('a.md');
  await neovim.command('saveas moved.md');
  await neovim.press('Gonew [[nobody]]<Esc>');
  await showsCodes(neovim, ['link/missing-note']);
  await neovim.edit('links.md');
  await showsCodes(neovim, []);
});

test('an unsaved note counts for the links to it', async () => {
  const neovim = await Neovim.start({ folder: vaultOf({ '.vaultls.toml': '', 'a.md': '[[new#Part]]\n' }) });
  await neovim.editNote('a.md');
  await showsCodes(neovim, ['link/missing-note']);
  await neovim.editNote('new.md');
  await neovim.press('i# Part<Esc>');
  await neovim.command('set hidden | buffer a.md');
  await showsCodes(neovim, []);
});

test('without any marker, the working folder is the vault, and notes elsewhere stand alone', async () => {
  const folder = vaultOf({ 'a.md': '[[b]] [[nobody]]\n', 'deep/b.md': '# B\n' });
  const elsewhere = join(vaultOf({ 'alone.md': '# Alone\n\n[[#Nowhere]]\n' }), 'alone.md');
  const neovim = await Neovim.start({ folder });
  await neovim.editNote('a.md');
  await showsCodes(neovim, ['link/missing-note']);
  await neovim.press('gg0llgd');
  await eventually(async () => assert.equal(await currentFile(neovim), 'b.md'));
  await neovim.edit(elsewhere);
  await showsCodes(neovim, ['link/missing-heading']);
  assert.equal(serversBelow(neovim.processId).length, 2);
});

test('a folder without notes, and one that cannot be written', async () => {
  const empty = await Neovim.start({ folder: vaultOf({ '.vaultls.toml': '' }), files: ['first.md'] });
  await empty.press('i[[nobody]]<Esc>');
  await showsCodes(empty, ['link/missing-note']);

  const locked = vaultOf({ '.vaultls.toml': '', 'a.md': '[[b]] [[nobody]]\n', 'b.md': '# B\n' });
  chmodSync(locked, 0o555);
  try {
    const neovim = await Neovim.start({ folder: locked, files: ['a.md'] });
    await showsCodes(neovim, ['link/missing-note']);
    await neovim.press('gg0llgd');
    await eventually(async () => assert.equal(await currentFile(neovim), 'b.md'));
    assert.doesNotMatch(await neovim.messages(), /vaultls|LSP/);
  } finally {
    chmodSync(locked, 0o755);
  }
});

test('with 3600 notes, diagnostics and jumps work as in a small vault', async () => {
  const vault = generatedVault(3600);
  writeNote(vault, '.vaultls.toml', '');
  writeNote(vault, 'target of mine.md', '# Target\n');
  const neovim = await Neovim.start({ folder: vault });
  await neovim.editNote('fresh.md');
  await neovim.press('i[[target of mine]] [[no such note at all]]<Esc>');
  await showsCodes(neovim, ['link/missing-note']);
  await neovim.press('gg0llgd');
  await eventually(async () => assert.equal(await currentFile(neovim), 'target of mine.md'));
});
