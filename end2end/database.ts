// The SQLite file of a server that has ended, which leaves everything in that one file.
import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import openSqlite, { type Database, type Value } from "sql.js";

const FILE = "latchkey.db";
/** Two bytes of the file's head say that a log belongs to it; the copy in memory has none. */
const MODE = 18;
const WITHOUT_LOG = 1;

async function open(dataDir: string): Promise<Database> {
  const log = await stat(join(dataDir, `${FILE}-wal`)).catch(() => undefined);
  if (log !== undefined && log.size > 0) throw new Error("the log is not empty: has the server ended?");
  const file = await readFile(join(dataDir, FILE));
  file.fill(WITHOUT_LOG, MODE, MODE + 2);
  const { Database } = await openSqlite();
  return new Database(file);
}

/** The rows that a question finds. */
export async function rowsOf(dataDir: string, sql: string, values: Value[] = []): Promise<Value[][]> {
  const database = await open(dataDir);
  const [found] = database.exec(sql, values);
  database.close();
  return found?.values ?? [];
}

/** Lets so many minutes pass since everybody last entered his password. */
export async function agePasswords(dataDir: string, minutes: number): Promise<void> {
  const database = await open(dataDir);
  database.run("UPDATE session SET authenticated_at = authenticated_at - ?", [minutes * 60 * 1_000_000]);
  if (database.getRowsModified() === 0) throw new Error("nobody is signed in");
  await writeFile(join(dataDir, FILE), database.export());
  database.close();
}
