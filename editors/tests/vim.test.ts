// Vim with ALE, as editors/README.md configures it.

import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach } from 'node:test';
import { installed } from './support/paths.ts';
import { codeBlocks, configure } from './support/readme.ts';
import { Terminal } from './support/terminal.ts';
import { test } from './support/test.ts';
import { generatedVault, linkToHub, seedVault, temporaryFolder, writeNote } from './support/vault.ts';

let vim: Terminal;
afterEach(() => vim.close());

function start(vault: string, file: string, line = 1, column = 1): void {
  const home = temporaryFolder();
  const packages = join(home, '.vim', 'pack', 'plugins', 'start');
  mkdirSync(packages, { recursive: true });
  symlinkSync(installed('terminal', 'ale'), join(packages, 'ale'));
  const [linter, settings] = codeBlocks('Vim');
  configure(home, '.vim/ale_linters/markdown/vaultls.vim', linter);
  configure(home, '.vimrc', settings);
  writeNote(vault, '.vaultls.toml', '');
  const command = [installed('terminal', 'bin', 'vim'), `+call cursor(${line}, ${column})`, file];
  vim = new Terminal({ command, folder: vault, home });
}

test('broken links are marked, and the mark goes with its cause', async () => {
  start(seedVault(), 'faults/missing_targets.md', 11, 33);
  await vim.shows(/^W Nobody has written .* Note not found:/m);
  vim.type('cefault_tour');
  vim.press('Escape');
  await vim.shows(/^ +Nobody has written this note: \[\[fault_tour\]\]\.$/m);
});

test('a note created by another program fixes the links to it', async () => {
  const vault = seedVault();
  start(vault, 'faults/missing_targets.md', 11, 33);
  await vim.shows(/^W Nobody has written/m);
  writeNote(vault, 'a_note_nobody_wrote.md', '# Written after all\n');
  await vim.shows(/^ +Nobody has written this note: \[\[a_note_nobody_wrote\]\]\.$/m);
});

test('gd jumps to the note, K previews it', async () => {
  start(seedVault(), 'faults/missing_targets.md', 7, 14);
  await vim.shows(/^W Nobody has written/m); // only a vault that has been read as a whole lacks a note
  vim.type('K');
  await vim.shows(/ · \d+ backlinks/);
  vim.type('gd');
  await vim.shows('title: Tour of the faults');
});

test('the list opens after the first letters of a name, and what is chosen closes the link', async () => {
  start(seedVault(), 'faults/missing_targets.md', 6);
  await vim.shows(/^W Nobody has written/m);
  vim.type('i[[ketamine_sa');
  await vim.shows(/ketamine_safety_and_side_effects \| Ketamine safety and side effects\]\] v +Ketamine safety/);
  vim.press('C-n', 'C-y');
  await vim.shows(/^(  )?\[\[ketamine_safety_and_side_effects \| Ketamine safety and side effects\]\]$/m);
});

test('in 3,600 notes, links lead to their note', async () => {
  const vault = generatedVault(3600);
  const { file, line, column, hub } = linkToHub(vault);
  start(vault, file, line, column);
  await vim.shows(`[[${hub}]]`, /^  ---$/m); // a column for marks: the vault has been read
  vim.type('gd');
  await vim.shows(`${hub}/${hub}.md" `);
});
