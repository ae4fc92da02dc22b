// The unlinked mentions of the active note, as rows of the Backlinks view. To find them the server searches all notes, so
// they are requested when the user expands their group, and again once the vault has not changed for a moment.

import * as vscode from "vscode";
import type { LanguageClient, Range } from "vscode-languageclient/node";

import { execute } from "./notes.ts";
import { placeItems, sourceItem, type Sentence, type Source } from "./sources.ts";
import { counted, group } from "./status.ts";

/** How long the vault must stay unchanged before it is searched again, in milliseconds. */
const DEBOUNCE = 1500;

/** The server's answer to `vaultls.mentions`. */
type Answer = readonly {
  readonly uri: string;
  readonly title: string;
  readonly path: string;
  readonly mentions: readonly WireMention[];
}[];

interface WireMention {
  readonly range: Range;
  readonly sentence: Sentence;
  readonly isAmbiguous: boolean;
  readonly link: object;
}

/** A note that mentions the active one. */
interface MentioningNote extends Source {
  /** For each place, the argument with which the server links it. */
  readonly links: readonly object[];
  /** How many of the mentions are not ambiguous. */
  readonly linkable: number;
}

/** The group, a note in it, or a place. */
export type MentionRow =
  | { readonly kind: "mentions" }
  | { readonly source: MentioningNote }
  | { readonly item: vscode.TreeItem; readonly link: object };

/** The row of the group. */
export const MENTIONS: MentionRow = { kind: "mentions" };

