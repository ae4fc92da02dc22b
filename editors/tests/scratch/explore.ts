import { VsCode } from '../support/vscode.ts';
import { vaultOf } from '../support/vault.ts';
import { setTimeout as pause } from 'node:timers/promises';
const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==','base64');
const folder = vaultOf({ 'a.md': `---
title: A
videoId: dQw4w9WgXcQ
---
# A
[t](b.md) and [u](b.md#second) and [v](./in/c.md) and [w](c.md) [[b]] [[b#Second]]
[ref][x] #tag [^1]

![pic](p.png)

[x]: b.md
[^1]: foot
## Section
text [gone](gone.md)
<a class="yt-timestamp" data-t="00:01:55">[00:01:55]</a>
`, 'b.md': '# B\n\n# Second\n #tag text\n', 'in/c.md': '# C\n' });
const { writeFileSync } = await import('node:fs'); writeFileSync(folder + '/p.png', png);
const ed = await VsCode.start();
await ed.openFolder(folder, { file: 'a.md' });
for (let i = 0; i < 100 && !(await ed.problems('a.md')).length; i++) await pause(100);
const out = await ed.inHost(async (vscode, path) => {
  const uri = vscode.Uri.file(path); const ex = (c: string, ...a: unknown[]) => vscode.commands.executeCommand<any>(c, ...a);
  const r: any = {};
  const at = (l: number, c: number) => new vscode.Position(l, c);
  const show = (x: any) => (x ?? []).map((d: any) => `${(d.uri ?? d.targetUri).path.split('/').at(-1)} ${JSON.stringify(d.range ?? d.targetRange)} sel ${JSON.stringify(d.targetSelectionRange)} origin ${JSON.stringify(d.originSelectionRange)}`);
  for (const [n, l, c] of [['t', 5, 6], ['u', 5, 18], ['v', 5, 40], ['w', 5, 60], ['wiki', 5, 67], ['wiki#', 5, 78], ['ref', 6, 2], ['tag', 6, 10], ['foot', 6, 16], ['img', 8, 8], ['def', 10, 6], ['gone', 13, 13],['ts',14,15]] as const) {
    r['def ' + n] = show(await ex('vscode.executeDefinitionProvider', uri, at(l, c)));
    r['hover ' + n] = (await ex('vscode.executeHoverProvider', uri, at(l, c))).map((h: any) => h.contents.map((x: any) => (x.value ?? x).slice(0, 100)));
    r['refs ' + n] = (await ex('vscode.executeReferenceProvider', uri, at(l, c)))?.length;
  }
  r.links = (await ex('vscode.executeLinkProvider', uri)).map((l: any) => `${JSON.stringify(l.range)} ${l.target?.toString().slice(-60)}`);
  r.symbols = (await ex('vscode.executeDocumentSymbolProvider', uri)).map((s: any) => s.name + ' [' + s.children.map((c: any) => c.name));
  r.wsymbols = (await ex('vscode.executeWorkspaceSymbolProvider', 'sec')).map((s: any) => s.name);
  r.folding = (await ex('vscode.executeFoldingRangeProvider', uri)).length;
  const ed = vscode.window.activeTextEditor!;
  for (const text of ['[[b#', '[[b#^', '[[', '[t](', '[t](b.md#', '#', '[[./', '[ref][','[[##']) {
    await ed.edit(b => b.insert(at(7, 0), text));
    const items = await ex('vscode.executeCompletionItemProvider', uri, at(7, text.length), text.at(-1));
    r['complete ' + text] = items.items.slice(0, 12).map((i: any) => (i.label.label ?? i.label) + '|' + (i.detail ?? ''));
    await vscode.commands.executeCommand('undo');
  }
  const diags = vscode.languages.getDiagnostics(uri).map(d => `${d.source} ${typeof d.code === 'object' ? d.code.value : d.code} ${d.message}`);
  r.diags = diags;
  return r;
}, folder + '/a.md');
console.log(JSON.stringify(out, null, 1));
await ed.command('Markdown: Open Preview to the Side');
await pause(4000);
await ed.page.screenshot({ path: '/tmp/vt/preview.png' });
console.log(await ed.webview().locator('body').innerHTML());
await ed.close();
