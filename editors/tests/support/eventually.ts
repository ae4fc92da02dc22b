// Waiting for what an editor does in its own time: on conditions, never for a fixed while.

import { setTimeout as pause } from 'node:timers/promises';

/**
 * Repeats `attempt` until it does not throw, and returns what it returned. Put assertions inside.
 * After `limitSeconds`, a generous limit that only a failing test reaches, the last error is thrown.
 */
export async function eventually<T>(attempt: () => T | Promise<T>, limitSeconds = 60): Promise<T> {
  const end = Date.now() + limitSeconds * 1000;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > end) throw error;
    }
    await pause(30);
  }
}
