// The Markdown preview: wikilinks lead where the server says, embeds and timestamps work, and nothing of a note is run.

import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { eventually } from '../support/eventually.ts';
import { test } from '../support/test.ts';
import { vaultOf, writeNote } from '../support/vault.ts';
import { VsCode } from '../support/vscode.ts';

const TAG = '<a class="yt-timestamp" data-t="00:01:55">[00:01:55]</a>';
const PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30"><rect width="40" height="30" fill="green"/></svg>';
const EVIL = `
<script>document.title = 'ran'; console.log('SCRIPT RAN')</script>

<img src="x" onerror="console.log('SCRIPT RAN')">

[[b|<img src=x onerror="console.log('SCRIPT RAN')">]]
[[javascript:console.log('SCRIPT RAN')]] [click](javascript:console.log('SCRIPT%20RAN'))
<a class="yt-timestamp" data-t="0:01" onclick="console.log('SCRIPT RAN')">[0:01]</a>
`;

let editor: VsCode;
let vault: string;
before(async () => {
  editor = await VsCode.start();
  vault = vaultOf({
    'a.md': [
      ...['---', 'videoId: dQw4w9WgXcQ', '---', '# Start', '', 'See [[loose name | the note]], [[deep#Second Part]], [[#End]] and [[gone]].', ''],
      ...['![[loose_name]]', '', '![[picture.svg|20]]', '', `At ${TAG} and [00:01:55](${TAG}) and [2:00].`, '', '`[[loose_name]]`', '', '## End', ''],
    ].join('\n'),
    'loose_name.md': '# Loose\n\nEmbedded text with [[deep]].\n',
    'folder/deep.md': `# Deep\n\n${'A line.\n\n'.repeat(80)}## Second Part\n\nThe end.\n`,
    'folder/picture.svg': PICTURE,
    'b.md': '# B\n',
    'evil.md': `# Evil\n${EVIL}\n![[evil_part]]\n`,
    'evil_part.md': `Part ${EVIL}\n`,
  });
  await editor.openFolder(vault);
});
after(() => editor.close());

async function preview(file: string): Promise<void> {
  await editor.inHost(async (vscode, path) => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await vscode.commands.executeCommand('markdown.showPreview', vscode.Uri.file(path));
  }, join(vault, file));
}

const page = () => editor.webview();
const href = (text: string): Promise<string | null> => page().getByRole('link', { name: text, exact: true }).first().getAttribute('href', { timeout: 2000 });

test('wikilinks lead where the server says', async () => {
  await preview('a.md');
  await eventually(async () => {
    assert.equal(await href('the note'), './loose_name.md');
    assert.equal(await href('deep > Second Part'), './folder/deep.md#second-part');
    assert.equal(await href('End'), '#end');
  });
  assert.equal(await page().locator('.vaultls-link-broken').innerText(), 'gone');
  assert.equal(await page().locator('code').innerText(), '[[loose_name]]');
});

test('a click on a wikilink shows the note, at its heading', async () => {
  await preview('a.md');
  await eventually(() => page().getByRole('link', { name: 'deep > Second Part' }).click({ timeout: 2000 }));
  await eventually(async () => {
    assert.match(await editor.activeTab(), /deep\.md/);
    const heading = page().getByRole('heading', { name: 'Second Part' });
    assert((await heading.boundingBox({ timeout: 2000 }))!.y < 600, 'the heading is in view');
  });
});

test('embeds show notes and pictures', async () => {
  await preview('a.md');
  await eventually(async () => {
    assert.match(await page().locator('.vaultls-embed').innerText({ timeout: 2000 }), /Loose[^]*Embedded text with deep/);
    const picture = page().locator('img[src*="picture.svg"]');
    assert.equal(await picture.getAttribute('width', { timeout: 2000 }), '20');
    assert.equal(await picture.evaluate(image => (image as HTMLImageElement).naturalWidth), 40, 'the picture is loaded');
  });
  assert.equal(await href('deep'), './folder/deep.md');
});

test('timestamps open the video at their moment', async () => {
  await preview('a.md');
  await eventually(async () => {
    const addresses = await page().locator('.vaultls-timestamp').evaluateAll(links => links.map(link => link.getAttribute('href')));
    const at = (seconds: number) => `https://www.youtube.com/watch?v=dQw4w9WgXcQ&t=${seconds}s`;
    assert.deepEqual(addresses, [at(115), at(115), at(120)]);
  });
  await page().locator('.vaultls-timestamp').first().click();
  await editor.opened('https://www.youtube.com/watch?v=dQw4w9WgXcQ&t=115s');
});

test('the preview follows notes that come, change and go', async () => {
  await preview('a.md');
  await eventually(async () => assert.equal(await page().locator('.vaultls-link-broken').innerText({ timeout: 2000 }), 'gone'));
  writeNote(vault, 'gone.md', '# Here\n');
  await eventually(async () => assert.equal(await href('gone'), './gone.md'));
  writeNote(vault, 'loose_name.md', '# Loose\n\nOther text with [[deep]].\n');
  await eventually(async () => assert.match(await page().locator('.vaultls-embed').innerText({ timeout: 2000 }), /Other text/));
  rmSync(join(vault, 'gone.md'));
  await eventually(async () => assert.equal(await page().locator('.vaultls-link-broken').innerText({ timeout: 2000 }), 'gone'));
});

test('nothing that a note says is run', async () => {
  await preview('evil.md');
  await eventually(async () => assert.match(await page().locator('.vaultls-embed').innerText({ timeout: 2000 }), /Part/));
  for (const link of await page().getByRole('link', { name: /click|javascript|0:01/ }).all()) await link.click({ timeout: 2000 });
  const addresses = await page().locator('a').evaluateAll(links => links.map(link => (link as HTMLAnchorElement).href));
  assert.deepEqual(addresses.filter(address => /^javascript:/i.test(address)), []);
  assert.equal(await page().locator('[onclick], .vaultls-link img').count(), 0);
  assert.deepEqual(editor.console().filter(line => /^SCRIPT RAN/.test(line)), []);
});
