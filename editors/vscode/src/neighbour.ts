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

type Asked = "provideDefinition" | "provideHover" | "provideDocumentLinks" | "provideWorkspaceSymbols";

export const besideNeighbour: Pick<Middleware, Asked> = {
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

function shorten(document: vscode.TextDocument, target: vscode.Location | vscode.LocationLink): void {
  if ("targetUri" in target && target.targetSelectionRange !== undefined && target.originSelectionRange !== undefined) {
    const isMarkdownLink = startsWith(document, target.originSelectionRange, /^\[(?!\[)/);
    target.targetRange = isMarkdownLink ? target.targetSelectionRange : target.targetRange;
  }
}

function startsWith(document: vscode.TextDocument, range: vscode.Range, pattern: RegExp): boolean {
  return pattern.test(document.getText(range));
}
