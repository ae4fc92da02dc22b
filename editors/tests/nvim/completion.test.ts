// Completion while a link is typed: what the menu shows, in which order, and what accepting does.

import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach } from 'node:test';
import { eventually } from '../support/eventually.ts';
import { closeAll, Neovim } from '../support/nvim.ts';
import { serversBelow } from '../support/processes.ts';
import { test } from '../support/test.ts';
import { generatedVault, seedVault, vaultOf } from '../support/vault.ts';

afterEach(closeAll);

const GARDEN = {
  '.vaultls.toml': '',
  'note.md': '',
  'garden plan.md': '---\ntitle: Plan of the garden\n---\n# Plan\n\n## Beds\n\n## Paths\n',
  'garden tools.md': '# Tools\n',
  'plants/rose.md': '# Rose\n',
};

async function inNote(vault: string, init = ''): Promise<Neovim> {
  const neovim = await Neovim.start({ folder: vault, init });
  await neovim.editNote('note.md');
  return neovim;
}

/** Waits until the menu shows these texts in this order. */
async function showsMenu(neovim: Neovim, expected: string[]): Promise<void> {
  await eventually(async () => assert.deepEqual((await neovim.menu()).map(item => item.text), expected));
}

/** Waits until the menu shows what the server offers here, which must be something. */
async function showsServersOrder(neovim: Neovim): Promise<string[]> {
  return eventually(async () => {
    const shown = (await neovim.menu()).map(item => item.text);
    assert.ok(shown.length > 0);
    assert.deepEqual(shown, await neovim.offered());
    return shown;
  });
}

test('[[ opens the menu, letters, spaces and backspaces narrow and widen it', async () => {
  const neovim = await inNote(vaultOf(GARDEN));
  await neovim.press('i');
  await neovim.type('See [[');
  const all = await showsServersOrder(neovim);
  assert.equal(all.length, 4);
  await neovim.type('garden');
  await showsServersOrder(neovim);
  await neovim.type(' ');
  await showsServersOrder(neovim);
  await neovim.type('pl');
  await showsMenu(neovim, ['garden plan']);
  assert.deepEqual(await neovim.menu(), [{ text: 'garden plan', kind: '', detail: 'Plan of the garden' }]);
  await neovim.press('<BS><BS>');
  await eventually(async () => assert.equal((await showsServersOrder(neovim)).length, 2));
  await neovim.type('xyzzy');
  await showsMenu(neovim, []);
  await neovim.press('<BS><BS><BS><BS><BS><BS>');
  await eventually(async () => assert.equal((await showsServersOrder(neovim)).length, 2));
  assert.equal(await neovim.text(), 'See [[garden▮', 'nothing is inserted by itself');
});

test('accepting closes the link', async () => {
  const neovim = await inNote(vaultOf(GARDEN));
  await neovim.press('i');
  await neovim.type('See [[rose');
  await showsMenu(neovim, ['rose']);
  await neovim.press('<C-n><C-y>');
  await eventually(async () => assert.equal(await neovim.text(), 'See [[rose]]▮'));
  await neovim.type(' and');
  assert.deepEqual(await neovim.menu(), []);
  assert.equal(await neovim.text(), 'See [[rose]] and▮');
});

test('accepting in closed brackets steps over them, and goes on as before', async () => {
  const neovim = await inNote(vaultOf(GARDEN));
  await neovim.setText('See [[▮]] there');
  await neovim.press('i');
  await neovim.type('rose');
  await showsMenu(neovim, ['rose']);
  await neovim.press('<Down><C-y>');
  await eventually(async () => assert.equal(await neovim.text(), 'See [[rose]]▮ there'));
  await neovim.press('<Esc>u');
  await eventually(async () => assert.match(await neovim.text(), /See \[\[▮?\]▮?\] there/));
});

test('brackets that close by themselves are not doubled', async () => {
  const autopairs = "vim.keymap.set('i', '[', '[]<Left>')";
  const neovim = await inNote(vaultOf(GARDEN), autopairs);
  await neovim.press('i');
  await neovim.type('[[');
  assert.equal(await neovim.text(), '[[▮]]');
  await neovim.type('rose');
  await showsMenu(neovim, ['rose']);
  await neovim.press('<C-n><C-y>');
  await eventually(async () => assert.equal(await neovim.text(), '[[rose]]▮'));
});

