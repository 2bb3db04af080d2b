// Makes server/data/user-agents.json anew from a `regexes.yaml` of uap-core, by which `ua-parser` knows browsers and systems:
//   node scripts/user-agents.mjs ~/.cargo/registry/src/*/ua-parser-*/uap-core/regexes.yaml
// That file is plain lists of flat entries with quoted values; what is anything else fails here.
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const [source] = process.argv.slice(2);
if (source === undefined) throw new Error("say which regexes.yaml");
// Devices are by far the most, and the page of sign-ins names none.
const lists = { user_agent_parsers: [], os_parsers: [], device_parsers: undefined };

const value = (text) => {
  const single = /^'((?:[^']|'')*)'/.exec(text);
  if (single) return single[1].replaceAll("''", "'");
  const double = /^"(?:[^"\\]|\\.)*"/.exec(text);
  if (double) return JSON.parse(double[0]);
  throw new Error(`no quoted value: ${text}`);
};

let list;
for (const line of readFileSync(source, "utf8").split("\n")) {
  if (/^\s*(#|$)/.test(line)) continue;
  const heading = /^(\w+):\s*$/.exec(line);
  if (heading) {
    if (!(heading[1] in lists)) throw new Error(`unknown list: ${heading[1]}`);
    list = lists[heading[1]];
    continue;
  }
  if (list === undefined) continue;
  const entry = /^ {2}(- | {2})(\w+):\s*(.*)$/.exec(line);
  if (!entry) throw new Error(`unknown line: ${line}`);
  if (entry[1] === "- ") list.push({});
  list.at(-1)[entry[2]] = value(entry[3]);
}

const rows = (of) => `[\n${of.map((entry) => JSON.stringify(entry)).join(",\n")}\n]`;
const json = `{"user_agent_parsers":${rows(lists.user_agent_parsers)},\n"os_parsers":${rows(lists.os_parsers)}}\n`;
writeFileSync(join(dirname(fileURLToPath(import.meta.url)), "../server/data/user-agents.json"), json);
