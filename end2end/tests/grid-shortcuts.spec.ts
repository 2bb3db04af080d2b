// Single keys that press the controls of the list, and the dialog that lists them and turns them off.
import { type Page } from "@playwright/test";
import { axe, expect, signIn, test } from "../fixtures";
import { choose, live, names, questionGone } from "../steps";
import { LIST, form, viewsButton } from "../views";

test.use({ serverName: "shortcuts" });

const keys = (page: Page) => form(page, "Keyboard shortcuts");
const single = (page: Page) => keys(page).getByLabel("Use single-key shortcuts");

test.beforeEach(async ({ page }) => {
  await signIn(page, "administrator");
  await live(page);
});

test("each key does what the dialog says", async ({ page }) => {
  await page.keyboard.press("s");
  await expect(form(page, "Sort")).toBeVisible();
  await page.keyboard.press("c");
  await expect(form(page, "Columns"), "not over a dialog").toHaveCount(0);
  await page.keyboard.press("Escape");
  await expect(page.getByRole("button", { name: "Sort", exact: true })).toBeFocused();
  await page.keyboard.press("c");
  await expect(form(page, "Columns")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(form(page, "Columns")).toHaveCount(0);

  await page.keyboard.press("f");
  await expect(form(page, "Filter")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(form(page, "Filter")).toHaveCount(0);

  await page.keyboard.press("v");
  await expect(page.getByRole("menu", { name: "View: Default view" })).toBeVisible();
  await page.keyboard.press("n");
  await expect(page, "a letter in a menu is the menu's").toHaveURL(LIST);
  await page.keyboard.press("Escape");
  await expect(viewsButton(page)).toBeFocused();

  const first = await names(page).allTextContents();
  await page.keyboard.press("n");
  await expect(page).toHaveURL(`${LIST}?page=2`);
  await expect(names(page)).not.toHaveText(first);
  await page.keyboard.press("p");
  await expect(names(page)).toHaveText(first);
  await page.keyboard.press("p");
  await expect(names(page), "before the first page is none").toHaveText(first);

  const asked = page.waitForRequest((request) => request.url().endsWith("/fn/list_tokens"));
  await page.keyboard.press("r");
  await asked;
  await page.keyboard.press("/");
  await page.keyboard.type("srcvna?");
  await expect(page.getByRole("searchbox")).toHaveValue("srcvna?");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await page.getByRole("searchbox").fill("");
  await page.getByRole("heading", { name: "API tokens", level: 1 }).click();
  await page.keyboard.press("a");
  await expect(page).toHaveURL(/\/add\?step=general/);
});

test("keys with Ctrl, Alt or Meta are the browser's, and controls say their keys", async ({ page }) => {
  for (const key of ["Alt+s", "Control+Alt+c", "Meta+v"]) await page.keyboard.press(key);
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(page.getByRole("menu")).toHaveCount(0);
  for (const [name, key] of [["Sort", "s"], ["Filter", "f"], ["Columns", "c"], ["Refresh", "r"]] as const) {
    await expect(page.getByRole("button", { name, exact: true })).toHaveAttribute("aria-keyshortcuts", key);
  }
  await expect(viewsButton(page)).toHaveAttribute("aria-keyshortcuts", "v");
  await expect(page.getByRole("link", { name: "Next" })).toHaveAttribute("aria-keyshortcuts", "n");
  await expect(page.getByRole("link", { name: "Add", exact: true })).toHaveAttribute("aria-keyshortcuts", "a");
});

test("single keys are turned off for this browser, and the list of keys can still be opened", async ({ page }) => {
  await page.keyboard.press("?");
  await expect(keys(page)).toBeVisible();
  await expect(keys(page).getByText("Next page")).toBeVisible();
  await axe(page);
  await single(page).uncheck();
  await keys(page).getByRole("button", { name: "Close" }).click();
  await expect(keys(page)).toHaveCount(0);
  await questionGone(page);
  await page.reload();
  await live(page);
  for (const key of ["s", "c", "v", "n", "a", "/"]) await page.keyboard.press(key);
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(page).toHaveURL(LIST);
  await expect(page.getByRole("searchbox")).not.toBeFocused();
  await page.keyboard.press("?");
  await expect(keys(page)).toHaveCount(0);
  await choose(page, "Keyboard shortcuts");
  await expect(single(page)).not.toBeChecked();
  await single(page).check();
  await page.keyboard.press("Escape");
  await expect(keys(page)).toHaveCount(0);
  await page.keyboard.press("s");
  await expect(form(page, "Sort")).toBeVisible();
});
