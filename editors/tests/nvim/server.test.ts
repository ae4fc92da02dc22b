// The server's life in Neovim: missing, old, killed, crashing, configured, restarted.

import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { afterEach } from 'node:test';
import { eventually } from '../support/eventually.ts';
import { closeAll, luaText, Neovim } from '../support/nvim.ts';
import { serversBelow } from '../support/processes.ts';
import { server } from '../support/server.ts';
import { test } from '../support/test.ts';
import { temporaryFolder, vaultOf } from '../support/vault.ts';

afterEach(closeAll);

const VAULT = { '.vaultls.toml': '', 'a.md': '[[b]] [[nobody]]\n', 'b.md': '# B\n', 'c.md': '# C\n' };

/** A folder with a program `vaultls` that is this shell script. */
function fakeServer(script: string): string {
  const folder = temporaryFolder();
  const path = join(folder, 'vaultls');
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return folder;
}

/** The environment with this folder before all others on `PATH`. */
function withPath(folder: string): NodeJS.ProcessEnv {
  return { PATH: folder + delimiter + process.env['PATH'] };
}

/** How often a text was said. */
async function said(neovim: Neovim, text: RegExp): Promise<number> {
  return (await neovim.messages()).split('\n').filter(line => text.test(line)).length;
}

async function showsBrokenLink(neovim: Neovim): Promise<void> {
  await eventually(async () => {
    assert.deepEqual((await neovim.diagnostics()).map(({ code }) => code), ['link/missing-note']);
  });
}

test('without a program, one message says so, however many notes are opened', async () => {
  const neovim = await Neovim.start({
    folder: vaultOf(VAULT),
    init: `
      vim.o.messagesopt = 'hit-enter,history:500'
      vim.lsp.config('vaultls', { cmd = { 'no-such-vaultls', '--stdio' } })`,
    files: ['a.md'],
  });
  await neovim.edit('b.md');
  await neovim.edit('c.md');
  assert.equal(await said(neovim, /server executable not found: no-such-vaultls/), 1);
  assert.equal(await said(neovim, /vaultls/), 1);

  // Once it is there, a restart is enough.
  await neovim.lua(`vim.lsp.config('vaultls', { cmd = { ..., '--stdio' } })`, server());
  await neovim.command('Vault restart');
  await neovim.edit('a.md');
  await showsBrokenLink(neovim);
});

test('a server that is too old is told of, once', async () => {
  const answer = JSON.stringify({
    jsonrpc: '2.0',
    id: 1,
    result: { capabilities: {}, serverInfo: { name: 'vaultls', version: '0.0.7' } },
  });
  const old = fakeServer(`
    if [ "$1" = --version ]; then echo vaultls 0.0.7; exit; fi
    printf 'Content-Length: %d\\r\\n\\r\\n%s' ${answer.length} '${answer}'
    cat >/dev/null`);
  const neovim = await Neovim.start({ folder: vaultOf(VAULT), files: ['a.md'], environment: withPath(old) });
  await eventually(async () => assert.equal(await said(neovim, /vaultls 0\.0\.7 is too old, \d+\.\d+\.\d+ or newer is required/), 1));
  await neovim.edit('b.md');
  await eventually(async () => assert.equal(await neovim.clients(), 1));
  assert.equal(await said(neovim, /too old/), 1);
  await neovim.command('checkhealth vaultls');
  assert.match(await neovim.text(), /ERROR Server too old: .*vaultls is version 0\.0\.7/);
});

test('a server that is killed is started again, and knows what is not saved', async () => {
  const neovim = await Neovim.start({ folder: vaultOf(VAULT), files: ['a.md'] });
  await showsBrokenLink(neovim);
  await neovim.press('ggO[[#nowhere]]<Esc>');
  const [first] = serversBelow(neovim.processId);
  assert.ok(first);
  process.kill(first, 'SIGKILL');
  await eventually(async () => {
    const codes = (await neovim.diagnostics()).map(({ code }) => code);
    assert.deepEqual(codes, ['link/missing-heading', 'link/missing-note']);
    const [second] = serversBelow(neovim.processId);
    assert.ok(second && second !== first);
  });
  await neovim.press('o');
  await neovim.type('[[b');
  await eventually(async () => assert.equal((await neovim.menu())[0]?.text, 'b'));
});

test('a server that always crashes is tried four times, then it is said where the log is', async () => {
  const starts = join(temporaryFolder(), 'starts');
  const crashing = fakeServer(`echo started >>${starts}; echo the reason of the crash >&2; exit 101`);
  const neovim = await Neovim.start({ folder: vaultOf(VAULT), files: ['a.md'], environment: withPath(crashing) });
  const count = (): number => readFileSync(starts, 'utf8').trim().split('\n').length;
  await eventually(async () => {
    const messages = await neovim.messages();
    assert.match(messages, /vaultls crashed 4 times for \S+ and was not restarted\. Use :Vault restart\. Log: \S+lsp\.log/);
  }, 30);
  assert.equal(count(), 4);
  // Other notes of the vault do not start it again.
  await neovim.edit('b.md');
  await neovim.edit('c.md');
  assert.equal(count(), 4);
  await neovim.command('Vault log');
  assert.match(await neovim.text(), /the reason of the crash/);
  await neovim.command('close');
  await neovim.command('checkhealth vaultls');
  assert.match(await neovim.text(), /crashed 4 times and was not restarted/);

  // Once fixed, it is started by hand.
  await neovim.lua(`vim.lsp.config('vaultls', { cmd = { ..., '--stdio' } })`, server());
  await neovim.command('Vault restart');
  await neovim.edit('a.md');
  await showsBrokenLink(neovim);
});

