// Renames: links follow in open notes, in notes with unsaved changes, and on the disk.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach } from 'node:test';
import { eventually } from '../support/eventually.ts';
import { closeAll, Neovim } from '../support/nvim.ts';
import { test } from '../support/test.ts';
import { generatedVault, linkToHub, vaultOf, writeNote } from '../support/vault.ts';

afterEach(closeAll);

const VAULT = {
  '.vaultls.toml': '',
  'a.md': 'See [[b]] and [[ b#Part | that ]].\n',
  'closed.md': '\ufeffü 🎬 [[b]] [B](<deep/b.md>)\r\n\r\n[[b|last]]',
  'deep/b.md': '---\ntitle: The B\n---\n# B\n\n## Part\n\n[[b#Part]] [a](../a.md)\n',
  'open.md': '[[b]]\n',
};

interface Opened {
  vault: string;
  neovim: Neovim;
  /** What is on the disk. */
  saved(path: string): string;
  /** What is in the buffer of a note, with `+` before it if it is not saved. */
  inBuffer(path: string): Promise<string>;
}

async function opened(note: string, notes: Record<string, string> = VAULT): Promise<Opened> {
  const vault = vaultOf(notes);
  const neovim = await Neovim.start({ folder: vault, init: 'vim.o.hidden = true' });
  await neovim.editNote(note);
  return {
    vault,
    neovim,
    saved: path => readFileSync(join(vault, path), 'utf8'),
    inBuffer: async path =>
      neovim.lua(
        `local bufnr = vim.fn.bufnr('^' .. ... .. '$')
        return (vim.bo[bufnr].modified and '+' or '') .. table.concat(vim.api.nvim_buf_get_lines(bufnr, 0, -1, true), '\\n')`,
        path,
      ),
  };
}

/** Renames what is under the cursor, as a person does. */
async function rename(neovim: Neovim, from: string, to: string): Promise<void> {
  await neovim.press('grn');
  await eventually(async () => assert.match(await neovim.screen(), new RegExp(`New Name: ${from}`)));
  await neovim.press('<C-u>');
  await neovim.type(`${to}\n`);
}

const said = (neovim: Neovim, text: RegExp): Promise<void> => eventually(async () => assert.match(await neovim.messages(), text));

test('grn on a link renames the note, and links follow in buffers, unsaved text and files', async () => {
  const { vault, neovim, saved, inBuffer } = await opened('open.md');
  await neovim.press('Gonew [[b]] 🎬<Esc>');
  await neovim.edit('a.md');
  await neovim.editNote('a.md');
  await neovim.press('gg0fbl');
  await rename(neovim, 'b', 'new name');
  await said(neovim, /8 places changed in 4 notes, 2 not saved yet/);
  assert.equal(await inBuffer('a.md'), '+See [[new name]] and [[ new name#Part | that ]].');
  assert.equal(await inBuffer('open.md'), '+[[new name]]\nnew [[new name]] 🎬');
  assert.equal(saved('open.md'), VAULT['open.md']);
  assert.equal(saved('closed.md'), '\ufeffü 🎬 [[new name]] [B](<deep/new name.md>)\r\n\r\n[[new name|last]]');
  assert.equal(saved('deep/new name.md'), VAULT['deep/b.md'].replace('[[b#', '[[new name#'));
  assert.equal(existsSync(join(vault, 'deep/b.md')), false);
  assert.equal(await neovim.lua('return vim.fn.bufnr("closed.md")'), -1, 'what was closed stays closed');

  await neovim.command('wall');
  await neovim.command('Vault check');
  await said(neovim, /no findings/);
});

