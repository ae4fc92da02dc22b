// VS Code's own Markdown extension answers some of the questions that this one answers, and the editor shows the answers
// of both. Here ours are made such that each thing is shown once. README.md lists who answers what.

import * as vscode from "vscode";
import type { Middleware, ServerCapabilities } from "vscode-languageclient/node";

const isThere = (): boolean => vscode.extensions.getExtension("vscode.markdown-language-features") !== undefined;

/** Leaves out what the other extension does for all of Markdown. */
export function leaveOut(capabilities: ServerCapabilities): void {
  if (isThere()) {
    delete capabilities.documentSymbolProvider;
  }
}

/** What the other extension does not open by a click: wikilinks and timestamps that are no Markdown link. */
const OURS_TO_OPEN = /^(!?\[\[|<a\s|\[[\d:]+\](\(<a\s|$))/;

type Asked =
  | "provideDefinition"
  | "provideHover"
  | "provideReferences"
  | "prepareRename"
  | "provideRenameEdits"
  | "provideDocumentLinks"
  | "provideWorkspaceSymbols";

/** A path that is being written in a Markdown link, an image or a definition. */
const PATH = /(?:\]\(\s*|^ {0,3}\[[^\]^][^\]]*\]:\s*)<?([^()<>\s]*)$/;

/** The characters after which the other extension is asked as well; it always is when a person asks. */
const ASKS_BOTH = [".", "/", "#"];

/** Whether it was asked when the list that is open now was made first. */
let bothAsked = false;

/**
 * Of the completions at the end of `before`, those that are not listed by the other extension as well: it knows the labels of the note, the
 * headings of the file that is named, and paths step by step, but finds no file by its name that lies elsewhere.
 */
export function besideItsCompletions(items: vscode.CompletionItem[], before: string, context: vscode.CompletionContext): vscode.CompletionItem[] {
  if (context.triggerKind !== vscode.CompletionTriggerKind.TriggerForIncompleteCompletions) {
    bothAsked = context.triggerCharacter === undefined || ASKS_BOTH.includes(context.triggerCharacter);
  }
  const isOn = vscode.workspace.getConfiguration("markdown").get<boolean>("suggest.paths.enabled");
  if (!bothAsked || !isThere() || isOn === false) {
    return items;
  }
  if (/\]\[[^\]]*$/.test(before)) {
    return items.filter(({ kind }) => kind !== vscode.CompletionItemKind.Variable);
  }
  const path = PATH.exec(before)?.[1];
  if (path === undefined) {
    return items;
  }
  const isElsewhere = ({ label }: vscode.CompletionItem): boolean => /\/./.test(typeof label === "string" ? label : label.label);
  return /^$|\/$|#/.test(path) ? [] : items.filter(isElsewhere);
}

/** How the server's refusal ends where it finds nothing that has a name. */
const NOTHING_TO_RENAME = "cannot be renamed";

/** Places at which only the other extension is to answer, because it is asked what it finds there. */
const leftToOther = new Set<string>();

