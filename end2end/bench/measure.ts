// What the benches share: figures and their goals, load on an address, memory of a process, and the table.
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";

const run = promisify(execFile);
export const CONNECTIONS = 32;
/** How long each load lasts. */
export const SECONDS = Number(process.env["BENCH_SECONDS"] ?? 10);

interface Row { what: string; measured: string; goal: string; ok: boolean | undefined }

/** Figures, in the order in which they were measured. */
export class Figures {
  private readonly rows: Row[] = [];

  /** A figure that is only told. */
  told(what: string, measured: string): void {
    this.rows.push({ what, measured, goal: "", ok: undefined });
  }

  /** A figure that has to reach its goal. */
  held(what: string, measured: string, goal: string, ok: boolean): void {
    this.rows.push({ what, measured, goal, ok });
  }

  /** The figures that did not. */
  missed(): string[] {
    return this.rows.filter((row) => row.ok === false).map((row) => row.what);
  }

  table(): string {
    const cells = this.rows.map(({ what, measured, goal, ok }) => [what, measured, goal, ok === undefined ? "" : ok ? "ok" : "over"]);
    const all = [["figure", "measured", "goal", ""], ...cells];
    const widths = [0, 1, 2, 3].map((column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
    return all.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ").trimEnd()).join("\n");
  }
}

export interface Load { rate: number; p99: string }

/** Requests per second of an address with so many connections; fails for any answer but 200. */
export async function load(url: string, header?: string): Promise<Load> {
  const wrk = async (seconds: number) =>
    (await run("wrk", ["-t2", `-c${CONNECTIONS}`, `-d${seconds}s`, "--latency", ...(header ? ["-H", header] : []), url])).stdout;
  await wrk(1);
  const out = await wrk(SECONDS);
  const bad = /Non-2xx.*|Socket errors.*/.exec(out);
  if (bad) throw new Error(`${url}: ${bad[0]}`);
  const rate = Number(/Requests\/sec:\s*([\d.]+)/.exec(out)?.[1]);
  const p99 = /99%\s+(\S+)/.exec(out)?.[1];
  if (!(rate > 0) || p99 === undefined) throw new Error(`wrk printed no rate:\n${out}`);
  return { rate, p99 };
}

export function perSecond({ rate, p99 }: Load): string {
  return `${Math.round(rate).toLocaleString("en")} requests/s, p99 ${p99}`;
}

/** Kilobytes of memory that a process has. */
export async function residentKb(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(/VmRSS:\s*(\d+)/.exec(status)?.[1]);
}

export function mega(kb: number): string {
  return `${((kb * 1024) / 1e6).toFixed(1)} MB`;
}

export function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length / 2;
  return ((sorted[Math.ceil(half) - 1] ?? Number.NaN) + (sorted[Math.floor(half)] ?? Number.NaN)) / 2;
}
