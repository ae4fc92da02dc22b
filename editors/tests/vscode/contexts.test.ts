// Completion beyond the names in wikilinks: each kind of place has its list, once, beside what VS Code offers itself.

import assert from 'node:assert/strict';
import { after, before, beforeEach } from 'node:test';
import { eventually } from '../support/eventually.ts';
import { test } from '../support/test.ts';
import { vaultOf } from '../support/vault.ts';
import { VsCode } from '../support/vscode.ts';

let editor: VsCode;
before(async () => {
  // VS Code adds its snippets or not, depending on how soon the letter after a `/` follows.
  editor = await VsCode.start({ settings: { 'editor.snippetSuggestions': 'none' } });
  await editor.openFolder(
    vaultOf({
      'writing.md': '\n',
      'garden.md': '#plant/rose #plant/rose and #plant/oak\n\n> [!recipe] Compost\n\n[[rose|my rose]] [[rose|my rose]] [[rose]]\n',
      'near note.md': '# Near\n',
      'plants/rose.md': '---\naliases: [Queen of flowers]\n---\n# Rose\n\n## Care\n',
    }),
    { file: 'writing.md' },
  );
  await editor.hasRead(4);
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
const reads = (text: string): Promise<void> => eventually(async () => assert.equal(await editor.text(), text));

test('# lists the tags of the vault, and it goes on with letters and slashes', async () => {
  await editor.type('About #');
  await offered('#plant/oak', '#plant/rose');
  await editor.type('plant/r');
  await offered('#plant/rose');
  await editor.accept();
  await reads('About #plant/rose');
});

test('| in a wikilink lists what the link may show, spaces and all', async () => {
  await editor.type('[[rose|');
  await eventually(async () => assert.equal((await labels())[0], 'my rose', 'what is used most comes first'));
  await editor.type('queen of');
  await offered('Queen of flowers');
  await editor.accept();
  await reads('[[rose|Queen of flowers]]');
});

test('a file elsewhere is found by its name in a Markdown link', async () => {
  await editor.type('[t](');
  await editor.type('queen');
  await offered('plants/rose.md');
  await editor.accept();
  await reads('[t](plants/rose.md)');
});

test('paths that VS Code lists are listed once', async () => {
  await editor.type('[t](');
  await eventually(async () => assert.deepEqual((await labels()).filter(label => label.startsWith('near')), ['near note.md']));
  await editor.type('plants/');
  await offered('rose.md');
});

test('a callout and a footnote', async () => {
  await editor.type('> [!rec');
  await offered('recipe');
  await editor.accept();
  await eventually(async () => assert.match(await editor.text(), /^> \[!recipe\]/));
  await editor.press('End', 'Enter', 'Enter');
  await editor.page.keyboard.insertText('[^long]: What it says.\n\nText');
  await editor.type('[^lo');
  await offered('^long');
  await editor.accept();
  await eventually(async () => assert.match(await editor.text(), /Text\[\^long\]$/));
});

test('front matter is completed while it is being written', async () => {
  await editor.type('---\ntags:\n  - ');
  await editor.press('Control+Space');
  await eventually(async () => assert.deepEqual((await labels()).toSorted(), ['plant/oak', 'plant/rose']));
  await editor.type('ro');
  await offered('plant/rose');
  await editor.accept();
  await reads('---\ntags:\n  - plant/rose');
});
