// Timestamps: from the text of a clock to the address of a moment.

/** Seconds of `H:MM:SS` or `M:SS`; undefined for anything else. */
export function seconds(clock: string): number | undefined {
  const found = /^(?:(\d{1,4}):)?(\d{1,4}):(\d\d)$/.exec(clock);
  if (found === null) {
    return undefined;
  }
  const [hours, minutes, rest] = [found[1] ?? "0", found[2] ?? "", found[3] ?? ""].map(Number) as [number, number, number];
  const isInRange = rest < 60 && (found[1] === undefined || (minutes < 60 && found[2]?.length === 2));
  return isInRange ? hours * 3600 + minutes * 60 + rest : undefined;
}

/** The address of a moment of a video. Undefined if the id is none: 11 letters, digits, `_` or `-`. */
export function momentAddress(video: string | null | undefined, clock: string): string | undefined {
  const moment = seconds(clock);
  if (moment === undefined || typeof video !== "string" || !/^[A-Za-z0-9_-]{11}$/.test(video)) {
    return undefined;
  }
  return `https://www.youtube.com/watch?v=${video}&t=${moment}s`;
}
