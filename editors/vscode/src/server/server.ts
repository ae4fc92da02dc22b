// The lifecycle of the server: start, restart after a crash, stop. Steps run one at a time, in the order in which they are
// requested, and each failure is shown to the user once.

import { type ChildProcess, type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { homedir } from "node:os";
import { createInterface } from "node:readline";

import * as vscode from "vscode";
import type { LanguageClient, Middleware, StreamInfo } from "vscode-languageclient/node";

import { readLogLine } from "../log.ts";
import type { ServerStatus, State } from "../status.ts";
import { CRASH_LIMIT, Crashes } from "./crashes.ts";
import { locate, type Located } from "./locate.ts";
import { explain, probe } from "./probe.ts";

/** The timeout of a shutdown, in milliseconds. */
const STOP_TIMEOUT = 2000;
/** The delay of a restart after a crash, in milliseconds. */
const RESTART_DELAY = 500;

/** A server process and its client. */
interface Session {
  readonly process: ChildProcess;
  readonly client: LanguageClient;
}

export class Server implements vscode.Disposable {
  readonly #stateChanged = new vscode.EventEmitter<State>();
  readonly onDidChangeState = this.#stateChanged.event;
  readonly #crashes = new Crashes();
  #state: State = { kind: "stopped" };
  #session: Session | undefined;
  #steps: Promise<void> = Promise.resolve();
  #restartTimer: NodeJS.Timeout | undefined;
  readonly #extensionFolder: string;
  readonly #log: vscode.LogOutputChannel;
  readonly #middleware: Middleware;

  constructor(extensionFolder: string, log: vscode.LogOutputChannel, middleware: Middleware) {
    this.#extensionFolder = extensionFolder;
    this.#log = log;
    this.#middleware = middleware;
  }

  get state(): State {
    return this.#state;
  }

  /** The client, while the server is running. */
  get client(): LanguageClient | undefined {
    return this.#state.kind === "running" ? this.#session?.client : undefined;
  }

  /** The process ID of the server, for tests. */
  get processId(): number | undefined {
    return this.#session?.process.pid;
  }

  start(): Promise<void> {
    this.#crashes.forget();
    return this.#step(() => this.#start());
  }

  stop(): Promise<void> {
    return this.#step(() => this.#stop());
  }

  restart(): Promise<void> {
    this.#crashes.forget();
    return this.#step(async () => {
      await this.#stop();
      await this.#start();
    });
  }

  dispose(): void {
    clearTimeout(this.#restartTimer);
    this.#session?.process.kill();
    this.#stateChanged.dispose();
  }

  #step(step: () => Promise<void>): Promise<void> {
    clearTimeout(this.#restartTimer);
    this.#steps = this.#steps.then(step).catch((error: unknown) => {
      this.#fail(error instanceof Error ? error.message : String(error));
    });
    return this.#steps;
  }

  #enter(state: State): void {
    this.#state = state;
    this.#stateChanged.fire(state);
  }

  async #start(): Promise<void> {
    if (this.#session !== undefined) {
      return;
    }
    this.#enter({ kind: "starting" });
    const located = find(this.#extensionFolder);
    if (located === undefined) {
      this.#fail("Server executable not found: `vaultls`. Install it or set `vaultls.server.path`.", "install");
      return;
    }
    // The client library takes longest to load, so it is loaded after the activation.
    const [found, { createClient }] = await Promise.all([probe(located.program), import("./client.ts")]);
    if (found.kind !== "ready") {
      this.#fail(`${explain(located.program, found) ?? ""} ${advice(located)}`, "install");
      return;
    }
    this.#log.info(`Starting vaultls ${found.version}: ${located.program} (${located.origin})`);
    const process = spawn(located.program, ["--stdio"], { env: environment(), stdio: "pipe", windowsHide: true });
    const pipe = (): Promise<StreamInfo> => Promise.resolve({ reader: process.stdout, writer: process.stdin });
    const session: Session = { process, client: createClient(pipe, this.#log, this.#middleware) };
    this.#session = session;
    this.#watch(session, process, found.version);
    // Not awaited, so that a server that does not answer can be stopped.
    void this.#connect(session, found.version);
  }

  #watch(session: Session, process: ChildProcessWithoutNullStreams, version: string): void {
    createInterface({ input: process.stderr }).on("line", (line) => {
      const { level, text } = readLogLine(line);
      this.#log[level](text);
    });
    // A write to a server that has ended, which `exit` reports.
    process.stdin.on("error", (error) => {
      this.#log.debug(`Writing to the server failed: ${error.message}`);
    });
    process.on("error", (error) => {
      this.#ended(session, error.message);
    });
    process.on("exit", (code, signal) => {
      this.#ended(session, signal === null ? `exit code ${code ?? "unknown"}` : `signal ${signal}`);
    });
    session.client.onNotification("experimental/serverStatus", (status: ServerStatus) => {
      if (this.#session === session) {
        this.#enter({ kind: "running", version, status });
      }
    });
  }

  async #connect(session: Session, version: string): Promise<void> {
    try {
      await session.client.start();
      // The server may have sent its status, or ended, in the meantime.
      if (this.#session === session && this.#state.kind === "starting") {
        this.#enter({ kind: "running", version, status: undefined });
      }
    } catch {
      // The client has logged the cause. A process that is still running is handled as a crash.
      session.process.kill("SIGKILL");
    }
  }

  /** Handles the unexpected end of a process. */
  #ended(session: Session, how: string): void {
    if (this.#session !== session) {
      return;
    }
    this.#session = undefined;
    discard(session.client);
    this.#log.error(`The server ended unexpectedly: ${how}`);
    if (this.#crashes.record(Date.now())) {
      this.#log.info(`Restarting the server (${this.#crashes.recent} of ${CRASH_LIMIT})`);
      this.#enter({ kind: "starting" });
      clearTimeout(this.#restartTimer);
      this.#restartTimer = setTimeout(() => void this.#step(() => this.#start()), RESTART_DELAY);
    } else {
      this.#fail(`The server crashed ${this.#crashes.recent} times (${how}) and was not restarted. See the log.`, "restart");
    }
  }

  async #stop(): Promise<void> {
    const session = this.#session;
    this.#session = undefined;
    if (session !== undefined) {
      const ended = new Promise((resolve) => session.process.once("exit", resolve));
      try {
        await session.client.stop(STOP_TIMEOUT);
      } catch (error) {
        this.#log.debug(`The server did not shut down: ${String(error)}`);
        session.process.kill();
      }
      const timer = setTimeout(() => session.process.kill("SIGKILL"), STOP_TIMEOUT);
      if (session.process.exitCode === null && session.process.signalCode === null) {
        await ended;
      }
      clearTimeout(timer);
      this.#log.info("Server stopped");
    }
    this.#enter({ kind: "stopped" });
  }

  #fail(reason: string, remedy?: "install" | "restart"): void {
    this.#log.error(reason);
    this.#enter({ kind: "failed", reason });
    void showError(reason, remedy);
  }
}

