// Keeps the completion list open while a link is typed. In Markdown, VS Code requests completions only after trigger
// characters and within a word, but names of notes contain spaces. `editor.quickSuggestions` would open lists of words in
// prose, so it stays off.

import * as vscode from "vscode";
import type { CompletionList, CompletionMiddleware, LanguageClient, ServerCapabilities } from "vscode-languageclient/node";

import { isInsideLink } from "./linkText.ts";
import { withoutDuplicateCompletions } from "./neighbour.ts";

/** Characters that end a word, and with it the list, but are part of names. */
const IN_NAMES = [" ", "_", "-", ".", ",", "'", "’", "&", "+", "(", ")", "!", "?", ":", "@", "="];

/** How long VS Code has to request completions itself, in milliseconds. */
const DELAY = 100;

/** Those that are no trigger characters of the server; they are not sent to it outside links. */
let added: readonly string[] = IN_NAMES;

/** Adds trigger characters to the capabilities of the server. */
export function addTriggerCharacters(capabilities: ServerCapabilities): void {
  const options = capabilities.completionProvider;
  if (options !== undefined) {
    const named = options.triggerCharacters ?? [];
    added = IN_NAMES.filter((character) => !named.includes(character));
    options.triggerCharacters = [...named, ...added];
  }
}

/** Opens the list where VS Code does not: after a deletion, or when the user continues an existing link. */
export class Suggestions implements vscode.Disposable {
  /** The state of the document at the latest request. */
  #requested = "";
  #timer: NodeJS.Timeout | undefined;
  readonly #listener: vscode.Disposable;

  readonly #client: () => LanguageClient | undefined;

  constructor(client: () => LanguageClient | undefined) {
    this.#client = client;
    this.#listener = vscode.workspace.onDidChangeTextDocument((event) => {
      if (event.document.languageId !== "markdown" || event.contentChanges.length === 0) {
        return;
      }
      // An accepted completion may follow soon after the last letter, and then the list stays closed.
      clearTimeout(this.#timer);
      if (client() !== undefined && isTyping(event)) {
        this.#timer = setTimeout(() => void this.#open(event.document), DELAY);
      }
    });
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#listener.dispose();
  }

  readonly middleware: CompletionMiddleware = {
    provideCompletionItem: async (document, position, context, token, next) => {
      this.#requested = state(document);
      const text = before(document, position);
      const isOurs = context.triggerCharacter !== undefined && added.includes(context.triggerCharacter);
      if (isOurs && !isInsideLink(text)) {
        return undefined;
      }
      const found = await next(document, position, context, token);
      if (!found) {
        return found;
      }
      const items = withoutDuplicateCompletions(Array.isArray(found) ? found : found.items, text, context);
      for (const item of items) {
        includeClosing(item, document);
      }
      return new vscode.CompletionList(items, !Array.isArray(found) && found.isIncomplete);
    },
  };

  async #open(document: vscode.TextDocument): Promise<void> {
    const editor = vscode.window.activeTextEditor;
    if (editor?.document !== document || editor.selections.length !== 1 || !editor.selection.isEmpty) {
      return;
    }
    const isWanted = vscode.workspace.getConfiguration("editor", document).get<boolean>("suggestOnTriggerCharacters");
    const position = editor.selection.active;
    if (isWanted === false || this.#requested === state(document) || !isInsideLink(before(document, position))) {
      return;
    }
    // Without items of the server, as in code, VS Code would list words.
    if (await this.#hasItems(document, position)) {
      await vscode.commands.executeCommand("editor.action.triggerSuggest", { auto: true });
    }
  }

  async #hasItems(document: vscode.TextDocument, position: vscode.Position): Promise<boolean> {
    const client = this.#client();
    const params = client?.code2ProtocolConverter.asTextDocumentPositionParams(document, position);
    const found = await client?.sendRequest<CompletionList | null>("textDocument/completion", params).catch(() => null);
    return (found?.items.length ?? 0) > 0 && this.#requested !== state(document);
  }
}

/** Adds the `]]` that the editor has closed to an item, so that the cursor is after it when the item is accepted. */
function includeClosing(item: vscode.CompletionItem, document: vscode.TextDocument): void {
  if (!(item.range instanceof vscode.Range) || typeof item.insertText !== "string") {
    return;
  }
  const end = item.range.end;
  const closed = new vscode.Range(end, end.translate(0, 2));
  if (document.getText(closed) === "]]") {
    item.range = item.range.with({ end: closed.end });
    item.insertText += "]]";
  }
}

/** Whether a character was typed or text deleted; not for an accepted completion, a paste or an undo. */
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