test('the note that is renamed keeps its buffer, its unsaved text and the server', async () => {
  const { neovim, saved, inBuffer } = await opened('deep/b.md');
  const buffer = await neovim.lua('return vim.api.nvim_get_current_buf()');
  await neovim.press('Goadded [[nobody]]<Esc>gg0jfT');
  await rename(neovim, 'b', 'z');
  await said(neovim, /places changed/);
  assert.equal(await neovim.lua("return vim.fn.expand('%:.')"), 'deep/z.md');
  assert.equal(await neovim.lua('return vim.api.nvim_get_current_buf()'), buffer);
  assert.deepEqual(await neovim.lua('return vim.api.nvim_win_get_cursor(0)'), [2, 7]);
  assert.match(await inBuffer('deep/z.md'), /^\+---[^]*\[\[z#Part\]\] \[a\]\(\.\.\/a\.md\)\nadded \[\[nobody\]\]$/);
  assert.equal(saved('deep/z.md'), VAULT['deep/b.md'], 'nothing is saved that was not');
  assert.equal(await neovim.lua("return vim.fn.buflisted('deep/b.md')"), 0);
  await eventually(async () => assert.deepEqual((await neovim.diagnostics()).map(({ code }) => code), ['link/missing-note']));
  assert.equal(await neovim.clients(), 1);
  await neovim.command('write');
  assert.match(saved('deep/z.md'), /added/);
  await neovim.press('Gofresh [[a]]<Esc>');
  await eventually(async () => assert.deepEqual((await neovim.diagnostics()).map(({ line }) => line), [9]));
});

test('a note that is open elsewhere is renamed from a link to it, with its unsaved text', async () => {
  const { neovim, saved, inBuffer } = await opened('deep/b.md');
  await neovim.press('Gounsaved<Esc>');
  await neovim.edit('a.md');
  await neovim.editNote('a.md');
  await neovim.press('gg0fb');
  await rename(neovim, 'b', 'z');
  await said(neovim, /changed/);
  assert.match(await inBuffer('deep/z.md'), /^\+---[^]*\nunsaved$/);
  assert.equal(saved('deep/z.md'), VAULT['deep/b.md']);
  assert.equal(await neovim.lua("return vim.fn.expand('%:.')"), 'a.md');
  await neovim.press('gg0fzgd');
  await eventually(async () => assert.equal(await neovim.lua("return vim.fn.expand('%:.')"), 'deep/z.md'));
  assert.equal(await neovim.clients(), 1);
  await neovim.command('wall');
  await neovim.command('Vault check');
  await said(neovim, /no findings/);
});

test('grn on a heading renames it and the links to it', async () => {
  const { neovim, saved, inBuffer } = await opened('deep/b.md');
  await neovim.press('6G0w');
  await rename(neovim, 'Part', 'Section');
  await said(neovim, /changed/);
  assert.match(await inBuffer('deep/b.md'), /## Section\n\n\[\[b#Section\]\]/);
  assert.equal(saved('a.md'), 'See [[b]] and [[ b#Section | that ]].\n');
});

test('what cannot be renamed is left as it is, and it is said why', async () => {
  const { neovim, saved } = await opened('a.md');
  await neovim.press('gg0fb');
  await rename(neovim, 'b', 'a|b');
  await said(neovim, /vaultls: /);
  await neovim.command('messages clear');
  // A buffer that may not be changed is in the way of all.
  await neovim.edit('open.md');
  await neovim.editNote('open.md');
  await neovim.command('set nomodifiable');
  await neovim.edit('a.md');
  await rename(neovim, 'b', 'c');
  await said(neovim, /cannot rename: \S+open\.md is not modifiable/);
  for (const [path, text] of Object.entries(VAULT)) assert.equal(saved(path), text);
});

test('what is typed before the answer comes is not edited in the wrong place', async () => {
  const { neovim, saved, inBuffer } = await opened('a.md');
  await neovim.lua(`
    local handlers = vim.lsp.get_clients({ name = 'vaultls' })[1].handlers
    local on_rename = handlers['textDocument/rename']
    handlers['textDocument/rename'] = function(...)
      vim.api.nvim_buf_set_text(0, 0, 0, 0, 0, { 'Typed. ' })
      on_rename(...)
    end`);
  await neovim.press('gg0fb');
  await rename(neovim, 'b', 'c');
  await said(neovim, /cannot rename: \S+a\.md has changed since the server read it; try again/);
  assert.equal(await inBuffer('a.md'), `+Typed. ${VAULT['a.md'].trimEnd()}`);
  for (const [path, text] of Object.entries(VAULT)) assert.equal(saved(path), text);
});

test('a disk that fails in the middle is as it was before', async () => {
  const { neovim, saved, inBuffer } = await opened('a.md');
  await neovim.lua("vim.uv.fs_rename = function() return nil, 'EIO: i/o error' end");
  await neovim.press('gg0fb');
  await rename(neovim, 'b', 'c');
  await said(neovim, /cannot rename: EIO/);
  assert.equal(await inBuffer('a.md'), VAULT['a.md'].trimEnd());
  for (const [path, text] of Object.entries(VAULT)) assert.equal(saved(path), text);
});

test(':Vault move moves the note, and links in and out of it follow', async () => {
  const { neovim, saved, inBuffer } = await opened('deep/b.md');
  await neovim.command('Vault move far/away/new b');
  await said(neovim, /changed/);
  assert.equal(await neovim.lua("return vim.fn.expand('%:.')"), 'far/away/new b.md');
  assert.match(await inBuffer('far/away/new b.md'), /\[\[new b#Part\]\] \[a\]\(\.\.\/\.\.\/a\.md\)/);
  assert.equal(saved('a.md'), 'See [[new b]] and [[ new b#Part | that ]].\n');
  await neovim.command('write');
  // Nobody has told the server of the notes that were changed on the disk; it looks for itself.
  await neovim.command('Vault move far/');
  await said(neovim, /2 places changed in 2 notes, 1 not saved yet/);
  assert.equal(await neovim.lua("return vim.fn.expand('%:.')"), 'far/new b.md');
  assert.match(saved('closed.md'), /\[B\]\(<far\/new b\.md>\)/);
  await neovim.command('write');
  await neovim.command('Vault check');
  await said(neovim, /no findings/);

  for (const [to, why] of [['open.md', /cannot rename: \S+open\.md already exists/], ['/tmp/elsewhere.md', /is outside the vault/], ['', /path required/]] as const) {
    await neovim.command('messages clear');
    await neovim.press(`:Vault move ${to}<CR>`);
    await said(neovim, why);
  }
  assert.equal(await neovim.lua("return vim.fn.expand('%:.')"), 'far/new b.md');
});

test('a note with hundreds of backlinks is renamed without opening them', async () => {
  const vault = generatedVault(3600);
  writeNote(vault, '.vaultls.toml', '');
  const { file, line, column } = linkToHub(vault);
  const neovim = await Neovim.start({ folder: vault });
  await neovim.editNote(file);
  await neovim.lua('vim.api.nvim_win_set_cursor(0, { ... })', line, column);
  const start = performance.now();
  await neovim.lua("vim.lsp.buf.rename('renamed hub')");
  const report = await eventually(async () => {
    const found = /vaultls: (\d{3} places changed in \d{3} notes), 1 not saved yet/.exec(await neovim.messages());
    assert.ok(found);
    return found[1];
  });
  console.log(`${report} in ${Math.round(performance.now() - start)} ms`);
  assert.equal(await neovim.lua('return #vim.api.nvim_list_bufs()'), 1);
});
