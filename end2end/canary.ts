// Secrets to look for: made to measure, and found again in whatever form they may have been written down.
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { crc32 } from "node:zlib";

const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const CHECK_DIGITS = 6;
/** The prefix and four characters, which are shown to everybody who sees the token. */
const HINT = 7;
const PIECE = 12;

/** A secret in the product's format from 30 random characters: prefix, those, and their check digits. */
export function secretOf(random: string): string {
  let rest = crc32(random) >>> 0;
  let check = "";
  for (let place = 0; place < CHECK_DIGITS; place += 1) {
    check = DIGITS.charAt(rest % DIGITS.length) + check;
    rest = Math.floor(rest / DIGITS.length);
  }
  return `lk_${random}${check}`;
}

/** What would give a text away: pieces of it, plain and in the forms in which programs write bytes down. */
function traces(text: string): Buffer[] {
  const bytes = Buffer.from(text);
  const forms: (string | Buffer)[] = [bytes.toString("hex"), bytes.toString("hex").toUpperCase(), Buffer.from(text, "utf16le")];
  for (let start = 0; start + PIECE <= text.length; start += 1) forms.push(text.slice(start, start + PIECE));
  // Whatever stands before it, it begins at one of three places in a group of base64.
  for (const shift of [0, 1, 2]) {
    const group = Buffer.concat([Buffer.alloc(shift), bytes]).toString("base64").replace(/=+$/, "");
    forms.push(group.slice(shift === 0 ? 0 : 4, -4), group.slice(shift === 0 ? 0 : 4, -4).replaceAll("+", "-").replaceAll("/", "_"));
  }
  const escaped = encodeURIComponent(text);
  return [...forms, ...(escaped === text ? [] : [escaped, escaped.replaceAll("%20", "+")])].map((form) => Buffer.from(form as string));
}

/** Looks for texts in bytes. */
export class Search {
  private readonly wanted: { name: string; traces: Buffer[] }[] = [];

  /** A token's secret, of which the hint may be seen. */
  secret(name: string, secret: string): void {
    this.wanted.push({ name, traces: traces(secret.slice(HINT)) });
  }

  /** Another text that must not be seen at all, such as a password. */
  text(name: string, text: string): void {
    this.wanted.push({ name, traces: traces(text) });
  }

  /** The names of what is found. */
  in(bytes: Buffer | string): string[] {
    const place = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes);
    return this.wanted.filter(({ traces }) => traces.some((trace) => place.includes(trace))).map(({ name }) => name);
  }
}

/** Every file below a folder, by its path there. */
export async function filesOf(folder: string): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    // What vanishes while one looks was a temporary file of the browser's.
    const bytes = entry.isFile() ? await readFile(path).catch(() => undefined) : undefined;
    if (bytes !== undefined) files.set(path.slice(folder.length + 1), bytes);
  }
  return files;
}
