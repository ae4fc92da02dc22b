// Keeps the list of completions open while a link is written. In Markdown, VS Code asks for completions only after the
// characters that a provider names, and goes on asking only while a word is typed; but names of notes hold spaces. To
// turn on `editor.quickSuggestions` would bring lists of words into ordinary prose, so that stays as it is.

import * as vscode from "vscode";
import type { CompletionList, CompletionMiddleware, LanguageClient, ServerCapabilities } from "vscode-languageclient/node";

import { isInsideLink } from "./linkText.ts";
import { besideItsCompletions } from "./neighbour.ts";

/** What ends a word for VS Code, and so the list, but is part of names. */
const IN_NAMES = [" ", "_", "-", ".", ",", "'", "’", "&", "+", "(", ")", "!", "?", ":", "@", "="];

/** How long VS Code is given to ask by itself, in milliseconds. */
const GRACE = 100;

/** Those of them that the server has not named itself; outside of links they do not reach it. */
let added: readonly string[] = IN_NAMES;

/** Names the characters after which VS Code asks. */
export function addTriggerCharacters(capabilities: ServerCapabilities): void {
  const options = capabilities.completionProvider;
  if (options !== undefined) {
    const named = options.triggerCharacters ?? [];
    added = IN_NAMES.filter((character) => !named.includes(character));
    options.triggerCharacters = [...named, ...added];
  }
}

/** Opens the list again where VS Code does not: after a deletion, or when a link that was left is written on. */
export class Suggestions implements vscode.Disposable {
  /** The text that completions were last asked for, `uri` and version. */
  #asked = "";
  #timer: NodeJS.Timeout | undefined;
  readonly #listener: vscode.Disposable;

  readonly #client: () => LanguageClient | undefined;

  constructor(client: () => LanguageClient | undefined) {
    this.#client = client;
    this.#listener = vscode.workspace.onDidChangeTextDocument((event) => {
      if (event.document.languageId !== "markdown" || event.contentChanges.length === 0) {
        return;
      }
      // An accepted completion comes soon after the last letter, and then nothing is to be opened any more.
      clearTimeout(this.#timer);
      if (client() !== undefined && isTyping(event)) {
        this.#timer = setTimeout(() => void this.#open(event.document), GRACE);
      }
    });
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#listener.dispose();
  }

  readonly middleware: CompletionMiddleware = {
    provideCompletionItem: async (document, position, context, token, next) => {
      this.#asked = state(document);
      const text = before(document, position);
      const isOurs = context.triggerCharacter !== undefined && added.includes(context.triggerCharacter);
      if (isOurs && !isInsideLink(text)) {
        return undefined;
      }
      const found = await next(document, position, context, token);
      if (!found) {
        return found;
      }
      const items = besideItsCompletions(Array.isArray(found) ? found : found.items, text, context);
      for (const item of items) {
        stepOut(item, document);
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
    if (isWanted === false || this.#asked === state(document) || !isInsideLink(before(document, position))) {
      return;
    }
    // Where we have nothing, as in code, VS Code would offer words instead.
    if (await this.#hasItems(document, position)) {
      await vscode.commands.executeCommand("editor.action.triggerSuggest", { auto: true });
    }
  }

  async #hasItems(document: vscode.TextDocument, position: vscode.Position): Promise<boolean> {
    const client = this.#client();
    const params = client?.code2ProtocolConverter.asTextDocumentPositionParams(document, position);
    const found = await client?.sendRequest<CompletionList | null>("textDocument/completion", params).catch(() => null);
    return (found?.items.length ?? 0) > 0 && this.#asked !== state(document);
  }
}

/** Takes the `]]` that the editor closed into an item, so that the cursor is behind it afterwards and one can write on. */
function stepOut(item: vscode.CompletionItem, document: vscode.TextDocument): void {
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
