// How long the completion menu takes, seen from inside Neovim.

import assert from 'node:assert/strict';
import { afterEach } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { isQuiet, watchOthers } from '../support/busy.ts';
import { eventually } from '../support/eventually.ts';
import { closeAll, Neovim } from '../support/nvim.ts';
import { test } from '../support/test.ts';
import { generatedVault, writeNote } from '../support/vault.ts';

afterEach(closeAll);

/** From the key to the menu that was made for the text with that key, in milliseconds. */
const LIMIT_MILLISECONDS = 50;

/** Links that something in a generated vault fits. */
const LINKS = ['[[po r', '[[tu', '[[gal', '[[mi', '[[bar n', '[[se', '[[la', '[[ve n'];

/** Records for each key the time until the menu shows what the server answered to the text with that key. */
const STOPWATCH = `
  menu_times = {}
  local pressed, key
  vim.api.nvim_create_autocmd('InsertCharPre', { callback = function()
    pressed, key = vim.uv.hrtime(), vim.v.char
  end })
  vim.api.nvim_create_autocmd('CompleteChanged', { callback = function()
    local time = vim.uv.hrtime()
    local first = vim.fn.complete_info({ 'items' }).items[1]
    local item = first and vim.tbl_get(first, 'user_data', 'nvim', 'lsp', 'completion_item')
    local typed = vim.api.nvim_get_current_line():sub(1, vim.fn.col('.') - 1):match('.*%[%[(.*)')
    if pressed and item and item.filterText == typed then
      table.insert(menu_times, { key = key, milliseconds = (time - pressed) / 1e6 })
      pressed = nil
    end
  end })`;

interface Time {
  key: string;
  milliseconds: number;
}

async function withStopwatch(vault: string): Promise<Neovim> {
  writeNote(vault, '.vaultls.toml', '');
  const neovim = await Neovim.start({ folder: vault });
  await neovim.editNote('measured.md');
  await neovim.lua(STOPWATCH);
  return neovim;
}

/** Types links, and returns the times of all keys that changed the menu. */
async function menuTimes(neovim: Neovim): Promise<Time[]> {
  await neovim.lua('menu_times = {}');
  for (const typed of LINKS) {
    await neovim.press('<Esc>ggcG');
    let seen = (await neovim.lua<Time[]>('return menu_times')).length;
    for (const [at, key] of [...typed].entries()) {
      await neovim.type(key);
      if (at === 0) continue;
      // Keys come one at a time, as from a person; those that fit nothing close the menu.
      await eventually(async () => {
        const times = await neovim.lua<Time[]>('return menu_times');
        assert.ok(times.length > seen || (await neovim.offered()).length === 0);
        seen = times.length;
      });
      await pause(60);
    }
  }
  return neovim.lua('return menu_times');
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Infinity;
}

for (const notes of [3_600, 21_000]) {
  test(`the menu is up within ${LIMIT_MILLISECONDS} ms with ${notes} notes`, async context => {
    const neovim = await withStopwatch(generatedVault(notes));
    const others = watchOthers();
    const times = await menuTimes(neovim);
    const after = (isWanted: (key: string) => boolean): number[] =>
      times.filter(({ key }) => isWanted(key)).map(({ milliseconds }) => milliseconds);
    const opening = after(key => key === '[');
    const letters = after(key => key !== '[');
    assert.ok(opening.length >= 8 && letters.length >= 12, JSON.stringify(times));
    console.log(`${notes} notes: ${median(opening).toFixed(1)} ms after [[, ${median(letters).toFixed(1)} ms after a letter`);
    if (!isQuiet(others())) return context.skip('the machine is busy with something else');
    assert.ok(Math.max(median(opening), median(letters)) <= LIMIT_MILLISECONDS, JSON.stringify(times));
  });
}
