// Runs `--version` of an executable before it is started as the server.

import { execFile } from "node:child_process";

import { OLDEST_SERVER, isNewEnough, readVersion } from "./version.ts";

/** The timeout in milliseconds. A slow disk or a virus scanner may need seconds. */
const TIMEOUT = 10_000;

export type Probe =
  | { readonly kind: "ready"; readonly version: string }
  | { readonly kind: "missing" }
  | { readonly kind: "tooOld"; readonly version: string }
  | { readonly kind: "otherProgram"; readonly printed: string }
  | { readonly kind: "cannotRun"; readonly reason: string };

/** Runs `program --version`. */
export function probe(program: string, timeout: number = TIMEOUT): Promise<Probe> {
  return new Promise((resolve) => {
    const options = { timeout, killSignal: "SIGKILL", windowsHide: true, maxBuffer: 64 * 1024 } as const;
    try {
      execFile(program, ["--version"], options, (error, printed) => {
        resolve(error === null ? judge(printed) : failure(error, timeout));
      });
    } catch (error) {
      // For example, a path with a NUL character.
      resolve({ kind: "cannotRun", reason: String(error) });
    }
  });
}

function judge(printed: string): Probe {
  const version = readVersion(printed);
  if (version === undefined) {
    return { kind: "otherProgram", printed: printed.trim().slice(0, 80) };
  }
  return { kind: isNewEnough(version) ? "ready" : "tooOld", version };
}

function failure(error: Error & { code?: unknown; killed?: boolean; signal?: unknown }, timeout: number): Probe {
  if (error.code === "ENOENT") {
    return { kind: "missing" };
  }
  if (error.killed === true) {
    return { kind: "cannotRun", reason: `no answer to \`--version\` within ${timeout / 1000} seconds` };
  }
  if (typeof error.code === "number") {
    return { kind: "cannotRun", reason: `\`--version\` exited with code ${error.code}` };
  }
  if (typeof error.signal === "string") {
    return { kind: "cannotRun", reason: `\`--version\` was killed by ${error.signal}` };
  }
  return { kind: "cannotRun", reason: reasons.get(String(error.code)) ?? error.message };
}

const reasons = new Map([
  ["EACCES", "permission denied (EACCES)"],
  ["EPERM", "operation not permitted (EPERM)"],
  ["ENOEXEC", "not an executable for this machine (ENOEXEC)"],
  ["EISDIR", "is a folder"],
  ["UNKNOWN", "not an executable for this machine"],
]);

/** Returns the error message for an executable that cannot be the server; undefined if it can. */
export function explain(program: string, found: Probe): string | undefined {
  switch (found.kind) {
    case "ready":
      return undefined;
    case "missing":
      return `Server executable not found: ${program}`;
    case "tooOld":
      return `Server too old: ${program} is vaultls ${found.version}, ${OLDEST_SERVER} or newer is required`;
    case "otherProgram":
      return `Not a vaultls executable: ${program} (\`--version\` prints "${found.printed}")`;
    case "cannotRun":
      return `Cannot run the server: ${program}: ${found.reason}`;
  }
}