test('settings are passed, and changed in the running session', async () => {
  const severity = (level: string): string => `{ diagnostics = { severity = { ['link/missing-note'] = '${level}' } } }`;
  const neovim = await Neovim.start({
    folder: vaultOf(VAULT),
    init: `vim.lsp.config('vaultls', { settings = { vaultls = ${severity('error')} } })`,
    files: ['a.md'],
  });
  await showsBrokenLink(neovim);
  const shown = async (): Promise<unknown> => neovim.lua('return (vim.diagnostic.get(0)[1] or {}).severity');
  await eventually(async () => assert.equal(await shown(), 1));
  await neovim.lua(`require('vaultls').configure(${severity('hint')})`);
  await eventually(async () => assert.equal(await shown(), 4));
  await neovim.lua(`require('vaultls').configure(${severity('off')})`);
  await eventually(async () => assert.deepEqual(await neovim.diagnostics(), []));
  // A server that is started later gets them too.
  await neovim.command('Vault restart');
  await neovim.editNote('b.md');
  await neovim.edit('a.md');
  await neovim.editNote('a.md');
  assert.deepEqual(await neovim.diagnostics(), []);
});

test(':Vault restart starts a new server for all open notes', async () => {
  const neovim = await Neovim.start({ folder: vaultOf(VAULT), files: ['a.md'] });
  await showsBrokenLink(neovim);
  await neovim.editNote('b.md');
  const before = serversBelow(neovim.processId);
  await neovim.command('Vault restart');
  await eventually(async () => {
    const after = serversBelow(neovim.processId);
    assert.equal(after.length, 1);
    assert.notDeepEqual(after, before);
    assert.equal(await neovim.lua("return vim.tbl_count(vim.lsp.get_clients({ name = 'vaultls' })[1].attached_buffers)"), 2);
  });
  assert.doesNotMatch(await neovim.messages(), /quit|crash/);
  await neovim.edit('a.md');
  await showsBrokenLink(neovim);
});

test(':Vault restart does not wait for a server that hangs', async () => {
  const neovim = await Neovim.start({ folder: vaultOf(VAULT), files: ['a.md'] });
  await showsBrokenLink(neovim);
  const [hanging] = serversBelow(neovim.processId);
  assert.ok(hanging);
  process.kill(hanging, 'SIGSTOP');
  await neovim.command('Vault stats');
  await eventually(async () => assert.equal(await said(neovim, /vaultls: no answer from 1 of its servers/), 1));
  await neovim.command('Vault restart');
  await eventually(async () => assert.ok(serversBelow(neovim.processId).length === 2));
  process.kill(hanging, 'SIGCONT');
  await eventually(async () => assert.ok(!serversBelow(neovim.processId).includes(hanging)));
  await showsBrokenLink(neovim);
  await neovim.press('o');
  await neovim.type('[[b');
  await eventually(async () => assert.equal((await neovim.menu())[0]?.text, 'b'));
  assert.doesNotMatch(await neovim.messages(), /crash/);
});

test('with enabled = false nothing starts until the user enables it', async () => {
  const neovim = await Neovim.start({ folder: vaultOf(VAULT), init: 'vim.g.vaultls = { enabled = false }', files: ['a.md'] });
  assert.equal(serversBelow(neovim.processId).length, 0);
  await neovim.command("lua vim.lsp.enable('vaultls')");
  await showsBrokenLink(neovim);
  await neovim.press('o');
  await neovim.type('[[b');
  await eventually(async () => assert.equal((await neovim.menu())[0]?.text, 'b'));
});

test('what is wrong in vim.g.vaultls is said', async () => {
  const neovim = await Neovim.start({ folder: vaultOf(VAULT), init: "vim.g.vaultls = { complete = false }", files: ['a.md'] });
  await showsBrokenLink(neovim);
  assert.equal(await said(neovim, /vim\.g\.vaultls: unknown option "complete"/), 1);
});

test('a plugin manager may load it with the first note', async () => {
  // As lazy.nvim does with `ft`: not on the runtime path until a note is opened, then sourced and the event repeated.
  const neovim = await Neovim.start({
    folder: vaultOf(VAULT),
    init: `
      local plugin = vim.o.runtimepath:match('[^,]*editors/nvim')
      vim.opt.rtp:remove(plugin)
      vim.api.nvim_create_autocmd('FileType', { pattern = 'markdown', once = true, nested = true, callback = function(event)
        vim.opt.rtp:append(plugin)
        vim.cmd.runtime('plugin/vaultls.lua')
        vim.api.nvim_exec_autocmds('FileType', { buffer = event.buf, modeline = false })
      end })`,
    files: ['a.md'],
  });
  await showsBrokenLink(neovim);
  assert.equal(await neovim.clients(), 1);
});

test('it lives with what Neovim installs as a package', async () => {
  const home = temporaryFolder();
  const packages = join(home, 'site', 'pack', 'vaultls', 'opt');
  mkdirSync(packages, { recursive: true });
  const neovim = await Neovim.start({
    folder: vaultOf(VAULT),
    init: `
      local plugin = vim.o.runtimepath:match('[^,]*editors/nvim')
      vim.opt.rtp:remove(plugin)
      vim.opt.packpath:append(${luaText(join(home, 'site'))})
      vim.uv.fs_symlink(plugin, ${luaText(join(packages, 'vaultls'))})
      vim.cmd.packadd('vaultls')`,
    files: ['a.md'],
  });
  await showsBrokenLink(neovim);
});
