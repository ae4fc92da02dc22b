// Makes the `.vsix`: builds the bundle, puts the server beside it and packs both.
//
// The server is the program that VAULTLS_BINARY names, else target/release/vaultls of the repository; if there is
// neither, the package holds none, fits every platform and uses the server on the PATH. VSCODE_TARGET names the
// platform of a server that was built for another machine, `darwin-arm64` for example.

import { execFileSync } from "node:child_process";
import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { basename, join } from "node:path";

const here = import.meta.dirname;
const target = process.env.VSCODE_TARGET ?? `${process.platform}-${process.arch}`;
const name = target.startsWith("win32") ? "vaultls.exe" : "vaultls";
const server = process.env.VAULTLS_BINARY ?? join(here, "../../target/release", name);
const bin = join(here, "bin");

// What is left of another platform must not be taken for this one's.
rmSync(bin, { recursive: true, force: true });
for (const old of readdirSync(here).filter((file) => file.endsWith(".vsix"))) {
  rmSync(join(here, old));
}
const isBundled = existsSync(server);
if (isBundled) {
  mkdirSync(bin);
  copyFileSync(server, join(bin, name));
  chmodSync(join(bin, name), 0o755);
} else if (process.env.VAULTLS_BINARY !== undefined) {
  throw new Error(`VAULTLS_BINARY: there is no ${server}`);
}

const run = (script, ...rest) => execFileSync(process.execPath, [script, ...rest], { cwd: here, stdio: "inherit" });
run("esbuild.mjs");
const file = isBundled ? `vaultls-${target}.vsix` : "vaultls.vsix";
// The bundle holds all dependencies.
const options = ["--no-dependencies", "--out", process.argv[2] ?? file, ...(isBundled ? ["--target", target] : [])];
run("node_modules/@vscode/vsce/vsce", "package", ...options);
console.log(isBundled ? `with the server ${basename(server)} for ${target}` : "without a server");
