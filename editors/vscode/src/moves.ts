// Saves the notes whose links are updated when files are moved in the explorer. VS Code opens and does not save them,
// which may be hundreds. After a rename (F2) it saves them as well.

import * as vscode from "vscode";
import type { Middleware } from "vscode-languageclient/node";

export class Moves implements vscode.Disposable {
  /** The notes that the latest edit for a move changes, without those that had unsaved changes before. */
  #changed: vscode.Uri[] = [];
  readonly #listener = vscode.workspace.onDidRenameFiles(({ files }) => {
    const changed = this.#changed;
    this.#changed = [];
    if (isSavingWanted()) {
      void save(changed, files);
    }
  });

  readonly middleware: NonNullable<Middleware["workspace"]> = {
    willRenameFiles: async (event, next) => {
      const edit = await next(event);
      this.#changed = (edit?.entries() ?? []).map(([uri]) => uri).filter((uri) => !openDocument(uri)?.isDirty);
      return edit;
    },
  };

  dispose(): void {
    this.#listener.dispose();
  }
}

type Move = vscode.FileRenameEvent["files"][number];

async function save(notes: readonly vscode.Uri[], moves: readonly Move[]): Promise<void> {
  for (const note of notes) {
    const uri = uriAfter(note, moves);
    const document = openDocument(uri) ?? (uri === note ? undefined : await vscode.workspace.openTextDocument(uri));
    if (document?.isDirty) {
      await document.save();
    }
  }
}

/** Returns the URI of a file after files and folders have been moved. */
function uriAfter(file: vscode.Uri, moves: readonly Move[]): vscode.Uri {
  const move = moves.find(({ oldUri }) => file.path === oldUri.path || file.path.startsWith(`${oldUri.path}/`));
  return move ? move.newUri.with({ path: move.newUri.path + file.path.slice(move.oldUri.path.length) }) : file;
}

/** Whether VS Code saves files that a refactoring has changed. */
export function isSavingWanted(): boolean {
  return vscode.workspace.getConfiguration("files").get<boolean>("refactoring.autoSave", true);
}

export function openDocument(uri: vscode.Uri): vscode.TextDocument | undefined {
  return vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
}
