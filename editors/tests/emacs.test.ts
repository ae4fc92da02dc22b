// Emacs with eglot, as editors/README.md configures it.

import { afterEach } from 'node:test';
import { installed } from './support/paths.ts';
import { codeBlocks, configure } from './support/readme.ts';
import { Terminal } from './support/terminal.ts';
import { test } from './support/test.ts';
import { generatedVault, linkToHub, seedVault, temporaryFolder, writeNote } from './support/vault.ts';

let emacs: Terminal;
afterEach(() => emacs.close());

/** What `package-install` would have done for markdown-mode. */
const MARKDOWN_MODE = `
(add-to-list 'load-path "${installed('terminal', 'markdown-mode')}/")
(load "markdown-mode-autoloads")
`;

async function start(vault: string, file: string, line: number, column: number): Promise<void> {
  const home = temporaryFolder();
  configure(home, '.emacs.d/init.el', MARKDOWN_MODE + codeBlocks('Emacs')[0]);
  writeNote(vault, '.vaultls.toml', '');
  const command = [installed('terminal', 'bin', 'emacs'), '-nw', `+${line}:${column}`, file];
  emacs = new Terminal({ command, folder: vault, home });
  await emacs.shows(/Flymake\[\d+ [1-9]/); // something is marked: the server answers
}

test('broken links are marked, and the mark goes with its cause', async () => {
  await start(seedVault(), 'faults/missing_targets.md', 11, 34);
  await emacs.shows(/^! Nobody has written this note/m, 'Flymake[0 13]');
  emacs.press('Left');
  await emacs.shows('vaultls [link/missing-note]: Note not found:');
  emacs.press('C-k');
  emacs.type('fault_tour]].');
  await emacs.shows(/^  Nobody has written this note: \[\[fault_tour\]\]\.$/m, 'Flymake[0 12]');
});

test('a note created by another program fixes the links to it', async () => {
  const vault = seedVault();
  await start(vault, 'faults/missing_targets.md', 11, 34);
  await emacs.shows('Flymake[0 13]');
  writeNote(vault, 'a_note_nobody_wrote.md', '# Written after all\n');
  await emacs.shows('Flymake[0 12]');
});

test('M-. jumps to the note, C-h . previews it', async () => {
  await start(seedVault(), 'faults/missing_targets.md', 7, 14);
  await emacs.shows('Flymake[0 13]'); // those that only a vault can have that has been read as a whole
  emacs.press('Right');
  await emacs.shows(/^Tour of the faults$/m); // the first line of the preview, below the text
  emacs.press('C-h', '.');
  await emacs.shows(/fault_tour\.md · \d+ backlinks/);
  emacs.press('C-x', '1', 'M-.');
  await emacs.shows(/F1 +fault_tour\.md /);
});

test('C-M-i lists what fits, best first, and what is chosen closes the link', async () => {
  await start(seedVault(), 'faults/missing_targets.md', 6, 1);
  emacs.type('[[safe');
  emacs.press('C-M-i');
  await emacs.shows(/possible completions:\s+ketamine_safety_and_side_effects/);
  emacs.press('M-Down', 'M-Enter');
  await emacs.shows('[[ketamine_safety_and_side_effects | Ketamine safety and side effects]]');
});

test('in 3,600 notes, links complete and lead to their note', async () => {
  const vault = generatedVault(3600);
  const { file, line, column, hub } = linkToHub(vault);
  await start(vault, file, line, column);
  emacs.press('M-.');
  await emacs.shows(new RegExp(`F1 +${hub}.md `));
  emacs.press('M-g', 'M-g');
  emacs.type('1\n');
  emacs.type(`[[${hub}`);
  emacs.press('C-M-i');
  await emacs.shows(new RegExp(`possible completions:\\s+${hub} `));
  emacs.press('M-Down', 'M-Enter');
  await emacs.shows(`[[${hub}]]`);
});
