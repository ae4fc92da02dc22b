// Saves the notes that an edit of the server changes, except the active one. VS Code opens and does not save them, which
// may be hundreds when all mentions of a note are linked. After a rename (F2) it saves them as well.

import * as vscode from "vscode";
// Types only: the client library is loaded after the activation.
import type { Middleware, TextDocumentEdit, WorkspaceEdit } from "vscode-languageclient/node";

import { isSavingWanted, openDocument } from "./moves.ts";

export const savedEdits: Pick<NonNullable<Middleware["workspace"]>, "handleApplyEdit"> = {
  handleApplyEdit: async (params, next) => {
    const notes = inactiveNotes(params.edit).filter((uri) => !openDocument(uri)?.isDirty);
    const answer = await next(params, new vscode.CancellationTokenSource().token);
    if ("applied" in answer && answer.applied && isSavingWanted()) {
      const documents = notes.map(openDocument).filter((document) => document !== undefined);
      await Promise.all(documents.map((document) => document.save()));
    }
    return answer;
  },
};

/** Returns the changed notes except the active one; none if files are created, deleted or renamed as well. */
function inactiveNotes({ changes, documentChanges }: WorkspaceEdit): vscode.Uri[] {
  const edits = documentChanges ?? [];
  if (!edits.every((edit): edit is TextDocumentEdit => "textDocument" in edit)) {
    return [];
  }
  const active = vscode.window.activeTextEditor?.document.uri.toString();
  const changed = [...Object.keys(changes ?? {}), ...edits.map(({ textDocument }) => textDocument.uri)];
  return changed.map((uri) => vscode.Uri.parse(uri)).filter((uri) => uri.toString() !== active);
}
