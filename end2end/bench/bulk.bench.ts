// Measures what changing a hundred thousand tokens, and copying a database of a million, cost those whose tokens are verified
// meanwhile, at half of the most load.
import { expect, test } from "@playwright/test";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { type Server, command, start } from "../server";
import type { Disturbance } from "./disturb";
import { ADMINISTRATOR, MODULE, type Many, withMany } from "./many";
import { Figures, median } from "./measure";
import { type Served, wrk } from "./wrk";

const MANY = Number(process.env["BENCH_TOKENS"] ?? 1_000_000);
const ROUNDS = Number(process.env["BENCH_ROUNDS"] ?? 3);
/** Connections at half of the most load: each has time to wait between two requests. */
const PACED = 64;
const env = { LATCHKEY_TRUSTED_PROXIES: "127.0.0.1", LATCHKEY_RATE_LIMIT_TOKEN: "0", LATCHKEY_RATE_LIMIT_ADDRESS: "0" };

const figures = new Figures();
let failed = 0;

interface Change { id: string; state: string; total: number; changed: number }

test("figures of changing and copying very many tokens", async () => {
  test.setTimeout(2 * 3_600_000);
  try {
    await withMany(MANY, async (many) => {
      const server = await start({ dataDir: many.dataDir, env });
      try {
        await measured(server, many);
      } finally {
        await server.stop();
      }
    });
    figures.held("good calls refused, or connections broken", String(failed), "0", failed === 0);
  } finally {
    console.log(`\n${figures.table()}`);
  }
  expect(figures.missed(), "goals that were missed").toEqual([]);
});

async function measured(server: Server, many: Many): Promise<void> {
  const ask = { url: `${server.url}/auth/verify?module=${MODULE}`, connections: PACED, secrets: many.usedFile };
  await good(await wrk({ ...ask, seconds: 3 }));
  const most = await good(await wrk(ask));
  const rate = Math.round(most.rate / 2);
  figures.told(`the most at ${PACED} connections`, `${whole(most.rate)} requests/s, p99 ${most.p99.toFixed(2)} ms`);
  const half = async () => good(await wrk({ ...ask, rate }));
  const call = await signedIn(server);
  let round = 0;
  // A tenth of all tokens each time, none of them in use; those that a run before this one disabled are enabled first.
  const several = async () => {
    round += 1;
    const filter = `like(name,'*${2 * round - 1}')`;
    const before = await begun(call, "Enable", filter);
    if (before !== undefined) await ended(call, before);
    await pause(1_000);
    const began = performance.now();
    const change = await begun(call, "Disable", filter);
    const through = ended(call, change).then((end) => ({ end, seconds: (performance.now() - began) / 1_000 }));
    return {
      async stop() {
        const { end, seconds } = await through;
        return `${whole(end.changed)} tokens disabled in ${seconds.toFixed(1)} s, ${whole(end.changed / seconds)} tokens/s`;
      },
    };
  };
  await beside("a change to a tenth of them", half, several, 2);
  const copied = async () => {
    const file = join(many.dataDir, `copy-${round}.db`);
    await rm(file, { force: true });
    const began = performance.now();
    const through = command(many.dataDir, "backup", file).then(() => (performance.now() - began) / 1_000);
    return {
      async stop() {
        const seconds = await through;
        await rm(file, { force: true });
        return `a backup of ${whole(many.count)} tokens in ${seconds.toFixed(1)} s`;
      },
    };
  };
  await beside("a backup", half, copied);
}

/** Calls server functions as the Administrator. */
async function signedIn(server: Server): Promise<(name: string, body: unknown) => Promise<unknown>> {
  const form = new URLSearchParams(ADMINISTRATOR);
  const headers = { origin: server.url, "content-type": "application/x-www-form-urlencoded" };
  const answer = await fetch(`${server.url}/sign-in`, { method: "POST", headers, body: form, redirect: "manual" });
  const cookie = answer.headers.getSetCookie().map((line) => line.split(";")[0]).join("; ");
  return async (name, body) => {
    const called = await fetch(`${server.url}/fn/${name}`, {
      method: "POST",
      headers: { cookie, origin: server.url, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    const text = await called.text();
    if (!called.ok) throw new Error(`${name}: ${called.status} ${text}`);
    return JSON.parse(text);
  };
}

type Call = Awaited<ReturnType<typeof signedIn>>;

/** Begins a change; nothing is begun when it would change nothing. */
async function begun(call: Call, step: string, filter: string): Promise<Change | undefined> {
  const order = { action: { Step: step }, choice: { Matching: { search: "", filter, except: [] } } };
  const answer = (await call("change_tokens", { order, agreed: MANY })) as { Begun?: Change };
  return answer.Begun;
}

async function ended(call: Call, begun: Change | undefined): Promise<Change> {
  if (begun === undefined) throw new Error("nothing was begun");
  for (;;) {
    const change = (await call("get_bulk_change", { id: begun.id })) as Change;
    if (change.state !== "Running") return change;
    await pause(100);
  }
}

/** The load in turns without and with something beside it, which is to have ended before the next turn. */
async function beside(what: string, load: () => Promise<Served>, begin: () => Promise<Disturbance>, mostP99?: number): Promise<void> {
  const turns: [Served, Served][] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const alone = await load();
    const disturbance = await begin();
    const disturbed = await load();
    figures.told(`  ${await disturbance.stop()}`, `p99 ${disturbed.p99.toFixed(2)} ms, alone ${alone.p99.toFixed(2)} ms`);
    turns.push([alone, disturbed]);
  }
  const ratio = median(turns.map(([alone, disturbed]) => disturbed.p99 / alone.p99));
  if (mostP99 === undefined) figures.told(`p99 beside ${what}`, `${ratio.toFixed(2)} times`);
  else figures.held(`p99 beside ${what}`, `${ratio.toFixed(2)} times`, `≤ ${mostP99}`, ratio <= mostP99);
}

async function good(served: Served): Promise<Served> {
  failed += served.refused + served.broken;
  return served;
}

function whole(value: number): string {
  return Math.round(value).toLocaleString("en");
}
