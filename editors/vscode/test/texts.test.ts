import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { isInsideLink } from "../src/linkText.ts";
import { readLogLine } from "../src/log.ts";
import { explicitSettings } from "../src/settings.ts";
import { statisticsPage } from "../src/statistics.ts";
import { type ServerStatus, statusText } from "../src/status.ts";

const vault = { uri: "file:///n", name: "notes", notes: 3600, attachments: 2, links: 40_000, unresolvedLinks: 12 };
const running = (status?: ServerStatus) => statusText({ kind: "running", version: "1.0.0", status });

describe("the status bar", () => {
  test("counts notes and unresolved links of all vaults", () => {
    const other = { ...vault, name: "a|b", notes: 1, unresolvedLinks: 0 };
    const shown = running({ health: "ok", quiescent: true, vaults: [vault, other] });
    assert.equal(shown.text, "$(notebook) 3,601 notes, 12 unresolved");
    assert.match(shown.tooltip, /^\| notes \| 3,600 \| 2 \| 40,000 \| 12 \|$/m);
    assert.match(shown.tooltip, /^\| a\\\|b \| 1 /m);
  });

  test("shows no warning where nothing is broken", () => {
    const whole = { ...vault, unresolvedLinks: 0 };
    assert.equal(running({ health: "ok", quiescent: true, vaults: [whole] }).text, "$(notebook) 3,600 notes");
  });

  test("spins while vaults are read", () => {
    assert.equal(running({ health: "ok", quiescent: false, vaults: [vault] }).text, "$(sync) 3,600 notes, 12 unresolved");
  });

  test("says that no vault is open", () => {
    assert.deepEqual(running({ health: "ok", quiescent: true, vaults: [] }), {
      text: "$(notebook) vaultls",
      tooltip: "**vaultls 1.0.0**\n\nNo vault open",
      severity: "none",
    });
  });

  test("shows what ails the server, and no links or icons of its message", () => {
    const shown = running({ health: "warning", quiescent: true, message: "[x](command:y) $(bug)", vaults: [] });
    assert.equal(shown.severity, "warning");
    assert.match(shown.tooltip, /\\\[x\\\]\\\(command:y\\\) \\\$\\\(bug\\\)/);
  });

  test("has a text for every state", () => {
    assert.equal(running().text, "$(notebook) vaultls");
    assert.equal(statusText({ kind: "starting" }).text, "$(loading) vaultls");
    assert.equal(statusText({ kind: "stopped" }).text, "$(circle-slash) vaultls");
    assert.deepEqual(statusText({ kind: "failed", reason: "no `x`" }), {
      text: "$(error) vaultls",
      tooltip: "no \\`x\\`",
      severity: "error",
    });
  });
});

test("statistics are a table a vault, whatever the server counts", () => {
  const page = statisticsPage([
    { root: "/home/ann/my_notes", isLoading: true, links: 1, new: 0, unresolvedLinks: 2, notes: 3600, revision: 7 },
    { root: null, isLoading: false, notes: 1 },
  ]);
  assert.match(page, /^## my\\_notes$/m);
  assert.match(page, /Loading/);
  assert.match(page, /^\| Notes \| 3,600 \|\n\| Links \| 1 \|\n\| Unresolved links \| 2 \|\n\| New \| 0 \|$/m);
  assert.doesNotMatch(page, /evision/);
  assert.match(page, /^## Single note$/m);
  assert.match(statisticsPage([]), /No vault open/);
});

test("lines of the server's log have levels", () => {
  const line = "2026-11-25T09:14:06.720709Z  WARN vaultls::server::inbox: odd";
  assert.deepEqual(readLogLine(line), { level: "warn", text: "vaultls::server::inbox: odd" });
  const panic = "thread 'main' panicked at src/main.rs:1:1:";
  assert.deepEqual(readLogLine(panic), { level: "error", text: panic });
});

test("it is known where a link is being written", () => {
  for (const inside of ["[[", "a [[large lang", "![[", "[[a]] [[b#c", "- [[ x^", "[[[a", "[[a|b c"]) {
    assert.ok(isInsideLink(inside), inside);
  }
  for (const outside of ["", "[", "[a", "[[a]]", "[[a]", "\\[[a", `[[${"prose ".repeat(40)}`]) {
    assert.ok(!isInsideLink(outside), outside);
  }
});

describe("settings for the server", () => {
  const inspect = (set: Record<string, unknown>) => ({
    inspect: (key: string) => ({ defaultValue: "default", globalValue: set[key] }),
  });

  test("are those that the user set", () => {
    const merged = {
      server: { path: "/x" },
      trace: { server: "messages" },
      completion: { maxItems: 100 },
      files: { ignore: ["a/"] },
      diagnostics: { scope: "openNotes", severity: { "link/inexact": "off" } },
    };
    const set = { "server.path": "/x", "files.ignore": ["a/"], "diagnostics.severity.link/inexact": "off" };
    assert.deepEqual(explicitSettings(merged, inspect(set)), {
      files: { ignore: ["a/"] },
      diagnostics: { severity: { "link/inexact": "off" } },
    });
  });

  test("are none if there are none", () => {
    assert.deepEqual(explicitSettings({ completion: { maxItems: 100 } }, inspect({})), {});
    assert.deepEqual(explicitSettings(undefined, inspect({})), {});
  });
});
