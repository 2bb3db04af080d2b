// Words of the tests about adding a token: where things are, as a person finds them.
import { type Locator, type Page, expect } from "@playwright/test";
import { crc32 } from "node:zlib";
import { LIST } from "./editing";
import { signIn } from "./fixtures";
import type { Who } from "./demo";
import { live } from "./steps";

export const ADD = `${LIST}/add`;
/** The call that adds a token, and the one that fetches what the form starts from. */
export const CREATE = "**/fn/create_token";
export const FORM = "**/fn/get_new_token_form";

export type Step = "General" | "Modules" | "Overview" | "Summary";

export const dialog = (page: Page) => page.getByRole("dialog", { name: "Add API token", exact: true });
export const nameField = (page: Page) => dialog(page).getByLabel("API token name");
export const descriptionField = (page: Page) => dialog(page).getByLabel("Description");
export const accountField = (page: Page) => dialog(page).getByRole("combobox", { name: "Account", exact: true });
export const logoField = (page: Page) => dialog(page).getByLabel("Logo", { exact: false });
export const policy = (page: Page, label: string) => dialog(page).getByRole("radio", { name: label });
export const module = (page: Page, name: string) => dialog(page).getByRole("checkbox", { name });
export const step = (page: Page, name: Step) => dialog(page).getByRole("listitem").getByRole("button", { name });
export const button = (page: Page, name: string) => dialog(page).getByRole("button", { name, exact: true });
export const next = (page: Page) => button(page, "Next");
export const back = (page: Page) => button(page, "Back");
export const add = (page: Page) => button(page, "Add");
export const close = (page: Page) => button(page, "Close");
export const viewDetails = (page: Page) => dialog(page).getByRole("link", { name: "View details" });
export const overview = (page: Page) => dialog(page).getByRole("heading", { name: "This token will be added" });
export const summary = (page: Page, name: string) => dialog(page).getByRole("heading", { name: `API token “${name}” is added`, exact: true });
/** The summary of what is wrong, with a link to each field. */
export const errors = (page: Page) => dialog(page).getByRole("alert").filter({ hasText: "Please check these fields" });
export const question = (page: Page) => page.getByRole("dialog", { name: "Discard this API token?" });
export const lastChance = (page: Page) => page.getByRole("dialog", { name: "Close without the secret?" });
export const addLink = (page: Page): Locator => page.getByRole("main").getByRole("link", { name: "Add", exact: true });

/** What the overview or the summary says of a part. */
export const part = (page: Page, term: string): Locator =>
  dialog(page).getByRole("term").filter({ hasText: new RegExp(`^${term}$`) }).locator("xpath=following-sibling::dd");

/** Opens the dialog over the list that is shown. */
export async function openAdd(page: Page): Promise<void> {
  await live(page);
  await addLink(page).click();
  await expect(nameField(page)).toBeFocused();
}

/** Signs somebody in and opens the dialog over the list. */
export async function signInAndAdd(page: Page, who: Who = "administrator"): Promise<void> {
  await signIn(page, who);
  await openAdd(page);
}

/** From the first step to the overview, without changing more than the name. */
export async function toOverview(page: Page, name: string): Promise<void> {
  await nameField(page).fill(name);
  await next(page).click();
  await expect(step(page, "Modules")).toHaveAttribute("aria-current", "step");
  await next(page).click();
  await expect(overview(page)).toBeVisible();
}

/** Adds what is looked over, and returns once the summary is there. */
export async function addAndSee(page: Page, name: string): Promise<void> {
  await add(page).click();
  await expect(summary(page, name)).toBeVisible();
}

const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** Whether a text is a secret with the right checksum: prefix, 30 characters, and their CRC-32 in six base-62 digits. */
export function isWellFormed(secret: string): boolean {
  const [, random = "", sum = ""] = /^lk_([0-9A-Za-z]{30})([0-9A-Za-z]{6})$/.exec(secret) ?? [];
  let rest = crc32(random) >>> 0;
  let expected = "";
  for (let digit = 0; digit < 6; digit += 1) {
    expected = (DIGITS[rest % 62] ?? "") + expected;
    rest = Math.floor(rest / 62);
  }
  return random !== "" && sum === expected;
}

/** The ids of the tokens with exactly this name, by the search of the list. */
export async function idsOf(page: Page, name: string): Promise<string[]> {
  await page.goto(`${LIST}?size=100&search=${encodeURIComponent(name)}`);
  await expect(page.getByRole("heading", { name: "API tokens", level: 1 })).toBeVisible();
  const rows = page.getByRole("row").filter({ has: page.getByRole("link", { name, exact: true }) });
  return (await rows.allInnerTexts()).flatMap((text) => /TKN-\d{4}-\d{4}/.exec(text) ?? []);
}
