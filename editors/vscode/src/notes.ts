// Commands about notes. The server sends the edits and the note to show; the client library applies them.

import * as vscode from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";

type Client = () => LanguageClient | undefined;

/** How many characters of the clipboard are sent: more than any address of a video has. */
const MAX_CLIPBOARD = 1000;

/** The commands by their IDs. They differ from those of the server, which the client library registers. */
export function noteCommands(client: Client): Record<string, () => Promise<void>> {
  return {
    "vaultls.newNote": async () => {
      const name = await vscode.window.showInputBox({ prompt: "Name of the note, or its path from the root of the vault" });
      if (name !== undefined && name.trim() !== "") {
        await execute(client, "vaultls.createNote", { name: name.trim(), ...here() });
      }
    },
    "vaultls.openDailyNote": async () => {
      await execute(client, "vaultls.dailyNote", here());
    },
    "vaultls.fixNote": async () => {
      const count = await execute<number>(client, "vaultls.fixAll", here());
      if (count === 0) {
        void vscode.window.showInformationMessage("vaultls: No auto-fixable problems in this note");
      }
    },
    "vaultls.writeTimestamp": async () => {
      const position = vscode.window.activeTextEditor?.selection.active;
      if (position !== undefined) {
        const text = await vscode.env.clipboard.readText();
        const clipboard = text.length <= MAX_CLIPBOARD ? text : undefined;
        const at = { line: position.line, character: position.character };
        await execute(client, "vaultls.insertTimestamp", { ...here(), position: at, clipboard });
      }
    },
  };
}

/** Returns the URI by which the server chooses the vault: that of the active editor, else of the first folder. */
function here(): { uri?: string } {
  const uri = vscode.window.activeTextEditor?.document.uri ?? vscode.workspace.workspaceFolders?.[0]?.uri;
  return uri === undefined ? {} : { uri: uri.toString() };
}

/** Executes a command of the server. Shows an error and returns undefined if it fails. */
export async function execute<Answer>(client: Client, command: string, argument?: object): Promise<Answer | undefined> {
  const running = client();
  if (running === undefined) {
    void vscode.window.showWarningMessage("vaultls: Server not running");
    return undefined;
  }
  try {
    const params = { command, arguments: argument === undefined ? [] : [argument] };
    return await running.sendRequest<Answer>("workspace/executeCommand", params);
  } catch (error) {
    void vscode.window.showErrorMessage(`vaultls: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}
