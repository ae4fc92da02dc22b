// The Backlinks view of the explorer: the notes that link to the note in front, and below each the sentences around
// its links.

import * as vscode from "vscode";
import type { CallHierarchyIncomingCall, LanguageClient } from "vscode-languageclient/node";

import { sentenceAround } from "./sentence.ts";
import { group } from "./status.ts";

/** Up to so many notes, all their sentences are shown at once. Notes are read when their sentences are shown. */
const OPEN_AT_ONCE = 50;

/** A note that links here. */
interface Linking {
  readonly uri: vscode.Uri;
  readonly title: string;
  readonly path: string;
  readonly links: readonly vscode.Range[];
}

interface Place {
  readonly item: vscode.TreeItem;
}

type Node = Linking | Place;

export class Backlinks implements vscode.TreeDataProvider<Node>, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #view: vscode.TreeView<Node>;
  readonly #listeners: vscode.Disposable[];
  readonly #client: () => LanguageClient | undefined;
  #note: vscode.Uri | undefined;
  #linking: readonly Linking[] = [];
  /** Cancels the question that was asked last. */
  #asking = new vscode.CancellationTokenSource();

  constructor(client: () => LanguageClient | undefined) {
    this.#client = client;
    this.#view = vscode.window.createTreeView("vaultls.backlinks", { treeDataProvider: this, showCollapseAll: true });
    this.#listeners = [
      this.#view,
      this.#view.onDidChangeVisibility(() => void this.refresh()),
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
    const links = this.#linking.reduce((sum, { links }) => sum + links.length, 0);
    this.#view.description = note && found ? `${group(links)} · ${stem(note)}` : "";
    this.#view.message = message(note, client, links);
    this.#changed.fire();
  }

  async getChildren(node?: Node): Promise<Node[]> {
    if (node === undefined) {
      return [...this.#linking];
    }
    return "item" in node ? [] : await places(node);
  }

  getTreeItem(node: Node): vscode.TreeItem {
    if ("item" in node) {
      return node.item;
    }
    const { Collapsed, Expanded } = vscode.TreeItemCollapsibleState;
    const item = new vscode.TreeItem(node.title, this.#linking.length > OPEN_AT_ONCE ? Collapsed : Expanded);
    // By the id, what the user has opened or closed stays so when the tree is made again.
    item.id = `${this.#note?.toString() ?? ""} ${node.uri.toString()}`;
    item.description = `${group(node.links.length)} · ${node.path}`;
    item.tooltip = node.path;
    item.resourceUri = node.uri;
    item.iconPath = vscode.ThemeIcon.File;
    return item;
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
): Promise<Linking[]> {
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
    links: fromRanges.map((range) => toCode.asRange(range)),
  }));
}

async function places({ uri, links }: Linking): Promise<Place[]> {
  const lines = (await textOf(uri)).split(/\r\n|\r|\n/);
  return links.map((link) => {
    const end = link.isSingleLine ? link.end.character : Number.MAX_SAFE_INTEGER;
    const sentence = sentenceAround(lines, link.start.line, link.start.character, end);
    const item = new vscode.TreeItem({ label: sentence.text, highlights: [[...sentence.link]] });
    item.tooltip = `${sentence.whole}\n\nLine ${group(link.start.line + 1)}`;
    item.command = { command: "vscode.open", title: "Open", arguments: [uri, { selection: link }] };
    return { item };
  });
}

/** The text as the editor has it, else as it is on the disk. To open a document would tell the server that it is open. */
async function textOf(uri: vscode.Uri): Promise<string> {
  const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
  if (open !== undefined) {
    return open.getText();
  }
  // A note may go before its sentences are shown.
  const bytes = await vscode.workspace.fs.readFile(uri).then(undefined, () => new Uint8Array());
  return new TextDecoder().decode(bytes);
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
