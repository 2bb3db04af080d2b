// Measures the list of tokens with very many of them: making them, memory while many administrators use it, and how long the
// browser takes until rows are painted. The server's own time for a page, against few tokens, is measured by the Rust bench
// `lists`.
import { type Browser, type Page, expect, test } from "@playwright/test";
import { live } from "../steps";
import { type Server, start } from "../server";
import { ADMINISTRATOR, databaseSize, withMany } from "./many";
import { Figures, SECONDS, median, mega, residentKb } from "./measure";

const MANY = Number(process.env["BENCH_TOKENS"] ?? 1_000_000);
const LIST = "/settings/api-tokens";
const ADMINISTRATORS = 50;
const ROUNDS = 7;
/** What the administrators look at, one list after the other. */
const LISTS = [
  {},
  { order: [{ column: "Name", descending: false }] },
  { page: { number: Math.ceil(MANY / 20), size: 10 } },
  { filter: "status=Disabled" },
  { search: "robot 12" },
  { order: [{ column: "LastAccess", descending: true }], page: { number: 1, size: 100 } },
];

const figures = new Figures();

test("figures of long lists", async ({ browser }) => {
  test.setTimeout(2 * 3_600_000);
  try {
    await withMany(MANY, async ({ dataDir, count, took }) => {
      const size = await databaseSize(dataDir);
      const rate = count / took;
      figures.held("tokens provisioned per second", whole(rate), "≥ 20,000", rate >= 20_000);
      figures.told(`database of ${whole(count)} tokens`, `${mega(size / 1_024)}, ${whole(size / count)} bytes each`);
      const server = await start({ dataDir, env: { LATCHKEY_RATE_LIMIT_ADDRESS: "0" } });
      try {
        await test.step("browser", () => inTheBrowser(browser, server));
        await test.step("memory", () => memory(browser, server));
      } finally {
        await server.stop();
      }
    });
  } finally {
    console.log(`\n${figures.table()}`);
  }
  expect(figures.missed(), "goals that were missed").toEqual([]);
});

async function signIn(page: Page): Promise<void> {
  await page.goto("/sign-in");
  await page.getByLabel("E-mail").fill(ADMINISTRATOR.email);
  await page.getByLabel("Password").fill(ADMINISTRATOR.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await live(page);
}

/** Administrators who go through the lists at the same time. */
async function memory(browser: Browser, server: Server): Promise<void> {
  const context = await browser.newContext({ baseURL: server.url });
  await signIn(await context.newPage());
  const sid = (await context.cookies()).find(({ name }) => name === "sid")?.value;
  await context.close();
  const until = performance.now() + SECONDS * 1_000;
  const times: number[] = [];
  let most = await residentKb(server.pid);
  const one = async (first: number) => {
    for (let turn = first; performance.now() < until; turn += 1) {
      const began = performance.now();
      const answer = await fetch(`${server.url}/fn/list_tokens`, {
        method: "POST",
        headers: { cookie: `sid=${sid}`, "content-type": "application/json", origin: server.url },
        body: JSON.stringify({ query: LISTS[turn % LISTS.length] }),
      });
      if (answer.status !== 200) throw new Error(`the list answers ${answer.status}: ${await answer.text()}`);
      await answer.text();
      times.push(performance.now() - began);
      most = Math.max(most, await residentKb(server.pid));
    }
  };
  await Promise.all(Array.from({ length: ADMINISTRATORS }, (_, number) => one(number)));
  const rate = times.length / SECONDS;
  figures.told(`resident memory while ${ADMINISTRATORS} administrators use the list`, mega(most));
  figures.told("  their lists", `${whole(rate)} per second, median ${ms(median(times))}`);
}

/** How long a person waits for a hundred rows, and whether the page stands still meanwhile. */
async function inTheBrowser(browser: Browser, server: Server): Promise<void> {
  const context = await browser.newContext({ baseURL: server.url });
  const page = await context.newPage();
  await page.addInitScript(observe);
  await signIn(page);
  const steps: [string, (page: Page) => Promise<void>][] = [
    ["sort by name", (page) => page.getByRole("columnheader", { name: "API token" }).getByRole("link").click()],
    ["next page", (page) => page.getByRole("link", { name: "Next" }).click()],
    ["sort by creator", (page) => page.getByRole("columnheader", { name: "Created by" }).getByRole("link").click()],
    ["search", async (page) => {
      const box = page.getByRole("searchbox");
      await box.fill("robot 1");
      await box.press("Enter");
    }],
    ["take the search away", (page) => page.getByRole("link", { name: "Clear search" }).click()],
  ];
  const waited = new Map<string, number[]>();
  const tasks: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    await page.goto(`${LIST}?size=100`);
    await live(page);
    await page.evaluate("window.benchLongTasks.length = 0");
    for (const [what, act] of steps) {
      await page.evaluate(watch);
      await act(page);
      const time = (await page.evaluate("window.benchPainted")) as number;
      waited.set(what, [...(waited.get(what) ?? []), time]);
    }
    tasks.push(...((await page.evaluate("window.benchLongTasks")) as number[]));
  }
  for (const [what, times] of waited) figures.told(`${what}, 100 rows, until painted`, ms(median(times)));
  const longest = Math.max(0, ...tasks);
  figures.held(`longest task of ${ROUNDS * steps.length} such steps`, ms(longest), "≤ 100 ms", longest <= 100);
  await context.close();
}

/** Runs in the page before its own scripts: notes tasks that hold it up. */
function observe(): void {
  const tasks: number[] = [];
  Object.assign(window, { benchLongTasks: tasks });
  new PerformanceObserver((list) => tasks.push(...list.getEntries().map((entry) => entry.duration))).observe({ type: "longtask" });
}

/** Runs in the page: from the next click or key on, until other rows than these are painted. */
function watch(): void {
  const rows = () => [...document.querySelectorAll("tbody tr")].map((row) => row.textContent).join("\n");
  const before = rows();
  const painted = new Promise<number>((resolve) => {
    let began = 0;
    const begin = (event: Event) => {
      if (event instanceof KeyboardEvent && event.key !== "Enter") return;
      began = performance.now();
      for (const kind of ["click", "keydown"]) removeEventListener(kind, begin, true);
    };
    for (const kind of ["click", "keydown"]) addEventListener(kind, begin, true);
    const look = () => {
      // Two frames on, what stands in the page has been painted.
      if (began > 0 && rows() !== before) requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now() - began)));
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
  Object.assign(window, { benchPainted: painted });
}

const whole = (number: number) => Math.round(number).toLocaleString("en");
const ms = (time: number) => `${time.toFixed(0)} ms`;
