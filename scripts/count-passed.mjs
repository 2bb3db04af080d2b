// Adds up the closing lines of the test runners whose output lies in a folder, into one line at the very end.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";

const CLOSING = [
  /^\s*Summary \[.*\] \d+ tests? run: (?<passed>\d+) passed(?:.*?, (?<failed>\d+) failed)?/, // cargo nextest
  /^test result: \w+\. (?<passed>\d+) passed; (?<failed>\d+) failed/, // cargo test
  /^\s*(?<passed>\d+) passed \(/, // Playwright
  /^\s*(?<failed>\d+) failed$/, // Playwright
  /^(?:(?<failed>\d+) failed, )?(?<passed>\d+) passed\b.* in \d/, // pytest
  /^(?<failed>\d+) (?:failed|errors?)\b.* in \d/, // pytest, when nothing passed
];

let passed = 0;
let failed = 0;
for (const name of readdirSync(process.argv[2])) {
  const before = passed + failed;
  for (const line of stripVTControlCharacters(readFileSync(join(process.argv[2], name), "utf8")).split("\n")) {
    const groups = CLOSING.map((closing) => closing.exec(line)?.groups).find(Boolean);
    passed += Number(groups?.passed ?? 0);
    failed += Number(groups?.failed ?? 0);
  }
  if (passed + failed === before && !name.startsWith("doc-")) {
    console.error(`test: '${name}' ran no test`);
    failed += 1;
  }
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
