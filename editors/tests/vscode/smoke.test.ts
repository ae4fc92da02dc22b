import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { eventually } from '../support/eventually.ts';
import { test } from '../support/test.ts';
import { seedVault } from '../support/vault.ts';
import { VsCode } from '../support/vscode.ts';

let editor: VsCode;
before(async () => {
  editor = await VsCode.start();
  await editor.openFolder(seedVault(), { file: 'faults/missing_targets.md' });
});
after(() => editor.close());

test('diagnostics appear for broken links', async () => {
  await eventually(async () => {
    const problems = await editor.problems('faults/missing_targets.md');
    assert(problems.some(({ code, line }) => code === 'link/missing-note' && line === 11));
  });
});

test('F12 jumps to the note', async () => {
  await editor.open('index.md', 11, 8);
  await editor.press('F12');
  await eventually(async () => assert.equal(await editor.activeTab(), 'hubermanlab.md'));
});

test('completion opens in a link and inserts', async () => {
  await editor.open('index.md', 10);
  await editor.type('[[ketamine_saf');
  await eventually(async () => assert.equal((await editor.completions())[0]?.label, 'ketamine_safety_and_side_effects'));
  await editor.accept();
  await eventually(async () => assert.match(await editor.line(10), /^\[\[ketamine_safety_and_side_effects.*\]\]$/));
});

test('hover previews the note', async () => {
  await editor.open('index.md', 11, 8);
  assert.match(await editor.hover(), /hubermanlab.md · \d+ backlinks/);
});
