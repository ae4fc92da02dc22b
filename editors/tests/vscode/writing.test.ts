// The list of completions while a link is written, and nothing of it elsewhere.

import assert from 'node:assert/strict';
import { after, before, beforeEach } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '../support/eventually.ts';
import { test } from '../support/test.ts';
import { vaultOf } from '../support/vault.ts';
import { VsCode } from '../support/vscode.ts';

let editor: VsCode;
before(async () => {
  editor = await VsCode.start();
  const notes = ['large_language_models', 'large_numbers', 'small_models', "ann's note", 'zebra'];
  await editor.openFolder(
    vaultOf({
      'writing.md': '\n',
      'first.md': '[[zebra]] [[small_models]]\n',
      'second.md': '[[zebra]]\n',
      ...Object.fromEntries(notes.map(note => [`${note}.md`, `# About ${note}\n\n## Details of ${note}\n\nText. ^block\n`])),
    }),
    { file: 'writing.md' },
  );
  await editor.hasRead(8);
});
after(() => editor.close());

beforeEach(async () => {
  await editor.press('Escape');
  await editor.inHost(async vscode => {
    const writer = vscode.window.activeTextEditor;
    await writer?.edit(edit => edit.delete(new vscode.Range(0, 0, writer.document.lineCount, 0)));
  });
});

const labels = async (): Promise<string[]> => (await editor.completions()).map(({ label }) => label);
const offered = (...expected: string[]): Promise<void> => eventually(async () => assert.deepEqual(await labels(), expected));

test('[[ opens the list and it narrows with every letter and space', async () => {
  await editor.type('See [[');
  await eventually(async () => assert.equal((await labels()).length, 8));
  await editor.type('large');
  await offered('large_language_models', 'large_numbers');
  await editor.type(' lang');
  await offered('large_language_models');
  await editor.accept();
  await eventually(async () => assert.equal(await editor.text(), 'See [[large_language_models]]'));
  await editor.type(' and more');
  await eventually(async () => assert.equal(await editor.text(), 'See [[large_language_models]] and more'));
});

test('a quick writer gets the same list', async () => {
  await editor.page.keyboard.type('[[large_language mod');
  await offered('large_language_models');
  await editor.accept();
  await eventually(async () => assert.equal(await editor.text(), '[[large_language_models]]'));
});

test('the list comes back after a deletion, and after it was left', async () => {
  await editor.type('[[large numb');
  await offered('large_numbers');
  await editor.press('Backspace', 'Backspace', 'Backspace', 'Backspace', 'Backspace');
  await offered('large_language_models', 'large_numbers');
  await editor.press('Escape');
  await eventually(async () => assert.deepEqual(await labels(), []));
  await editor.type('_langua');
  await offered('large_language_models');
});

test('an apostrophe and a hyphen do not end the list', async () => {
  await editor.type("[[ann's n");
  await offered("ann's note");
  await editor.accept();
  await eventually(async () => assert.equal(await editor.text(), "[[ann's note]]"));
});

test('the order is that of the server', async () => {
  await editor.type('[[');
  await eventually(async () => assert.equal((await labels()).length, 8));
  const shown = await labels();
  const answered = await editor.inHost(async vscode => {
    const writer = vscode.window.activeTextEditor;
    if (!writer) return [];
    const list = await vscode.commands.executeCommand<import('vscode').CompletionList>(
      'vscode.executeCompletionItemProvider', writer.document.uri, writer.selection.active, '[');
    return list.items.toSorted((one, other) => ((one.sortText ?? '') < (other.sortText ?? '') ? -1 : 1)).map(({ label }) => (typeof label === 'string' ? label : label.label));
  });
  assert.deepEqual(shown, answered);
  assert.deepEqual(shown.slice(0, 2), ['zebra', 'small_models'], 'what is linked most comes first');
});

test('headings and blocks are offered in a link', async () => {
  await editor.type('[[zebra#Det');
  await offered('Details of zebra');
  await editor.accept();
  await eventually(async () => assert.equal(await editor.text(), '[[zebra#Details of zebra]]'));
});

test('a name in the middle of a link is replaced as a whole', async () => {
  await editor.type('[[zebra');
  await offered('zebra');
  await editor.type('|The animal');
  await editor.press('Home', 'ArrowRight', 'ArrowRight');
  await editor.type('small ');
  await eventually(async () => assert.equal((await labels())[0], 'small_models'));
  await editor.accept('small_models');
  await eventually(async () => assert.equal(await editor.text(), '[[small_models|The animal]]'));
});

test('accepting leaves the list closed', async () => {
  await editor.type('[[zeb');
  await offered('zebra');
  await editor.accept();
  await eventually(async () => assert.equal(await editor.text(), '[[zebra]]'));
  await pause(500);
  assert.deepEqual(await labels(), []);
});

test('a link that fits nothing offers no words of the text instead', async () => {
  await editor.type('xylophone [[xyl');
  await pause(500);
  await editor.press('Backspace');
  await pause(500);
  assert.deepEqual(await labels(), []);
});

test('no list opens in prose', async () => {
  for (const text of ['Plain words, and more. ', '(see: here) - e.g. this/that, ', '[a] #tag 2^3 ', "it's `code` _x_ "]) {
    for (const character of text) {
      await editor.page.keyboard.type(character);
      assert.deepEqual(await labels(), [], `after ${text}`);
    }
    await pause(300);
    assert.deepEqual(await labels(), [], `after ${text}`);
    await editor.press('End');
  }
});

test('the list does not outlive its link', async () => {
  await editor.type('[[zebra]] and ');
  await eventually(async () => assert.deepEqual(await labels(), []));
  await pause(300);
  assert.deepEqual(await labels(), []);
});
