// Bundles the extension into one file; `--watch` builds again with each change.
import { build, context } from "esbuild";

const options = {
  entryPoints: ["src/extension.ts"],
  outfile: "dist/extension.cjs",
  bundle: true,
  minify: true,
  platform: "node",
  // The oldest Node among the editors of `engines.vscode`.
  target: "node20",
  format: "cjs",
  // The editor's own API, not a package.
  external: ["vscode"],
  // Runs before anything of the bundle, so that loading it counts as activation.
  banner: { js: "globalThis.vaultlsLoadingBegan=performance.now();" },
  logLevel: "warning",
};

if (process.argv.includes("--watch")) {
  await (await context(options)).watch();
} else {
  await build(options);
}
