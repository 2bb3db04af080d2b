// Load by wrk with load.lua: what it is told, and what it tells.
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { SECONDS } from "./measure";

const run = promisify(execFile);
const SCRIPT = join(__dirname, "load.lua");

export interface Ask {
  url: string;
  connections: number;
  headers?: string[];
  /** A file of secrets, one of which each request presents. */
  secrets?: string;
  /** Secrets at random, or each once from the one after `skip`. */
  order?: "any" | "once";
  skip?: number;
  /** A file of ids of tokens behind the address, which are changed. */
  edits?: string;
  /** Requests a second; without it as many as go. */
  rate?: number;
  seconds?: number;
  threads?: number;
}

export interface Served {
  /** Answers a second. */
  rate: number;
  /** Milliseconds. */
  p50: number;
  p99: number;
  requests: number;
  /** Answers of 400 and above. */
  refused: number;
  /** Errors of sockets, and answers that took more than two seconds. */
  broken: number;
}

/** Asks for so long and returns what came of it. */
export async function wrk(ask: Ask): Promise<Served> {
  const out = await raw(ask);
  const told = /^figures=(.*)$/m.exec(out)?.[1];
  if (told === undefined) throw new Error(`wrk told no figures of ${ask.url}, perhaps since it ran out of secrets:\n${out}`);
  const { seconds, p50, p99, ...rest } = JSON.parse(told) as Omit<Served, "rate"> & { seconds: number };
  return { ...rest, rate: rest.requests / seconds, p50: p50 / 1_000, p99: p99 / 1_000 };
}

/** Presents every secret of a file once, and returns the seconds it took. */
export async function wrkThrough(url: string, secrets: string, connections: number): Promise<number> {
  const began = performance.now();
  const out = await raw({ url, connections, secrets, order: "once", threads: 1, seconds: 600 });
  if (out.includes("figures=")) throw new Error(`ten minutes were not enough for the secrets of ${secrets}`);
  return (performance.now() - began) / 1_000;
}

async function raw({ url, connections, headers = [], seconds = SECONDS, threads = 2, ...given }: Ask): Promise<string> {
  const settings = Object.entries({ ...given, threads }).map(([name, value]) => `${name}=${value}`);
  const options = [`-t${threads}`, `-c${connections}`, `-d${seconds}s`, "-s", SCRIPT, ...headers.flatMap((header) => ["-H", header])];
  return (await run("wrk", [...options, url, "--", ...settings])).stdout;
}
