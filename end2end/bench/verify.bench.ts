// Measures the verification of tokens against /livez of the same server in the same run: with few tokens, with many, and
// at half of the most load beside what may disturb it.
import { expect, test } from "@playwright/test";
import { setTimeout as pause } from "node:timers/promises";
import { type Server, freePort, start } from "../server";
import { type Disturbance, halfOpen, second } from "./disturb";
import { type Many, MODULE, checksum, databaseSize, unknownFile, withMany } from "./many";
import { Figures, median, mega, residentKb, SECONDS } from "./measure";
import { type Ask, type Served, wrk, wrkThrough } from "./wrk";

const FEW = 1_000;
const MANY = Number(process.env["BENCH_TOKENS"] ?? 1_000_000);
/** How often each of two loads is measured, in turns: the median of three is not moved by one that was disturbed. */
const ROUNDS = Number(process.env["BENCH_ROUNDS"] ?? 3);
const CONNECTIONS = [32, 256];
/** Connections at half of the most load: each has time to wait between two requests. */
const PACED = 64;
const MEMORY = 200e6;
/** How many of the calls are of unknown secrets, while those are beside the good ones. */
const UNKNOWN_PART = 0.1;
/** The fewest unknown secrets that unknown secrets alone are drawn from. */
const UNKNOWN_LEAST = 200_000;
/** The most edits a second, and how many at once. */
const EDITS = 200;
const EDITORS = 8;
const VERIFY = `/auth/verify?module=${MODULE}`;
/** No limits of requests or of wrk's address: they are not what is measured. */
const env = { LATCHKEY_TRUSTED_PROXIES: "127.0.0.1", LATCHKEY_RATE_LIMIT_TOKEN: "0", LATCHKEY_RATE_LIMIT_ADDRESS: "0" };

const figures = new Figures();
/** Good calls and edits that were refused, and broken connections, of all loads. */
let failed = 0;

test("figures of verification", async () => {
  test.setTimeout(4 * 3_600_000);
  expect(checksum("zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ")).toBe("0mLq17");
  try {
    await withTokens(FEW, {}, fewTokens);
    const metrics = `127.0.0.1:${await freePort()}`;
    await withTokens(MANY, { LATCHKEY_METRICS_LISTEN: metrics }, async (server, many) => {
      await test.step("many tokens", () => manyTokens(server, many, `http://${metrics}/metrics`));
      await test.step("half load", () => halfLoad(server, many));
      const counted = await metric(`http://${metrics}/metrics`);
      const uncertain = ["unavailable", "limited"].map((outcome) => counted(`latchkey_verifications_total{outcome="${outcome}"}`));
      figures.held("verifications answered 503, and 429", uncertain.join(", "), "0, 0", uncertain.every((count) => count === 0));
    });
    figures.held("good calls and edits refused, or connections broken", String(failed), "0", failed === 0);
  } finally {
    console.log(`\n${figures.table()}`);
  }
  expect(figures.missed(), "goals that were missed").toEqual([]);
});

/** Runs `work` with a server that has so many tokens, a tenth of them in use. */
async function withTokens(count: number, more: Record<string, string>, work: (server: Server, many: Many) => Promise<void>): Promise<void> {
  await withMany(count, async (many) => {
    const { dataDir } = many;
    const size = await databaseSize(dataDir);
    figures.told(`provisioning of ${whole(count)} tokens`, `${many.took.toFixed(1)} s, ${mega(size / 1_024)}, ${whole(size / count)} bytes each`);
    const server = await start({ dataDir, env: { ...env, ...more } });
    try {
      figures.told(`start with ${whole(count)} tokens until /readyz answers 200`, `${server.readyAfter.toFixed(0)} ms`);
      await expectVerified(server, many);
      await work(server, many);
    } finally {
      await server.stop();
    }
  });
}

/** The first and the last of the tokens in use are let through, by their own names. */
async function expectVerified(server: Server, { used }: Many): Promise<void> {
  for (const token of [used.at(0), used.at(-1)]) {
    const headers = { authorization: `Bearer ${token?.secret}` };
    const answer = await fetch(server.url + VERIFY, { headers, redirect: "manual" });
    expect({ status: answer.status, id: answer.headers.get("x-token-id") }).toEqual({ status: 200, id: token?.id });
  }
}

