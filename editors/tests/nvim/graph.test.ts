// Walking the link graph: lenses and their lists, the call hierarchy, names of the whole vault.

import assert from 'node:assert/strict';
import { afterEach } from 'node:test';
import { eventually } from '../support/eventually.ts';
import { closeAll, Neovim } from '../support/nvim.ts';
import { test } from '../support/test.ts';
import { vaultOf } from '../support/vault.ts';

afterEach(closeAll);

const VAULT = {
  '.vaultls.toml': '',
  'a.md': '# A\n\n## Part\n\n[[c]]\n',
  'b.md': 'See [[a]].\n\nAnd [[a#Part]].\n',
  'c.md': '\n[[c]] begins with a link.\n',
};

async function inNote(note: string): Promise<Neovim> {
  const neovim = await Neovim.start({ folder: vaultOf(VAULT) });
  await neovim.editNote(note);
  return neovim;
}

/** Shows the lenses as Neovim's help says, and waits for them. */
async function lenses(neovim: Neovim): Promise<string[]> {
  await neovim.lua('if vim.lsp.codelens.enable then vim.lsp.codelens.enable(true) else vim.lsp.codelens.refresh() end');
  return eventually(async () => {
    const titles: string[] = await neovim.lua(
      'return vim.iter(vim.lsp.codelens.get(nil)):map(function(found) return (found.lens or found).command.title end):totable()',
    );
    assert.ok(titles.length > 0, 'there are lenses');
    return titles.toSorted();
  });
}

test('a lens counts backlinks and lists them in the quickfix list', async () => {
  const neovim = await inNote('a.md');
  assert.deepEqual(await lenses(neovim), ['1 reference', '2 backlinks']);
  await neovim.command('call cursor(1, 1)');
  await neovim.lua('vim.lsp.codelens.run()');
  await eventually(async () =>
    assert.deepEqual(await neovim.quickfix(), ['b.md:1:5: See [[a]].', 'b.md:3:5: And [[a#Part]].']),
  );
  assert.equal(await neovim.lua('return vim.fn.getqflist({ title = 0 }).title'), '2 backlinks');
});

test('a lens on a note without a title lists the links to the note', async () => {
  const neovim = await inNote('c.md');
  assert.deepEqual(await lenses(neovim), ['2 backlinks']);
  await neovim.command('call cursor(2, 1)');
  await neovim.lua('vim.lsp.codelens.run()');
  await eventually(async () =>
    assert.deepEqual(await neovim.quickfix(), ['a.md:5:1: [[c]]', 'c.md:2:1: [[c]] begins with a link.']),
  );
});

test('the call hierarchy lists who links to a note and where its links lead', async () => {
  const neovim = await inNote('a.md');
  await neovim.lua('vim.lsp.buf.incoming_calls()');
  await eventually(async () => assert.deepEqual(await neovim.quickfix(), ['b.md:1:5: b', 'b.md:3:5: b']));
  await neovim.command('wincmd p');
  await neovim.lua('vim.lsp.buf.outgoing_calls()');
  await eventually(async () => assert.deepEqual(await neovim.quickfix(), ['a.md:5:1: c']));
});

test('links that lead nowhere are marked otherwise than those that do', async () => {
  const neovim = await Neovim.start({ folder: vaultOf({ ...VAULT, 'd.md': '[[a]] [[none]]\n' }) });
  await neovim.editNote('d.md');
  const marks = (column: number): Promise<string[]> =>
    neovim.lua(
      `return vim.iter(vim.inspect_pos(0, 0, ${column}).semantic_tokens)
        :map(function(token) return token.opts.hl_group end):totable()`,
    );
  await eventually(async () => assert.deepEqual(await marks(2), ['@lsp.type.link.markdown']));
  assert.ok((await marks(8)).includes('@lsp.mod.broken.markdown'));
});
