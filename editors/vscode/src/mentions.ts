// The unlinked mentions of the note in front, as rows of the Backlinks view. To find them the server looks through all
// notes, so they are asked for when a person opens their group, in the background, and again when the vault has been
// left alone for a moment.

import * as vscode from "vscode";
import type { LanguageClient, Range } from "vscode-languageclient/node";

import { execute } from "./notes.ts";
import { placeItems, sourceItem, type Source } from "./sources.ts";
import { group } from "./status.ts";

/** How long the vault has to be left alone before it is looked through again, in milliseconds. */
const PAUSE = 1500;

/** What the server answers to `vaultls.mentions`. */
type Answer = readonly {
  readonly uri: string;
  readonly title: string;
  readonly path: string;
  readonly mentions: readonly { readonly range: Range; readonly isAmbiguous: boolean; readonly link: object }[];
}[];

/** A note that names the one in front. */
interface Naming extends Source {
  /** For each place, what the server makes a link of it by. */
  readonly links: readonly object[];
  /** How many of them can mean no other note. */
  readonly sure: number;
}

/** The group, a note in it, or a place. */
export type MentionRow = { readonly kind: "mentions" } | { readonly naming: Naming } | { readonly item: vscode.TreeItem; readonly link: object };

/** The row of the group. */
export const MENTIONS: MentionRow = { kind: "mentions" };

export class Mentions implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<void>();
  /** The group shows something else. */
  readonly onDidChange = this.#changed.event;
  readonly #client: () => LanguageClient | undefined;
  #note: vscode.Uri | undefined;
  /** What was found; undefined until it is asked for. */
  #found: readonly Naming[] | undefined;
  /** Cancels the question that is on its way. */
  #asking: vscode.CancellationTokenSource | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** Whether a link was made, so that what changes next is shown at once. */
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
      if ("naming" in row) {
        await this.#link("vaultls.linkMentions", { uri, within: row.naming.uri.toString() });
      } else if (await this.#isAgreed()) {
        await this.#link("vaultls.linkMentions", { uri });
      }
    },
  };

  /** Goes on with another note, and forgets what was found of the one before. Whether there can be mentions of it. */
  follow(note: vscode.Uri | undefined): boolean {
    if (note?.toString() !== this.#note?.toString()) {
      this.#forget();
      this.#note = note;
    }
    return note !== undefined && this.#client() !== undefined;
  }

  /** The rows below a row; none yet, if they are only being asked for. */
  async childrenOf(row: MentionRow): Promise<MentionRow[]> {
    if ("naming" in row) {
      const items = await placeItems(row.naming);
      return items.map((item, index) => ({ item: marked(item, "mention"), link: row.naming.links[index] ?? {} }));
    }
    if ("item" in row) {
      return [];
    }
    if (this.#found === undefined && this.#asking === undefined) {
      void this.#ask();
    }
    return (this.#found ?? []).map((naming) => ({ naming }));
  }

  itemOf(row: MentionRow): vscode.TreeItem {
    if ("item" in row) {
      return row.item;
    }
    if ("naming" in row) {
      const { naming } = row;
      const id = `mentions of ${this.#note?.toString() ?? ""} in ${naming.uri.toString()}`;
      return marked(sourceItem(naming, id, this.#found?.length ?? 0), naming.sure > 0 ? "mentions" : "");
    }
    const count = this.#found && ` (${group(placesOf(this.#found))})`;
    const item = new vscode.TreeItem(`Unlinked mentions${count ?? ""}`, vscode.TreeItemCollapsibleState.Collapsed);
    item.id = "mentions";
    item.tooltip = "Notes that name this one without linking to it";
    return marked(item, sureOf(this.#found ?? []) > 0 ? "mentions" : "");
  }

  /** What was found may be found no more. While the group is closed, the vault is not looked through for it. */
  vaultChanged(isOpen: boolean): void {
    if (!isOpen) {
      if (this.#found !== undefined) {
        this.#forget();
        this.#changed.fire();
      }
      return;
    }
    const pause = this.#hasLinked ? 0 : PAUSE;
    this.#hasLinked = false;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#ask(), pause);
  }

  dispose(): void {
    this.#forget();
    this.#changed.dispose();
  }

  #forget(): void {
    clearTimeout(this.#timer);
    this.#asking?.cancel();
    this.#asking = undefined;
    this.#found = undefined;
  }

  /** Asks the server and shows what it finds, unless something else is asked meanwhile. What was found before stays until then. */
  async #ask(): Promise<void> {
    this.#asking?.cancel();
    const asking = new vscode.CancellationTokenSource();
    this.#asking = asking;
    const [client, note] = [this.#client(), this.#note];
    const ask = (): Promise<readonly Naming[] | undefined> =>
      client && note ? mentionsOf(client, note, asking.token).catch(() => undefined) : Promise.resolve(undefined);
    const found = await vscode.window.withProgress({ location: { viewId: "vaultls.backlinks" } }, ask);
    if (this.#asking !== asking) {
      return;
    }
    this.#asking = undefined;
    this.#found = found ?? this.#found;
    if (found !== undefined) {
      this.#changed.fire();
    }
  }

  /** Links in many notes are agreed to first. */
  async #isAgreed(): Promise<boolean> {
    const found = (this.#found ?? []).filter(({ sure }) => sure > 0);
    const [links, notes] = [sureOf(found), found.length];
    const question = `Make ${group(links)} ${links === 1 ? "link" : "links"} in ${group(notes)} ${notes === 1 ? "note" : "notes"}?`;
    const left = placesOf(this.#found ?? []) - links;
    const detail = left > 0 ? `${group(left)} that can mean another note as well ${left === 1 ? "stays" : "stay"} as ${left === 1 ? "it is" : "they are"}.` : "";
    return (await vscode.window.showInformationMessage(question, { modal: true, detail }, "Link All")) === "Link All";
  }

  async #link(command: string, argument: object): Promise<void> {
    this.#hasLinked = true;
    const answer = await execute(this.#client, command, argument);
    if (answer === undefined) {
      // It was refused, so what is shown is not what is there.
      this.#hasLinked = false;
      await this.#ask();
    }
  }
}

async function mentionsOf(client: LanguageClient, note: vscode.Uri, token: vscode.CancellationToken): Promise<readonly Naming[]> {
  const params = { command: "vaultls.mentions", arguments: [{ uri: client.code2ProtocolConverter.asUri(note) }] };
  const answer = await client.sendRequest<Answer | null>("workspace/executeCommand", params, token);
  const toCode = client.protocol2CodeConverter;
  return (answer ?? []).map(({ uri, title, path, mentions }) => ({
    uri: toCode.asUri(uri),
    title,
    path,
    places: mentions.map(({ range }) => toCode.asRange(range)),
    links: mentions.map(({ link }) => link),
    sure: mentions.filter(({ isAmbiguous }) => !isAmbiguous).length,
  }));
}

function marked(item: vscode.TreeItem, context: string): vscode.TreeItem {
  item.contextValue = context;
  return item;
}

function placesOf(found: readonly Naming[]): number {
  return found.reduce((sum, { places }) => sum + places.length, 0);
}

function sureOf(found: readonly Naming[]): number {
  return found.reduce((sum, { sure }) => sum + sure, 0);
}
