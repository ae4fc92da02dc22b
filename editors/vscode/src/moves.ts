// What is saved when files are moved in the explorer. VS Code leaves notes whose links follow a move unsaved, and opens
// them all: hundreds, for a note that many link to. After a rename by F2 it saves, and so it is done here.

import * as vscode from "vscode";
import type { Middleware } from "vscode-languageclient/node";

export class Moves implements vscode.Disposable {
  /** The notes that the last edit for a move changes, without those that had unsaved changes before it. */
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
    const place = placeAfter(note, moves);
    const document = openDocument(place) ?? (place === note ? undefined : await vscode.workspace.openTextDocument(place));
    if (document?.isDirty) {
      await document.save();
    }
  }
}

/** Where a file is after the move of files and folders. */
function placeAfter(file: vscode.Uri, moves: readonly Move[]): vscode.Uri {
  const move = moves.find(({ oldUri }) => file.path === oldUri.path || file.path.startsWith(`${oldUri.path}/`));
  return move ? move.newUri.with({ path: move.newUri.path + file.path.slice(move.oldUri.path.length) }) : file;
}

/** Whether notes are saved that were changed without being written in. */
export function isSavingWanted(): boolean {
  return vscode.workspace.getConfiguration("files").get<boolean>("refactoring.autoSave", true);
}

export function openDocument(uri: vscode.Uri): vscode.TextDocument | undefined {
  return vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
}
