// Finding and killing the servers that an editor started.

import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { basename } from 'node:path';

/** Processes of `vaultls` that descend from `ancestor`, oldest first. Zombies are not counted. */
export function serversBelow(ancestor: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc').filter(name => /^\d+$/.test(name))) {
    try {
      const [, state, parent] = /\) (\S) (\d+)/.exec(readFileSync(`/proc/${name}/stat`, 'utf8')) ?? [];
      if (state !== 'Z') parents.set(Number(name), Number(parent));
    } catch {
      // It ended meanwhile.
    }
  }
  const descends = (id: number): boolean => {
    for (let at: number | undefined = id; at !== undefined; at = parents.get(at)) if (at === ancestor) return true;
    return false;
  };
  return [...parents.keys()].filter(id => descends(id) && executable(id).startsWith('vaultls')).sort((a, b) => a - b);
}

function executable(id: number): string {
  try {
    return basename(readlinkSync(`/proc/${id}/exe`));
  } catch {
    return '';
  }
}
