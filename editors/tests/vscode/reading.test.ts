// Going about in notes, beside VS Code's own Markdown support: each thing is answered, and once.

import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import type * as vscode from 'vscode';
import { eventually } from '../support/eventually.ts';
import { test } from '../support/test.ts';
import { vaultOf } from '../support/vault.ts';
import { VsCode } from '../support/vscode.ts';

const LINES = [
  '# Start', // 1
  '',
  'To [[target]], [[target#Second]] and [[target#^block | a block]].', // 3
  '',
  'By [file](folder/target.md), [heading](folder/target.md#second) and [elsewhere](target.md).', // 5
  '',
  '![picture](folder/picture.svg)', // 7
  '',
  'A #topic here. <script>console.log("SCRIPT RAN")</script>', // 9
];
let editor: VsCode;
before(async () => {
  editor = await VsCode.start();
  const target = '# Target\n\nFirst <img src=x onerror=\'console.log("SCRIPT RAN")\'>\n\n# Second\n\nText. ^block\n\n#topic\n';
  await editor.openFolder(
    vaultOf({
      'start.md': LINES.join('\n') + '\n',
      'folder/target.md': target,
      'folder/picture.svg': '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30"/>',
    }),
    { file: 'start.md' },
  );
  await editor.hasRead(2);
});
after(() => editor.close());

/** Puts the cursor into a text of `start.md`. */
async function at(text: string): Promise<void> {
  const line = LINES.findIndex(line => line.includes(text));
  await editor.open('start.md', line + 1, LINES[line]!.indexOf(text) + 3);
}

async function jumps(from: string, file: string, line: number): Promise<void> {
  await at(from);
  await editor.press('F12');
  await eventually(async () => {
    assert.equal(await editor.activeTab(), file);
    assert.equal((await editor.cursor()).line, line);
  });
  assert.equal(await editor.page.locator('.peekview-widget').count(), 0, 'there is one answer');
}

test('F12 follows wikilinks to notes, headings and blocks', async () => {
  await jumps('[[target]]', 'target.md', 1);
  await jumps('[[target#Second]]', 'target.md', 5);
  await jumps('[[target#^block', 'target.md', 7);
});

test('F12 follows Markdown links to one place', async () => {
  await jumps('[file]', 'target.md', 1);
  await jumps('[heading]', 'target.md', 5);
  await jumps('[elsewhere]', 'target.md', 1);
});

test('F12 follows a tag', async () => {
  await jumps('#topic', 'target.md', 9);
});

test('a hover shows what a link leads to, and no more than text of it', async () => {
  await at('[[target]]');
  await eventually(async () => assert.match(await editor.hover(), /Target[^]*folder\/target\.md · \d+ backlinks[^]*First/));
  assert.deepEqual(editor.console().filter(line => /^SCRIPT RAN/.test(line)), []);
  assert.equal(await editor.page.locator('.monaco-hover [onerror], .monaco-hover script').count(), 0);
  await editor.press('Escape');
});

test('a hover shows a picture once, over its text and over its address', async () => {
  for (const place of ['![picture]', '(folder/picture']) {
    await at(place);
    await eventually(async () => {
      assert.match(await editor.hover(), /folder\/picture\.svg · 1 backlink/);
      assert.equal(await editor.page.locator('.monaco-hover:not(.hidden) img').count(), 1);
    });
    await editor.press('Escape');
  }
});

test('the outline has each heading once', async () => {
  await editor.open('folder/target.md');
  const names = await editor.inHost(async vscode => {
    const path = vscode.window.activeTextEditor?.document.uri;
    const found = await vscode.commands.executeCommand<vscode.DocumentSymbol[]>('vscode.executeDocumentSymbolProvider', path);
    return found.map(symbol => symbol.name.replace(/^#+ /, ''));
  });
  assert.deepEqual(names, ['Target', 'Second']);
});
