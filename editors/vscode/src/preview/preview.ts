// The Markdown preview: VS Code renders it; this adds wikilinks, embeds, block ids and timestamps and keeps it up to date.

import * as vscode from "vscode";
import type { MarkdownIt } from "markdown-it";
import type { LanguageClient } from "vscode-languageclient/node";

import { AnswerCache, type Answer, type Question } from "./answers.ts";
import { addRendering } from "./render.ts";
import { addRules } from "./syntax.ts";

export class Preview implements vscode.Disposable {
  readonly #answers: AnswerCache;
  readonly #client: () => LanguageClient | undefined;

  constructor(client: () => LanguageClient | undefined) {
    this.#client = client;
    this.#answers = new AnswerCache(
      (note, question) => this.#ask(note, question),
      () => void vscode.commands.executeCommand("markdown.preview.refresh"),
    );
  }

  extend(markdown: MarkdownIt): MarkdownIt {
    addRules(markdown);
    addRendering(markdown, this.#answers);
    return markdown;
  }

  /** Called when links may have other targets. Without an open preview, nothing is requested. */
  vaultsChanged(): void {
    if (isPreviewOpen()) {
      this.#answers.refresh();
    }
  }

  dispose(): void {
    this.#answers.dispose();
  }

  async #ask(note: string, question: Question): Promise<Answer | undefined> {
    const client = this.#client();
    if (client === undefined || !note.startsWith("file:")) {
      return undefined;
    }
    return client.sendRequest<Answer>("vaultls/resolveLinks", { textDocument: { uri: note }, ...question });
  }
}

export function isPreviewOpen(): boolean {
  return vscode.window.tabGroups.all.some((group) =>
    group.tabs.some(({ input }) => {
      const isOne = input instanceof vscode.TabInputWebview || input instanceof vscode.TabInputCustom;
      return isOne && input.viewType.includes("markdown.preview");
    }),
  );
}
