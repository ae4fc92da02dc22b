// The settings that are sent to the server.

/** The part of VS Code's `WorkspaceConfiguration` that is used. */
export interface Configuration {
  inspect(key: string):
    | { readonly globalValue?: unknown; readonly workspaceValue?: unknown; readonly workspaceFolderValue?: unknown }
    | undefined;
}

/** Settings of the extension itself, which mean nothing to the server. */
const OWN = new Set(["server", "trace"]);

/**
 * What the user set of a section, without defaults: `.vaultls.toml` of a vault counts more than a default and less
 * than what the user wrote in the editor, and a default that is sent could not be told from a wish.
 *
 * `merged` is the section as the editor has put it together; `configuration` tells of each key where it comes from.
 */
export function explicitSettings(merged: unknown, configuration: Configuration): Record<string, unknown> {
  return pick(merged, "", configuration);
}

function pick(merged: unknown, path: string, configuration: Configuration): Record<string, unknown> {
  const picked: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(isTable(merged) ? merged : {})) {
    if (path === "" && OWN.has(key)) {
      continue;
    }
    const inner = path === "" ? key : `${path}.${key}`;
    if (isTable(value)) {
      const inside = pick(value, inner, configuration);
      if (Object.keys(inside).length > 0) {
        picked[key] = inside;
      }
    } else if (isSet(configuration.inspect(inner))) {
      picked[key] = value;
    }
  }
  return picked;
}

function isSet(found: ReturnType<Configuration["inspect"]>): boolean {
  const places = [found?.globalValue, found?.workspaceValue, found?.workspaceFolderValue];
  return places.some((value) => value !== undefined);
}

function isTable(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
