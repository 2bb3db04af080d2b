// What several tests do or look at in the same way.
import { type Locator, type Page, expect } from "@playwright/test";

/** The button with the account and the person, which opens the person's own menu. */
export function userButton(page: Page): Locator {
  return page.getByRole("button", { name: /: your menu$/ });
}

/** Returns once the page answers clicks: the server sends its buttons disabled. */
export async function live(page: Page): Promise<void> {
  await expect(userButton(page)).toBeEnabled();
}

/** Opens the person's own menu and chooses an entry. */
export async function choose(page: Page, entry: string): Promise<void> {
  await userButton(page).click();
  await page.getByRole("menuitem", { name: entry, exact: true }).click();
}

/** The address of the list of tokens with this filter, and what else stands in it. */
export function filtered(filter: string, more = ""): string {
  return `/settings/api-tokens?filter=${encodeURIComponent(filter)}${more}`;
}

/** The names in the list, as links, in its order. */
export function names(page: Page): Locator {
  return page.getByRole("table").locator("td:first-child").getByRole("link");
}

/** Returns once the rows that the address asks for are there; until then those of before are shown. */
export async function rowsCame(page: Page): Promise<void> {
  await expect(page.getByRole("main").locator('[aria-busy="true"]')).toHaveCount(0);
}

/** Returns once the entry that a dialog has put into the browser's history is away, which is a little after the dialog. */
export async function questionGone(page: Page): Promise<void> {
  await expect.poll(() => page.evaluate(() => history.state)).not.toBe("question");
}

/**
 * Chooses an entry in the menu of the row with this name. The menu offers what the row shows, so rows that are on their way
 * come first.
 */
export async function act(page: Page, name: string, entry: string): Promise<void> {
  await rowsCame(page);
  await page.getByRole("button", { name: `Actions for ${name}`, exact: true }).click();
  await page.getByRole("menuitem", { name: entry, exact: true }).click();
}

/** The row of the token with this id. */
export function rowOf(page: Page, id: string): Locator {
  return page.getByRole("row").filter({ hasText: id });
}

/** Presses Tab (or another key) until `target` has the focus, as somebody without a mouse does. */
export async function tabTo(page: Page, target: Locator, key = "Tab"): Promise<void> {
  for (let presses = 0; presses < 100; presses += 1) {
    await page.keyboard.press(key);
    if (await target.evaluate((element) => element === document.activeElement)) return;
  }
  throw new Error(`a hundred times ${key} did not lead to ${target}`);
}

/** Presses a button that sends a plain form, and returns the status of the answer. */
export async function send(page: Page, button: string | RegExp): Promise<number> {
  const answered = page.waitForResponse((response) => response.request().method() === "POST");
  await page.getByRole("button", { name: button, exact: true }).click();
  const status = (await answered).status();
  await page.waitForLoadState();
  return status;
}

/** Fails if the page can be scrolled sideways. */
export async function noSidewaysScrolling(page: Page): Promise<void> {
  const surplus = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(surplus, "pixels by which the page is wider than the window").toBeLessThanOrEqual(0);
}
