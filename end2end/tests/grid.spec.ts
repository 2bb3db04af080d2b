// The grid of the list: sorting by one column and by several, columns shown, moved and resized, and rows that changed.
import type { Locator, Page } from "@playwright/test";
import { axe, expect, signIn, test } from "../fixtures";
import { live, names, noSidewaysScrolling, rowOf, rowsCame, tabTo } from "../steps";

test.use({ serverName: "grid" });

const LIST = "/settings/api-tokens";
const USUAL = ["API token", "Modules", "Created by", "Date created", "Last access", "Status", "Actions"];

const headings = (page: Page) => page.getByRole("columnheader");
const heading = (page: Page, name: string) => page.getByRole("columnheader", { name, exact: true });
const columnMenu = (page: Page, name: string) => page.getByRole("button", { name: `${name} column`, exact: true });
const entry = (page: Page, name: string) => page.getByRole("menuitem", { name, exact: true });
const dialog = (page: Page, name: string) => page.getByRole("dialog", { name });

async function shown(page: Page, columns: string[]): Promise<void> {
  await expect(headings(page)).toHaveText(columns);
}

async function choose(page: Page, column: string, what: string): Promise<void> {
  await columnMenu(page, column).click();
  await entry(page, what).click();
}

async function width(of: Locator): Promise<number> {
  return (await of.boundingBox())?.width ?? 0;
}

test.beforeEach(async ({ page }) => {
  await signIn(page, "administrator");
  await live(page);
});

test("a column's menu sorts by it, both ways, and the heading says so", async ({ page }) => {
  await columnMenu(page, "API token").click();
  await expect(page.getByRole("menuitem")).toHaveText(["Sort ascending", "Sort descending", "Wider", "Narrower"]);
  await axe(page);
  await entry(page, "Sort ascending").click();
  await expect(page).toHaveURL(`${LIST}?order=name`);
  await expect(heading(page, "API token")).toHaveAttribute("aria-sort", "ascending");
  await expect(names(page).first()).toHaveText("API gateway, production");
  await choose(page, "API token", "Sort descending");
  await expect(page).toHaveURL(`${LIST}?order=-name`);
  await expect(heading(page, "API token")).toHaveAttribute("aria-sort", "descending");
  await expect(heading(page, "Date created")).not.toHaveAttribute("aria-sort");
});

test("the Sort box sorts by several columns, which are marked with their places", async ({ page }) => {
  await page.getByRole("button", { name: "Sort", exact: true }).click();
  const box = dialog(page, "Sort");
  await expect(box.getByText("The usual order: the newest first.")).toBeVisible();
  await axe(page);
  await box.getByRole("button", { name: "Add a column" }).click();
  await box.getByLabel("Column 1").selectOption("Status");
  await box.getByLabel("Direction of Status").selectOption("Descending");
  await box.getByRole("button", { name: "Add a column" }).click();
  await box.getByLabel("Column 2").selectOption("API token");
  await expect(box.getByLabel("Column 2").locator("option"), "a column sorts once").not.toContainText(["Status"]);
  await axe(page);
  await box.getByRole("button", { name: "Apply" }).click();
  await expect(page).toHaveURL(`${LIST}?order=-status%2Cname`);
  await expect(page.getByRole("button", { name: "Sort 2" })).toBeVisible();
  await expect(heading(page, "Status")).toHaveAttribute("aria-sort", "descending");
  await expect(heading(page, "Status")).toContainText(", 1 of 2 in the order");
  await expect(heading(page, "API token")).toContainText(", 2 of 2 in the order");
  await rowsCame(page);
  const shown = await names(page).allTextContents();
  const disabled = await page.getByRole("row").filter({ hasText: "Disabled" }).count();
  expect(disabled, "some of both").toBe(7);
  for (const part of [shown.slice(0, disabled), shown.slice(disabled)]) {
    expect(part).toEqual(part.toSorted((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1)));
  }
  await page.reload();
  await live(page);
  await page.getByRole("button", { name: "Sort 2" }).click();
  await box.getByRole("button", { name: "Move up API token" }).click();
  await box.getByRole("button", { name: "Apply" }).click();
  await expect(page).toHaveURL(`${LIST}?order=name%2C-status`);
  await page.getByRole("button", { name: "Sort 2" }).click();
  await box.getByRole("button", { name: "Remove API token" }).click();
  await box.getByRole("button", { name: "Remove Status" }).click();
  await box.getByRole("button", { name: "Apply" }).click();
  await expect(page).toHaveURL(LIST);
});

test("the Sort box is left without a change by Escape and Cancel", async ({ page }) => {
  for (const leave of ["Escape", "Cancel"]) {
    await page.getByRole("button", { name: "Sort", exact: true }).click();
    const box = dialog(page, "Sort");
    await box.getByRole("button", { name: "Add a column" }).click();
    if (leave === "Escape") await page.keyboard.press("Escape");
    else await box.getByRole("button", { name: "Cancel" }).click();
    await expect(box).toHaveCount(0);
    await expect(page).toHaveURL(LIST);
    await expect(page.getByRole("button", { name: "Sort", exact: true })).toBeFocused();
  }
});

