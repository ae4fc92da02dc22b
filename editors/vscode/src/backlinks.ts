// The Backlinks view of the explorer: the notes that link to the active note, and below each the sentences around its
// links, as the server finds them; then the unlinked mentions.

import * as vscode from "vscode";
import type { CallHierarchyIncomingCall, LanguageClient } from "vscode-languageclient/node";

import { MENTIONS, Mentions, type MentionRow } from "./mentions.ts";
import { placeItems, sourceItem, type Sentence, type Source } from "./sources.ts";
import { group } from "./status.ts";

type Node = { readonly linking: Source } | { readonly place: vscode.TreeItem } | { readonly row: MentionRow };

/** The same object for every note, so that the group stays expanded once the user has expanded it. */
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
  /** All that the rows depend on but for the mentions, to show them anew only when it has changed. */
  #shown = "";
  #isGroupOpen = false;
  /** Cancels the latest request. */
  #request = new vscode.CancellationTokenSource();

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

  /** Called when notes have changed, and with them perhaps links and mentions. */
  vaultChanged(): void {
    this.mentions.vaultChanged(this.#view.visible && this.#isGroupOpen);
    void this.refresh();
  }

  /** Requests the backlinks again. Until the server answers, the view keeps what it shows. */
  async refresh(): Promise<void> {
    if (!this.#view.visible) {
      return;
    }
    this.#request.cancel();
    this.#request = new vscode.CancellationTokenSource();
    const { token } = this.#request;
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
    // VS Code may collapse what the user expands while the rows are replaced.
    const shown = JSON.stringify([note?.toString(), client !== undefined, found]);
    if (shown !== this.#shown) {
      this.#shown = shown;
      this.#changed.fire(undefined);
    }
  }

  getChildren(node?: Node): Node[] {
    if (node === undefined) {
      const hasMentions = this.mentions.follow(this.#note);
      this.#isGroupOpen &&= hasMentions;
      return [...this.#linking.map((linking) => ({ linking })), ...(hasMentions ? [GROUP] : [])];
    }
    if ("row" in node) {
      return this.mentions.childrenOf(node.row).map((row) => ({ row }));
    }
    return "linking" in node ? placeItems(node.linking).map((place) => ({ place })) : [];
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
    this.#request.cancel();
    for (const listener of this.#listeners) {
      listener.dispose();
    }
    this.#changed.dispose();
  }
}

/** Returns the active note. While a preview or an image is active, it is the note that was active before. */
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
  // The server reads the URI only. `prepareCallHierarchy` would return the target of a link at some position.
  const start = { line: 0, character: 0 };
  const range = { start, end: start };
  const uri = client.code2ProtocolConverter.asUri(note);
  const item = { name: "", kind: 1, uri, range, selectionRange: range, data: { sentences: true } };
  const calls = await client.sendRequest<CallHierarchyIncomingCall[] | null>("callHierarchy/incomingCalls", { item }, token);
  const toCode = client.protocol2CodeConverter;
  return (calls ?? []).map(({ from, fromRanges }) => {
    const { sentences } = from.data as { readonly sentences: readonly Sentence[] };
    const places = fromRanges.map((range, index) => ({
      range: toCode.asRange(range),
      sentence: sentences[index] ?? { before: "", text: "", after: "" },
    }));
    return { uri: toCode.asUri(from.uri), title: from.name, path: from.detail ?? "", places };
  });
}

function message(note: vscode.Uri | undefined, client: LanguageClient | undefined, links: number): string {
  if (note === undefined) {
    return "Open a note to see its backlinks.";
  }
  if (client === undefined) {
    return "Server not running";
  }
  return links === 0 ? "No backlinks" : "";
}

function stem(note: vscode.Uri): string {
  return (note.path.split("/").at(-1) ?? "").replace(/\.[^.]+$/, "");
}
