// The binary under test, and the programs that come with it.

import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import { repository } from './paths.ts';

/** `$VAULTLS`, else the release build. */
export function server(): string {
  const path = resolve(process.env['VAULTLS'] ?? join(repository, 'target', 'release', 'vaultls'));
  if (!existsSync(path)) throw new Error(`${path} is missing: cargo build --release, or set VAULTLS`);
  return path;
}

/** The environment for an editor that looks for `vaultls` on `PATH`, as most do. */
export function environmentWithServer(): NodeJS.ProcessEnv {
  return { ...process.env, PATH: dirname(server()) + delimiter + process.env['PATH'] };
}

/** A program of `examples/`, built if it is missing. */
export function example(name: string): string {
  const path = join(repository, 'target', 'release', 'examples', name);
  const build = ['build', '--quiet', '--release', '--locked', '--example', name];
  if (!existsSync(path)) execFileSync('cargo', build, { cwd: repository, stdio: 'inherit' });
  return path;
}
