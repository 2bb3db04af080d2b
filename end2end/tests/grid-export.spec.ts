// The list as a file: what is exported is what the list is narrowed to, in its order, and the page stays as it is.
import { type Download, type Page } from "@playwright/test";
import { readFile } from "node:fs/promises";
import { axe, expect, signIn, test } from "../fixtures";
import { live, names, noSidewaysScrolling, rowsCame, tabTo } from "../steps";

test.use({ serverName: "list" });

const LIST = "/settings/api-tokens";

const tool = (page: Page) => page.getByRole("button", { name: "Export", exact: true });
const entry = (page: Page, form: string) => page.getByRole("menuitem", { name: form, exact: true });

async function text(download: Download): Promise<string> {
  return readFile(await download.path(), "utf8");
}

/** The ids in a table; no field of a token holds the end of a row. */
function ids(csv: string): string[] {
  const rows = csv.split("\r\n").slice(1, -1);
  return rows.map((row) => row.slice(0, row.indexOf(",")));
}

async function shown(page: Page): Promise<string[]> {
  const rows = await page.getByRole("row").filter({ has: page.getByRole("cell") }).allInnerTexts();
  return rows.map((row) => /TKN-\d{4}-\d{4}/.exec(row)?.[0] ?? row);
}

test("the list becomes a table with the tokens that it is narrowed to, in its order, and stays where it is", async ({ page }) => {
  await signIn(page, "administrator");
  await page.goto(`${LIST}?search=robot&order=name&columns=status&size=5`);
  await live(page);
  const listed = await shown(page);
  expect(listed.length).toBeGreaterThan(2);
  const address = page.url();
  const begun = page.waitForEvent("download");
  await tool(page).click();
  await axe(page);
  await entry(page, "CSV").click();
  const download = await begun;
  expect(download.suggestedFilename()).toMatch(/^api-tokens-\d{4}-\d\d-\d\d\.csv$/);
  const csv = await text(download);
  expect(csv.split("\r\n")[0]).toBe(
    "id,name,description,status,accountId,accountName,modules,createdById,createdByName,createdAt,updatedAt,lastAccessAt,revision",
  );
  expect(ids(csv)).toEqual(listed);
  expect(csv).not.toContain("lk_");
  expect(page.url()).toBe(address);
  await expect(page.getByRole("menu")).toHaveCount(0);
  await expect(tool(page)).toBeFocused();
});

test("all pages are in the file, and what was chosen meanwhile counts", async ({ page }) => {
  await signIn(page, "viewer");
  await page.goto(`${LIST}?size=5`);
  await live(page);
  await page.getByRole("columnheader", { name: "API token" }).getByRole("link").click();
  await expect(page).toHaveURL(`${LIST}?order=name&size=5`);
  await rowsCame(page);
  const first = await shown(page);
  const begun = page.waitForEvent("download");
  await tool(page).click();
  await entry(page, "NDJSON").click();
  const download = await begun;
  expect(download.suggestedFilename()).toMatch(/^api-tokens-\d{4}-\d\d-\d\d\.ndjson$/);
  const lines = (await text(download)).trimEnd().split("\n").map((line) => JSON.parse(line) as { id: string; status: string });
  const total = await page.getByText(/^\d+ tokens$/).innerText();
  expect(`${lines.length} tokens`).toBe(total);
  expect(lines.slice(0, 5).map((line) => line.id)).toEqual(first);
  expect(lines.filter((line) => line.status === "Deleted")).toEqual([]);
});

test("a file is asked for by keyboard alone", async ({ page }) => {
  await signIn(page, "administrator");
  await live(page);
  await tabTo(page, tool(page));
  await page.keyboard.press("Enter");
  await expect(entry(page, "CSV")).toBeFocused();
  await page.keyboard.press("ArrowDown");
  await expect(entry(page, "NDJSON")).toBeFocused();
  const begun = page.waitForEvent("download");
  await page.keyboard.press("Enter");
  expect((await begun).suggestedFilename()).toMatch(/\.ndjson$/);
  await expect(tool(page)).toBeFocused();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Escape");
  await expect(tool(page)).toBeFocused();
});

test("a wrong filter is told on a page, with the way back", async ({ page, expectConsole }) => {
  expectConsole(/400/);
  await signIn(page, "administrator");
  const answer = await page.goto(`${LIST}/export.csv?filter=eq(colour,red)`);
  expect(answer?.status()).toBe(400);
  await expect(page.getByText("The filter of the list is wrong, so nothing was exported.")).toBeVisible();
  await expect(page.getByText("colour")).toBeVisible();
  await axe(page);
  await page.getByRole("link", { name: "Go to the start page" }).click();
  await expect(names(page).first()).toBeVisible();
});

test("who is no longer signed in signs in and finds the list", async ({ page }) => {
  await signIn(page, "administrator");
  await page.goto(`${LIST}?search=robot`);
  await live(page);
  await page.context().clearCookies();
  await tool(page).click();
  await entry(page, "CSV").click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Sign in");
  expect(new URL(page.url()).searchParams.get("next")).toBe(`${LIST}?search=robot`);
});

test("the menu fits on a narrow screen", async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 780 });
  await signIn(page, "administrator");
  await live(page);
  await tool(page).click();
  await expect(entry(page, "CSV")).toBeInViewport({ ratio: 1 });
  await expect(entry(page, "NDJSON")).toBeInViewport({ ratio: 1 });
  await noSidewaysScrolling(page);
  await axe(page);
});
