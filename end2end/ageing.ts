// A server on which time passes at a word: it ends, its database is set so many minutes back, and it starts again.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { agePasswords } from "./database";
import { test as base } from "./fixtures";
import { PROVISION_FILE, type Server, type StartOptions, start } from "./server";

export interface AgeingServer extends Server {
  /** So many minutes pass since everybody last entered his password. Sign-ins and open pages go on. */
  later(minutes: number): Promise<void>;
}

/** The tests of a file whose server is one. */
export const test = base.extend<object, { server: AgeingServer }>({
  server: [
    async ({ serverName: _ }, use) => {
      const server = await startAgeing({ provision: PROVISION_FILE });
      await use(server);
      await server.stop();
    },
    { scope: "worker", timeout: 60_000 },
  ],
});

/** Starts one in a data folder of its own, which is removed in the end. */
async function startAgeing(options: Omit<StartOptions, "dataDir" | "port">): Promise<AgeingServer> {
  const dataDir = await mkdtemp(join(tmpdir(), "latchkey-"));
  let server = await start({ ...options, dataDir });
  const { url, port } = server;
  let earlier = "";
  return {
    url,
    port,
    dataDir,
    get pid() {
      return server.pid;
    },
    readyAfter: server.readyAfter,
    log: () => earlier + server.log(),
    setupUrl: () => server.setupUrl(),
    async later(minutes) {
      await server.stop();
      earlier += server.log();
      await agePasswords(dataDir, minutes);
      server = await start({ ...options, dataDir, port });
    },
    async stop() {
      await server.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
