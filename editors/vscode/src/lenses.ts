// The command of a code lens: shows the references that it counts in the editor's list.

import * as vscode from "vscode";
import type { LanguageClient, Location, Position } from "vscode-languageclient/node";

/** The command of the server's lenses, which it sends to clients that announce it. */
export const SHOW_REFERENCES = "vaultls.showReferences";

/** The arguments are types of the protocol. `locations` are sent where a request at the position would find others. */
export async function showReferences(
  client: LanguageClient | undefined,
  uri: string,
  position: Position,
  locations?: Location[],
): Promise<void> {
  if (client === undefined) {
    return;
  }
  const params = { textDocument: { uri }, position, context: { includeDeclaration: false } };
  const found = locations ?? (await client.sendRequest<Location[] | null>("textDocument/references", params)) ?? [];
  const toCode = client.protocol2CodeConverter;
  await vscode.commands.executeCommand(
    "editor.action.showReferences",
    toCode.asUri(uri),
    toCode.asPosition(position),
    found.map((location) => toCode.asLocation(location)),
  );
}
