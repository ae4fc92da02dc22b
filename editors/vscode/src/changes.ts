// Notifies views of changes after which links may have other targets.

import * as vscode from "vscode";

/** How long changes are collected, in milliseconds. */
const DELAY = 300;

/** Fires when notes have changed, in the editor or on disk. */
export class VaultChanges implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.#changed.event;
  readonly #listeners: vscode.Disposable[];
  #timer: NodeJS.Timeout | undefined;

  constructor() {
    const watcher = vscode.workspace.createFileSystemWatcher("**/*.{md,markdown}");
    const report = (): void => {
      this.report();
    };
    this.#listeners = [
      watcher,
      watcher.onDidCreate(report),
      watcher.onDidChange(report),
      watcher.onDidDelete(report),
      vscode.workspace.onDidChangeTextDocument((event) => {
        if (event.document.languageId === "markdown" && event.contentChanges.length > 0) {
          report();
        }
      }),
    ];
  }

  /** Reports a change from elsewhere: the status of the server. */
  report(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#changed.fire();
    }, DELAY);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    for (const listener of this.#listeners) {
      listener.dispose();
    }
    this.#changed.dispose();
  }
}
