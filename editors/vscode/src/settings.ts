// The settings that are sent to the server.

/** The used part of VS Code's `WorkspaceConfiguration`. */
export interface Configuration {
  inspect(key: string):
    | { readonly globalValue?: unknown; readonly workspaceValue?: unknown; readonly workspaceFolderValue?: unknown }
    | undefined;
}

/** Settings of the extension itself. */
const OWN = new Set(["server", "trace"]);

/**
 * Returns the settings of a section that the user has set, without defaults: a `.vaultls.toml` overrides defaults and is
 * overridden by the user's settings, and the server could not distinguish a default from a setting.
 *
 * `merged` is the effective value of the section; `configuration` has the origin of each key.
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
