// A VS Code server with a profile of its own: the extension under test, the test host, and nothing that a user has set.

import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { eventually } from './eventually.ts';
import { installed, leftovers, repository } from './paths.ts';
import { temporaryFolder } from './vault.ts';

/** What a test machine needs. Nothing here changes how text is edited, completed or shown. */
const SETTINGS = {
  'workbench.startupEditor': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'chat.disableAIFeatures': true,
  'telemetry.telemetryLevel': 'off',
  'extensions.ignoreRecommendations': true,
  // As on a desktop; VS Code in a browser would save after each pause.
  'files.autoSave': 'off',
};

/** No marketplace: a closed port of this machine. */
const NO_GALLERY = JSON.stringify({ serviceUrl: 'https://127.0.0.1:9', itemUrl: 'https://127.0.0.1:9' });

export interface CodeServerOptions {
  /** The packed extension: `$VAULTLS_VSIX` if it is left out. */
  vsix?: string;
  /** User settings, for a test that is about a setting. */
  settings?: Record<string, unknown>;
  /** Variables that the extension and the language server see. */
  environment?: Record<string, string>;
}

export class CodeServer {
  readonly profile: string;
  /** Where each extension host has its socket. */
  readonly hosts: string;
  readonly port: number;
  readonly #process: ChildProcess;

  private constructor(profile: string, hosts: string, port: number, process: ChildProcess) {
    this.profile = profile;
    this.hosts = hosts;
    this.port = port;
    this.#process = process;
  }

  static async start(options: CodeServerOptions): Promise<CodeServer> {
    const profile = temporaryFolder('vaultls-code');
    const hosts = join(profile, 'hosts');
    mkdirSync(hosts);
    mkdirSync(join(profile, 'User'));
    writeFileSync(join(profile, 'User', 'settings.json'), JSON.stringify({ ...SETTINGS, ...options.settings }));
    const extensions = withExtension(options.vsix ?? packedExtension());
    const port = await freePort();
    const output = openSync(join(profile, 'server.log'), 'a');
    const started = spawn(
      installed('node', 'bin', 'node'),
      [
        ...entry(profile, extensions),
        ...['--auth', 'none', '--bind-addr', `127.0.0.1:${port}`, '--disable-telemetry', '--disable-update-check'],
        ...['--disable-workspace-trust', '--disable-getting-started-override'],
      ],
      {
        env: { ...process.env, EXTENSIONS_GALLERY: NO_GALLERY, VAULTLS_TEST_HOSTS: hosts, ...options.environment },
        stdio: ['ignore', output, output],
        detached: true, // a group of its own, to end all that it starts
      },
    );
    const server = new CodeServer(profile, hosts, port, started);
    process.once('exit', () => server.stop());
    await eventually(async () => (await fetch(`http://127.0.0.1:${port}/healthz`)).ok, 60);
    return server;
  }

  get processId(): number {
    return this.#process.pid ?? -1;
  }

  stop(): void {
    try {
      process.kill(-this.processId, 'SIGKILL');
    } catch {
      // It has ended already.
    }
  }
}

function entry(profile: string, extensions: string): string[] {
  const program = installed('vscode', 'node_modules', 'code-server', 'out', 'node', 'entry.js');
  const config = join(profile, 'config.yaml');
  return [program, '--config', config, '--user-data-dir', profile, '--extensions-dir', extensions];
}

function packedExtension(): string {
  const packed = process.env['VAULTLS_VSIX'];
  if (packed === undefined) throw new Error('VAULTLS_VSIX is not set; start the tests with editors/tests/run');
  return packed;
}

/** A folder of extensions with this one installed, as a user would, and the test host. Made once for each `.vsix`. */
function withExtension(vsix: string): string {
  const host = join(repository, 'editors', 'tests', 'support', 'host');
  const hash = createHash('sha256').update(readFileSync(vsix)).update(readFileSync(join(host, 'extension.js'))).update(readFileSync(join(host, 'package.json')));
  const kept = join(leftovers, 'extensions', hash.digest('hex').slice(0, 16));
  if (existsSync(kept)) return kept;
  const half = `${kept}.${process.pid}`;
  cpSync(host, join(half, 'vaultls-tests.test-host-1.0.0'), { recursive: true });
  const install = [...entry(temporaryFolder(), half), '--install-extension', vsix];
  execFileSync(installed('node', 'bin', 'node'), install, { env: { ...process.env, EXTENSIONS_GALLERY: NO_GALLERY } });
  renameSync(half, kept);
  return kept;
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await new Promise(resolve => probe.once('listening', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise(resolve => probe.close(resolve));
  return port;
}
