// Notes that say something of another one, with the places where they do: what the rows of the Backlinks view are made of.

import * as vscode from "vscode";

import { sentenceAround } from "./sentence.ts";
import { group } from "./status.ts";

/** Up to so many notes, all their sentences are shown at once. Notes are read when their sentences are shown. */
const OPEN_AT_ONCE = 50;

/** A note with its places that link to another note, or name it. */
export interface Source {
  readonly uri: vscode.Uri;
  readonly title: string;
  readonly path: string;
  readonly places: readonly vscode.Range[];
}

/** The row of a note. By its id, what the user has opened or closed stays so when the view is made again. */
export function sourceItem(source: Source, id: string, notes: number): vscode.TreeItem {
  const { Collapsed, Expanded } = vscode.TreeItemCollapsibleState;
  const item = new vscode.TreeItem(source.title, notes > OPEN_AT_ONCE ? Collapsed : Expanded);
  item.id = id;
  item.description = `${group(source.places.length)} · ${source.path}`;
  item.tooltip = source.path;
  item.resourceUri = source.uri;
  item.iconPath = vscode.ThemeIcon.File;
  return item;
}

/** A row for each place of a note: the sentence around it, and a click goes there. */
export async function placeItems({ uri, places }: Source): Promise<vscode.TreeItem[]> {
  const lines = (await textOf(uri)).split(/\r\n|\r|\n/);
  return places.map((place) => {
    const end = place.isSingleLine ? place.end.character : Number.MAX_SAFE_INTEGER;
    const sentence = sentenceAround(lines, place.start.line, place.start.character, end);
    const item = new vscode.TreeItem({ label: sentence.text, highlights: [[...sentence.link]] });
    item.tooltip = `${sentence.whole}\n\nLine ${group(place.start.line + 1)}`;
    item.command = { command: "vscode.open", title: "Open", arguments: [uri, { selection: place }] };
    return item;
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
