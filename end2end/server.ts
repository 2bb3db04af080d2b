// Starts the release binary on a port and a data folder of its own, and ends it again.
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify, stripVTControlCharacters } from "node:util";

const run = promisify(execFile);

export const PROVISION_FILE = resolve(__dirname, "../demo/provision.json");
const READY_WITHIN = 30_000;
const STOP_WITHIN = 15_000;

export interface StartOptions {
  /** A provisioning file; without one the installation is empty and waits for its first administrator. */
  provision?: string;
  /** A data folder that outlives the server; without one a temporary folder is made and removed. */
  dataDir?: string;
  /** A port to use again, for a server that comes back under the same address. */
  port?: number;
  /** More settings, as in `{ LATCHKEY_LOG_LEVEL: "debug" }`. */
  env?: Record<string, string>;
}

export interface Server {
  readonly url: string;
  readonly port: number;
  readonly dataDir: string;
  readonly pid: number;
  /** Milliseconds from the start of the process until /readyz answered 200. */
  readonly readyAfter: number;
  /** What the server has printed so far, without colours. */
  log(): string;
  /** The one-time address where the first administrator is created, from the log. */
  setupUrl(): Promise<string>;
  /** Ends it and fails if the log has a panic in it. */
  stop(): Promise<void>;
}

/** The path of the binary, or an error that says how to get one. */
export function binary(): string {
  const target = process.env["CARGO_TARGET_DIR"] || resolve(__dirname, "../target");
  const path = resolve(process.env["LATCHKEY_BINARY"] || join(target, "release/latchkey"));
  if (!existsSync(path)) throw new Error(`${path} is not there: run 'make build', or set LATCHKEY_BINARY`);
  return path;
}

/** Starts a server and returns once /readyz answers 200. */
export async function start(options: StartOptions = {}): Promise<Server> {
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), "latchkey-")));
  const dispose = async () => {
    if (options.dataDir === undefined) await rm(dataDir, { recursive: true, force: true });
  };
  try {
    for (let attempt = 1; ; attempt += 1) {
      const started = await launch(dataDir, options.port ?? (await freePort()), options);
      if (started.ok) return handle(started, dataDir, dispose);
      // Somebody may take the port between our asking for it and the server's.
      const taken = /address (already )?in use/i.test(started.log());
      if (!taken || options.port !== undefined || attempt === 3) {
        throw new Error(`the server did not become ready; its log:\n${started.log()}`);
      }
    }
  } catch (error) {
    await dispose();
    throw error;
  }
}

/** What the binary finds around it: our own variables and these settings, none of the developer's. */
function environment(dataDir: string, settings: Record<string, string> = {}): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith("LATCHKEY_"));
  return { ...Object.fromEntries(inherited), LATCHKEY_DATA_DIR: dataDir, ...settings };
}

/** Runs a command of the binary on the data folder of a server, beside it. */
export async function command(dataDir: string, ...args: string[]): Promise<void> {
  // `provision` prints a line for each secret that it makes.
  await run(binary(), args, { cwd: dataDir, env: environment(dataDir), maxBuffer: 64 * 1024 * 1024 });
}

interface Launched {
  ok: boolean;
  child: ChildProcess;
  port: number;
  url: string;
  readyAfter: number;
  log(): string;
}

async function launch(dataDir: string, port: number, options: StartOptions): Promise<Launched> {
  const url = `http://127.0.0.1:${port}`;
  const env = environment(dataDir, {
    LATCHKEY_LISTEN: `127.0.0.1:${port}`,
    LATCHKEY_PUBLIC_URL: url,
    ...(options.provision === undefined ? {} : { LATCHKEY_PROVISION: options.provision }),
    ...options.env,
  });
  const began = performance.now();
  // In the data folder, so that no latchkey.toml of the developer's is read.
  const child = spawn(binary(), ["serve"], { cwd: dataDir, env, stdio: ["ignore", "pipe", "pipe"] });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
  }
  child.on("error", (error) => (text += `${error}\n`));
  const launched = { child, port, url, log: () => stripVTControlCharacters(text) };
  while (performance.now() - began < READY_WITHIN && !ended(child) && child.pid !== undefined) {
    if (await answers(`${url}/readyz`)) return { ...launched, ok: true, readyAfter: performance.now() - began };
    await pause(5);
  }
  await end(child);
  return { ...launched, ok: false, readyAfter: Number.NaN };
}

function handle(launched: Launched, dataDir: string, dispose: () => Promise<void>): Server {
  const { child, port, url, log, readyAfter } = launched;
  return {
    url,
    port,
    dataDir,
    pid: child.pid ?? 0,
    readyAfter,
    log,
    async setupUrl() {
      for (const began = performance.now(); performance.now() - began < 5_000; await pause(20)) {
        const found = /https?:\/\/[^\s"'<>]+\/setup\?code=[^\s"'<>]+/.exec(log());
        if (found) return found[0];
      }
      throw new Error(`the log has no set-up address:\n${log()}`);
    },
    async stop() {
      const before = ended(child);
      await end(child);
      await dispose();
      if (/a panic:|panicked at/.test(log())) throw new Error(`the server panicked; its log:\n${log()}`);
      if (before) throw new Error(`the server ended by itself (${before}); its log:\n${log()}`);
    },
  };
}

/** How the process ended, or nothing while it runs. */
function ended(child: ChildProcess): string | undefined {
  if (child.exitCode !== null) return `exit code ${child.exitCode}`;
  return child.signalCode ?? undefined;
}

/** Asks the process to end, by its own id, and waits until it has. */
async function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || ended(child) !== undefined) return;
  const exit = new Promise((done) => child.once("exit", done));
  child.kill("SIGTERM");
  const late = setTimeout(() => child.kill("SIGKILL"), STOP_WITHIN);
  await exit;
  clearTimeout(late);
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(1_000) })).ok;
  } catch {
    return false;
  }
}

export async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((listening) => probe.listen(0, "127.0.0.1", listening));
  const { port } = probe.address() as AddressInfo;
  await new Promise((closed) => probe.close(closed));
  return port;
}
