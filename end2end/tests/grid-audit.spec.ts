// The audit trail as a grid: its columns are hidden, moved and sized, and the address says so.
import { type Locator, type Page } from "@playwright/test";
import { axe, expect, signIn, test } from "../fixtures";
import { live, tabTo } from "../steps";
import { TRAIL, apply, close, filter, liveTrail, record, records, trailOf, view } from "../audit";

test.use({ serverName: "audit-grid" });

const TOKEN = "TKN-1234-1234";
const ALL = ["Date", "Object", "Event", "Summary", "Actor", "Actions"];

const heads = (page: Page) => page.getByRole("columnheader");
const menu = (page: Page, column: string) => page.getByRole("button", { name: `${column} column`, exact: true });
const tool = (page: Page) => page.getByRole("button", { name: "Columns", exact: true });
const dialog = (page: Page) => page.getByRole("dialog", { name: "Columns" });
const width = async (head: Locator) => (await head.boundingBox())?.width ?? 0;

async function choose(page: Page, column: string, entry: string): Promise<void> {
  await menu(page, column).click();
  await page.getByRole("menuitem", { name: entry, exact: true }).click();
}

async function columns(page: Page): Promise<string | null> {
  return new URL(page.url()).searchParams.get("columns");
}

test.beforeEach(async ({ page }) => {
  await signIn(page, "administrator");
  await page.goto(TRAIL);
  await liveTrail(page);
});

test("columns are hidden and moved by their menus; the address keeps it, and so do filters, pages and records", async ({ page }) => {
  await expect(heads(page)).toHaveText(ALL);
  await menu(page, "Event").click();
  await axe(page);
  await page.getByRole("menuitem", { name: "Hide column" }).click();
  await expect(heads(page)).toHaveText(["Date", "Object", "Summary", "Actor", "Actions"]);
  await expect(menu(page, "Object"), "the focus goes to the column before").toBeFocused();
  await choose(page, "Summary", "Move left");
  const chosen = ["Date", "Summary", "Object", "Actor", "Actions"];
  await expect(heads(page)).toHaveText(chosen);
  await expect(menu(page, "Summary")).toBeFocused();
  await expect(page).toHaveURL(`${TRAIL}?columns=summary%2Cobject%2Cactor`);
  await axe(page);
  await page.reload();
  await liveTrail(page);
  await expect(heads(page)).toHaveText(chosen);

  await filter(page, "Object").fill(TOKEN);
  await apply(page).click();
  await expect(page).toHaveURL(/object=TKN-1234-1234/);
  await expect(heads(page)).toHaveText(chosen);
  await view(records(page).first()).click();
  await expect(record(page)).toBeVisible();
  await close(page).click();
  await expect(record(page)).toHaveCount(0);
  await expect(heads(page)).toHaveText(chosen);
  await page.getByRole("link", { name: "Clear filters" }).first().click();
  await expect(page).toHaveURL(`${TRAIL}?columns=summary%2Cobject%2Cactor`);
  await page.getByRole("link", { name: "Older", exact: true }).click();
  await expect(page).toHaveURL(/before=/);
  await expect(heads(page)).toHaveText(chosen);
  await page.goBack();
  await page.goBack();
  await expect(heads(page)).toHaveText(chosen);
});

test("the last free column can be neither hidden nor moved beyond the ones that stay", async ({ page }) => {
  await page.goto(`${TRAIL}?columns=event`);
  await liveTrail(page);
  await expect(heads(page)).toHaveText(["Date", "Event", "Actions"]);
  await menu(page, "Event").click();
  await expect(page.getByRole("menuitem")).toHaveText(["Wider", "Narrower"]);
  await page.keyboard.press("Escape");
  await menu(page, "Date").click();
  await expect(page.getByRole("menuitem")).toHaveText(["Wider", "Narrower"]);
  await page.keyboard.press("Escape");
  await expect(menu(page, "Actions")).toHaveCount(0);
});

test("a column is made wider and narrower by keyboard, and the others stay as they are", async ({ page }) => {
  const [event, actor] = [heads(page).nth(2), heads(page).nth(4)];
  const before = [await width(event), await width(actor)] as const;
  await tabTo(page, menu(page, "Event"));
  await page.keyboard.press("Enter");
  await page.keyboard.press("w");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/columns=date~\d+%2Cobject~\d+%2Cevent~\d+|columns=date%7E/);
  await expect(menu(page, "Event")).toBeFocused();
  expect(Math.abs((await width(event)) - before[0] - 40)).toBeLessThan(3);
  expect(Math.abs((await width(actor)) - before[1])).toBeLessThan(3);
  await axe(page);
  const shown = await columns(page);
  await page.reload();
  await liveTrail(page);
  expect(await columns(page)).toBe(shown);
  expect(Math.abs((await width(event)) - before[0] - 40)).toBeLessThan(3);
  await expect(page.getByRole("region", { name: "Audit trail" })).toBeVisible();
  await choose(page, "Event", "Narrower");
  await expect.poll(async () => Math.abs((await width(event)) - before[0])).toBeLessThan(3);
});

