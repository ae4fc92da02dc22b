// The counts of all vaults as a Markdown page.

import { basename } from "node:path";

import { escapeMarkdown, group } from "./status.ts";

/** An entry of the result of `vaultls.stats`. */
export interface VaultStatistics {
  /** The folder of the vault; null for a single note. */
  readonly root: string | null;
  readonly isLoading: boolean;
  readonly [count: string]: unknown;
}

/** The order of the counts. Counts that this version of the extension does not know follow. */
const ORDER = ["notes", "attachments", "links", "unresolvedLinks", "headings", "timestamps"];

/** The fields that are not counts. */
const OTHER_FIELDS = new Set(["root", "isLoading", "revision"]);

/** Returns the page, with a section for each vault. */
export function statisticsPage(vaults: readonly VaultStatistics[]): string {
  const sections = vaults.map(section);
  return ["# Vaults", ...(sections.length > 0 ? sections : ["No vault open"])].join("\n\n") + "\n";
}

function section(vault: VaultStatistics): string {
  const name = vault.root === null ? "Single note" : basename(vault.root);
  const counts = Object.entries(vault).filter(
    (entry): entry is [string, number] => !OTHER_FIELDS.has(entry[0]) && typeof entry[1] === "number",
  );
  const rank = (name: string): number => (ORDER.includes(name) ? ORDER.indexOf(name) : ORDER.length);
  counts.sort(([one], [other]) => rank(one) - rank(other));
  const rows = counts.map(([what, count]) => `| ${escapeMarkdown(words(what))} | ${group(count)} |`);
  return [
    `## ${escapeMarkdown(name)}`,
    ...(vault.root === null ? [] : [escapeMarkdown(vault.root)]),
    ...(vault.isLoading ? ["Loading; the counts are not complete."] : []),
    ["| | |", "|:--|--:|", ...rows].join("\n"),
  ].join("\n\n");
}

/** Returns the words of a field: `Unresolved links` for `unresolvedLinks`. */
function words(name: string): string {
  const spaced = name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}
