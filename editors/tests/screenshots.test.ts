// The pictures of the documentation, in docs/images: `editors/tests/run screenshots` takes them anew. Look at each.

import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from './support/eventually.ts';
import { installed, repository } from './support/paths.ts';
import { takePicture, takeScreen } from './support/picture.ts';
import { codeBlocks, configure } from './support/readme.ts';
import { Terminal } from './support/terminal.ts';
import { test } from './support/test.ts';
import { seedVault, temporaryFolder, writeNote } from './support/vault.ts';
import { VsCode } from './support/vscode.ts';

mkdirSync(join(repository, 'docs', 'images'), { recursive: true });

/** Line 9 of it is empty, to write on. */
const NOTE = 'hubermanlab/ketamine_for_ptsd.md';

/** Notes beside those of the vault that name some of them without a link. */
const JOURNAL = {
  '2026-03-01.md': '# Reading\n\nBegan with ketamine for PTSD, then the trials.\n\nWhat is open in "Ketamine for PTSD": how long it lasts.\n',
  '2026-03-02.md': '# Questions\n\n- Is ketamine for PTSD ever given at home?\n',
};

test('VS Code', async () => {
  const editor = await VsCode.start({
    settings: {
      'workbench.colorTheme': 'Default Dark Modern',
      'workbench.activityBar.location': 'hidden',
      'workbench.layoutControl.enabled': false,
      'window.commandCenter': false,
      'editor.minimap.enabled': false,
      'editor.hover.above': false,
      'breadcrumbs.enabled': false,
    },
    window: { width: 960, height: 520, scale: 2 },
  });
  const run = async (command: string): Promise<void> => {
    await editor.inHost((vscode, command) => vscode.commands.executeCommand(command), command);
  };
  const openAlone = async (file: string, line: number, column: number): Promise<void> => {
    await run('workbench.action.closeAllEditors');
    await editor.open(file, line, column);
  };
  const scrollTo = async (line: number): Promise<void> => {
    await editor.inHost((vscode, line) => {
      const top = new vscode.Range(line - 1, 0, line - 1, 0);
      vscode.window.activeTextEditor?.revealRange(top, vscode.TextEditorRevealType.AtTop);
    }, line);
  };
  const vault = seedVault();
  for (const [name, text] of Object.entries(JOURNAL)) writeNote(vault, `journal/${name}`, text);
  await editor.openFolder(vault, { file: NOTE });
  await run('workbench.action.closeSidebar');
  await editor.hasRead(62);

  await openAlone(NOTE, 9, 1);
  await editor.type('See also [[ketamine');
  await eventually(async () => assert((await editor.completions()).length > 2));
  await takePicture(editor.page, 'vscode-completion');
  await editor.press('Escape');
  await run('workbench.action.files.revert');

  await openAlone(NOTE, 9, 1);
  await editor.page.keyboard.insertText('See also [[ketamine_and_neural_plasticity]]');
  await eventually(async () => assert((await editor.problems(NOTE)).some(({ code }) => code === 'link/missing-note')));
  await editor.goTo(9, 20);
  await editor.press('Control+d'); // with a word selected, nothing is completed
  await eventually(async () => assert.deepEqual(await editor.completions(), []));
  await editor.press('ArrowLeft');
  await editor.actions();
  await takePicture(editor.page, 'vscode-fix');
  await editor.press('Escape');
  await run('workbench.action.files.revert');

  await openAlone('hubermanlab/hubermanlab.md', 24, 8);
  await scrollTo(24);
  await editor.hover();
  await takePicture(editor.page, 'vscode-hover');
  await editor.press('Escape');

  await openAlone('hubermanlab/nmda_receptors_as_coincidence_detectors.md', 9, 1);
  await editor.openView('vaultls.backlinks');
  await editor.page.locator('.pane-header', { hasText: 'seeds' }).click({ position: { x: 12, y: 10 } }); // to make room
  const { x, y, width } = (await editor.page.locator('.part.sidebar').boundingBox())!;
  await editor.page.mouse.move(x + width + 2, y + 300);
  await editor.page.mouse.down();
  await editor.page.mouse.move(440, y + 300, { steps: 5 });
  await editor.page.mouse.up();
  await editor.page.mouse.move(700, 300);
  await eventually(async () => assert((await editor.view('Backlinks')).rows.length > 4));
  await takePicture(editor.page, 'vscode-backlinks');

  await openAlone(NOTE, 9, 1);
  await eventually(async () => assert.match((await editor.view('Backlinks')).title, /ketamine_for_ptsd$/));
  await editor.viewRow('Backlinks', 'Unlinked mentions').click();
  await eventually(async () => assert((await editor.view('Backlinks')).rows.includes('Unlinked mentions (3)')));
  await editor.viewRow('Backlinks', 'Unlinked mentions').locator('.action-label').hover();
  await editor.page.locator('.workbench-hover', { hasText: 'Link All Mentions' }).waitFor();
  await takePicture(editor.page, 'vscode-mentions');
  await run('workbench.action.closeSidebar');

  await openAlone('faults/missing_targets.md', 7, 1);
  await eventually(async () => assert.notDeepEqual(await editor.problems('faults/missing_targets.md'), []));
  await run('workbench.actions.view.problems');
  await editor.page.locator('.markers-panel .monaco-list-row').nth(3).waitFor();
  await takePicture(editor.page, 'vscode-diagnostics');
  await run('workbench.action.closePanel');

  await openAlone('hubermanlab/nmda_receptors_as_coincidence_detectors.md', 9, 1);
  await run('markdown.showPreviewToSide');
  await scrollTo(9);
  await editor.webview().locator('img').first().waitFor();
  await editor.webview().locator('p').first().evaluate(paragraph => paragraph.scrollIntoView());
  await takePicture(editor.page, 'vscode-preview');
});

test('Neovim', async () => {
  const plugin = join(repository, 'editors', 'nvim');
  const status = "set statusline=%f%=%{v:lua.require'vaultls'.status()}";
  const command = [installed('terminal', 'bin', 'nvim'), '--clean', '--cmd', `set rtp^=${plugin} | ${status}`, '+call cursor(9, 1)', NOTE];
  const nvim = new Terminal({ command, folder: seedVault(), columns: 100, rows: 24 });
  await nvim.shows('Ketamine for PTSD', /60 notes/);
  nvim.type('iSee also [[ketamine');
  await nvim.shows('ketamine_for_suicidality');
  await takeScreen(nvim.colouredScreen(), 'neovim-completion');
});

test('Helix', async () => {
  const home = temporaryFolder();
  configure(home, '.config/helix/languages.toml', codeBlocks('Helix')[0]);
  const command = [installed('terminal', 'bin', 'hx'), 'faults/missing_targets.md:11'];
  const helix = new Terminal({ command, folder: seedVault(), home, columns: 100, rows: 24 });
  await helix.shows('● 13', /NOR {3}/); // and no sign of work
  await takeScreen(helix.colouredScreen(), 'helix-diagnostics');
});