test('accepting replaces the rest of the link and keeps its text', async () => {
  const neovim = await inNote(vaultOf(GARDEN));
  await neovim.setText('ü [[ros▮ey past|the rose]] ü');
  await neovim.press('i');
  await neovim.type('e');
  await showsMenu(neovim, ['rose']);
  await neovim.press('<C-n><C-y>');
  await eventually(async () => assert.equal(await neovim.text(), 'ü [[rose▮|the rose]] ü'));
  await neovim.offered();
  assert.deepEqual(await neovim.menu(), [], 'accepting opens no new menu');
});

test('# offers the headings of the note', async () => {
  const neovim = await inNote(vaultOf(GARDEN));
  await neovim.press('i');
  await neovim.type('[[garden plan#');
  await showsMenu(neovim, ['Plan', 'Beds', 'Paths']);
  await neovim.type('pat');
  await showsMenu(neovim, ['Paths']);
  assert.equal((await neovim.menu())[0]?.kind, 'Heading');
  await neovim.press('<C-n><C-y>');
  await eventually(async () => assert.equal(await neovim.text(), '[[garden plan#Paths]]▮'));
});

test('<C-n> walks through the menu without asking for another one', async () => {
  const neovim = await inNote(vaultOf(GARDEN));
  await neovim.press('i');
  await neovim.type('[[garden');
  const shown = await showsServersOrder(neovim);
  await neovim.press('<C-n>');
  await eventually(async () => assert.equal(await neovim.text(), `[[${shown[0]}]]▮`));
  await neovim.press('<C-n>');
  await eventually(async () => assert.equal(await neovim.text(), `[[${shown[1]}]]▮`));
  assert.deepEqual((await neovim.menu()).map(item => item.text), shown);
  await neovim.press('<C-e>');
  await eventually(async () => assert.equal(await neovim.text(), '[[garden▮'));
});

/** Lets the server stand still while `meanwhile` happens, and waits until it has answered all. */
async function whileServerSleeps(neovim: Neovim, meanwhile: () => Promise<void>): Promise<void> {
  const [server] = serversBelow(neovim.processId);
  assert.ok(server);
  process.kill(server, 'SIGSTOP');
  try {
    await meanwhile();
  } finally {
    process.kill(server, 'SIGCONT');
  }
  await neovim.offered();
}

test('until the answer to a letter is there, the menu stays', async () => {
  const neovim = await inNote(vaultOf(GARDEN));
  await neovim.press('i');
  await neovim.type('[[g');
  await eventually(async () => assert.equal((await showsServersOrder(neovim)).length, 2));
  await whileServerSleeps(neovim, async () => {
    await neovim.type('plan');
    assert.deepEqual((await neovim.menu()).map(item => item.text).sort(), ['garden plan', 'garden tools']);
  });
  await showsMenu(neovim, ['garden plan']);
});

