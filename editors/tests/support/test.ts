// `test` as node:test has it, and if one fails, what the editors show at that moment is saved and it is said where.

import { mkdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { after, test as nodeTest, type TestContext } from 'node:test';
import { leftovers } from './paths.ts';

/** An editor that runs: it can show what it looks like, and be closed. */
export interface Witness {
  saveEvidence(folder: string): Promise<void>;
  close(): void | Promise<void>;
}

const file = basename(process.argv[1] ?? 'test', '.test.ts');
const witnesses = new Set<Witness>();

/** Every driver announces its editor when it starts, and takes it back when it ends. */
export const announce = (witness: Witness): unknown => witnesses.add(witness);
export const takeBack = (witness: Witness): unknown => witnesses.delete(witness);

// What a test, or one that failed, has left open.
after(async () => {
  for (const witness of witnesses) await witness.close();
});

export function test(name: string, body: (context: TestContext) => void | Promise<void>): void {
  void nodeTest(`${file}: ${name}`, async context => {
    try {
      await body(context);
    } catch (error) {
      const folder = await saveEvidence(name);
      if (folder !== undefined) console.error(`what the editor showed: ${folder}`);
      throw error;
    }
  });
}

async function saveEvidence(name: string): Promise<string | undefined> {
  if (witnesses.size === 0) return undefined;
  const folder = join(leftovers, 'failures', file, name.replaceAll(/[^\p{L}\d]+/gu, '-'));
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const witness of witnesses) {
    await witness.saveEvidence(folder).catch((error: unknown) => console.error('no evidence:', error));
  }
  return folder;
}
