// Keeps the list of completions open while a link is written. In Markdown, VS Code asks for completions only after the
// characters that a provider names, and goes on asking only while a word is typed; but names of notes hold spaces. To
// turn on `editor.quickSuggestions` would bring lists of words into ordinary prose, so that stays as it is.

import * as vscode from "vscode";
import type { CompletionMiddleware, ServerCapabilities } from "vscode-languageclient/node";

import { isInsideLink } from "./linkText.ts";

/** What ends a word for VS Code, and so the list, but is part of names. */
const IN_NAMES = [" ", "_", "-", ".", ",", "'", "’", "&", "+", "(", ")", "!", "?", ":", "@", "="];

/** How long VS Code is given to ask by itself, in milliseconds. */
const GRACE = 100;

/** Names the characters after which VS Code asks; outside of links they do not reach the server. */
export function addTriggerCharacters(capabilities: ServerCapabilities): void {
  const options = capabilities.completionProvider;
  if (options !== undefined) {
    options.triggerCharacters = [...new Set([...(options.triggerCharacters ?? []), ...IN_NAMES])];
  }
}

/** Opens the list again where VS Code does not: after a deletion, or when a link that was left is written on. */
export class Suggestions implements vscode.Disposable {
  /** The text that completions were last asked for, `uri` and version. */
  #asked = "";
  #timer: NodeJS.Timeout | undefined;
  readonly #listener: vscode.Disposable;

  constructor(isRunning: () => boolean) {
    this.#listener = vscode.workspace.onDidChangeTextDocument((event) => {
      if (event.document.languageId !== "markdown" || event.contentChanges.length === 0) {
        return;
      }
      // An accepted completion comes soon after the last letter, and then nothing is to be opened any more.
      clearTimeout(this.#timer);
      if (isRunning() && isTyping(event)) {
        this.#timer = setTimeout(() => void this.#open(event.document), GRACE);
      }
    });
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#listener.dispose();
  }

  readonly middleware: CompletionMiddleware = {
    provideCompletionItem: (document, position, context, token, next) => {
      this.#asked = state(document);
      const isOurs = context.triggerCharacter !== undefined && IN_NAMES.includes(context.triggerCharacter);
      return isOurs && !isInsideLink(before(document, position)) ? undefined : next(document, position, context, token);
    },
  };

  async #open(document: vscode.TextDocument): Promise<void> {
    const editor = vscode.window.activeTextEditor;
    if (editor?.document !== document || editor.selections.length !== 1 || !editor.selection.isEmpty) {
      return;
    }
    const isWanted = vscode.workspace.getConfiguration("editor", document).get<boolean>("suggestOnTriggerCharacters");
    if (isWanted !== false && this.#asked !== state(document) && isInsideLink(before(document, editor.selection.active))) {
      await vscode.commands.executeCommand("editor.action.triggerSuggest", { auto: true });
    }
  }
}

/** A character typed or something deleted; not an accepted completion, a paste or an undo. */
function isTyping(event: vscode.TextDocumentChangeEvent): boolean {
  const [change, ...others] = event.contentChanges;
  return (
    event.reason === undefined &&
    change !== undefined &&
    others.length === 0 &&
    (change.text.length === 1 || (change.text === "" && change.rangeLength > 0))
  );
}

function before(document: vscode.TextDocument, position: vscode.Position): string {
  return document.lineAt(position).text.slice(0, position.character);
}

function state(document: vscode.TextDocument): string {
  return `${document.uri.toString()} ${document.version}`;
}