for (const [key, chosen] of [['<C-n>', /^\[\[garden \w+\]\]▮$/], ['<Down>', /^\[\[garden▮$/]] as const) {
  test(`an item that ${key} chose before the answer to the last letter stays chosen`, async () => {
    const neovim = await inNote(vaultOf(GARDEN));
    await neovim.press('i');
    await neovim.type('[[garde');
    await eventually(async () => assert.equal((await showsServersOrder(neovim)).length, 2));
    await whileServerSleeps(neovim, async () => {
      await neovim.type('n');
      await neovim.press(key);
      await eventually(async () => assert.match(await neovim.text(), chosen));
    });
    assert.equal((await neovim.menu()).length, 2);
    await neovim.press('<C-y>');
    await eventually(async () => assert.match(await neovim.text(), /^\[\[garden \w+\]\]▮$/));
  });
}

test('letters and the choice may come in one go', async () => {
  const neovim = await inNote(vaultOf(GARDEN));
  await neovim.press('i');
  for (let round = 0; round < 10; round++) {
    await neovim.type('[[garde');
    await eventually(async () => assert.equal((await showsServersOrder(neovim)).length, 2));
    await neovim.press('n<C-n>');
    await neovim.offered();
    assert.equal((await neovim.menu()).length, 2);
    await neovim.press('<C-y>');
    await eventually(async () => assert.match(await neovim.text(), /^\[\[garden \w+\]\]▮$/));
    await neovim.press('<C-u>');
  }
});

test('an item that is selected shows the start of its note', async () => {
  const neovim = await inNote(vaultOf({ ...GARDEN, 'plants/rose.md': '# Rose\n\nA shrub with thorns.\n' }));
  await neovim.press('i');
  await neovim.type('[[rose');
  await showsMenu(neovim, ['rose']);
  await neovim.press('<C-n>');
  await eventually(async () => assert.match(await neovim.float(), /A shrub with thorns/));
});

test('prose and code open no menu', async () => {
  const neovim = await inNote(vaultOf(GARDEN));
  await neovim.setText('`[[r▮`');
  await neovim.press('i');
  await neovim.type('o');
  // A request that would open it has been answered when a later one is.
  assert.deepEqual(await neovim.offered(), []);
  assert.deepEqual(await neovim.menu(), []);
  await neovim.press('<End>');
  await neovim.type(' rose [x] #tag [[rose]] rose');
  await neovim.offered();
  assert.deepEqual(await neovim.menu(), []);
});

test('completeopt is set for notes only, and keeps the first item preselected for who wants it', async () => {
  const neovim = await inNote(vaultOf(GARDEN), "vim.o.completeopt = 'menu,noinsert,longest'");
  assert.equal(await neovim.lua('return vim.bo.completeopt'), 'menuone,noinsert,popup');
  await neovim.press('i');
  await neovim.type('[[rose');
  await showsMenu(neovim, ['rose']);
  await neovim.press('<C-y>');
  await eventually(async () => assert.equal(await neovim.text(), '[[rose]]▮'));
  await neovim.command('stopinsert | enew!');
  assert.equal(await neovim.lua('return vim.bo.completeopt'), '');
});

test('in a link, the menu of autocomplete gives way', async () => {
  const neovim = await inNote(vaultOf(GARDEN), 'pcall(function() vim.o.autocomplete = true end)');
  await neovim.press('i');
  await neovim.type('rosebud rosehip [[rose');
  await showsMenu(neovim, ['rose']);
  await neovim.press('<C-n><C-y>');
  await eventually(async () => assert.equal(await neovim.text(), 'rosebud rosehip [[rose]]▮'));
  await neovim.type(' ros');
  if (await neovim.lua("return vim.fn.exists('+autocomplete') == 1")) {
    await eventually(async () => assert.ok((await neovim.menu()).some(item => item.text === 'rosebud')));
  }
});

test('the menu of Neovim stays closed for another engine, and can be switched off', async () => {
  for (const init of ["package.loaded['blink.cmp'] = {}", 'vim.g.vaultls = { completion = false }']) {
    const neovim = await inNote(vaultOf(GARDEN), init);
    await neovim.press('i');
    await neovim.type('[[ro');
    await eventually(async () => assert.equal((await neovim.offered())[0], 'rose'));
    assert.deepEqual(await neovim.menu(), [], init);
    if (init.includes('false')) assert.equal(await neovim.lua('return vim.bo.completeopt'), '');
    }
});

test('a user who enables completion for all servers gets one menu in the right order', async () => {
  const init = `
    vim.api.nvim_create_autocmd('LspAttach', { callback = function(event)
      vim.lsp.completion.enable(true, event.data.client_id, event.buf, { autotrigger = true })
    end })`;
  const neovim = await inNote(vaultOf(GARDEN), init);
  await neovim.press('i');
  await neovim.type('[[garden ');
  await showsServersOrder(neovim);
  await neovim.type('to');
  await showsMenu(neovim, ['garden tools']);
  await neovim.press('<C-n><C-y>');
  await eventually(async () => assert.equal(await neovim.text(), '[[garden tools]]▮'));
});

for (const [name, makeVault] of [
  ['the seed vault', seedVault],
  ['3600 notes', () => generatedVault(3600)],
] as const) {
  test(`the order is the server's in ${name}`, async () => {
    const vault = makeVault();
    mkdirSync(join(vault, '.obsidian'), { recursive: true });
    const neovim = await inNote(vault);
    for (const typed of ['[[', '[[a', '[[se', '[[to ']) {
      await neovim.press('<Esc>ggcG');
      await neovim.type(typed);
      await showsServersOrder(neovim);
    }
    });
}
