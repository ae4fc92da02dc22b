import { VsCode } from '../support/vscode.ts';
import { generatedVault, writeNote } from '../support/vault.ts';
import { setTimeout as pause } from 'node:timers/promises';
import { appendFileSync, rmSync } from 'node:fs';
const vault = generatedVault(3600); writeNote(vault, 'first.md', '# First\n\n[[no such note]]\n');
rmSync('/tmp/vt/tee.txt', { force: true });
const ed = await VsCode.start({ settings: { 'vaultls.server.path': process.env.PROG ?? '/tmp/vt/tee' } });
const t = Date.now(); appendFileSync('/tmp/vt/tee.txt', `${t} START\n`);
await ed.openFolder(vault, { file: 'first.md' });
for (let i = 0; i < 100; i++) { const m = await ed.inHost((v, p) => v.extensions.getExtension('vaultls-tests.test-host')?.exports.firstMarked(v.Uri.file(p).toString()), vault + '/first.md'); if (m) { appendFileSync('/tmp/vt/tee.txt', `${m} MARKED\n`); break; } await pause(100); }
await ed.close();
