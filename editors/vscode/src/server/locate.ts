// Finds the server executable: by the setting, else in the extension, else on the `PATH`.

import { existsSync, statSync } from "node:fs";
import { delimiter, isAbsolute, join } from "node:path";

/** Where to search. */
export interface Surroundings {
  /** `vaultls.server.path` as the user wrote it. */
  readonly setting: string;
  /** The folder that the extension is installed in. */
  readonly extensionFolder: string;
  readonly homeFolder: string;
  /** The first local folder of the workspace. */
  readonly workspaceFolder: string | undefined;
  /** The variable `PATH`. */
  readonly path: string;
  readonly platform: NodeJS.Platform;
}

export type Origin = "setting" | "bundled" | "PATH";

/** A candidate for the server executable. */
export interface Located {
  readonly program: string;
  readonly origin: Origin;
}

/** Returns the server executable. A path from the setting is returned even if it does not exist, for the error message. */
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
    // With an empty or relative entry, the open folder could provide the executable.
    .filter((folder) => isAbsolute(folder))
    .map((folder) => join(folder, name))
    .find(isFile);
  return onPath === undefined ? undefined : { program: onPath, origin: "PATH" };
}

/** Expands `~` and `${workspaceFolder}` in the setting. The system searches the `PATH` for a name without a folder. */
export function expand(setting: string, around: Pick<Surroundings, "homeFolder" | "workspaceFolder">): string {
  const atHome = /^~(?=$|[/\\])/.test(setting) ? around.homeFolder + setting.slice(1) : setting;
  return atHome.replaceAll("${workspaceFolder}", () => around.workspaceFolder ?? "");
}

/** Returns the file name of the server executable. */
export function programName(platform: NodeJS.Platform): string {
  return platform === "win32" ? "vaultls.exe" : "vaultls";
}

function isFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile();
}
