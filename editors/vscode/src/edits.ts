// What is saved of edits that the server asks for. VS Code leaves notes that they change unsaved, and opens them all: hundreds, when
// all mentions of a note become links. After a rename by F2 it saves, and so it is done here with other notes than the one in front.

import * as vscode from "vscode";
// Types only: the client is loaded once the extension is active.
import type { Middleware, TextDocumentEdit, WorkspaceEdit } from "vscode-languageclient/node";

import { isSavingWanted, openDocument } from "./moves.ts";

export const savedEdits: Pick<NonNullable<Middleware["workspace"]>, "handleApplyEdit"> = {
  handleApplyEdit: async (params, next) => {
    const notes = elsewhere(params.edit).filter((uri) => !openDocument(uri)?.isDirty);
    const answer = await next(params, new vscode.CancellationTokenSource().token);
    if ("applied" in answer && answer.applied && isSavingWanted()) {
      const documents = notes.map(openDocument).filter((document) => document !== undefined);
      await Promise.all(documents.map((document) => document.save()));
    }
    return answer;
  },
};

/** The notes that change, but for the one in front; none if files come, go or move as well. */
function elsewhere({ changes, documentChanges }: WorkspaceEdit): vscode.Uri[] {
  const edits = documentChanges ?? [];
  if (!edits.every((edit): edit is TextDocumentEdit => "textDocument" in edit)) {
    return [];
  }
  const front = vscode.window.activeTextEditor?.document.uri.toString();
  const changed = [...Object.keys(changes ?? {}), ...edits.map(({ textDocument }) => textDocument.uri)];
  return changed.map((uri) => vscode.Uri.parse(uri)).filter((uri) => uri.toString() !== front);
}
