// The vault that comes with the project, and a large one.

import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { eventually } from '../support/eventually.ts';
import { test } from '../support/test.ts';
import { generatedVault, linkToHub, seedVault } from '../support/vault.ts';
import { VsCode } from '../support/vscode.ts';

let editor: VsCode;
before(async () => (editor = await VsCode.start()));
after(() => editor.close());

test('in the seed vault, links complete, lead to their note and show it, and the broken ones are marked', async () => {
  await editor.openFolder(seedVault(), { file: 'faults/missing_targets.md', line: 7, column: 14 });
  await editor.hasRead(60);
  // What a click would do is shown first, the note a moment later.
  await eventually(async () => assert.match(await editor.hover(), /fault_tour\.md · \d+ backlinks/));
  await eventually(async () => assert.equal((await editor.problems('faults/missing_targets.md')).length, 13));
  await editor.press('F12');
  await eventually(async () => assert.equal(await editor.activeTab(), 'fault_tour.md'));

  await editor.open('index.md', 10);
  await editor.type('[[ketamine saf');
  await eventually(async () => assert.equal((await editor.completions())[0]?.label, 'ketamine_safety_and_side_effects'));
  await editor.accept();
  await eventually(async () => assert.equal(await editor.line(10), '[[ketamine_safety_and_side_effects | Ketamine safety and side effects]]'));
});

test('in 3,600 notes, they do as well', async () => {
  const vault = generatedVault(3600);
  const { file, line, column, hub } = linkToHub(vault);
  await editor.openFolder(vault, { file, line, column });
  await editor.hasRead(3600);
  await eventually(async () => assert.match(await editor.hover(), new RegExp(`${hub}/${hub}\\.md · \\d+ backlinks`)));
  await eventually(async () => assert((await editor.problems(file)).length > 10));
  await editor.press('F12');
  await eventually(async () => assert.equal(await editor.activeTab(), `${hub}.md`));

  await editor.open(file, line + 1);
  await editor.type(`[[${hub.replaceAll('_', ' ')}`);
  await eventually(async () => assert.equal((await editor.completions())[0]?.label, hub));
  await editor.accept();
  await eventually(async () => assert.equal(await editor.line(line + 1), `[[${hub} | ${hub[0]!.toUpperCase()}${hub.slice(1).replaceAll('_', ' ')}]]`));
});
