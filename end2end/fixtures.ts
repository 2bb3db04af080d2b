// What every browser test starts from: a server of its own worker, a page that may not complain, people, checks.
import AxeBuilder from "@axe-core/playwright";
import { type BrowserContext, type Page, expect, test as base } from "@playwright/test";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { WHO, type Who } from "./demo";
import { PROVISION_FILE, type Server, command, start } from "./server";

export { expect } from "@playwright/test";
export { WHO, demo, tokensOf } from "./demo";
export type { Server } from "./server";

interface TestFixtures {
  /** An empty installation without any account, for one test; its set-up address is `await freshServer.setupUrl()`. */
  freshServer: Server;
  /** Says that the browser will complain with this text, as it does for every refusal that the test provokes. */
  expectConsole: (text: RegExp) => void;
  /** Opens a page in a browser of its own, without anybody's cookies: a second person, or a second machine. */
  visitor: () => Promise<Page>;
  /**
   * Has the operator forget somebody's failed tries, by `latchkey user unlock`. After a wrong password the right one is
   * refused, too, for a second or more: whether a test gets there later than that is up to the machine.
   */
  unlock: (who: Who) => Promise<void>;
  watch: Watch;
}

interface WorkerFixtures {
  /** The demo installation. Files of one worker share it, so a test changes tokens that are its own. */
  server: Server;
  /** `test.use({ serverName: "edit" })` at the top of a file gives that file a server of its own. */
  serverName: string;
  /** What is configured otherwise for that server, by `test.use` as well. */
  serverEnv: Record<string, string>;
}

/** Collects what the browser complains of in any page of the contexts it looks at. */
class Watch {
  readonly expected: RegExp[] = [];
  private readonly complaints: string[] = [];
  private ended = false;

  async attach(context: BrowserContext): Promise<void> {
    context.on("console", (message) => {
      const text = `${message.text()} [${message.location().url}]`;
      if (message.type() === "error" || /content security policy/i.test(text)) this.note(text);
    });
    context.on("weberror", (error) => this.note(`uncaught: ${error.error().stack ?? error.error()}`));
    await context.addInitScript(() => {
      document.addEventListener("securitypolicyviolation", (event) => {
        console.error(`CSP violation: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`);
      });
    });
  }

  /** What is complained of from now on is no matter of the test any more. */
  end(): void {
    this.ended = true;
  }

  private note(complaint: string): void {
    if (!this.ended) this.complaints.push(complaint);
  }

  unexpected(): string[] {
    return this.complaints.filter((text) => !this.expected.some((pattern) => pattern.test(text)));
  }
}

export const test = base.extend<TestFixtures, WorkerFixtures>({
  serverName: ["shared", { option: true, scope: "worker" }],
  serverEnv: [{}, { option: true, scope: "worker" }],

  server: [
    async ({ serverName: _, serverEnv }, use) => {
      const server = await start({ provision: PROVISION_FILE, env: serverEnv });
      await use(server);
      await server.stop();
    },
    { scope: "worker", timeout: 60_000 },
  ],

  freshServer: async ({ watch }, use) => {
    const server = await start();
    await use(server);
    // A page that is still open asks for its mark or so in vain.
    watch.end();
    await server.stop();
  },

  baseURL: async ({ server }, use) => use(server.url),

  watch: async ({}, use) => {
    const watch = new Watch();
    await use(watch);
    expect(watch.unexpected(), "what the browser complained of").toEqual([]);
  },

  context: async ({ context, watch }, use) => {
    await watch.attach(context);
    await use(context);
  },

  expectConsole: async ({ watch }, use) => use((text) => void watch.expected.push(text)),

  visitor: async ({ browser, contextOptions, baseURL, watch }, use) => {
    const contexts: BrowserContext[] = [];
    await use(async () => {
      const context = await browser.newContext({ ...contextOptions, ...(baseURL === undefined ? {} : { baseURL }) });
      contexts.push(context);
      await watch.attach(context);
      return context.newPage();
    });
    for (const context of contexts) await context.close();
  },

  unlock: async ({ server }, use) => {
    await use(async (who) => {
      // Failures count for the person and for the address, which all tests of a server share.
      await command(server.dataDir, "user", "unlock", WHO[who].email);
      await command(server.dataDir, "user", "unlock", "--address", "127.0.0.1");
    });
  },
});

/** Signs somebody of the demo in by the form, and returns once the page after it is there. */
export async function signIn(page: Page, who: Who): Promise<void> {
  await page.goto("/sign-in");
  await page.getByLabel("E-mail", { exact: true }).fill(WHO[who].email);
  await page.getByLabel("Password", { exact: true }).fill(WHO[who].password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.waitForURL((url) => url.pathname.startsWith("/settings/"));
}

const AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** Waits until everything that moves or fades in has come to rest; what turns for ever, as a spinner, is not waited for. */
async function atRest(page: Page): Promise<void> {
  // A dialog is made modal, and fades in, a frame after it was put into the page, and once the page is live if it came with
  // it. Without script it stays as it is.
  if (test.info().project.use.javaScriptEnabled !== false) await expect(page.locator("dialog:not(:modal)")).toHaveCount(0);
  await page.evaluate(async () => {
    const ending = document.getAnimations().filter((animation) => animation.effect?.getComputedTiming().endTime !== Infinity);
    // One that is taken away before its end rejects, and is at rest, too.
    await Promise.allSettled(ending.map((animation) => animation.finished));
  });
}

/**
 * Fails unless the page as it stands, menus and dialogs included, is without any violation that axe knows. What is still
 * fading in has less contrast than it will have, so it is looked at once it is there.
 */
export async function axe(page: Page): Promise<void> {
  await atRest(page);
  const { violations } = await new AxeBuilder({ page }).withTags(AXE_TAGS).analyze();
  const told = violations.map(({ id, help, nodes }) => {
    const places = nodes.map((node) => `  ${node.target.join(" ")}: ${node.failureSummary ?? ""}`);
    return [`${id}: ${help}`, ...places].join("\n");
  });
  expect(told, `accessibility of ${new URL(page.url()).pathname}`).toEqual([]);
}

/** Saves a picture of what is seen as end2end/pictures/NAME.png. */
export async function shot(page: Page, name: string): Promise<void> {
  const folder = join(__dirname, "pictures");
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), animations: "disabled", caret: "initial" });
}
