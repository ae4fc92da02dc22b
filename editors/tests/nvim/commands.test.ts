// `:Vault` and its subcommands, `:checkhealth vaultls`, the help file and the status line.

import assert from 'node:assert/strict';
import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach } from 'node:test';
import { eventually } from '../support/eventually.ts';
import { closeAll, Neovim, plugin } from '../support/nvim.ts';
import { server } from '../support/server.ts';
import { test } from '../support/test.ts';
import { generatedVault, seedVault, temporaryFolder, vaultOf, writeNote } from '../support/vault.ts';

afterEach(closeAll);

const VAULT = { '.vaultls.toml': '', 'a.md': '# Ä\n\nüü [[b]] [[nobody]]\n', 'deep/b.md': '# B\n\n[[#nowhere]]\n' };
const FINDINGS = [
  'a.md:3:14: Note not found: `nobody` [link/missing-note]',
  'deep/b.md:3:4: Heading not found in `b`: `nowhere` [link/missing-heading]',
];

async function inVault(notes: Record<string, string> = VAULT, init = ''): Promise<Neovim> {
  const neovim = await Neovim.start({ folder: vaultOf(notes), init });
  await neovim.editNote('a.md');
  return neovim;
}

test(':Vault completes its subcommands and says what it knows', async () => {
  const neovim = await inVault();
  const completed = async (line: string): Promise<string[]> => neovim.lua("return vim.fn.getcompletion(..., 'cmdline')", line);
  assert.deepEqual(await completed('Vault '), ['backlinks', 'check', 'daily', 'fix', 'log', 'mentions', 'move', 'new', 'restart', 'stats', 'timestamp']);
  assert.deepEqual(await completed('Vault re'), ['restart']);
  assert.deepEqual(await completed('Vault check d'), ['deep/']);
  assert.deepEqual(await completed('Vault move d'), ['deep/']);
  assert.deepEqual(await completed('Vault backlinks '), ['loclist']);
  assert.deepEqual(await completed('Vault stats '), []);
  await neovim.press(':Vault<CR>');
  await eventually(async () => assert.match(await neovim.messages(), /Commands of :Vault: backlinks, check, daily, fix, log, mentions, move, new, restart, stats, timestamp/));
  await neovim.press(':Vault nonsense<CR>');
  await eventually(async () => assert.match(await neovim.messages(), /Unknown command :Vault nonsense/));
});

test(':Vault check fills the quickfix list, to the byte', async () => {
  const neovim = await inVault();
  await neovim.command('Vault check');
  await eventually(async () => assert.deepEqual(await neovim.quickfix(), FINDINGS));
  assert.equal(await neovim.lua("return vim.fn.getqflist({ winid = 0 }).winid ~= 0"), true, 'the list is open');
  assert.equal(await neovim.lua("return vim.fn.expand('%:t')"), 'a.md', 'the cursor stays in the note');
  await neovim.command('cc 1');
  assert.equal(await neovim.text(), '# Ä\n\nüü [[b]] [[▮nobody]]\n'.trimEnd());

  await neovim.command('Vault check deep');
  await eventually(async () => assert.deepEqual(await neovim.quickfix(), FINDINGS.slice(1)));
  assert.match(await neovim.lua('return vim.fn.getqflist({ title = 0 }).title'), /^vaultls check .*deep$/);
});

test(':Vault check says if nothing is wrong, and if it cannot', async () => {
  const neovim = await inVault({ '.vaultls.toml': '', 'a.md': '# A\n' });
  await neovim.command('Vault check');
  await eventually(async () => assert.match(await neovim.messages(), /vaultls check: no findings in /));
  await neovim.command('Vault check no/such/folder');
  await eventually(async () => assert.match(await neovim.messages(), /vaultls check failed \(2\): .*no\/such\/folder/));
});

test(':Vault check lists every finding of a large vault, while Neovim stays usable', async () => {
  const vault = generatedVault(3600);
  writeNote(vault, '.vaultls.toml', '');
  const neovim = await Neovim.start({ folder: vault });
  await neovim.lua(`
    vim.system({ ..., 'check', '--format', 'short', '.' }, { text = true }, function(result)
      expected = select(2, result.stdout:gsub('\\n', ''))
    end)`, server());
  await eventually(async () => assert.ok(await neovim.lua('return expected ~= nil')), 60);
  await neovim.command('Vault check');
  await eventually(async () => {
    const size = 'return vim.fn.getqflist({ size = 0 }).size';
    assert.equal(await neovim.lua(size), await neovim.lua('return expected'));
  }, 60);
});

test(':Vault stats shows the counts of each vault', async () => {
  const vault = generatedVault(3600);
  writeNote(vault, '.vaultls.toml', '');
  const neovim = await Neovim.start({ folder: vault });
  await neovim.press(':Vault stats<CR>');
  await eventually(async () => assert.match(await neovim.messages(), /vaultls: no server running/));
  await neovim.editNote('new.md');
  const small = vaultOf(VAULT);
  await neovim.editNote(join(small, 'a.md'));
  await neovim.command('Vault stats');
  await eventually(async () => {
    const shown = await neovim.float();
    assert.match(shown, /^\S+generated-3600\n {2}notes +3,60\d\n/m);
    assert.match(shown, /^\S+vault\n {2}notes +2\n/m);
    assert.match(shown, / links +3$/m);
  });
});

