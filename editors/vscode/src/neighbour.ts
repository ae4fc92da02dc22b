// Removes duplicates between this extension and VS Code's built-in Markdown extension: the editor shows the results of
// both. README.md lists which of them provides what.

import * as vscode from "vscode";
import type { Middleware, ServerCapabilities } from "vscode-languageclient/node";

const isInstalled = (): boolean => vscode.extensions.getExtension("vscode.markdown-language-features") !== undefined;

/** Removes capabilities that the built-in extension provides for all of Markdown. */
export function leaveOut(capabilities: ServerCapabilities): void {
  if (isInstalled()) {
    delete capabilities.documentSymbolProvider;
  }
}

/** Links that the built-in extension does not open: wikilinks, and timestamps that are not Markdown links. */
const OWN_LINK = /^(!?\[\[|<a\s|\[[\d:]+\](\(<a\s|$))/;

type Methods =
  | "provideDefinition"
  | "provideHover"
  | "provideReferences"
  | "prepareRename"
  | "provideRenameEdits"
  | "provideDocumentLinks"
  | "provideWorkspaceSymbols";

/** The path at the cursor in a Markdown link, an image or a definition. */
const PATH = /(?:\]\(\s*|^ {0,3}\[[^\]^][^\]]*\]:\s*)<?([^()<>\s]*)$/;

/** The trigger characters of the built-in extension. A manual request triggers both. */
const SHARED_TRIGGERS = [".", "/", "#"];

/** Whether the built-in extension has items in the open list. */
let hasBoth = false;

/**
 * Returns the completions at the end of `before` that the built-in extension does not list: it lists the labels of the
 * note, the headings of the named file, and paths folder by folder, but does not find files in other folders by name.
 */
export function withoutDuplicateCompletions(
  items: vscode.CompletionItem[],
  before: string,
  context: vscode.CompletionContext,
): vscode.CompletionItem[] {
  if (context.triggerKind !== vscode.CompletionTriggerKind.TriggerForIncompleteCompletions) {
    hasBoth = context.triggerCharacter === undefined || SHARED_TRIGGERS.includes(context.triggerCharacter);
  }
  const isOn = vscode.workspace.getConfiguration("markdown").get<boolean>("suggest.paths.enabled");
  if (!hasBoth || !isInstalled() || isOn === false) {
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

/** How the server's error ends at a position without a symbol. The client library drops the code of the error. */
const NOTHING_TO_RENAME = "cannot be renamed";

/** Positions at which only the built-in extension is asked now. */
const delegated = new Set<string>();

export const withoutDuplicates: Pick<Middleware, Methods> = {
  // Both find Markdown links, headings and labels, with different ranges.
  provideReferences: async (document, position, options, token, next) => {
    const place = `${document.uri.toString()} ${position.line} ${position.character}`;
    if (delegated.has(place)) {
      return undefined;
    }
    const found = await next(document, position, options, token);
    if (!found?.length || !isInstalled()) {
      return found;
    }
    delegated.add(place);
    try {
      const ask = "vscode.executeReferenceProvider";
      return without(found, await vscode.commands.executeCommand<vscode.Location[]>(ask, document.uri, position));
    } finally {
      delegated.delete(place);
    }
  },

  // After an error the editor asks the built-in extension, which takes `[[a]]` for a label and renames headings without
  // updating wikilinks. So the rename starts here, and the error is shown when the user has entered the name.
  prepareRename: async (document, position, token, next) => {
    try {
      return await next(document, position, token);
    } catch (error) {
      const word = document.getWordRangeAtPosition(position);
      if (word === undefined || isDelegated(document, position, reason(error))) {
        throw error;
      }
      return { range: word, placeholder: document.getText(word) };
    }
  },

  provideRenameEdits: async (document, position, newName, token, next) => {
    try {
      return await next(document, position, newName, token);
    } catch (error) {
      if (token.isCancellationRequested || isDelegated(document, position, reason(error))) {
        throw error;
      }
      void vscode.window.showErrorMessage(`vaultls: ${reason(error)}`);
      return new vscode.WorkspaceEdit();
    }
  },

  provideDocumentLinks: async (document, token, next) => {
    const links = await next(document, token);
    return isInstalled() ? links?.filter((link) => startsWith(document, link.range, OWN_LINK)) : links;
  },

  // The built-in extension finds the headings that contain the letters of the query in order.
  provideWorkspaceSymbols: async (query, token, next) => {
    const found = await next(query, token);
    const isDuplicate = ({ kind, name }: vscode.SymbolInformation): boolean =>
      kind === vscode.SymbolKind.String && holdsInOrder(name.toLowerCase(), query.toLowerCase());
    return isInstalled() ? found?.filter((symbol) => !isDuplicate(symbol)) : found;
  },

  // Both find the heading of `[text](note.md#heading)`. The editor merges targets with the same range.
  provideDefinition: async (document, position, token, next) => {
    const found = await next(document, position, token);
    if (Array.isArray(found) && isInstalled()) {
      for (const target of found) {
        shorten(document, target);
      }
    }
    return found;
  },

  // Both show the image of `![text](picture.png)`. This hover has more text, so the image is removed from it.
  provideHover: async (document, position, token, next) => {
    const hover = await next(document, position, token);
    const before = hover?.range && document.getText(hover.range.with({ end: position }));
    if (hover && before !== undefined && isInstalled() && /^!\[(?!\[).*\]\(/s.test(before)) {
      for (const content of hover.contents) {
        if (content instanceof vscode.MarkdownString) {
          content.value = content.value.replace(/\n*!\[(?:\\.|[^\]\\])*\]\([^)]*\)/, "");
        }
      }
    }
    return hover;
  },
};

/** Returns the locations that overlap none of the others. */
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

/** Whether the built-in extension may rename where the server does not. */
function isDelegated(document: vscode.TextDocument, position: vscode.Position, refusal: string): boolean {
  const isInWikilink = /\[\[[^[\]]*$/.test(document.lineAt(position).text.slice(0, position.character));
  return !isInstalled() || (refusal.endsWith(NOTHING_TO_RENAME) && !isInWikilink);
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
