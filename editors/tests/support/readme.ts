// The configuration that editors/README.md prints: tests use it as it stands there, so the page cannot go stale.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { repository } from './paths.ts';

/** The contents of the code blocks below a heading of the page, in order. */
export function codeBlocks(heading: string): string[] {
  const page = readFileSync(join(repository, 'editors', 'README.md'), 'utf8');
  const section = page.split(/^## /m).find(section => section.startsWith(`${heading}\n`));
  if (section === undefined) throw new Error(`editors/README.md has no heading ${heading}`);
  return [...section.matchAll(/^```\w+\n(.*?)^```$/gms)].map(([, code]) => code ?? '');
}

/** Writes a file of configuration below an editor's home. */
export function configure(home: string, path: string, text: string | undefined): void {
  if (text === undefined) throw new Error(`editors/README.md has no code for ${path}`);
  mkdirSync(dirname(join(home, path)), { recursive: true });
  writeFileSync(join(home, path), text);
}
