// Parses the server's log on standard error into entries of the output channel.

export type Level = "error" | "warn" | "info" | "debug" | "trace";

export interface Entry {
  readonly level: Level;
  readonly text: string;
}

/** `2026-11-25T09:14:06.720709Z  WARN vaultls::server: text`: the channel adds levels and times of its own. */
const LINE = /^\d{4}-\d\d-\d\dT[\d:.]+Z\s+(ERROR|WARN|INFO|DEBUG|TRACE)\s+(.*)$/s;

/** Parses one line. A line without a level, such as the message of a panic, is an error. */
export function readLogLine(line: string): Entry {
  const found = LINE.exec(line);
  const level = found?.[1]?.toLowerCase();
  return isLevel(level) ? { level, text: found?.[2] ?? "" } : { level: "error", text: line };
}

function isLevel(level: string | undefined): level is Level {
  return level !== undefined && ["error", "warn", "info", "debug", "trace"].includes(level);
}
