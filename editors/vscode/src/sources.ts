// Notes that link to another note or mention it, with the places where they do: the rows of the Backlinks view.

import * as vscode from "vscode";

import { group } from "./status.ts";

/** Up to this many notes start expanded. */
const MAX_EXPANDED = 50;

/** How many characters before a link are shown. The view is narrow and cuts off what is on the right. */
const CONTEXT = 24;

/** The sentence around a place, as the server sends it. */
export interface Sentence {
  readonly before: string;
  /** What a reader sees of the place itself. */
  readonly text: string;
  readonly after: string;
}

/** A place in a note: a link, or words that mention another note. */
export interface Place {
  readonly range: vscode.Range;
  readonly sentence: Sentence;
}

/** A note with its places. */
export interface Source {
  readonly uri: vscode.Uri;
  readonly title: string;
  readonly path: string;
  readonly places: readonly Place[];
}

/** Returns the row of a note. VS Code keeps rows with the same `id` expanded or collapsed when the view is updated. */
export function sourceItem(source: Source, id: string, notes: number): vscode.TreeItem {
  const { Collapsed, Expanded } = vscode.TreeItemCollapsibleState;
  const item = new vscode.TreeItem(source.title, notes > MAX_EXPANDED ? Collapsed : Expanded);
  item.id = id;
  item.description = `${group(source.places.length)} · ${source.path}`;
  item.tooltip = source.path;
  item.resourceUri = source.uri;
  item.iconPath = vscode.ThemeIcon.File;
  return item;
}

/** Returns a row for each place of a note: the sentence around it. A click goes to the place. */
export function placeItems({ uri, places }: Source): vscode.TreeItem[] {
  return places.map(({ range, sentence: { before, text, after } }) => {
    const start = shorten(before);
    const highlight: [number, number] = [start.length, start.length + text.length];
    const item = new vscode.TreeItem({ label: start + text + after, highlights: [highlight] });
    item.tooltip = `${before}${text}${after}\n\nLine ${group(range.start.line + 1)}`;
    item.command = { command: "vscode.open", title: "Open", arguments: [uri, { selection: range }] };
    return item;
  });
}

/** Cuts a text at a word, so that its end is near the start of the line. */
function shorten(before: string): string {
  if (before.length <= CONTEXT) {
    return before;
  }
  const space = before.indexOf(" ", before.length - CONTEXT - 1);
  return `…${space >= 0 ? before.slice(space + 1) : ""}`;
}
