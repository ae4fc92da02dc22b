// The language client: what VS Code's library needs to know of vaultls.

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

/** Notes on this machine, saved or not. */
export const NOTES = [
  { scheme: "file", language: "markdown" },
  { scheme: "untitled", language: "markdown" },
];

/** A client that writes its errors to the log and leaves messages to whoever started it. */
class QuietClient extends LanguageClient {
  override error(message: string, data?: unknown): void {
    // Without the stack, which would be that of the library.
    super.error(data instanceof Error ? `${message} ${data.message}` : message, undefined, false);
  }
}

/** A client that is not started yet. A connection that ends is reported by the end of its process, and nowhere else. */
export function createClient(server: ServerOptions, log: vscode.LogOutputChannel, middleware: Middleware): LanguageClient {
  const options: LanguageClientOptions = {
    documentSelector: NOTES,
    outputChannel: log,
    revealOutputChannelOn: RevealOutputChannelOn.Never,
    // The server computes findings when it is asked, so it is asked with every change.
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
  client.registerFeature(new Extras());
  return client;
}

function settings(section: string | undefined): unknown {
  if (section !== "vaultls") {
    return null;
  }
  const all = vscode.workspace.getConfiguration();
  return explicitSettings(all.get(section), vscode.workspace.getConfiguration(section));
}

/** What is asked of the server beyond the protocol, and what of its offer is changed. */
class Extras implements StaticFeature {
  fillClientCapabilities(capabilities: ClientCapabilities): void {
    capabilities.experimental = {
      ...(capabilities.experimental as object | undefined),
      serverStatusNotification: true,
      commands: { commands: [SHOW_REFERENCES] },
      // A URI that ends in `#L3,1` opens there.
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
