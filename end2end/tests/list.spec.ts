// The list of API tokens: what stands in it, page by page and in every order.
import type { Page } from "@playwright/test";
import { axe, demo, expect, signIn, test, tokensOf } from "../fixtures";
import { held } from "../editing";
import { live, names, rowOf, send } from "../steps";

test.use({ serverName: "list" });

const LIST = "/settings/api-tokens";
const COLUMNS = ["API token", "Modules", "Created by", "Date created", "Last access", "Status", "Actions"];
const tokens = tokensOf("administrator");
type Token = (typeof tokens)[number];

/** The names of all tokens by a key of each, equals by id, as the list has them in ascending order. */
function by(key: (token: Token) => string): string[] {
  const keyed = tokens.map((token) => ({ name: token.name, key: key(token), id: token.id }));
  const compare = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));
  return keyed.sort((a, b) => compare(a.key, b.key) || compare(a.id, b.id)).map((token) => token.name);
}

const creator = (token: Token) => demo.users.find((user) => user.id === token.createdBy)?.name ?? "";
const newestFirst = by((token) => token.createdAt).reverse();

const pager = (page: Page) => page.getByRole("form", { name: "Pages" });

async function shows(page: Page, place: string, expected: string[]): Promise<void> {
  await expect(pager(page)).toContainText(place);
  await expect(names(page)).toHaveText(expected);
}

test.beforeEach(async ({ page }) => signIn(page, "administrator"));

test("seven columns say what each token is, what it may use, who made it and when, and where it stands", async ({ page }) => {
  await page.goto(`${LIST}?size=50`);
  await live(page);
  await expect(page).toHaveTitle("API tokens · Latchkey");
  await expect(page.getByText("Settings › API tokens")).toBeVisible();
  await expect(page.getByRole("columnheader")).toHaveText(COLUMNS);
  await expect(page.getByText("37 tokens")).toBeVisible();
  const sarah = /Sarah Sanderson\s*USR-1234-1210$/;
  const known: [string, RegExp[]][] = [
    ["TKN-1234-1234", [/Robot 1/, /^4 modules\s*Billing, Catalog, Commerce \+1$/, sarah, /15 Apr 2026\s+14:34/, /20 Nov 2026\s+01:55/, /^Active$/]],
    ["TKN-1234-3054", [/Splunk audit/, /^2 modules\s*Audit Trail, Platform Basics$/, /Tomás Echeverría/, /23 Jan 2026\s+22:44/, /17 Nov 2026/, /^Active$/]],
    ["TKN-1234-1788", [/Everything/, /^10 modules\s*Access.*, Audit Trail, Billing \+7$/, sarah, /25 Jan 2026/, /13 Nov 2026/, /^Active$/]],
    ["TKN-1234-0866", [/Placeholder/, /^Platform Basics\s*MOD-7002$/, sarah, /16 May 2026/, /^—\s*never$/, /^Disabled$/]],
  ];
  for (const [id, contents] of known) {
    const cells = rowOf(page, id).getByRole("cell");
    await expect(cells).toHaveCount(COLUMNS.length);
    for (const [index, content] of contents.entries()) await expect(cells.nth(index)).toHaveText(content);
    await expect(cells.first()).toContainText(id);
    await expect(cells.last().getByRole("button", { name: /^Actions for / })).toBeVisible();
  }
  await expect(rowOf(page, "TKN-1234-1234").getByTitle("2026-04-15T12:34:00.000Z")).toBeVisible();
});

test("pages are turned by Next and Previous, by number and by size, and Back returns to the one before", async ({ page }) => {
  await live(page);
  await axe(page);
  await shows(page, "1–10 of 37", newestFirst.slice(0, 10));
  await expect(page.getByRole("link", { name: "Previous" })).toBeDisabled();
  await page.getByRole("link", { name: "Next" }).click();
  await shows(page, "11–20 of 37", newestFirst.slice(10, 20));
  await expect(page).toHaveURL(`${LIST}?page=2`);
  await expect(page.getByLabel("Page of 4")).toHaveValue("2");

  await page.getByLabel("Page of 4").fill("4");
  await page.keyboard.press("Enter");
  await shows(page, "31–37 of 37", newestFirst.slice(30));
  await expect(page.getByRole("link", { name: "Next" })).toBeDisabled();
  await page.getByRole("link", { name: "Previous" }).click();
  await shows(page, "21–30 of 37", newestFirst.slice(20, 30));

  await page.getByLabel("Rows per page").selectOption("25");
  await shows(page, "1–25 of 37", newestFirst.slice(0, 25));
  await expect(page).toHaveURL(`${LIST}?size=25`);
  await page.reload();
  await shows(page, "1–25 of 37", newestFirst.slice(0, 25));
  await page.goBack();
  await shows(page, "21–30 of 37", newestFirst.slice(20, 30));
  await expect(page.getByLabel("Page of 4")).toHaveValue("3");
  await expect(page.getByLabel("Rows per page")).toHaveValue("10");
});

