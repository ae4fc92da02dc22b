// The entry point: creates the parts and returns; the server starts in the background.

import * as vscode from "vscode";
import type { MarkdownIt } from "markdown-it";
import type { Location, Position } from "vscode-languageclient/node";

import { Backlinks } from "./backlinks.ts";
import { VaultChanges } from "./changes.ts";
import { savedEdits } from "./edits.ts";
import { SHOW_REFERENCES, showReferences } from "./lenses.ts";
import { Moves } from "./moves.ts";
import { withoutDuplicates } from "./neighbour.ts";
import { execute, noteCommands } from "./notes.ts";
import { Preview } from "./preview/preview.ts";
import { Server } from "./server/server.ts";
import type { State } from "./status.ts";
import { statisticsPage, type VaultStatistics } from "./statistics.ts";
import { StatusBar, showMenu } from "./statusBar.ts";
import { Suggestions } from "./suggest.ts";

declare global {
  /** The time at which loading the bundle began, by `performance.now()`; set by its first line. */
  var vaultlsLoadingBegan: number | undefined;
}

/** The API for other extensions and tests. */
export interface Exports {
  /** The time to load the bundle and to activate the extension, without the work of VS Code in between. */
  readonly activationMilliseconds: number;
  readonly state: () => State;
  readonly serverProcessId: () => number | undefined;
  readonly statusBarText: () => string;
  /** Called by VS Code for each Markdown preview. */
  readonly extendMarkdownIt: (markdown: MarkdownIt) => MarkdownIt;
}

type Disposables = { dispose(): unknown }[];

const STATISTICS = vscode.Uri.from({ scheme: "vaultls", path: "/Vaults.md" });

/** Evaluated after all imports have been loaded. */
const loadMilliseconds = performance.now() - (globalThis.vaultlsLoadingBegan ?? performance.now());

let server: Server | undefined;

export function activate(context: vscode.ExtensionContext): Exports {
  const began = performance.now();
  const log = vscode.window.createOutputChannel("vaultls", { log: true });
  const suggestions = new Suggestions(() => server?.client);
  const moves = new Moves();
  const middleware = { ...suggestions.middleware, ...withoutDuplicates, workspace: { ...moves.middleware, ...savedEdits } };
  const started = new Server(context.extensionPath, log, middleware);
  const statusBar = new StatusBar();
  const preview = new Preview(() => started.client);
  const backlinks = new Backlinks(() => started.client);
  const changes = new VaultChanges();
  server = started;
  context.subscriptions.push(log, suggestions, started, statusBar, preview, backlinks, changes, moves);
  context.subscriptions.push(...registerCommands(context, started, log));
  for (const [name, run] of Object.entries(backlinks.mentions.commands)) {
    context.subscriptions.push(vscode.commands.registerCommand(name, run));
  }
  context.subscriptions.push(
    started.onDidChangeState((state) => {
      statusBar.show(state);
      changes.report();
    }),
    changes.onDidChange(() => {
      preview.vaultsChanged();
      backlinks.vaultChanged();
    }),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration("vaultls.server")) {
        void started.restart();
      }
    }),
  );
  void started.start();
  const activationMilliseconds = loadMilliseconds + performance.now() - began;
  log.info(`Activated in ${activationMilliseconds.toFixed(1)} ms, of which ${loadMilliseconds.toFixed(1)} ms to load`);
  return {
    activationMilliseconds,
    state: () => started.state,
    serverProcessId: () => started.processId,
    statusBarText: () => statusBar.text,
    extendMarkdownIt: (markdown) => preview.extend(markdown),
  };
}

export function deactivate(): Promise<void> | undefined {
  return server?.stop();
}

function registerCommands(context: vscode.ExtensionContext, server: Server, log: vscode.LogOutputChannel): Disposables {
  const page = new StatisticsPage(server);
  const commands: Record<string, () => unknown> = {
    "vaultls.showLog": () => {
      log.show();
    },
    "vaultls.startServer": () => server.start(),
    "vaultls.stopServer": () => server.stop(),
    "vaultls.restartServer": () => server.restart(),
    "vaultls.showMenu": () => showMenu(server.state),
    "vaultls.showSettings": () =>
      vscode.commands.executeCommand("workbench.action.openSettings", `@ext:${context.extension.id}`),
    // The package has the file name in lower case.
    "vaultls.showInstallation": () =>
      vscode.commands.executeCommand("markdown.showPreview", vscode.Uri.joinPath(context.extensionUri, "readme.md")),
    "vaultls.showStatistics": () => page.show(),
    "vaultls.readVaultsAgain": () => execute(() => server.client, "vaultls.reindex"),
    ...noteCommands(() => server.client),
  };
  const lens = (uri: string, position: Position, locations?: Location[]) =>
    showReferences(server.client, uri, position, locations);
  const registered = Object.entries(commands).map(([name, run]) => vscode.commands.registerCommand(name, run));
  registered.push(vscode.commands.registerCommand(SHOW_REFERENCES, lens));
  return [...registered, page, vscode.workspace.registerTextDocumentContentProvider(STATISTICS.scheme, page)];
}

/** The statistics, a virtual document that is shown as a preview. */
class StatisticsPage implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.#changed.event;
  readonly #server: Server;
  #text = "";

  constructor(server: Server) {
    this.#server = server;
  }

  provideTextDocumentContent(): string {
    return this.#text;
  }

  async show(): Promise<void> {
    const vaults = await execute<VaultStatistics[]>(() => this.#server.client, "vaultls.stats");
    if (vaults !== undefined) {
      this.#text = statisticsPage(vaults);
      this.#changed.fire(STATISTICS);
      await vscode.commands.executeCommand("markdown.showPreview", STATISTICS);
    }
  }

  dispose(): void {
    this.#changed.dispose();
  }
}
