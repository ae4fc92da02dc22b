// Where the server program is: the setting, else the program that came with the extension, else the `PATH`.

import { existsSync, statSync } from "node:fs";
import { delimiter, isAbsolute, join } from "node:path";

/** What decides where the server is looked for. */
export interface Surroundings {
  /** `vaultls.server.path` as the user wrote it. */
  readonly setting: string;
  /** The folder that the extension is installed in. */
  readonly extensionFolder: string;
  readonly homeFolder: string;
  /** The first folder of the workspace, if there is any on this machine. */
  readonly workspaceFolder: string | undefined;
  /** The variable `PATH`. */
  readonly path: string;
  readonly platform: NodeJS.Platform;
}

export type Origin = "setting" | "bundled" | "PATH";

/** A program that may be the server; whether it runs is not known yet. */
export interface Located {
  readonly program: string;
  readonly origin: Origin;
}

/** Finds the server program. A setting that leads nowhere is answered as it is, so that its fault can be told. */
export function locate(around: Surroundings): Located | undefined {
  const setting = around.setting.trim();
  if (setting !== "") {
    return { program: expand(setting, around), origin: "setting" };
  }
  const name = programName(around.platform);
  const bundled = join(around.extensionFolder, "bin", name);
  if (isFile(bundled)) {
    return { program: bundled, origin: "bundled" };
  }
  const onPath = around.path
    .split(delimiter)
    // An empty or relative entry would let the folder that is open choose the program.
    .filter((folder) => isAbsolute(folder))
    .map((folder) => join(folder, name))
    .find(isFile);
  return onPath === undefined ? undefined : { program: onPath, origin: "PATH" };
}

/** The setting with `~` and `${workspaceFolder}` put in; a bare name is looked for on the `PATH` by the system. */
export function expand(setting: string, around: Pick<Surroundings, "homeFolder" | "workspaceFolder">): string {
  const atHome = /^~(?=$|[/\\])/.test(setting) ? around.homeFolder + setting.slice(1) : setting;
  return atHome.replaceAll("${workspaceFolder}", () => around.workspaceFolder ?? "");
}

/** The file name of the server program. */
export function programName(platform: NodeJS.Platform): string {
  return platform === "win32" ? "vaultls.exe" : "vaultls";
}

function isFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile();
}
