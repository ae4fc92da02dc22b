// How much of the machine others use, for measurements of time that mean something on a quiet machine only.

import { readFileSync, readdirSync } from 'node:fs';
import { cpus } from 'node:os';

interface Usage {
  readonly total: number;
  readonly idle: number;
  /** What this test and all that it started have used. */
  readonly own: number;
}

/** Milliseconds of all processors since the machine was started. */
function usage(): Usage {
  let [total, idle] = [0, 0];
  for (const { times } of cpus()) {
    total += times.user + times.nice + times.sys + times.irq + times.idle;
    idle += times.idle;
  }
  const processes = new Map<number, { parent: number; used: number }>();
  for (const name of readdirSync('/proc').filter(name => /^\d+$/.test(name))) {
    try {
      const fields = readFileSync(`/proc/${name}/stat`, 'utf8').split(') ').at(-1)!.split(' ');
      // User and system time of the process and of its children that have ended, in hundredths of a second.
      const used = fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks) * 10, 0);
      processes.set(Number(name), { parent: Number(fields[1]), used });
    } catch {
      // It ended meanwhile.
    }
  }
  const isOwn = (id: number): boolean => {
    for (let at: number | undefined = id; at !== undefined; at = processes.get(at)?.parent) if (at === process.pid) return true;
    return false;
  };
  const own = [...processes].reduce((sum, [id, { used }]) => sum + (isOwn(id) ? used : 0), 0);
  return { total, idle, own };
}

/** Starts watching; the answer tells which part of all processors, 0 to 1, others have used since. */
export function watchOthers(): () => number {
  const before = usage();
  return () => {
    const after = usage();
    const busy = after.total - before.total - (after.idle - before.idle);
    return Math.max(0, busy - (after.own - before.own)) / (after.total - before.total);
  };
}

/** Whether others used so little of the machine that what was measured meanwhile tells something. */
export const isQuiet = (others: number): boolean => others < 0.15;
