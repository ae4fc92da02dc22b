// Asks a program for its version before it is trusted to be the server.

import { execFile } from "node:child_process";

import { OLDEST_SERVER, isNewEnough, readVersion } from "./version.ts";

/** How long a program may take to say its version, in milliseconds. A slow disk or a virus scanner may need seconds. */
const PATIENCE = 10_000;

export type Probe =
  | { readonly kind: "ready"; readonly version: string }
  | { readonly kind: "missing" }
  | { readonly kind: "tooOld"; readonly version: string }
  | { readonly kind: "otherProgram"; readonly printed: string }
  | { readonly kind: "cannotRun"; readonly reason: string };

/** Runs `program --version`. */
export function probe(program: string, patience: number = PATIENCE): Promise<Probe> {
  return new Promise((resolve) => {
    const options = { timeout: patience, killSignal: "SIGKILL", windowsHide: true, maxBuffer: 64 * 1024 } as const;
    try {
      execFile(program, ["--version"], options, (error, printed) => {
        resolve(error === null ? judge(printed) : failure(error, patience));
      });
    } catch (error) {
      // A path with a NUL in it, for example.
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

function failure(error: Error & { code?: unknown; killed?: boolean; signal?: unknown }, patience: number): Probe {
  if (error.code === "ENOENT") {
    return { kind: "missing" };
  }
  if (error.killed === true) {
    return { kind: "cannotRun", reason: `it did not say its version within ${patience / 1000} seconds` };
  }
  if (typeof error.code === "number") {
    return { kind: "cannotRun", reason: `\`--version\` ended with exit code ${error.code}` };
  }
  if (typeof error.signal === "string") {
    return { kind: "cannotRun", reason: `\`--version\` was ended by ${error.signal}` };
  }
  return { kind: "cannotRun", reason: reasons.get(String(error.code)) ?? error.message };
}

const reasons = new Map([
  ["EACCES", "it may not be executed (EACCES)"],
  ["EPERM", "it may not be executed (EPERM)"],
  ["ENOEXEC", "it is no program for this machine (ENOEXEC)"],
  ["EISDIR", "it is a folder"],
  ["UNKNOWN", "it is no program for this machine"],
]);

/** What to tell the user of a program that cannot be the server; undefined if it can. */
export function explain(program: string, found: Probe): string | undefined {
  switch (found.kind) {
    case "ready":
      return undefined;
    case "missing":
      return `There is no program "${program}".`;
    case "tooOld":
      return `"${program}" is vaultls ${found.version}; this extension needs ${OLDEST_SERVER} or newer.`;
    case "otherProgram":
      return `"${program}" is not vaultls: asked for its version, it says "${found.printed}".`;
    case "cannotRun":
      return `"${program}" cannot be run: ${found.reason}.`;
  }
}
