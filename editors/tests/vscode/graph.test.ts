// Walking the link graph in VS Code: lenses and their lists, the call hierarchy, names of the whole workspace, clicks.

import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { eventually } from '../support/eventually.ts';
import { test } from '../support/test.ts';
import { vaultOf } from '../support/vault.ts';
import { VsCode } from '../support/vscode.ts';

let editor: VsCode;
before(async () => {
  editor = await VsCode.start();
  await editor.openFolder(
    vaultOf({
      'a.md': '---\nvideoId: RDoVLHaYfgM\n---\n# A\n\n## Part\n\n[[c]] [[none]] [0:10] [m](c.md)\n',
      'b.md': 'See [[a]].\n\nAnd [[a#Part]].\n',
      'd.md': '[p](a.md#part)\n',
      'c.md': '\n[[c]] begins with a link.\n\n[[a#Part]]\n',
    }),
    { file: 'a.md' },
  );
  await editor.hasRead(4);
});
after(() => editor.close());

const lenses = (): Promise<string[]> => editor.page.locator('.codelens-decoration a').allInnerTexts();
const listed = (): Promise<string[]> => editor.page.locator('.reference-zone-widget .referenceMatch').allInnerTexts();

test('a click on a lens lists the places that it counts', async () => {
  await editor.open('a.md');
  await eventually(async () => assert.deepEqual(await lenses(), ['4 backlinks', '3 references']));
  await editor.page.locator('.codelens-decoration a', { hasText: '3 references' }).click();
  await eventually(async () => assert(await editor.page.locator('.reference-zone-widget').isVisible(), 'the list is open'));
  await eventually(async () => assert.match((await listed()).join('\n'), /\[\[a#Part\]\]/));
  await editor.press('Escape');
});

test('a lens on a note without a title lists the links to the note', async () => {
  await editor.open('c.md');
  await eventually(async () => assert.deepEqual(await lenses(), ['3 backlinks']));
  await editor.page.locator('.codelens-decoration a').click();
  await eventually(async () => assert.match((await listed()).join('\n'), /begins with a link/));
  await editor.press('Escape');
});

test('the call hierarchy walks from note to note', async () => {
  const names = await editor.inHost(async (vscode, folder) => {
    const uri = vscode.Uri.joinPath(vscode.workspace.workspaceFolders![0]!.uri, folder);
    const [item] = await vscode.commands.executeCommand<import('vscode').CallHierarchyItem[]>(
      'vscode.prepareCallHierarchy',
      uri,
      new vscode.Position(3, 2),
    );
    const incoming = await vscode.commands.executeCommand<import('vscode').CallHierarchyIncomingCall[]>('vscode.provideIncomingCalls', item);
    const outgoing = await vscode.commands.executeCommand<import('vscode').CallHierarchyOutgoingCall[]>('vscode.provideOutgoingCalls', item);
    return [item!.name, incoming.map(call => call.from.name), outgoing.map(call => call.to.name)];
  }, 'a.md');
  assert.deepEqual(names, ['A', ['b', 'c', 'd'], ['c']]);
});

test('each name of the workspace is found once', async () => {
  const find = (typed: string): Promise<string[]> =>
    editor.inHost(async (vscode, typed) => {
      const found = await vscode.commands.executeCommand<import('vscode').SymbolInformation[]>('vscode.executeWorkspaceSymbolProvider', typed);
      return found.map(symbol => symbol.name.replace(/^#+ /, '')).toSorted();
    }, typed);
  await eventually(async () => assert.deepEqual(await find('part'), ['Part']));
  assert.deepEqual(await find('prt'), ['Part']);
});

test('Ctrl+T finds a heading by a part of it and goes there', async () => {
  await editor.open('c.md');
  await editor.press('Control+t');
  const row = editor.page.locator('.quick-input-list .monaco-list-row').first();
  await editor.type('prt');
  await eventually(async () => assert.match(await row.innerText(), /Part/));
  await editor.press('Enter');
  await eventually(async () => {
    assert.equal(await editor.activeTab(), 'a.md');
    assert.equal((await editor.cursor()).line, 6);
  });
});

test('each reference is listed once, whoever else finds it', async () => {
  const find = (file: string, line: number, column: number): Promise<string[]> =>
    editor.inHost(async (vscode, file, line, column) => {
      const uri = vscode.Uri.joinPath(vscode.workspace.workspaceFolders![0]!.uri, file);
      const at = new vscode.Position(line - 1, column - 1);
      const found = await vscode.commands.executeCommand<import('vscode').Location[]>('vscode.executeReferenceProvider', uri, at);
      return found.map(({ uri, range }) => `${uri.path.split('/').at(-1)}:${range.start.line + 1}`);
    }, file, line, column);
  const part = ['a.md:6', 'b.md:3', 'c.md:4', 'd.md:1'];
  assert.deepEqual(await find('a.md', 6, 5), part, 'of a heading');
  assert.deepEqual(await find('b.md', 3, 10), part, 'of a fragment in a wikilink');
  assert.deepEqual(await find('d.md', 1, 11), part, 'of a fragment in a Markdown link');
});

test('clicks open wikilinks and timestamps beside what VS Code opens itself', async () => {
  const links = await editor.inHost(async vscode => {
    const uri = vscode.Uri.joinPath(vscode.workspace.workspaceFolders![0]!.uri, 'c.md');
    const other = vscode.Uri.joinPath(vscode.workspace.workspaceFolders![0]!.uri, 'a.md');
    const find = (uri: import('vscode').Uri): Thenable<import('vscode').DocumentLink[]> =>
      vscode.commands.executeCommand('vscode.executeLinkProvider', uri, 9);
    const shown = (link: import('vscode').DocumentLink): string => `${link.range.start.line}:${link.range.start.character} ${link.target?.toString(true)}`;
    return [...(await find(uri)), ...(await find(other))].map(shown);
  });
  const ends = (end: string): number => links.filter(link => link.endsWith(end)).length;
  assert.equal(ends('a.md#L6,1'), 1, links.join('\n'));
  assert.equal(ends('watch?v=RDoVLHaYfgM&t=10s'), 1, links.join('\n'));
});

test('tokens tell links that lead nowhere', async () => {
  const found = await editor.inHost(async vscode => {
    const uri = vscode.Uri.joinPath(vscode.workspace.workspaceFolders![0]!.uri, 'a.md');
    const legend = await vscode.commands.executeCommand<import('vscode').SemanticTokensLegend>('vscode.provideDocumentSemanticTokensLegend', uri);
    const tokens = await vscode.commands.executeCommand<import('vscode').SemanticTokens>('vscode.provideDocumentSemanticTokens', uri);
    const kinds = [];
    for (let at = 0; at < tokens.data.length; at += 5) {
      kinds.push(`${legend.tokenTypes[tokens.data[at + 3]!]} ${tokens.data[at + 4]}`);
    }
    return kinds;
  });
  assert.deepEqual(found, ['link 0', 'link 1', 'number 0', 'link 0']);
});
