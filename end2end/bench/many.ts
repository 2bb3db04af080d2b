// Installations of many tokens: their secrets, the provisioning file that makes them, and lists of secrets for the load.
import { randomBytes } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { crc32 } from "node:zlib";
import { command } from "../server";

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const ACCOUNT = "ACC-0001-0002";
const EDITOR = "TKN-0001-0002";
/** Who signs in to look at the list. */
export const ADMINISTRATOR = { email: "ada@example.com", password: "tide lamp orbit 42" };
/** What every token in use has. */
export const MODULE = "billing";
/** One token of so many is in use. */
const IN_USE = 10;
/** How many tokens are written at once: all together would be longer than a string can be. */
const PIECE = 10_000;

/** An installation that has been provisioned. */
export interface Many {
  dataDir: string;
  count: number;
  /** The secret of a token that may change the others. */
  editor: string;
  /** The tokens in use, spread evenly over all of them. */
  used: { id: string; secret: string }[];
  /** Files with their secrets and with their ids, one a line. */
  usedFile: string;
  usedIdsFile: string;
  /** Seconds that provisioning took. */
  took: number;
}

/** Making a million tokens takes a minute: with BENCH_DATA=FOLDER they are kept there for the next run. */
const KEPT = process.env["BENCH_DATA"];

/** Runs `work` with an installation of so many tokens. */
export async function withMany(count: number, work: (many: Many) => Promise<void>): Promise<void> {
  if (KEPT === undefined) {
    const dataDir = await mkdtemp(join(tmpdir(), "latchkey-bench-"));
    try {
      await work(await provision(dataDir, count));
    } finally {
      await rm(dataDir, { recursive: true, force: true });
    }
    return;
  }
  const dataDir = join(KEPT, String(count));
  const note = join(dataDir, "many.json");
  const noted = await readFile(note, "utf8").catch(() => undefined);
  if (noted !== undefined) return work(JSON.parse(noted) as Many);
  await mkdir(dataDir, { recursive: true });
  const many = await provision(dataDir, count);
  await writeFile(note, JSON.stringify(many));
  await work(many);
}

/** Fills a data folder with so many tokens, every one with a secret. */
async function provision(dataDir: string, count: number): Promise<Many> {
  const used: Many["used"] = [];
  const editor = secret();
  const file = join(dataDir, "tokens.json");
  await pipeline(Readable.from(provisioning(count, editor, used)), createWriteStream(file));
  const usedFile = await linesFile(dataDir, "used.txt", used.map((token) => token.secret));
  const usedIdsFile = await linesFile(dataDir, "ids.txt", used.map((token) => token.id));
  const began = performance.now();
  await command(dataDir, "provision", file, "--json");
  return { dataDir, count, editor, used, usedFile, usedIdsFile, took: (performance.now() - began) / 1_000 };
}

/** Bytes of the database. */
export async function databaseSize(dataDir: string): Promise<number> {
  return (await stat(join(dataDir, "latchkey.db"))).size;
}

/** A file of so many well-formed secrets that nobody has. */
export async function unknownFile(dataDir: string, count: number): Promise<string> {
  return linesFile(dataDir, "unknown.txt", Array.from({ length: count }, secret));
}

async function linesFile(dataDir: string, name: string, lines: string[]): Promise<string> {
  const file = join(dataDir, name);
  await writeFile(file, `${lines.join("\n")}\n`);
  return file;
}

/** The provisioning file in pieces; notes the tokens in use. */
function* provisioning(count: number, editor: string, used: Many["used"]): Generator<string> {
  const head = JSON.stringify({
    modules: [MODULE, "catalog", "reports"].map((code) => ({ name: code, code })),
    accounts: [{ id: ACCOUNT, name: "Stark Industries", type: "Client", modules: ["access-management", MODULE, "catalog", "reports"] }],
    users: [{ account: ACCOUNT, name: "Ada", role: "Administrator", ...ADMINISTRATOR }],
  });
  const first = { id: EDITOR, account: ACCOUNT, name: "Editor", modules: ["access-management"], secret: editor };
  yield `${head.slice(0, -1)},"tokens":[${JSON.stringify(first)}`;
  for (let from = 0; from < count - 1; from += PIECE) {
    let piece = "";
    for (let number = from; number < Math.min(from + PIECE, count - 1); number += 1) {
      const token = entry(number);
      if (number % IN_USE === 0) used.push({ id: token.id, secret: token.secret });
      piece += `,${JSON.stringify(token)}`;
    }
    yield piece;
  }
  yield "]}\n";
}

function entry(number: number) {
  const inUse = number % IN_USE === 0;
  return {
    id: `TKN-${String(Math.floor(number / 10_000) + 1_000)}-${String(number % 10_000).padStart(4, "0")}`,
    account: ACCOUNT,
    name: `Robot ${number}`,
    modules: [inUse || number % 2 === 0 ? MODULE : "catalog", "reports"],
    status: inUse || number % 5 > 0 ? "Active" : "Disabled",
    secret: secret(),
  };
}

/** A secret as the product makes them: 30 random characters and their checksum. */
function secret(): string {
  // 62 characters out of 256 bytes: some come a little more often, which does not matter here.
  const random = [...randomBytes(30)].map((byte) => ALPHABET[byte % 62]).join("");
  return `lk_${random}${checksum(random)}`;
}

export function checksum(random: string): string {
  let rest = crc32(random);
  let text = "";
  for (let place = 0; place < 6; place += 1) {
    text = (ALPHABET[rest % 62] ?? "") + text;
    rest = Math.floor(rest / 62);
  }
  return text;
}