/** One token of a few, as fast as it goes. */
async function fewTokens(server: Server, few: Many): Promise<void> {
  const headers = [bearer(few.used[0]?.secret ?? "")];
  for (const connections of CONNECTIONS) await againstLivez(server, `one of ${whole(FEW)} tokens`, { connections, headers }, 0.7, 2);
}

/** All the tokens in use, as fast as it goes, and the memory that takes. */
async function manyTokens(server: Server, many: Many, metrics: string): Promise<void> {
  await pause(2_000);
  figures.told("resident memory at rest", mega(await residentKb(server.pid)));
  const most = watchMemory(server.pid);
  const seconds = await wrkThrough(server.url + VERIFY, many.usedFile, CONNECTIONS[0] ?? 0);
  const used = many.used.length;
  figures.told(`first use of ${whole(used)} of them`, `${seconds.toFixed(1)} s, ${whole(used / seconds)} requests/s`);
  const before = await metric(metrics);
  for (const connections of CONNECTIONS) {
    await againstLivez(server, `${whole(used)} of ${whole(many.count)} tokens`, { connections, secrets: many.usedFile }, 0.6);
  }
  const after = await metric(metrics);
  await pause(2_000);
  const resident = await most();
  figures.held("resident memory during and after it, at most", mega(resident), `≤ ${MEMORY / 1e6} MB`, resident * 1_024 <= MEMORY);
  const [hits, misses] = ["hits", "misses"].map((word) => {
    const name = `latchkey_token_cache_${word}_total`;
    return after(name) - before(name);
  }) as [number, number];
  const entries = whole(after("latchkey_token_cache_entries"));
  figures.told("answered without the database", `${((hits * 100) / (hits + misses)).toFixed(2)} %, ${entries} tokens in memory`);
}

/** Half of the most load, alone and beside what may disturb it. */
async function halfLoad(server: Server, many: Many): Promise<void> {
  const mostMemory = watchMemory(server.pid);
  const ask = { url: server.url + VERIFY, connections: PACED, secrets: many.usedFile };
  const most = await good(ask);
  const rate = Math.round(most.rate / 2);
  figures.told(`the most at ${PACED} connections`, perSecond(most));
  const half = () => good({ ...ask, rate });

  // Begun before what it disturbs, and ended after it.
  const beyond = { threads: 1, seconds: SECONDS + 3 };
  const each = Math.ceil(rate * UNKNOWN_PART * beyond.seconds * 1.2);
  const file = await unknownFile(many.dataDir, Math.max(UNKNOWN_LEAST, each * ROUNDS));
  const others: Ask = { ...ask, connections: 32, secrets: file, order: "once", rate: rate * UNKNOWN_PART };
  let skip = -each;
  const unknown = () => {
    skip += each;
    return second({ ...others, ...beyond, skip }, (served) => `${whole(onlyRefused(served).rate)} unknown secrets/s`);
  };
  await beside("unknown secrets", half, unknown, 1.5);

  const changes: Ask = {
    url: `${server.url}/public/v1/accounts/api-tokens`,
    connections: EDITORS,
    headers: [bearer(many.editor), "Content-Type: application/json"],
    edits: many.usedIdsFile,
    rate: EDITS,
  };
  const edits = () =>
    second({ ...changes, ...beyond }, (served) => {
      failed += served.refused + served.broken;
      return `${whole(served.rate)} edits/s`;
    });
  await beside("edits", half, edits, 3);

  await beside("half-open connections", half, () => halfOpen(server.port), 2);

  const [connections = 0] = CONNECTIONS;
  const alone = { ...ask, connections, secrets: file };
  const livez = () => good({ ...alone, url: `${server.url}/livez` });
  const turns = await inTurns(livez, async () => onlyRefused(await wrk(alone)));
  const ratio = median(turns.map(([open, each]) => each.rate / open.rate));
  const refused = perSecond(middle(turns.map(([, each]) => each)));
  figures.told(`unknown secrets alone at ${connections} connections`, `${refused}, ${ratio.toFixed(2)} of /livez`);
  const memory = `${mega(await mostMemory())}, at the end ${mega(await residentKb(server.pid))}`;
  figures.told("resident memory during all this, at most", memory);
}

