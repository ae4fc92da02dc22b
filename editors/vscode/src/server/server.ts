// The life of the server: found, started, watched, started again after a crash, stopped. One step at a time, whatever
// is asked meanwhile; and each trouble is told to the user once.

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

/** How long a server may take to end when it is asked to, in milliseconds. */
const FAREWELL = 2000;
/** The pause before a server that crashed is started again, in milliseconds. */
const BREATHER = 500;

/** A server process and the client that talks to it. */
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
  #breather: NodeJS.Timeout | undefined;
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

  /** The client of a server that runs. */
  get client(): LanguageClient | undefined {
    return this.#state.kind === "running" ? this.#session?.client : undefined;
  }

  /** The process id of the server, for tests that kill it. */
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
    clearTimeout(this.#breather);
    this.#session?.process.kill();
    this.#stateChanged.dispose();
  }

  #step(step: () => Promise<void>): Promise<void> {
    clearTimeout(this.#breather);
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
      this.#fail("The server program `vaultls` was not found. Install it, or set where it is.", "install");
      return;
    }
    // The library of the client takes longer to load than all the rest, so that waits until activation is over.
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
    // Not awaited: a server that never answers can be stopped nevertheless.
    void this.#connect(session, found.version);
  }

  #watch(session: Session, process: ChildProcessWithoutNullStreams, version: string): void {
    createInterface({ input: process.stderr }).on("line", (line) => {
      const { level, text } = readLogLine(line);
      this.#log[level](text);
    });
    // Writing to a server that is gone; its end is told by `exit`.
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
      // The server may have told its status, or ended, meanwhile.
      if (this.#session === session && this.#state.kind === "starting") {
        this.#enter({ kind: "running", version, status: undefined });
      }
    } catch {
      // The client has logged the cause. A process that is still there is of no use; its end is a crash like any other.
      session.process.kill("SIGKILL");
    }
  }

  /** The process of a session ended without being asked to. */
  #ended(session: Session, how: string): void {
    if (this.#session !== session) {
      return;
    }
    this.#session = undefined;
    discard(session.client);
    this.#log.error(`The server ended unexpectedly: ${how}`);
    if (this.#crashes.record(Date.now())) {
      this.#log.info(`Starting it again (${this.#crashes.recent} of ${CRASH_LIMIT})`);
      this.#enter({ kind: "starting" });
      clearTimeout(this.#breather);
      this.#breather = setTimeout(() => void this.#step(() => this.#start()), BREATHER);
    } else {
      this.#fail(`The server keeps ending unexpectedly (${how}) and is not started again. The log says more.`, "restart");
    }
  }

  async #stop(): Promise<void> {
    const session = this.#session;
    this.#session = undefined;
    if (session !== undefined) {
      const ended = new Promise((resolve) => session.process.once("exit", resolve));
      try {
        await session.client.stop(FAREWELL);
      } catch (error) {
        this.#log.debug(`The server was not stopped by the protocol: ${String(error)}`);
        session.process.kill();
      }
      const timer = setTimeout(() => session.process.kill("SIGKILL"), FAREWELL);
      if (session.process.exitCode === null && session.process.signalCode === null) {
        await ended;
      }
      clearTimeout(timer);
      this.#log.info("The server is stopped");
    }
    this.#enter({ kind: "stopped" });
  }

  #fail(reason: string, remedy?: "install" | "restart"): void {
    this.#log.error(reason);
    this.#enter({ kind: "failed", reason });
    void tell(reason, remedy);
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
      return "The setting vaultls.server.path names it; empty it to use the server that comes with the extension or is on the PATH.";
    case "bundled":
      return "It comes with the extension: install the extension again, or set vaultls.server.path.";
    case "PATH":
      return "It is on the PATH; install a newer vaultls, or set vaultls.server.path.";
  }
}

function environment(): NodeJS.ProcessEnv {
  return { ...process.env, VAULTLS_LOG: vscode.workspace.getConfiguration("vaultls").get("server.logLevel", "warn") };
}

/** Lets go of a client whose server is gone. */
function discard(client: LanguageClient): void {
  // It has no connection left to say goodbye over, and says so by an error.
  client.dispose().catch(() => undefined);
}

async function tell(reason: string, remedy: "install" | "restart" | undefined): Promise<void> {
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