test("each size of page is offered and holds as many rows", async ({ page }) => {
  await expect(page.getByLabel("Rows per page").getByRole("option")).toHaveText(["5", "10", "25", "50", "100"]);
  for (const size of [5, 10, 25, 50, 100]) {
    await page.getByLabel("Rows per page").selectOption(String(size));
    await shows(page, `1–${Math.min(size, 37)} of 37`, newestFirst.slice(0, size));
  }
});

test("a size chosen before the page is live is gone to once it is", async ({ page }) => {
  const loading = held();
  await page.route("**/pkg/latchkey.wasm*", async (route) => {
    await loading.promise;
    await route.continue();
  });
  await page.goto(LIST, { waitUntil: "commit" });
  await page.getByLabel("Rows per page").selectOption("5");
  await shows(page, "1–10 of 37", newestFirst.slice(0, 10));
  loading.resolve();
  await shows(page, "1–5 of 37", newestFirst.slice(0, 5));
  await expect(page).toHaveURL(`${LIST}?size=5`);
});

test("nonsense in the page field leads to the first page, and a number beyond the end to the last", async ({ page }) => {
  await live(page);
  const [first, last] = ["1–10 of 37", "31–37 of 37"];
  for (const [typed, place, number] of [["99", last, "4"], ["abc", first, "1"], ["4", last, "4"], ["", first, "1"]] as const) {
    const field = page.getByLabel("Page of 4");
    await field.fill(typed);
    await field.press("Enter");
    await expect(pager(page)).toContainText(place);
    await expect(field).toHaveValue(number);
  }
});

test("an address edited by hand shows a list all the same", async ({ page }) => {
  const first = [`page=-1`, `size=7`, `order=nonsense`, `order=--name`, `page=1.5&size=1e9`, `page=99999999999`, `page=&size=&order=`];
  const odd = ["utm_source=x&page[]=2", "page=%ZZ&order=%00", "?page=2", "&&&=1", "size=25x", "search=%20"];
  for (const search of [...first, ...odd]) {
    const answer = await page.goto(`${LIST}?${search}`);
    expect(answer?.status(), search).toBe(200);
    await shows(page, "1–10 of 37", newestFirst.slice(0, 10));
  }
  await page.goto(`${LIST}?page=99`);
  await shows(page, "31–37 of 37", newestFirst.slice(30));
  await expect(page.getByLabel("Page of 4")).toHaveValue("4");
  await page.getByRole("link", { name: "Previous" }).click();
  await shows(page, "21–30 of 37", newestFirst.slice(20, 30));
});

const ORDERS: [string, string[]][] = [
  ["API token", by((token) => token.name.normalize("NFC").toLowerCase())],
  ["Created by", by((token) => creator(token).toLowerCase())],
  ["Date created", by((token) => token.createdAt)],
  ["Last access", by((token) => token.lastAccessAt ?? "")],
  ["Status", by((token) => token.status)],
];

for (const [column, ascending] of ORDERS) {
  test(`a click on ${column} sorts by it, and another turns the order round`, async ({ page }) => {
    await page.goto(`${LIST}?size=50`);
    await live(page);
    const heading = page.getByRole("columnheader", { name: column, exact: true });
    for (const direction of ["ascending", "descending", "ascending"] as const) {
      await heading.getByRole("link").click();
      await expect(heading).toHaveAttribute("aria-sort", direction);
      await expect(names(page)).toHaveText(direction === "ascending" ? ascending : [...ascending].reverse());
    }
    await page.reload();
    await expect(names(page)).toHaveText(ascending);
    const marked = await page.getByRole("columnheader").evaluateAll((all) => all.filter((one) => one.hasAttribute("aria-sort")).length);
    expect(marked, "headings that say they sort").toBe(1);
  });
}

test("the list starts with the newest, says so, and a new order starts at its first page", async ({ page }) => {
  await live(page);
  await expect(page.getByRole("columnheader", { name: "Date created" })).toHaveAttribute("aria-sort", "descending");
  await page.getByRole("link", { name: "Next" }).click();
  await expect(pager(page)).toContainText("11–20 of 37");
  await page.getByRole("columnheader", { name: "API token" }).getByRole("link").click();
  await shows(page, "1–10 of 37", ORDERS[0]?.[1].slice(0, 10) ?? []);
  await page.getByRole("link", { name: "Next" }).click();
  await shows(page, "11–20 of 37", ORDERS[0]?.[1].slice(10, 20) ?? []);
  await expect(page.getByRole("columnheader", { name: "Modules" }).getByRole("link"), "modules have no order").toHaveCount(0);
});

test("an account without tokens is told what a token is", async ({ page, freshServer }) => {
  await page.goto(await freshServer.setupUrl());
  await page.getByLabel("Your name").fill("Ada");
  await page.getByLabel("E-mail").fill("ada@example.com");
  await page.getByLabel("Password").fill("brass wheels turn slowly");
  await page.getByLabel("Account name").fill("New");
  await send(page, "Set up");
  await expect(page.getByRole("heading", { name: "No API tokens yet" })).toBeVisible();
  await expect(page.getByText("An API token lets a program use your platform in your account's name.")).toBeVisible();
  await expect(page.getByText("0 tokens")).toBeVisible();
  await expect(page.getByRole("table")).toHaveCount(0);
  await expect(pager(page)).toHaveCount(0);
  await live(page);
  await axe(page);
});
