// Where things are: the repository, the installed editors, and the folder for what the tests leave behind.

import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

export const repository = join(import.meta.dirname, '..', '..', '..');

/** Kept between runs: generated vaults, unpacked extensions, evidence of failures. */
export const leftovers = join(repository, 'target', 'editor-tests');

const editors =
  process.env['VAULTLS_EDITORS'] ?? join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'vaultls-editors');

/** A file below the folder of the installed editors. `editors/tests/run` installs what is missing. */
export function installed(...path: string[]): string {
  const found = join(editors, ...path);
  if (!existsSync(found)) throw new Error(`${found} is not installed; start the tests with editors/tests/run`);
  return found;
}
