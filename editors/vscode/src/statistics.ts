// The counts of all vaults, as a page to read.

import { basename } from "node:path";

import { escapeMarkdown, group } from "./status.ts";

/** One entry of the answer to `vaultls.stats`. */
export interface VaultStatistics {
  /** The vault's folder; null for a note that is open alone. */
  readonly root: string | null;
  readonly isLoading: boolean;
  readonly [count: string]: unknown;
}

/** What is shown first; counts that are new to this extension follow. */
const ORDER = ["notes", "attachments", "links", "unresolvedLinks", "headings", "timestamps"];

/** Not counts of what is in the vault. */
const APART = new Set(["root", "isLoading", "revision"]);

/** The page as Markdown, a section a vault. */
export function statisticsPage(vaults: readonly VaultStatistics[]): string {
  const sections = vaults.map(section);
  return ["# Vaults", ...(sections.length > 0 ? sections : ["No vault is open."])].join("\n\n") + "\n";
}

function section(vault: VaultStatistics): string {
  const name = vault.root === null ? "Single note" : basename(vault.root);
  const counts = Object.entries(vault).filter(
    (entry): entry is [string, number] => !APART.has(entry[0]) && typeof entry[1] === "number",
  );
  const rank = (name: string): number => (ORDER.includes(name) ? ORDER.indexOf(name) : ORDER.length);
  counts.sort(([one], [other]) => rank(one) - rank(other));
  const rows = counts.map(([what, count]) => `| ${escapeMarkdown(words(what))} | ${group(count)} |`);
  return [
    `## ${escapeMarkdown(name)}`,
    ...(vault.root === null ? [] : [escapeMarkdown(vault.root)]),
    ...(vault.isLoading ? ["Still being read; the counts grow."] : []),
    ["| | |", "|:--|--:|", ...rows].join("\n"),
  ].join("\n\n");
}

/** `unresolvedLinks` as `Unresolved links`. */
function words(name: string): string {
  const spaced = name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}
