// The status bar item and its menu.

import * as vscode from "vscode";

import { isPreviewOpen } from "./preview/preview.ts";
import { type State, statusText } from "./status.ts";

/** Shows the state of the server while a note or a preview is visible. */
export class StatusBar implements vscode.Disposable {
  readonly #item = vscode.window.createStatusBarItem("vaultls.status", vscode.StatusBarAlignment.Right, 100);
  readonly #listeners = [
    vscode.window.onDidChangeVisibleTextEditors(() => {
      this.#place();
    }),
    vscode.window.tabGroups.onDidChangeTabs(() => {
      this.#place();
    }),
  ];
  #state: State = { kind: "stopped" };

  constructor() {
    this.#item.name = "vaultls";
    this.#item.command = "vaultls.showMenu";
    this.show(this.#state);
  }

  show(state: State): void {
    this.#state = state;
    const { text, tooltip, severity } = statusText(state);
    this.#item.text = text;
    this.#item.tooltip = new vscode.MarkdownString(tooltip);
    this.#item.accessibilityInformation = { label: `vaultls: ${spoken(state)}`, role: "button" };
    this.#item.backgroundColor =
      severity === "none" ? undefined : new vscode.ThemeColor(`statusBarItem.${severity}Background`);
    this.#place();
  }

  /** The current text, for tests. */
  get text(): string {
    return this.#item.text;
  }

  #place(): void {
    const isNoteVisible = vscode.window.visibleTextEditors.some((editor) => editor.document.languageId === "markdown");
    if (isNoteVisible || isPreviewOpen() || this.#state.kind === "failed") {
      this.#item.show();
    } else {
      this.#item.hide();
    }
  }

  dispose(): void {
    for (const listener of this.#listeners) {
      listener.dispose();
    }
    this.#item.dispose();
  }
}

function spoken(state: State): string {
  return state.kind === "failed" ? `failed. ${state.reason}` : state.kind;
}

/** Shows the commands for a state. */
export async function showMenu(state: State): Promise<void> {
  const runs = state.kind === "running" || state.kind === "starting";
  const entries: { label: string; command: string }[] = [
    { label: "$(output) Show Log", command: "vaultls.showLog" },
    ...(state.kind === "running"
      ? [
          { label: "$(graph) Show Vault Statistics", command: "vaultls.showStatistics" },
          { label: "$(refresh) Reload Vaults", command: "vaultls.readVaultsAgain" },
        ]
      : []),
    runs
      ? { label: "$(debug-restart) Restart Server", command: "vaultls.restartServer" }
      : { label: "$(play) Start Server", command: "vaultls.startServer" },
    ...(runs ? [{ label: "$(debug-stop) Stop Server", command: "vaultls.stopServer" }] : []),
    { label: "$(gear) Settings", command: "vaultls.showSettings" },
  ];
  const placeHolder = `vaultls: ${spoken(state)}`;
  const chosen = await vscode.window.showQuickPick(entries, { placeHolder });
  if (chosen !== undefined) {
    await vscode.commands.executeCommand(chosen.command);
  }
}
