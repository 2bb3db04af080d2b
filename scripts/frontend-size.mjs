// Prints what a browser has to load, file by file, and fails when it is more than the budget allows.
// `--json` prints the same for programs and never fails.
import { readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync } from "node:zlib";

const BUDGET = 430_000; // bytes of wasm, js and css after brotli
const folder = join(dirname(fileURLToPath(import.meta.url)), "../target/site/pkg");

// The server sends the .br files as they lie there; one that is missing is compressed here the same way.
const files = readdirSync(folder)
  .filter((name) => /\.(wasm|js|css)$/.test(name))
  .map((name) => {
    const raw = readFileSync(join(folder, name));
    let brotli;
    try {
      brotli = readFileSync(join(folder, `${name}.br`)).length;
    } catch {
      brotli = brotliCompressSync(raw).length;
    }
    return { name, raw: raw.length, brotli };
  })
  .sort((a, b) => b.brotli - a.brotli);
const total = {
  name: "total",
  raw: files.reduce((sum, file) => sum + file.raw, 0),
  brotli: files.reduce((sum, file) => sum + file.brotli, 0),
};

if (process.argv.includes("--json")) {
  console.log(JSON.stringify({ budget: BUDGET, total: total.brotli, files }));
} else {
  const row = (name, raw, brotli) => `  ${name.padEnd(20)}${raw.padStart(12)}${brotli.padStart(12)}`;
  const bytes = (n) => n.toLocaleString("en");
  console.log(row("frontend, bytes", "raw", "brotli"));
  for (const file of [...files, total]) console.log(row(file.name, bytes(file.raw), bytes(file.brotli)));
  if (!files.some((file) => file.name.endsWith(".wasm"))) {
    console.error(`build: there is no wasm file in ${folder}; the frontend was not built`);
    process.exit(1);
  }
  if (total.brotli > BUDGET) {
    console.error(`build: the frontend is ${bytes(total.brotli - BUDGET)} bytes over its ${bytes(BUDGET)}`);
    process.exit(1);
  }
}
