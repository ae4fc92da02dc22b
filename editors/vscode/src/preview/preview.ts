// The Markdown preview: VS Code renders it, this teaches it the notes' own syntax and keeps it up to date.

import * as vscode from "vscode";
import type { MarkdownIt } from "markdown-it";
import type { LanguageClient } from "vscode-languageclient/node";

import { AnswerCache, type LinkAnswer, type LinkQuestion } from "./answers.ts";
import { addRendering } from "./render.ts";
import { addRules } from "./syntax.ts";

/** How long changes of the vault are gathered before previews are looked at again, in milliseconds. */
const PAUSE = 300;

export class Preview implements vscode.Disposable {
  readonly #answers: AnswerCache;
  readonly #client: () => LanguageClient | undefined;
  readonly #listeners: vscode.Disposable[];
  #timer: NodeJS.Timeout | undefined;

  constructor(client: () => LanguageClient | undefined) {
    this.#client = client;
    this.#answers = new AnswerCache(
      (note, links) => this.#ask(note, links),
      () => void vscode.commands.executeCommand("markdown.preview.refresh"),
    );
    const watcher = vscode.workspace.createFileSystemWatcher("**/*.{md,markdown}");
    const look = (): void => {
      this.vaultsChanged();
    };
    this.#listeners = [
      watcher,
      watcher.onDidCreate(look),
      watcher.onDidChange(look),
      watcher.onDidDelete(look),
      vscode.workspace.onDidChangeTextDocument((event) => {
        if (event.document.languageId === "markdown") {
          look();
        }
      }),
    ];
  }

  extend(markdown: MarkdownIt): MarkdownIt {
    addRules(markdown);
    addRendering(markdown, this.#answers);
    return markdown;
  }

  /** Links may lead elsewhere now. Nothing is asked while no preview is open. */
  vaultsChanged(): void {
    if (isPreviewOpen()) {
      this.#timer ??= setTimeout(() => {
        this.#timer = undefined;
        this.#answers.refresh();
      }, PAUSE);
    }
  }

  dispose(): void {
    clearTimeout(this.#timer);
    for (const listener of this.#listeners) {
      listener.dispose();
    }
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
