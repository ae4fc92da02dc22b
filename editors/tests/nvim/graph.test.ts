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
  // Known only when the vault has been read, which may be after the first answer.
  await eventually(async () => assert.ok((await marks(8)).includes('@lsp.mod.broken.markdown')));
});

test(':Vault backlinks lists the links to the note, wherever the cursor is', async () => {
  const neovim = await inNote('a.md');
  await neovim.press('G0fc');
  await neovim.command('Vault backlinks');
  await eventually(async () => assert.deepEqual(await neovim.quickfix(), ['b.md:1:5: See a.', 'b.md:3:5: And a.']));
  assert.equal(await neovim.lua('return vim.fn.getqflist({ title = 0 }).title'), 'Backlinks of a.md');
  await neovim.press('j<CR>');
  await eventually(async () => assert.equal(await neovim.text(), 'See [[a]].\n\nAnd ▮[[a#Part]].'));

  await neovim.editNote('c.md');
  await neovim.command('Vault backlinks loclist');
  await eventually(async () => assert.equal(await neovim.lua('return #vim.fn.getloclist(0)'), 2));
  assert.equal((await neovim.quickfix()).length, 2, 'the quickfix list is as it was');
});

test(':Vault backlinks says if there are none, and where there can be none', async () => {
  const neovim = await inNote('b.md');
  await neovim.command('Vault backlinks');
  await eventually(async () => assert.match(await neovim.messages(), /vaultls: no backlinks of b\.md/));
  await neovim.press(':Vault backlinks everywhere<CR>');
  await eventually(async () => assert.match(await neovim.messages(), /invalid argument everywhere: expected loclist or none/));
  await neovim.press(':enew<CR>:Vault backlinks<CR>');
  await eventually(async () => assert.match(await neovim.messages(), /vaultls is not attached to this buffer/));
});

test(':Vault mentions lists the words that name the note, and gra there makes a link', async () => {
  const neovim = await Neovim.start({
    folder: vaultOf({ ...VAULT, 'quiet_sleep.md': '# Quiet sleep\n', 'd.md': 'Ä [[quiet_sleep]], quiet\tsleep.\n\nQuiet-sleep again.\n' }),
  });
  await neovim.editNote('quiet_sleep.md');
  await neovim.command('Vault mentions');
  await eventually(async () =>
    assert.deepEqual(await neovim.quickfix(), ['d.md:1:21: Ä quiet_sleep, quiet sleep.', 'd.md:3:1: Quiet-sleep again.']),
  );
  assert.equal(await neovim.lua('return vim.fn.getqflist({ title = 0 }).title'), 'Unlinked mentions of quiet_sleep.md');
  await neovim.press('j<CR>');
  await eventually(async () => assert.match(await neovim.text(), /^▮Quiet-sleep/m));
  await neovim.act('Link “Quiet-sleep” to `quiet_sleep`');
  await eventually(async () => assert.match(await neovim.text(), /\[\[quiet_sleep\|Quiet-sleep\]\] again\.$/));

  await neovim.editNote('b.md');
  await neovim.command('Vault mentions loclist');
  await eventually(async () => assert.match(await neovim.messages(), /vaultls: no unlinked mentions of b\.md/));
  await neovim.press(':Vault mentions everywhere<CR>');
  await eventually(async () => assert.match(await neovim.messages(), /:Vault mentions: invalid argument everywhere: expected loclist or none/));
});

test('lenses are shown to who wants them, and grx lists what they count', async () => {
  const neovim = await Neovim.start({ folder: vaultOf(VAULT), init: 'vim.g.vaultls = { lenses = true }' });
  await neovim.editNote('a.md');
  await eventually(async () => assert.match(await neovim.screen(), /2 backlinks\n# A\n\n1 reference\n## Part/));
  await neovim.press('ggjjgrx');
  await eventually(async () => assert.deepEqual(await neovim.quickfix(), ['b.md:3:5: And [[a#Part]].']));
});

test('grr lists all places that are about the same', async () => {
  const neovim = await inNote('b.md');
  await neovim.press('gg0fa');
  await neovim.press('grr');
  await eventually(async () =>
    assert.deepEqual(await neovim.quickfix(), ['a.md:1:1: # A', 'b.md:1:5: See [[a]].', 'b.md:3:5: And [[a#Part]].']),
  );
});

test('names of the whole vault are found as they are typed', async () => {
  const neovim = await inNote('c.md');
  await neovim.lua("vim.lsp.buf.workspace_symbol('prt')");
  await eventually(async () => assert.match((await neovim.quickfix()).join('\n'), /^a\.md:3:\d+: .*Part/));
});

test('the places of the note that are about the same are highlighted', async () => {
  const neovim = await Neovim.start({ folder: vaultOf({ ...VAULT, 'd.md': '[[a]] [[c]] [[a|again]]\n' }) });
  await neovim.editNote('d.md');
  await neovim.lua('vim.lsp.buf.document_highlight()');
  const columns = `
    local found = {}
    for name, namespace in pairs(vim.api.nvim_get_namespaces()) do
      for _, mark in ipairs(name:find('references') and vim.api.nvim_buf_get_extmarks(0, namespace, 0, -1, {}) or {}) do
        table.insert(found, mark[3])
      end
    end
    return found`;
  await eventually(async () => assert.deepEqual(await neovim.lua(columns), [0, 12]));
});

test('sections fold', async () => {
  const neovim = await inNote('a.md');
  await neovim.command("setlocal foldmethod=expr foldexpr=v:lua.vim.lsp.foldexpr() foldlevel=99");
  await eventually(async () => assert.deepEqual(await neovim.lua('return { vim.fn.foldlevel(1), vim.fn.foldlevel(5) }'), [1, 2]));
});
