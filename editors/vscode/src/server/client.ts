// The configuration of VS Code's language client library.

import * as vscode from "vscode";
import {
  CloseAction,
  ErrorAction,
  LanguageClient,
  RevealOutputChannelOn,
  type ClientCapabilities,
  type FeatureState,
  type LanguageClientOptions,
  type Middleware,
  type ServerCapabilities,
  type ServerOptions,
  type StaticFeature,
} from "vscode-languageclient/node";

import { leaveOut } from "../neighbour.ts";
import { SHOW_REFERENCES } from "../lenses.ts";
import { explicitSettings } from "../settings.ts";
import { addTriggerCharacters } from "../suggest.ts";

/** Local notes, saved or not. */
export const NOTES = [
  { scheme: "file", language: "markdown" },
  { scheme: "untitled", language: "markdown" },
];

/** A client that logs errors and shows none; `Server` shows messages. */
class QuietClient extends LanguageClient {
  override error(message: string, data?: unknown): void {
    // Without the stack trace, which is that of the library.
    super.error(data instanceof Error ? `${message} ${data.message}` : message, undefined, false);
  }
}

/** Returns a client that is not started. A closed connection is not reported here but by the end of the process. */
export function createClient(server: ServerOptions, log: vscode.LogOutputChannel, middleware: Middleware): LanguageClient {
  const options: LanguageClientOptions = {
    documentSelector: NOTES,
    outputChannel: log,
    revealOutputChannelOn: RevealOutputChannelOn.Never,
    // Diagnostics are requested after every change.
    diagnosticPullOptions: { onChange: true },
    initializationFailedHandler: () => false,
    errorHandler: {
      error: () => ({ action: ErrorAction.Continue, handled: true }),
      closed: () => ({ action: CloseAction.DoNotRestart, handled: true, message: "The connection to the server is closed." }),
    },
    middleware: {
      ...middleware,
      workspace: { ...middleware.workspace, configuration: (params) => params.items.map((item) => settings(item.section)) },
    },
  };
  const client = new QuietClient("vaultls", "vaultls", server, options);
  client.registerFeature(new CustomCapabilities());
  return client;
}

function settings(section: string | undefined): unknown {
  if (section !== "vaultls") {
    return null;
  }
  const all = vscode.workspace.getConfiguration();
  return explicitSettings(all.get(section), vscode.workspace.getConfiguration(section));
}

/** Custom capabilities of the client, and changes to the capabilities of the server. */
class CustomCapabilities implements StaticFeature {
  fillClientCapabilities(capabilities: ClientCapabilities): void {
    capabilities.experimental = {
      ...(capabilities.experimental as object | undefined),
      serverStatusNotification: true,
      commands: { commands: [SHOW_REFERENCES] },
      // VS Code opens `#L3,1` at that position.
      lineFragments: true,
    };
  }

  preInitialize(capabilities: ServerCapabilities): void {
    addTriggerCharacters(capabilities);
    leaveOut(capabilities);
  }

  initialize(): void {
    // Nothing to do.
  }

  getState(): FeatureState {
    return { kind: "static" };
  }

  clear(): void {
    // Nothing to clear.
  }
}