export const besideNeighbour: Pick<Middleware, Asked> = {
  // Both know Markdown links, headings and labels, but the other takes other parts of them for the place.
  provideReferences: async (document, position, options, token, next) => {
    const place = `${document.uri.toString()} ${position.line} ${position.character}`;
    if (leftToOther.has(place)) {
      return undefined;
    }
    const found = await next(document, position, options, token);
    if (!found?.length || !isThere()) {
      return found;
    }
    leftToOther.add(place);
    try {
      const ask = "vscode.executeReferenceProvider";
      return without(found, await vscode.commands.executeCommand<vscode.Location[]>(ask, document.uri, position));
    } finally {
      leftToOther.delete(place);
    }
  },

  // The editor asks the other extension when this one refuses. That knows no wikilinks: it takes `[[a]]` for a label, and
  // headings without wikilinks to them. So a name is asked for nevertheless, and the refusal told then.
  prepareRename: async (document, position, token, next) => {
    try {
      return await next(document, position, token);
    } catch (error) {
      const word = document.getWordRangeAtPosition(position);
      if (word === undefined || isLeftToOther(document, position, reason(error))) {
        throw error;
      }
      return { range: word, placeholder: document.getText(word) };
    }
  },

  provideRenameEdits: async (document, position, newName, token, next) => {
    try {
      return await next(document, position, newName, token);
    } catch (error) {
      if (token.isCancellationRequested || isLeftToOther(document, position, reason(error))) {
        throw error;
      }
      void vscode.window.showErrorMessage(`vaultls: ${reason(error)}`);
      return new vscode.WorkspaceEdit();
    }
  },

  provideDocumentLinks: async (document, token, next) => {
    const links = await next(document, token);
    return isThere() ? links?.filter((link) => startsWith(document, link.range, OURS_TO_OPEN)) : links;
  },

  // The other finds the headings that hold what was typed, letter by letter.
  provideWorkspaceSymbols: async (query, token, next) => {
    const found = await next(query, token);
    const isTheirs = ({ kind, name }: vscode.SymbolInformation): boolean =>
      kind === vscode.SymbolKind.String && holdsInOrder(name.toLowerCase(), query.toLowerCase());
    return isThere() ? found?.filter((symbol) => !isTheirs(symbol)) : found;
  },

  // Both know the heading of `[text](note.md#heading)`. The editor takes places of equal range for one.
  provideDefinition: async (document, position, token, next) => {
    const found = await next(document, position, token);
    if (Array.isArray(found) && isThere()) {
      for (const target of found) {
        shorten(document, target);
      }
    }
    return found;
  },

  // Over the address of `![text](picture.png)` both show the picture; ours says more, so it goes without.
  provideHover: async (document, position, token, next) => {
    const hover = await next(document, position, token);
    const before = hover?.range && document.getText(hover.range.with({ end: position }));
    if (hover && before !== undefined && isThere() && /^!\[(?!\[).*\]\(/s.test(before)) {
      for (const content of hover.contents) {
        if (content instanceof vscode.MarkdownString) {
          content.value = content.value.replace(/\n*!\[(?:\\.|[^\]\\])*\]\([^)]*\)/, "");
        }
      }
    }
    return hover;
  },
};

/** Those places that touch none of the others. */
function without(places: readonly vscode.Location[], others: readonly vscode.Location[]): vscode.Location[] {
  const taken = new Map<string, vscode.Range[]>();
  for (const { uri, range } of others) {
    const file = uri.toString();
    taken.set(file, [...(taken.get(file) ?? []), range]);
  }
  return places.filter(({ uri, range }) => !taken.get(uri.toString())?.some((other) => other.intersection(range)));
}

function holdsInOrder(text: string, letters: string): boolean {
  let at = 0;
  for (const letter of letters) {
    at = text.indexOf(letter, at) + 1;
    if (at === 0) {
      return false;
    }
  }
  return true;
}

/** Whether the other extension may rename what the server does not. */
function isLeftToOther(document: vscode.TextDocument, position: vscode.Position, refusal: string): boolean {
  const isInWikilink = /\[\[[^[\]]*$/.test(document.lineAt(position).text.slice(0, position.character));
  return !isThere() || (refusal.endsWith(NOTHING_TO_RENAME) && !isInWikilink);
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function shorten(document: vscode.TextDocument, target: vscode.Location | vscode.LocationLink): void {
  if ("targetUri" in target && target.targetSelectionRange !== undefined && target.originSelectionRange !== undefined) {
    const isMarkdownLink = startsWith(document, target.originSelectionRange, /^\[(?!\[)/);
    target.targetRange = isMarkdownLink ? target.targetSelectionRange : target.targetRange;
  }
}

function startsWith(document: vscode.TextDocument, range: vscode.Range, pattern: RegExp): boolean {
  return pattern.test(document.getText(range));
}
