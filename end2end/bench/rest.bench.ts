// Measures the REST interface: single tokens and filtered lists against /livez of the same server in the same run, and
// a list of 100,000 tokens as a stream.
import { expect, test } from "@playwright/test";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { type Server, command, start } from "../server";
import { CONNECTIONS, Figures, load, mega, perSecond, residentKb } from "./measure";

const TOKENS = "/public/v1/accounts/api-tokens";
/** A secret with its checksum, of the one token that may read. */
const SECRET = "lk_gSlgAzjSW1V0Se2eMYVTQIAEy4DqaQ40O9C1";
const READER = "TKN-0001-0002";
const FEW = 1_000;
const MANY = 100_000;
/** How much memory a stream may take beyond what the server has at rest. */
const STREAM_MEMORY = 30e6;
/** No limits of requests: they are not what is measured. */
const env = { LATCHKEY_RATE_LIMIT_TOKEN: "0", LATCHKEY_RATE_LIMIT_ADDRESS: "0", LATCHKEY_LOG_LEVEL: "warn" };
const figures = new Figures();

test("figures of the REST interface", async () => {
  test.setTimeout(900_000);
  await withTokens(FEW, throughput);
  await withTokens(MANY, stream);
  console.log(`\n${figures.table()}`);
  expect(figures.missed(), "goals that were missed").toEqual([]);
});

/** Runs `work` with a server that has so many tokens, each with two of three modules. */
async function withTokens(count: number, work: (server: Server) => Promise<void>): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), "latchkey-bench-"));
  try {
    const file = join(dataDir, "tokens.json");
    await writeFile(file, provisioning(count));
    await command(dataDir, "provision", file, "--json");
    const server = await start({ dataDir, env });
    try {
      await test.step(`${count} tokens`, () => work(server));
    } finally {
      await server.stop();
    }
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

function provisioning(count: number): string {
  const account = "ACC-0001-0002";
  const id = (number: number) => `TKN-${String(Math.floor(number / 10_000) + 1_000)}-${String(number % 10_000).padStart(4, "0")}`;
  const tokens = Array.from({ length: count - 1 }, (_, number) => ({
    id: id(number), account, name: `Robot ${number}`, modules: [number % 2 ? "billing" : "catalog", "reports"],
    status: number % 5 ? "Active" : "Disabled",
  }));
  return JSON.stringify({
    modules: ["billing", "catalog", "reports"].map((code) => ({ name: code, code })),
    accounts: [{ id: account, name: "Stark Industries", type: "Client", modules: ["access-management", "billing", "catalog", "reports"] }],
    users: [{ account, name: "Ada", email: "ada@example.com", role: "Administrator" }],
    tokens: [{ id: READER, account, name: "Reader", modules: ["access-management"], secret: SECRET }, ...tokens],
  });
}

async function throughput(server: Server): Promise<void> {
  const header = `Authorization: Bearer ${SECRET}`;
  const list = `${TOKENS}?limit=10&eq(status,Active)&ilike(name,*robot*)&order=-audit.created.at`;
  const page = (await (await fetch(server.url + list, { headers: { authorization: `Bearer ${SECRET}` } })).json()) as {
    data: unknown[];
  };
  if (page.data.length !== 10) throw new Error(`the list has ${page.data.length} rows`);
  const livez = await load(`${server.url}/livez`);
  const one = await load(`${server.url}${TOKENS}/${READER}`, header);
  const ten = await load(server.url + list, header);
  figures.told(`/livez at ${CONNECTIONS} connections`, perSecond(livez));
  figures.told("get one token", perSecond(one));
  figures.told(`list 10 of ${FEW} with a filter of two terms`, perSecond(ten));
  against("get one token against /livez", livez.rate / one.rate, 15);
  against("list against /livez", livez.rate / ten.rate, 40);
}

function against(what: string, ratio: number, most: number): void {
  figures.held(what, `1/${ratio.toFixed(1)}`, `≥ 1/${most}`, ratio <= most);
}

async function stream(server: Server): Promise<void> {
  await pause(2_000);
  const rest = await residentKb(server.pid);
  let most = rest;
  let done = false;
  const watch = (async () => {
    for (; !done; await pause(20)) most = Math.max(most, await residentKb(server.pid));
  })();
  const began = performance.now();
  const answer = await fetch(server.url + TOKENS, {
    headers: { authorization: `Bearer ${SECRET}`, "mpt-streaming": "true", accept: "application/jsonl" },
  });
  const first = performance.now() - began;
  const rows = await lines(answer);
  const seconds = (performance.now() - began) / 1_000;
  done = true;
  await watch;
  if (rows !== MANY || answer.headers.get("mpt-item-count") !== String(MANY)) throw new Error(`the stream has ${rows} rows`);
  figures.told(`stream of ${MANY} tokens`, `${Math.round(rows / seconds).toLocaleString("en")} records/s, head after ${first.toFixed(0)} ms`);
  const more = (most - rest) * 1024;
  figures.held("resident memory during it, above rest", mega(most - rest), `≤ ${STREAM_MEMORY / 1e6} MB`, more <= STREAM_MEMORY);
}

/** How many lines the body has; none of them is kept. */
async function lines(answer: Response): Promise<number> {
  let count = 0;
  for await (const chunk of answer.body as unknown as AsyncIterable<Uint8Array>) {
    for (const byte of chunk) if (byte === 10) count += 1;
  }
  return count;
}
