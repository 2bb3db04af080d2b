// Words of the tests about the filter of the list of tokens.
import { type Locator, type Page, expect } from "@playwright/test";
import { tokensOf } from "./demo";
import { LIST } from "./editing";
import { live } from "./steps";

type Token = ReturnType<typeof tokensOf>[number];

export const dialog = (page: Page) => page.getByRole("dialog", { name: "Filter", exact: true });
export const tool = (page: Page) => page.locator("#filter-tool");
export const button = (page: Page, name: string) => dialog(page).getByRole("button", { name, exact: true });
export const property = (page: Page, number: number) => dialog(page).getByLabel(`Condition ${number}: property`, { exact: true });
export const comparison = (page: Page, number: number) => dialog(page).getByLabel(`Condition ${number}: comparison`, { exact: true });
/** The field or the fields of a condition's values, by what they are called. */
export const value = (page: Page, number: number, what = "text") => dialog(page).getByLabel(`Condition ${number}: ${what}`, { exact: true });
export const values = (page: Page, number: number) => dialog(page).getByRole("group", { name: `Condition ${number}: values`, exact: true });
export const removal = (page: Page, number: number) => button(page, `Remove condition ${number}`);
export const match = (page: Page, group?: number) => dialog(page).getByLabel(group === undefined ? "Match" : `Match in group ${group}`, { exact: true });
export const written = (page: Page) => dialog(page).getByRole("textbox", { name: "Filter as text" });
/** The chips' ways to take them away. */
export const removals = (page: Page): Locator => page.getByRole("link", { name: /^Remove: / });
export const removes = (page: Page, words: string) => page.getByRole("link", { name: `Remove: ${words}`, exact: true });

/** Opens the dialog from the row over the list. */
export async function open(page: Page): Promise<void> {
  await live(page);
  await tool(page).click();
  await expect(dialog(page)).toBeVisible();
}

/** Adds a condition and fills its two menus. */
export async function add(page: Page, number: number, what: string, how: string): Promise<void> {
  await button(page, "Add a condition").click();
  await choose(page, number, what, how);
}

export async function choose(page: Page, number: number, what: string, how: string): Promise<void> {
  await expect(property(page, number)).toBeFocused();
  await property(page, number).selectOption({ label: what });
  await comparison(page, number).selectOption({ label: how });
}

export async function apply(page: Page): Promise<void> {
  await button(page, "Apply").click();
  await expect(dialog(page)).toBeHidden();
}

/** The address of the list with this filter. */
export const filtered = (text: string, more = "") => `${LIST}?filter=${encodeURIComponent(text)}${more}`;

/** The filter in the address. */
export const filterOf = (page: Page) => new URL(page.url()).searchParams.get("filter") ?? "";

/** The names of those of Stark's tokens that are meant, the newest first. */
export function named(meant: (token: Token) => boolean): string[] {
  const found = tokensOf("administrator").filter(meant);
  return found.sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1)).map((token) => token.name);
}