test("columns are hidden, shown and moved, and the address keeps them", async ({ page }) => {
  await shown(page, USUAL);
  await page.getByRole("button", { name: "Columns", exact: true }).click();
  const box = dialog(page, "Columns");
  await axe(page);
  await expect(box.getByRole("checkbox", { name: "API token" })).toBeDisabled();
  await expect(box.getByRole("checkbox", { name: "Actions" })).toBeDisabled();
  await box.getByRole("checkbox", { name: "Created by" }).uncheck();
  await box.getByRole("button", { name: "Move up Status" }).click();
  await box.getByRole("button", { name: "Apply" }).click();
  const moved = ["API token", "Modules", "Date created", "Status", "Last access", "Actions"];
  await shown(page, moved);
  await expect(page).toHaveURL(`${LIST}?columns=modules%2Ccreated%2Cstatus%2ClastAccess`);
  await page.reload();
  await live(page);
  await shown(page, moved);
  await page.getByRole("link", { name: "Next" }).click();
  await expect(page.getByText("11–20 of 37")).toBeVisible();
  await shown(page, moved);
  await page.getByRole("button", { name: "Columns", exact: true }).click();
  await box.getByRole("button", { name: "Reset" }).click();
  await box.getByRole("button", { name: "Apply" }).click();
  await shown(page, USUAL);
  await page.goBack();
  await shown(page, moved);
});

test("a column's menu moves and hides it, and one column at least stays", async ({ page }) => {
  await choose(page, "Modules", "Move right");
  await shown(page, ["API token", "Created by", "Modules", "Date created", "Last access", "Status", "Actions"]);
  await choose(page, "Modules", "Move left");
  await shown(page, USUAL);
  await expect(page).toHaveURL(LIST);
  for (const column of ["Modules", "Created by", "Date created", "Last access"]) await choose(page, column, "Hide column");
  await shown(page, ["API token", "Status", "Actions"]);
  await columnMenu(page, "Status").click();
  await expect(entry(page, "Hide column")).toHaveCount(0);
});

test("a column is resized with the mouse, and its width is kept in the address", async ({ page }) => {
  const modules = heading(page, "Modules");
  const before = await width(modules);
  const box = await modules.boundingBox();
  if (box === null) throw new Error("no heading");
  await page.mouse.move(box.x + box.width - 3, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width + 77, box.y + box.height / 2, { steps: 5 });
  await page.mouse.up();
  await expect(page).toHaveURL(/columns=.*modules~\d+/);
  await expect.poll(async () => Math.abs((await width(modules)) - before - 80)).toBeLessThan(12);
  await page.reload();
  await live(page);
  expect(Math.abs((await width(modules)) - before - 80)).toBeLessThan(12);
  await noSidewaysScrolling(page);
});

test("a column is resized by keys, and all of them by their size", async ({ page }) => {
  const before = await width(heading(page, "Status"));
  await tabTo(page, columnMenu(page, "Status"));
  await page.keyboard.press("Enter");
  await page.keyboard.press("w");
  await expect(entry(page, "Wider")).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/columns=.*status~\d+/);
  await expect.poll(async () => Math.abs((await width(heading(page, "Status"))) - before - 40)).toBeLessThan(4);
  for (const [size, address] of [["Fit to content", "?fit=content"], ["Fit to screen", "?fit=screen"], ["Default size", ""]] as const) {
    await page.getByRole("button", { name: "Columns", exact: true }).click();
    await dialog(page, "Columns").getByRole("radio", { name: size }).check();
    await dialog(page, "Columns").getByRole("button", { name: "Apply" }).click();
    await expect(page).toHaveURL(`${LIST}${address}`);
    await axe(page);
    await noSidewaysScrolling(page);
  }
});

test("rows that others changed are marked on Refresh, and one's own changes are not", async ({ page, visitor }) => {
  await page.goto(`${LIST}?order=name&page=2`);
  await live(page);
  const other = await visitor();
  await signIn(other, "administrator");
  await other.goto(`${LIST}/TKN-1234-7930/edit`);
  await live(other);
  await other.getByLabel("API token name").fill("Helpdesk escalation, renamed");
  await other.getByRole("button", { name: "Save" }).click();
  await expect(other.getByRole("heading", { level: 1 })).toHaveText("Helpdesk escalation, renamed");
  await page.getByRole("button", { name: "Refresh", exact: true }).click();
  await expect(rowOf(page, "TKN-1234-7930").getByText("Changed")).toBeVisible();
  await expect(page.getByText("1 row changed")).toBeVisible();
  await axe(page);
  await page.getByRole("button", { name: "Refresh", exact: true }).click();
  await expect(page.getByText("Changed", { exact: true })).toHaveCount(0);
});

test("what is chosen while rows are on their way is not lost", async ({ page }) => {
  await page.route("**/fn/list_tokens*", async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 300));
    await route.continue();
  });
  const box = page.getByRole("searchbox", { name: "Search tokens by name or id" });
  await box.fill("e");
  await box.press("Enter");
  await page.getByLabel("Rows per page").selectOption("5");
  await page.getByRole("link", { name: "Next" }).click();
  await heading(page, "Status").getByRole("link").click();
  await expect(page).toHaveURL(`${LIST}?search=e&order=status&size=5`);
  await expect(names(page)).toHaveCount(5);
});

test("with the column of accounts the list fits into its card in every window that shows it as a table", async ({ visitor }) => {
  const page = await visitor();
  await signIn(page, "operator");
  for (const address of [LIST, "/settings/users"]) {
    await page.goto(address);
    await live(page);
    for (const width of [1153, 1200, 1264, 1265, 1300, 1440, 1441]) {
      await page.setViewportSize({ width, height: 800 });
      await noSidewaysScrolling(page);
      const [card, table] = [await page.locator("main .card").boundingBox(), await page.getByRole("table").boundingBox()];
      if (card === null || table === null) throw new Error("the list is not shown");
      expect(table.x + table.width, `at ${width} pixels`).toBeLessThanOrEqual(card.x + card.width);
    }
  }
});
