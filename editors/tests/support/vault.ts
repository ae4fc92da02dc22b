// Vaults to test on: always a fresh copy, which a test may change as it likes.

import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { leftovers, repository } from './paths.ts';
import { example } from './server.ts';

const made: string[] = [];
process.on('exit', () => made.forEach(folder => rmSync(folder, { recursive: true, force: true })));

/** An empty folder that goes when the test file ends. */
export function temporaryFolder(name = 'vaultls'): string {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), `${name}-`));
  made.push(folder);
  return folder;
}

/** A copy of `seeds/`. */
export function seedVault(): string {
  const folder = join(temporaryFolder(), 'seeds');
  cpSync(join(repository, 'seeds'), folder, { recursive: true });
  return folder;
}

/** A vault of these notes, from paths to texts. */
export function vaultOf(notes: Record<string, string>): string {
  const folder = join(temporaryFolder(), 'vault');
  mkdirSync(folder);
  for (const [path, text] of Object.entries(notes)) writeNote(folder, path, text);
  return folder;
}

export function writeNote(vault: string, path: string, text: string): void {
  mkdirSync(dirname(join(vault, path)), { recursive: true });
  writeFileSync(join(vault, path), text);
}

/** A generated vault, the same on every machine. It is made once and copied after that. */
export function generatedVault(notes: number): string {
  const generator = readFileSync(join(repository, 'benches', 'support', 'generated_vault.rs'));
  const kept = join(leftovers, 'vaults', `${notes}-${generator.length}`);
  if (!existsSync(kept)) {
    const half = `${kept}.${process.pid}`;
    mkdirSync(dirname(kept), { recursive: true });
    execFileSync(process.env['VAULTLS_GENERATOR'] ?? example('generate_vault'), [half, String(notes)]);
    renameSync(half, kept);
  }
  const folder = join(temporaryFolder(), `generated-${notes}`);
  cpSync(kept, folder, { recursive: true });
  return folder;
}

/** A link of a generated vault to the hub note of its folder, counted from 1. */
export function linkToHub(vault: string): { file: string; line: number; column: number; hub: string } {
  for (const hub of readdirSync(vault).sort()) {
    for (const name of existsSync(join(vault, hub, `${hub}.md`)) ? readdirSync(join(vault, hub)).sort() : []) {
      const lines = readFileSync(join(vault, hub, name), 'utf8').split('\n');
      const line = lines.findIndex(line => line.startsWith(`From: [[${hub}]]`));
      if (line >= 0) return { file: join(hub, name), line: line + 1, column: 'From: [['.length + 1, hub };
    }
  }
  throw new Error(`${vault} has no note that links to its hub`);
}
