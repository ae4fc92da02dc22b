// Limits how often a crashed server is restarted.

/** Three restarts within three minutes. */
export const CRASH_LIMIT = 3;
export const CRASH_WINDOW_MS = 3 * 60_000;

/** The latest crashes. */
export class Crashes {
  #moments: number[] = [];

  /** Records a crash at a time in milliseconds. Returns whether to restart the server. */
  record(now: number): boolean {
    this.#moments = this.#moments.filter((moment) => now - moment < CRASH_WINDOW_MS);
    this.#moments.push(now);
    return this.#moments.length <= CRASH_LIMIT;
  }

  /** The number of crashes within the window. */
  get recent(): number {
    return this.#moments.length;
  }

  /** Forgets all crashes, when the user starts the server. */
  forget(): void {
    this.#moments = [];
  }
}
