import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, describe, test } from "node:test";

import { CRASH_LIMIT, CRASH_WINDOW_MS, Crashes } from "../src/server/crashes.ts";
import { expand, locate } from "../src/server/locate.ts";
import { explain, probe } from "../src/server/probe.ts";
import { isNewEnough, readVersion } from "../src/server/version.ts";

const isPosix = process.platform !== "win32";
let folder = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "vaultls-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function program(path: string, script: string): string {
  const whole = join(folder, path);
  mkdirSync(join(whole, ".."), { recursive: true });
  writeFileSync(whole, `#!/bin/sh\n${script}\n`);
  chmodSync(whole, 0o755);
  return whole;
}

describe("the server is found", () => {
  const around = (changes: { setting?: string; path?: string }) => ({
    setting: "",
    extensionFolder: join(folder, "extension"),
    homeFolder: "/home/ann",
    workspaceFolder: "/vault",
    path: "",
    platform: "linux" as const,
    ...changes,
  });

  test("by the setting, even if nothing is there", () => {
    program("extension/bin/vaultls", "");
    const found = locate(around({ setting: " ~/bin/vaultls " }));
    assert.deepEqual(found, { program: "/home/ann/bin/vaultls", origin: "setting" });
  });

  test("in the extension, before the PATH", () => {
    const bundled = program("extension/bin/vaultls", "");
    program("elsewhere/vaultls", "");
    const found = locate(around({ path: join(folder, "elsewhere") }));
    assert.deepEqual(found, { program: bundled, origin: "bundled" });
  });

  test("on the PATH, but not in a relative folder of it or as a folder", () => {
    mkdirSync(join(folder, "first/vaultls"), { recursive: true });
    const onPath = program("second/vaultls", "");
    const path = ["", ".", join(folder, "first"), join(folder, "second")].join(delimiter);
    assert.deepEqual(locate(around({ path })), { program: onPath, origin: "PATH" });
    assert.equal(locate(around({ path: ["", "."].join(delimiter) })), undefined);
  });

  test("with variables in the setting", () => {
    const places = { homeFolder: "/home/$&", workspaceFolder: "/v$1" };
    assert.equal(expand("~", places), "/home/$&");
    assert.equal(expand("~ann/x", places), "~ann/x");
    assert.equal(expand("${workspaceFolder}/a/${workspaceFolder}", places), "/v$1/a//v$1");
    assert.equal(expand("${workspaceFolder}/a", { ...places, workspaceFolder: undefined }), "/a");
  });
});

describe("a program is asked for its version", { skip: !isPosix }, () => {
  const explained = async (path: string, timeout?: number) => {
    const found = await probe(path, timeout);
    return { kind: found.kind, told: explain("P", found) };
  };

  test("and is ready", async () => {
    assert.deepEqual(await probe(program("p", "echo vaultls 7.0.1")), { kind: "ready", version: "7.0.1" });
    assert.equal(explain("P", { kind: "ready", version: "7.0.1" }), undefined);
  });

  test("and is too old", async () => {
    const old = { kind: "tooOld", told: 'Server too old: P is vaultls 0.0.9, 0.1.0 or newer is required' };
    assert.deepEqual(await explained(program("p", "echo vaultls 0.0.9")), old);
  });

  test("and is something else", async () => {
    const other = { kind: "otherProgram", told: 'Not a vaultls executable: P (`--version` prints "cat 9")' };
    assert.deepEqual(await explained(program("p", "echo cat 9")), other);
  });

  test("and is not there, or not to be run", async () => {
    assert.deepEqual(await explained(join(folder, "none")), { kind: "missing", told: 'Server executable not found: P' });
    const plain = join(folder, "plain");
    writeFileSync(plain, "");
    const denied = { kind: "cannotRun", told: 'Cannot run the server: P: permission denied (EACCES)' };
    assert.deepEqual(await explained(plain), denied);
    assert.equal((await explained("a\0b")).kind, "cannotRun");
  });

  test("and crashes or hangs", async () => {
    const failed = { kind: "cannotRun", told: 'Cannot run the server: P: `--version` exited with code 3' };
    assert.deepEqual(await explained(program("p", "exit 3")), failed);
    const killed = { kind: "cannotRun", told: 'Cannot run the server: P: `--version` was killed by SIGSEGV' };
    assert.deepEqual(await explained(program("p", "kill -SEGV $$")), killed);
    const hung = { kind: "cannotRun", told: 'Cannot run the server: P: no answer to `--version` within 0.2 seconds' };
    assert.deepEqual(await explained(program("p", "exec sleep 60"), 200), hung);
  });
});

test("versions are read and compared", () => {
  assert.equal(readVersion("vaultls 1.2.3\n"), "1.2.3");
  assert.equal(readVersion("vaultls 1.2.3-rc.1+abc\r\n"), "1.2.3-rc.1+abc");
  for (const other of ["", "vaultls", "vaultls 1.2", "other 1.2.3", "vaultls 1.2.3 and more"]) {
    assert.equal(readVersion(other), undefined, other);
  }
  for (const version of ["0.2.0", "0.2.1", "0.10.0", "1.0.0", "0.2.0-rc.1"]) {
    assert.ok(isNewEnough(version, "0.2.0"), version);
  }
  for (const version of ["0.1.9", "0.0.99", "0.1.9-rc.1"]) {
    assert.ok(!isNewEnough(version, "0.2.0"), version);
  }
});

test("a server is started again a few times, and anew when the crashes are long past", () => {
  const crashes = new Crashes();
  for (let count = 1; count <= CRASH_LIMIT; count += 1) {
    assert.ok(crashes.record(count * 1000));
    assert.equal(crashes.recent, count);
  }
  assert.ok(!crashes.record(10_000));
  crashes.forget();
  assert.ok(crashes.record(11_000));
  const patient = new Crashes();
  for (let count = 0; count < 20; count += 1) {
    assert.ok(patient.record((count * CRASH_WINDOW_MS) / 2));
  }
});
