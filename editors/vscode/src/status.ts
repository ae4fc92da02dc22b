// The text of the status bar, from the status of the server.

/** The parameters of the server's notification `experimental/serverStatus`. */
export interface ServerStatus {
  readonly health: "ok" | "warning" | "error";
  /** False while a vault is loading. */
  readonly quiescent: boolean;
  readonly message?: string;
  readonly vaults?: readonly VaultCounts[];
}

export interface VaultCounts {
  readonly uri: string;
  readonly name: string;
  readonly notes: number;
  readonly attachments: number;
  readonly links: number;
  readonly unresolvedLinks: number;
}

/** The state of the server. */
export type State =
  | { readonly kind: "starting" }
  | { readonly kind: "running"; readonly version: string; readonly status: ServerStatus | undefined }
  | { readonly kind: "stopped" }
  | { readonly kind: "failed"; readonly reason: string };

export interface StatusText {
  /** For the status bar, with `$(icon)`s. */
  readonly text: string;
  /** Markdown for the tooltip. */
  readonly tooltip: string;
  readonly severity: "none" | "warning" | "error";
}

/** Returns the text for a state. */
export function statusText(state: State): StatusText {
  switch (state.kind) {
    case "starting":
      return { text: "$(loading) vaultls", tooltip: "Server starting", severity: "none" };
    case "stopped":
      return { text: "$(circle-slash) vaultls", tooltip: "Server stopped", severity: "none" };
    case "failed":
      return { text: "$(error) vaultls", tooltip: escapeMarkdown(state.reason), severity: "error" };
    case "running":
      return runningText(state.version, state.status);
  }
}

function runningText(version: string, status: ServerStatus | undefined): StatusText {
  const vaults = status?.vaults ?? [];
  const notes = sum(vaults, "notes");
  const unresolved = sum(vaults, "unresolvedLinks");
  const severity = status?.health === "error" ? "error" : status?.health === "warning" ? "warning" : "none";
  const tooltip = [`**vaultls ${version}**`];
  if (status?.message !== undefined) {
    tooltip.push(escapeMarkdown(status.message));
  }
  if (status === undefined) {
    return { text: "$(notebook) vaultls", tooltip: tooltip.join("\n\n"), severity };
  }
  if (!status.quiescent) {
    tooltip.push("Loading…");
  } else if (vaults.length === 0) {
    tooltip.push("No vault open");
  }
  if (vaults.length > 0) {
    tooltip.push(table(vaults));
  }
  const icon = status.quiescent ? "$(notebook)" : "$(sync)";
  const counts = `${counted(notes, "note")}${unresolved > 0 ? `, ${group(unresolved)} unresolved` : ""}`;
  return { text: `${icon} ${vaults.length === 0 ? "vaultls" : counts}`, tooltip: tooltip.join("\n\n"), severity };
}

function table(vaults: readonly VaultCounts[]): string {
  const rows = vaults.map((vault) => {
    const counts = [vault.notes, vault.attachments, vault.links, vault.unresolvedLinks].map(group);
    return `| ${escapeMarkdown(vault.name)} | ${counts.join(" | ")} |`;
  });
  return ["| Vault | Notes | Attachments | Links | Unresolved |", "|:--|--:|--:|--:|--:|", ...rows].join("\n");
}

function sum(vaults: readonly VaultCounts[], key: "notes" | "unresolvedLinks"): number {
  return vaults.reduce((total, vault) => total + vault[key], 0);
}

/** Returns a number with separators: `3,600`. */
export function group(count: number): string {
  return count.toLocaleString("en-US");
}

/** Returns a count with its noun: `1 note`, `3,600 notes`. */
export function counted(count: number, noun: string): string {
  return `${group(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** Escapes a text for Markdown and puts it on one line. */
export function escapeMarkdown(text: string): string {
  return text.replace(/\s+/g, " ").replace(/[\\`*_{}[\]()<>#+\-.!|~$&]/g, (character) => `\\${character}`);
}
