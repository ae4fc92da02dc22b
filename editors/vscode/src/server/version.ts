// Versions of the server, as `vaultls --version` prints them.

/** The oldest server that this extension supports. */
export const OLDEST_SERVER = "0.1.0";

/** Returns `1.2.3` for `vaultls 1.2.3`; undefined for the output of another program. */
export function readVersion(printed: string): string | undefined {
  return /^vaultls (\d+\.\d+\.\d+(?:[-+][0-9A-Za-z.+-]+)?)\s*$/.exec(printed)?.[1];
}

/** Whether a version is at least the oldest. A pre-release of a version counts as that version. */
export function isNewEnough(version: string, oldest: string = OLDEST_SERVER): boolean {
  const [found, wanted] = [numbers(version), numbers(oldest)];
  for (const [place, least] of wanted.entries()) {
    const part = found[place] ?? 0;
    if (part !== least) {
      return part > least;
    }
  }
  return true;
}

function numbers(version: string): number[] {
  return version.replace(/[-+].*$/, "").split(".").map(Number);
}
