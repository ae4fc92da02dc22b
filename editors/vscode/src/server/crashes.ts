// How often a server that crashes is started again.

/** Three tries within three minutes; who crashes more often than that will not stop by being started once more. */
export const CRASH_LIMIT = 3;
export const CRASH_WINDOW_MS = 3 * 60_000;

/** Remembers the latest crashes. */
export class Crashes {
  #moments: number[] = [];

  /** Notes a crash at a moment in milliseconds; answers whether the server should be started again. */
  record(now: number): boolean {
    this.#moments = this.#moments.filter((moment) => now - moment < CRASH_WINDOW_MS);
    this.#moments.push(now);
    return this.#moments.length <= CRASH_LIMIT;
  }

  /** How often the server was started again within the window. */
  get recent(): number {
    return this.#moments.length;
  }

  /** Forgets all crashes: the user asked for a new start. */
  forget(): void {
    this.#moments = [];
  }
}
