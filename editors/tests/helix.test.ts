// Helix with the configuration of editors/README.md.

import { afterEach } from 'node:test';
import { installed } from './support/paths.ts';
import { codeBlocks, configure } from './support/readme.ts';
import { Terminal } from './support/terminal.ts';
import { test } from './support/test.ts';
import { generatedVault, linkToHub, seedVault, temporaryFolder, writeNote } from './support/vault.ts';

let helix: Terminal;
afterEach(() => helix.close());

function start(vault: string, place: string): void {
  const home = temporaryFolder();
  configure(home, '.config/helix/languages.toml', codeBlocks('Helix')[0]);
  helix = new Terminal({ command: [installed('terminal', 'bin', 'hx'), place], folder: vault, home });
}

test('broken links are marked', async () => {
  start(seedVault(), 'faults/missing_targets.md:11');
  await helix.shows('Note not found: `a_note_nobody_wrote`', '● 13');
});

test('fixing a link removes its diagnostic', async () => {
  start(seedVault(), 'faults/missing_targets.md:11:34');
  await helix.shows('Note not found: `a_note_nobody_wrote`');
  helix.type('mim'); // select what is between the brackets
  helix.type('cfault_tour');
  helix.press('Escape');
  await helix.hides('a_note_nobody_wrote');
  await helix.shows('● 12');
});

test('a note that another program makes counts at once', async () => {
  const vault = seedVault();
  start(vault, 'faults/missing_targets.md:11');
  await helix.shows('● 13');
  writeNote(vault, 'a_note_nobody_wrote.md', '# Written after all\n');
  await helix.shows('● 12');
});

test('gd jumps to the note, Space k previews it', async () => {
  start(seedVault(), 'faults/missing_targets.md:7:14');
  await helix.shows('● 13');
  helix.press('Space');
  helix.type('k');
  await helix.shows(/fault_tour\.md · \d+ backlinks/);
  helix.press('Escape');
  helix.type('gd');
  await helix.shows('title: Tour of the faults');
});

test('[[ opens the list, and what is chosen is inserted between the closed brackets', async () => {
  start(seedVault(), 'faults/missing_targets.md:5');
  await helix.shows('● 13');
  helix.type('o[[');
  await helix.shows('[[]]', /fault_tour +file/, /ambiguous_targets +file/);
  helix.type('safety');
  await helix.shows(/ketamine_safety_and_side_effects +file/);
  helix.press('Tab');
  await helix.shows('hubermanlab/ketamine_safety_and_side_effects.md'); // selected: its preview is open
  helix.press('Enter');
  await helix.shows('[[ketamine_safety_and_side_effects | Ketamine safety and side effects]]');
  await helix.hides('side effects]]]]');
});

test('in 3,600 notes, links complete and lead to their note', async () => {
  const vault = generatedVault(3600);
  const { file, line, column, hub } = linkToHub(vault);
  start(vault, `${file}:${line}:${column}`);
  await helix.shows(`[[${hub}]]`, /● \d+/); // marked: the vault has been read
  helix.type('gd');
  await helix.shows(`${hub}/${hub}.md`);
  helix.type('o[[');
  await helix.shows(/\w+ +file/);
  helix.type(hub);
  await helix.shows(new RegExp(`${hub} +file`));
});
