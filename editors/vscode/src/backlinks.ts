// The Backlinks view of the explorer: the notes that link to the note in front, and below each the sentences around
// its links; then those that name it without a link.

import * as vscode from "vscode";
import type { CallHierarchyIncomingCall, LanguageClient } from "vscode-languageclient/node";

import { MENTIONS, Mentions, type MentionRow } from "./mentions.ts";
import { placeItems, sourceItem, type Source } from "./sources.ts";
import { group } from "./status.ts";

type Node = { readonly linking: Source } | { readonly place: vscode.TreeItem } | { readonly row: MentionRow };

/** The group of mentions is the same for every note, so that it stays open if a person has opened it. */
const GROUP: Node = { row: MENTIONS };

export class Backlinks implements vscode.TreeDataProvider<Node>, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<Node | undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly mentions: Mentions;
  readonly #view: vscode.TreeView<Node>;
  readonly #listeners: { dispose(): unknown }[];
  readonly #client: () => LanguageClient | undefined;
  #note: vscode.Uri | undefined;
  #linking: readonly Source[] = [];
  #isGroupOpen = false;
  /** Cancels the question that was asked last. */
  #asking = new vscode.CancellationTokenSource();

  constructor(client: () => LanguageClient | undefined) {
    this.#client = client;
    this.mentions = new Mentions(client);
    this.#view = vscode.window.createTreeView("vaultls.backlinks", { treeDataProvider: this, showCollapseAll: true });
    this.#listeners = [
      this.mentions,
      this.mentions.onDidChange(() => {
        this.#changed.fire(GROUP);
      }),
      this.#view,
      this.#view.onDidChangeVisibility(() => void this.refresh()),
      this.#view.onDidExpandElement(({ element }) => {
        this.#isGroupOpen ||= element === GROUP;
      }),
      this.#view.onDidCollapseElement(({ element }) => {
        this.#isGroupOpen &&= element !== GROUP;
      }),
      vscode.window.onDidChangeActiveTextEditor(() => void this.refresh()),
      vscode.window.tabGroups.onDidChangeTabs(() => {
        // The last tab was closed.
        if (this.#note !== undefined && activeNote(this.#note) === undefined) {
          void this.refresh();
        }
      }),
    ];
    void vscode.commands.executeCommand("setContext", "vaultls.isActive", true);
    void this.refresh();
  }

  /** Notes have changed, so links and mentions may have. */
  vaultChanged(): void {
    this.mentions.vaultChanged(this.#view.visible && this.#isGroupOpen);
    void this.refresh();
  }

  /** Asks the server anew, once. Until it answers, what was found before stays. */
  async refresh(): Promise<void> {
    if (!this.#view.visible) {
      return;
    }
    this.#asking.cancel();
    this.#asking = new vscode.CancellationTokenSource();
    const { token } = this.#asking;
    const note = activeNote(this.#note);
    const client = this.#client();
    const found = note && client && (await linksTo(client, note, token).catch(() => undefined));
    if (token.isCancellationRequested) {
      return;
    }
    this.#note = note;
    this.#linking = found ?? [];
    const links = this.#linking.reduce((sum, { places }) => sum + places.length, 0);
    this.#view.description = note && found ? `${group(links)} · ${stem(note)}` : "";
    this.#view.message = message(note, client, links);
    this.#changed.fire(undefined);
  }

  async getChildren(node?: Node): Promise<Node[]> {
    if (node === undefined) {
      const hasMentions = this.mentions.follow(this.#note);
      this.#isGroupOpen &&= hasMentions;
      return [...this.#linking.map((linking) => ({ linking })), ...(hasMentions ? [GROUP] : [])];
    }
    if ("row" in node) {
      return (await this.mentions.childrenOf(node.row)).map((row) => ({ row }));
    }
    return "linking" in node ? (await placeItems(node.linking)).map((place) => ({ place })) : [];
  }

  getTreeItem(node: Node): vscode.TreeItem {
    if ("row" in node) {
      return this.mentions.itemOf(node.row);
    }
    if ("place" in node) {
      return node.place;
    }
    const { linking } = node;
    return sourceItem(linking, `${this.#note?.toString() ?? ""} ${linking.uri.toString()}`, this.#linking.length);
  }

  dispose(): void {
    this.#asking.cancel();
    for (const listener of this.#listeners) {
      listener.dispose();
    }
    this.#changed.dispose();
  }
}

/** The note that the user looks at. Beside a preview or a picture, it is the one from before. */
function activeNote(before: vscode.Uri | undefined): vscode.Uri | undefined {
  const editor = vscode.window.activeTextEditor;
  if (editor !== undefined) {
    const { languageId, uri } = editor.document;
    return languageId === "markdown" && uri.scheme === "file" ? uri : undefined;
  }
  return vscode.window.tabGroups.activeTabGroup.activeTab === undefined ? undefined : before;
}

async function linksTo(
  client: LanguageClient,
  note: vscode.Uri,
  token: vscode.CancellationToken,
): Promise<Source[]> {
  // The URI alone says which note is meant; to ask for its item first would ask for what is under some position.
  const start = { line: 0, character: 0 };
  const range = { start, end: start };
  const item = { name: "", kind: 1, uri: client.code2ProtocolConverter.asUri(note), range, selectionRange: range };
  const calls = await client.sendRequest<CallHierarchyIncomingCall[] | null>("callHierarchy/incomingCalls", { item }, token);
  const toCode = client.protocol2CodeConverter;
  return (calls ?? []).map(({ from, fromRanges }) => ({
    uri: toCode.asUri(from.uri),
    title: from.name,
    path: from.detail ?? "",
    places: fromRanges.map((range) => toCode.asRange(range)),
  }));
}

function message(note: vscode.Uri | undefined, client: LanguageClient | undefined, links: number): string {
  if (note === undefined) {
    return "Open a note to see which notes link to it.";
  }
  if (client === undefined) {
    return "The server is not running.";
  }
  return links === 0 ? "No note links to this one." : "";
}

function stem(note: vscode.Uri): string {
  return (note.path.split("/").at(-1) ?? "").replace(/\.[^.]+$/, "");
}
