// When links may lead elsewhere, and so what was shown of them is to be looked at again.

import * as vscode from "vscode";

/** How long changes are gathered before they are told, in milliseconds. */
const PAUSE = 300;

/** Tells that notes have changed, in the editor or on the disk. */
export class VaultChanges implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.#changed.event;
  readonly #listeners: vscode.Disposable[];
  #timer: NodeJS.Timeout | undefined;

  constructor() {
    const watcher = vscode.workspace.createFileSystemWatcher("**/*.{md,markdown}");
    const note = (): void => {
      this.note();
    };
    this.#listeners = [
      watcher,
      watcher.onDidCreate(note),
      watcher.onDidChange(note),
      watcher.onDidDelete(note),
      vscode.workspace.onDidChangeTextDocument((event) => {
        if (event.document.languageId === "markdown" && event.contentChanges.length > 0) {
          note();
        }
      }),
    ];
  }

  /** Something has changed that this does not see itself: what the server knows. */
  note(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#changed.fire();
    }, PAUSE);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    for (const listener of this.#listeners) {
      listener.dispose();
    }
    this.#changed.dispose();
  }
}