test(':Vault log shows what the server wrote', async () => {
  const neovim = await inVault(VAULT, "vim.lsp.config('vaultls', { cmd_env = { VAULTLS_LOG = 'debug' } })");
  await eventually(async () => {
    await neovim.command('silent! Vault log');
    const text = await neovim.text();
    await neovim.command('close');
    assert.match(text, /vaultls.*stderr/);
  });
  await neovim.command('Vault log');
  assert.equal(await neovim.lua('return vim.bo.readonly and not vim.bo.modifiable'), true);
});

test(':checkhealth tells all that is well', async () => {
  const neovim = await inVault(VAULT, "vim.lsp.config('vaultls', { settings = { vaultls = { hover = { previewLines = 3 } } } })");
  await neovim.command('checkhealth vaultls');
  const report = await neovim.text();
  for (const expected of [
    /OK Neovim \d+\.\d+/,
    /OK The server is enabled/,
    new RegExp(`OK ${server()}, version \\d+\\.\\d+\\.\\d+`),
    /OK Server 1, version \d+\.\d+\.\d+, serves 1 buffer/,
    /Vault \S+: 2 notes/,
    /previewLines = 3/,
    /Log: \S+lsp\.log/,
    /OK Neovim's own completion opens automatically/,
    /OK No other server for notes/,
  ]) assert.match(report, expected);
  assert.doesNotMatch(report, /WARNING|ERROR/);
});

test(':checkhealth finds a missing program, other servers and a folder without notes', async () => {
  const marksman = `
    vim.lsp.config('marksman', { cmd = { ${JSON.stringify(server())}, '--stdio' }, filetypes = { 'markdown' } })
    vim.lsp.enable('marksman')`;
  const neovim = await inVault(VAULT, marksman);
  await eventually(async () => assert.equal(await neovim.lua('return #vim.lsp.get_clients({ bufnr = 0 })'), 2));
  await neovim.command('checkhealth vaultls');
  assert.match(await neovim.text(), /WARNING marksman is attached to the same notes[\s\S]*vim\.lsp\.enable\('marksman', false\)/);

  const missing = await Neovim.start({ folder: temporaryFolder(), init: "vim.lsp.config('vaultls', { cmd = { 'nowhere' } })" });
  await missing.command('checkhealth vaultls');
  assert.match(await missing.text(), /ERROR Server executable not found: `nowhere`[\s\S]*cargo install/);
});

test(':help vaultls works, and its tags are up to date', async () => {
  const neovim = await inVault();
  await neovim.command('help vaultls');
  assert.match(await neovim.text(), /\*vaultls\*/);
  await neovim.command('help :Vault');
  assert.match(await neovim.lua('return vim.api.nvim_get_current_line()'), /\*:Vault\*/);

  const copy = join(temporaryFolder(), 'doc');
  cpSync(join(plugin, 'doc'), copy, { recursive: true });
  await neovim.command(`helptags ${copy}`);
  assert.equal(readFileSync(join(copy, 'tags'), 'utf8'), readFileSync(join(plugin, 'doc', 'tags'), 'utf8'));
});

test('the status line tells the counts of the vault, and nothing elsewhere', async () => {
  const neovim = await inVault();
  const status = async (): Promise<string> => neovim.lua("return require('vaultls').status()");
  await eventually(async () => assert.equal(await status(), 'vault: 2 notes, 1 unresolved link'));
  await neovim.press('ggO[[nobody either]]<Esc>');
  await eventually(async () => assert.equal(await status(), 'vault: 2 notes, 2 unresolved links'));
  await neovim.command('enew!');
  assert.equal(await status(), '');
});

test('names of folders may have any characters', async () => {
  const name = "my notes (ä) & 'more', 100%";
  const folder = join(vaultOf({ [`${name}/.vaultls.toml`]: '', [`${name}/a.md`]: '[[b c]] [[nobody]]\n', [`${name}/b c.md`]: '' }), name);
  const neovim = await Neovim.start({ folder });
  await neovim.editNote('a.md');
  await eventually(async () => assert.equal(await neovim.lua("return require('vaultls').status()"), `${name}: 2 notes, 1 unresolved link`));
  await neovim.command('Vault check');
  await eventually(async () => assert.match((await neovim.quickfix()).join('\n'), /^a\.md:1:11: [^\n]*$/));
  await neovim.press('gg0llgd');
  await eventually(async () => assert.equal(await neovim.lua("return vim.fn.expand('%:t')"), 'b c.md'));
});

test('the seed vault is checked as on the command line', async () => {
  const vault = seedVault();
  const neovim = await Neovim.start({ folder: vault });
  await neovim.editNote('index.md');
  await neovim.command('Vault check');
  await eventually(async () => {
    const codes = (await neovim.quickfix()).map(line => /\[(\S+)\]$/.exec(line)?.[1]);
    for (const code of ['link/missing-note', 'timestamp/malformed', 'note/bad-front-matter']) assert.ok(codes.includes(code), code);
  });
});