/** Verification in turns with /livez, which is asked by the same requests at another address. */
async function againstLivez(server: Server, what: string, ask: Omit<Ask, "url">, leastRate: number, mostP99?: number): Promise<void> {
  const asked = async (path: string) => {
    // Connections, and whatever else is made at the first time, are not measured.
    await good({ ...ask, url: server.url + path, seconds: 1 });
    return good({ ...ask, url: server.url + path });
  };
  const turns = await inTurns(() => asked("/livez"), () => asked(VERIFY));
  const at = `at ${ask.connections} connections`;
  figures.told(`/livez ${at}`, perSecond(middle(turns.map(([livez]) => livez))));
  figures.told(`${what} ${at}`, perSecond(middle(turns.map(([, verify]) => verify))));
  const rate = median(turns.map(([livez, verify]) => verify.rate / livez.rate));
  figures.held("  its rate against /livez", rate.toFixed(2), `≥ ${leastRate}`, rate >= leastRate);
  const p99 = median(turns.map(([livez, verify]) => verify.p99 / livez.p99));
  if (mostP99 === undefined) figures.told("  its p99 against /livez", p99.toFixed(2));
  else figures.held("  its p99 against /livez", p99.toFixed(2), `≤ ${mostP99}`, p99 <= mostP99);
}

/** The load in turns without and with something beside it. */
async function beside(what: string, load: () => Promise<Served>, begin: () => Promise<Disturbance>, mostP99: number): Promise<void> {
  let told = "";
  const turns = await test.step(what, () =>
    inTurns(load, async () => {
      const disturbance = await begin();
      try {
        return await load();
      } finally {
        told = await disturbance.stop();
      }
    }),
  );
  figures.told("half of it", perSecond(middle(turns.map(([alone]) => alone))));
  figures.told(`  beside ${told}`, perSecond(middle(turns.map(([, disturbed]) => disturbed))));
  const ratio = median(turns.map(([alone, disturbed]) => disturbed.p99 / alone.p99));
  figures.held(`  its p99 beside ${what}`, `${ratio.toFixed(2)} times`, `≤ ${mostP99}`, ratio <= mostP99);
}

/** Two loads in turns, so that both meet whatever changes meanwhile. */
async function inTurns(first: () => Promise<Served>, second: () => Promise<Served>): Promise<[Served, Served][]> {
  const turns: [Served, Served][] = [];
  for (let round = 0; round < ROUNDS; round += 1) turns.push([await first(), await second()]);
  return turns;
}

/** A load whose calls are all to be answered 200. */
async function good(ask: Ask): Promise<Served> {
  const served = await wrk(ask);
  failed += served.refused + served.broken;
  return served;
}

function onlyRefused(served: Served): Served {
  if (served.refused !== served.requests) throw new Error(`${served.requests - served.refused} unknown secrets were let through`);
  return served;
}

function bearer(secret: string): string {
  return `Authorization: Bearer ${secret}`;
}

/** What stands under a name in the figures that the server tells. */
async function metric(url: string): Promise<(name: string) => number> {
  const lines = (await (await fetch(url)).text()).split("\n");
  return (name) => {
    const line = lines.find((each) => each.startsWith(`${name} `));
    if (line === undefined) throw new Error(`${url} has no ${name}`);
    return Number(line.slice(name.length));
  };
}

/** Looks at the memory of a process until asked for the most it had, in kilobytes. */
function watchMemory(pid: number): () => Promise<number> {
  let most = 0;
  let done = false;
  const watch = (async () => {
    for (; !done; await pause(100)) most = Math.max(most, await residentKb(pid));
  })();
  return async () => {
    done = true;
    await watch;
    return most;
  };
}

function middle(all: Served[]): Pick<Served, "rate" | "p50" | "p99"> {
  const of = (value: (served: Served) => number) => median(all.map(value));
  return { rate: of(({ rate }) => rate), p50: of(({ p50 }) => p50), p99: of(({ p99 }) => p99) };
}

function perSecond({ rate, p50, p99 }: Pick<Served, "rate" | "p50" | "p99">): string {
  return `${whole(rate)} requests/s, median ${p50.toFixed(2)} ms, p99 ${p99.toFixed(2)} ms`;
}

function whole(value: number): string {
  return Math.round(value).toLocaleString("en");
}