test("the edge of a heading is dragged; a mere click on it changes nothing", async ({ page }) => {
  const head = heads(page).nth(1);
  const box = await head.boundingBox();
  if (box === null) throw new Error("no heading");
  const [x, y] = [box.x + box.width - 3, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.up();
  await expect(page).toHaveURL(TRAIL);
  await page.mouse.down();
  await page.mouse.move(x + 30, y, { steps: 3 });
  await page.mouse.move(x + 60, y, { steps: 3 });
  await page.mouse.up();
  await expect(page).toHaveURL(/columns=/);
  await expect.poll(async () => Math.abs((await width(head)) - box.width - 60)).toBeLessThan(4);
});

test("a menu in a grid that is wider than its card is seen whole, of a heading and of the last row", async ({ page }) => {
  const whole = async () => {
    await expect(page.getByRole("menuitem").first()).toBeFocused();
    for (const entry of await page.getByRole("menuitem").all()) await expect(entry).toBeInViewport({ ratio: 1 });
    await page.keyboard.press("Escape");
    await expect(page.getByRole("menu")).toHaveCount(0);
  };
  await page.goto(`${TRAIL}?object=${TOKEN}&columns=date~400,event~600,summary~700,actor~300`);
  await liveTrail(page);
  const frame = page.getByRole("region", { name: "Audit trail" });
  expect(await frame.evaluate((element) => element.scrollWidth > element.clientWidth)).toBe(true);
  await menu(page, "Event").click();
  await whole();
  await page.goto("/settings/api-tokens?columns=name~700,modules~800,status~300&size=5");
  await live(page);
  const pager = page.getByRole("form", { name: "Pages" });
  const place = async () => pager.evaluate((element) => Math.round(element.getBoundingClientRect().top + window.scrollY));
  const before = await place();
  await page.getByRole("button", { name: /^Actions for / }).last().click();
  expect(await place(), "nothing is pushed away").toBe(before);
  await whole();
});

test("the dialog shows and hides columns and sizes them; only Apply changes anything", async ({ page }) => {
  await tool(page).click();
  await expect(dialog(page)).toBeVisible();
  await axe(page);
  const box = (name: string) => dialog(page).getByRole("checkbox", { name });
  await expect(box("Date")).toBeDisabled();
  await box("Object").uncheck();
  await expect(box("Object")).toBeFocused();
  await dialog(page).getByRole("button", { name: "Move up Actor" }).click();
  await dialog(page).getByRole("button", { name: "Cancel" }).click();
  await expect(dialog(page)).toHaveCount(0);
  await expect(tool(page)).toBeFocused();
  await expect(page).toHaveURL(TRAIL);
  await tool(page).click();
  await box("Object").uncheck();
  await dialog(page).getByRole("button", { name: "Move up Actor" }).click();
  await dialog(page).getByRole("radio", { name: "Fit to screen" }).check();
  await dialog(page).getByRole("button", { name: "Apply" }).click();
  await expect(page).toHaveURL(`${TRAIL}?columns=event%2Cactor%2Csummary&fit=screen`);
  await expect(heads(page)).toHaveText(["Date", "Event", "Actor", "Summary", "Actions"]);
  await axe(page);
  await tool(page).click();
  await dialog(page).getByRole("button", { name: "Reset" }).click();
  await dialog(page).getByRole("button", { name: "Apply" }).click();
  await expect(page).toHaveURL(TRAIL);
  await expect(heads(page)).toHaveText(ALL);
});

test("the tab of a token has the same columns but the object, and keeps them", async ({ page }) => {
  await page.goto(trailOf(TOKEN));
  await liveTrail(page);
  await live(page);
  await choose(page, "Actor", "Move left");
  await expect(heads(page)).toHaveText(["Date", "Event", "Actor", "Summary", "Actions"]);
  await expect(page).toHaveURL(`${trailOf(TOKEN)}&columns=event%2Cactor%2Csummary`);
  await view(records(page).first()).click();
  await close(page).click();
  await expect(record(page)).toHaveCount(0);
  await page.reload();
  await liveTrail(page);
  await expect(heads(page)).toHaveText(["Date", "Event", "Actor", "Summary", "Actions"]);
  await axe(page);
});
