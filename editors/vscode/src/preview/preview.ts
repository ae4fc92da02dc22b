// The Markdown preview: VS Code renders it, this teaches it the notes' own syntax and keeps it up to date.

import * as vscode from "vscode";
import type { MarkdownIt } from "markdown-it";
import type { LanguageClient } from "vscode-languageclient/node";

import { AnswerCache, type LinkAnswer, type LinkQuestion } from "./answers.ts";
import { addRendering } from "./render.ts";
import { addRules } from "./syntax.ts";

export class Preview implements vscode.Disposable {
  readonly #answers: AnswerCache;
  readonly #client: () => LanguageClient | undefined;

  constructor(client: () => LanguageClient | undefined) {
    this.#client = client;
    this.#answers = new AnswerCache(
      (note, links) => this.#ask(note, links),
      () => void vscode.commands.executeCommand("markdown.preview.refresh"),
    );
  }

  extend(markdown: MarkdownIt): MarkdownIt {
    addRules(markdown);
    addRendering(markdown, this.#answers);
    return markdown;
  }

  /** Links may lead elsewhere now. Nothing is asked while no preview is open. */
  vaultsChanged(): void {
    if (isPreviewOpen()) {
      this.#answers.refresh();
    }
  }

  dispose(): void {
    this.#answers.dispose();
  }

  async #ask(note: string, links: readonly LinkQuestion[]): Promise<LinkAnswer | undefined> {
    const client = this.#client();
    if (client === undefined || !note.startsWith("file:")) {
      return undefined;
    }
    return client.sendRequest<LinkAnswer>("vaultls/resolveLinks", { textDocument: { uri: note }, links });
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
