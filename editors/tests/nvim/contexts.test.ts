// Completion beyond the names in wikilinks: each kind of place opens its menu.

import assert from 'node:assert/strict';
import { afterEach } from 'node:test';
import { eventually } from '../support/eventually.ts';
import { closeAll, Neovim } from '../support/nvim.ts';
import { test } from '../support/test.ts';
import { vaultOf } from '../support/vault.ts';

afterEach(closeAll);

async function writing(): Promise<Neovim> {
  const vault = vaultOf({
    '.vaultls.toml': '',
    'note.md': '',
    'garden.md': '#plant/rose #plant/rose and #plant/oak\n\n> [!recipe] Compost\n\n[[rose|my rose]] [[rose|my rose]] [[rose]]\n',
    'plants/rose.md': '---\naliases: [Queen of flowers]\n---\n# Rose\n\n## Care\n',
  });
  const neovim = await Neovim.start({ folder: vault });
  await neovim.editNote('note.md');
  await neovim.press('i');
  return neovim;
}

/** Types, waits for the menu with these texts, and accepts the first. */
async function accept(neovim: Neovim, typed: string, menu: string[], text: string): Promise<void> {
  await neovim.type(typed);
  await eventually(async () => assert.deepEqual((await neovim.menu()).map(item => item.text), menu));
  await neovim.press('<C-n><C-y>');
  await eventually(async () => assert.equal(await neovim.text(), text));
}

test('tags', async () => accept(await writing(), 'About #plant/r', ['#plant/rose'], 'About #plant/rose▮'));
test('what a link shows, spaces and all', async () => accept(await writing(), '[[rose|queen of', ['Queen of flowers'], '[[rose|Queen of flowers]]▮'));
test('files in a Markdown link by any of their names', async () => accept(await writing(), '[t](queen', ['plants/rose.md'], '[t](plants/rose.md)▮'));
test('callouts', async () => accept(await writing(), '> [!rec', ['recipe'], '> [!recipe]▮'));

test('a footnote, and nothing in prose', async () => {
  const neovim = await writing();
  await neovim.type('[^long]: What it says.\n\nText (as, e.g. this/that) ');
  assert.deepEqual(await neovim.menu(), []);
  await accept(neovim, '[^lo', ['^long'], '[^long]: What it says.\n\nText (as, e.g. this/that) [^long]▮');
});