export class Mentions implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<void>();
  /** Fires when the group has to be shown again. */
  readonly onDidChange = this.#changed.event;
  readonly #client: () => LanguageClient | undefined;
  #note: vscode.Uri | undefined;
  /** The mentions; undefined until they have been requested. */
  #found: readonly MentioningNote[] | undefined;
  /** Cancels the pending request. */
  #pending: vscode.CancellationTokenSource | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** Whether a mention was linked, so that the next change is shown without delay. */
  #hasLinked = false;

  constructor(client: () => LanguageClient | undefined) {
    this.#client = client;
  }

  /** The commands of the rows. */
  readonly commands: Record<string, (at?: { readonly row: MentionRow }) => Promise<void>> = {
    "vaultls.mentions.link": async ({ row } = { row: MENTIONS }) => {
      if ("link" in row) {
        await this.#link("vaultls.applyAction", row.link);
      }
    },
    "vaultls.mentions.linkAll": async ({ row } = { row: MENTIONS }) => {
      const uri = this.#note?.toString();
      if ("source" in row) {
        await this.#link("vaultls.linkMentions", { uri, within: row.source.uri.toString() });
      } else if (await this.#isConfirmed()) {
        await this.#link("vaultls.linkMentions", { uri });
      }
    },
  };

  /** Switches to another note and drops the mentions of the one before. Returns whether the note can have mentions. */
  follow(note: vscode.Uri | undefined): boolean {
    if (note?.toString() !== this.#note?.toString()) {
      this.#reset();
      this.#note = note;
    }
    return note !== undefined && this.#client() !== undefined;
  }

  /** Returns the rows below a row; none while they are being requested. */
  childrenOf(row: MentionRow): MentionRow[] {
    if ("source" in row) {
      const { links } = row.source;
      return placeItems(row.source).map((item, index) => ({ item: withContext(item, "mention"), link: links[index] ?? {} }));
    }
    if ("item" in row) {
      return [];
    }
    if (this.#found === undefined && this.#pending === undefined) {
      void this.#request();
    }
    return (this.#found ?? []).map((source) => ({ source }));
  }

  itemOf(row: MentionRow): vscode.TreeItem {
    if ("item" in row) {
      return row.item;
    }
    if ("source" in row) {
      const { source } = row;
      const id = `mentions of ${this.#note?.toString() ?? ""} in ${source.uri.toString()}`;
      return withContext(sourceItem(source, id, this.#found?.length ?? 0), source.linkable > 0 ? "mentions" : "");
    }
    const count = this.#found && ` (${group(placesOf(this.#found))})`;
    const item = new vscode.TreeItem(`Unlinked mentions${count ?? ""}`, vscode.TreeItemCollapsibleState.Collapsed);
    item.id = "mentions";
    item.tooltip = "Notes that mention this note without linking to it";
    return withContext(item, linkableOf(this.#found ?? []) > 0 ? "mentions" : "");
  }

  /** Called when notes have changed. While the group is collapsed, the vault is not searched. */
  vaultChanged(isOpen: boolean): void {
    if (!isOpen) {
      if (this.#found !== undefined) {
        this.#reset();
        this.#changed.fire();
      }
      return;
    }
    const delay = this.#hasLinked ? 0 : DEBOUNCE;
    this.#hasLinked = false;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#request(), delay);
  }

  dispose(): void {
    this.#reset();
    this.#changed.dispose();
  }

  #reset(): void {
    clearTimeout(this.#timer);
    this.#pending?.cancel();
    this.#pending = undefined;
    this.#found = undefined;
  }

  /** Requests the mentions and shows them, unless a newer request has been sent. Until then the old ones stay. */
  async #request(): Promise<void> {
    this.#pending?.cancel();
    const pending = new vscode.CancellationTokenSource();
    this.#pending = pending;
    const [client, note] = [this.#client(), this.#note];
    const request = (): Promise<readonly MentioningNote[] | undefined> =>
      client && note ? mentionsOf(client, note, pending.token).catch(() => undefined) : Promise.resolve(undefined);
    const found = await vscode.window.withProgress({ location: { viewId: "vaultls.backlinks" } }, request);
    if (this.#pending !== pending) {
      return;
    }
    this.#pending = undefined;
    this.#found = found ?? this.#found;
    if (found !== undefined) {
      this.#changed.fire();
    }
  }

  /** Asks the user to confirm links in several notes. */
  async #isConfirmed(): Promise<boolean> {
    const found = this.#found ?? [];
    const notes = found.filter(({ linkable }) => linkable > 0).length;
    const [linkable, ambiguous] = [linkableOf(found), placesOf(found) - linkableOf(found)];
    const question = `Link ${counted(linkable, "mention")} in ${counted(notes, "note")}?`;
    const detail = ambiguous > 0 ? `${counted(ambiguous, "ambiguous mention")} will not be linked.` : "";
    return (await vscode.window.showInformationMessage(question, { modal: true, detail }, "Link All")) === "Link All";
  }

  async #link(command: string, argument: object): Promise<void> {
    this.#hasLinked = true;
    const answer = await execute(this.#client, command, argument);
    if (answer === undefined) {
      // The server refused because the text has changed since.
      this.#hasLinked = false;
      await this.#request();
    }
  }
}

async function mentionsOf(client: LanguageClient, note: vscode.Uri, token: vscode.CancellationToken): Promise<readonly MentioningNote[]> {
  const params = { command: "vaultls.mentions", arguments: [{ uri: client.code2ProtocolConverter.asUri(note) }] };
  const answer = await client.sendRequest<Answer | null>("workspace/executeCommand", params, token);
  const toCode = client.protocol2CodeConverter;
  return (answer ?? []).map(({ uri, title, path, mentions }) => ({
    uri: toCode.asUri(uri),
    title,
    path,
    places: mentions.map(({ range, sentence }) => ({ range: toCode.asRange(range), sentence })),
    links: mentions.map(({ link }) => link),
    linkable: mentions.filter(({ isAmbiguous }) => !isAmbiguous).length,
  }));
}

function withContext(item: vscode.TreeItem, context: string): vscode.TreeItem {
  item.contextValue = context;
  return item;
}

function placesOf(found: readonly MentioningNote[]): number {
  return found.reduce((sum, { places }) => sum + places.length, 0);
}

function linkableOf(found: readonly MentioningNote[]): number {
  return found.reduce((sum, { linkable }) => sum + linkable, 0);
}
