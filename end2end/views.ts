// Saved views of the list, as tests handle them.
import { type Locator, type Page, expect } from "@playwright/test";
import { rowsCame } from "./steps";

export const LIST = "/settings/api-tokens";
export const MISSING = "The saved view in this address does not exist, or it is somebody else's. The list is as the address says.";

/** The button of the menu of views; its name says which view is in use. */
export const viewsButton = (page: Page): Locator => page.getByRole("button", { name: /^View: / });
export const form = (page: Page, title: string): Locator => page.getByRole("dialog", { name: title, exact: true });
export const way = (page: Page, name: string): Locator => page.getByRole("menuitemradio", { name: new RegExp(`^${name}`) });
export const step = (page: Page, name: string): Locator => page.getByRole("menuitem", { name, exact: true });
/** What the address cannot have, over the rows. */
export const remarks = (page: Page): Locator => page.getByRole("status").getByRole("listitem");
export const message = (page: Page): Locator => page.getByRole("status").filter({ has: page.getByRole("button", { name: "Close message" }) });

export async function inUse(page: Page, name: string): Promise<void> {
  await expect(page.getByRole("button", { name: `View: ${name}`, exact: true })).toBeVisible();
}

/** Opens the menu and takes one of its steps. Rows that are on their way come first, since they bring a new button. */
export async function take(page: Page, name: string): Promise<void> {
  await rowsCame(page);
  await viewsButton(page).click();
  await step(page, name).click();
}

/** Saves the list as it is under this name. */
export async function save(page: Page, name: string, shared = false): Promise<void> {
  await take(page, "Save as a new view…");
  const box = form(page, "Save as a new view");
  await box.getByLabel("Name").fill(name);
  if (shared) await box.getByLabel(/^Share with everybody in /).check();
  await box.getByRole("button", { name: "Save", exact: true }).click();
  await expect(message(page)).toContainText(`View "${name}" saved`);
  await inUse(page, name);
}

/** The id of the view in the address. */
export function idIn(page: Page): string {
  const id = new URL(page.url()).searchParams.get("view");
  expect(id).toMatch(/^VIW-\d{4}-\d{4}$/);
  return id ?? "";
}