function find(extensionFolder: string): Located | undefined {
  const folder = vscode.workspace.workspaceFolders?.find((folder) => folder.uri.scheme === "file");
  return locate({
    setting: vscode.workspace.getConfiguration("vaultls").get("server.path", ""),
    extensionFolder,
    homeFolder: homedir(),
    workspaceFolder: folder?.uri.fsPath,
    path: process.env.PATH ?? "",
    platform: process.platform,
  });
}

function advice(located: Located): string {
  switch (located.origin) {
    case "setting":
      return "(set by `vaultls.server.path`). Clear the setting to use the bundled server.";
    case "bundled":
      return "(bundled with the extension). Reinstall the extension or set `vaultls.server.path`.";
    case "PATH":
      return "(on the PATH). Install a newer vaultls or set `vaultls.server.path`.";
  }
}

function environment(): NodeJS.ProcessEnv {
  return { ...process.env, VAULTLS_LOG: vscode.workspace.getConfiguration("vaultls").get("server.logLevel", "warn") };
}

/** Disposes of the client of a server that has ended. */
function discard(client: LanguageClient): void {
  // Fails because the connection is closed.
  client.dispose().catch(() => undefined);
}

async function showError(reason: string, remedy: "install" | "restart" | undefined): Promise<void> {
  const buttons = new Map([
    ["How to Install", () => vscode.commands.executeCommand("vaultls.showInstallation")],
    ["Open Setting", () => vscode.commands.executeCommand("workbench.action.openSettings", "vaultls.server.path")],
    ["Restart Server", () => vscode.commands.executeCommand("vaultls.restartServer")],
    ["Show Log", () => vscode.commands.executeCommand("vaultls.showLog")],
  ]);
  const offered = { install: ["How to Install", "Open Setting", "Show Log"], restart: ["Show Log", "Restart Server"], none: ["Show Log"] };
  const chosen = await vscode.window.showErrorMessage(`vaultls: ${reason}`, ...offered[remedy ?? "none"]);
  await buttons.get(chosen ?? "")?.();
}
