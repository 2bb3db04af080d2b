// Words of the tests about editing a token: where things are, as a person finds them.
import type { Locator, Page } from "@playwright/test";
import { expect, signIn } from "./fixtures";
import { demo, tokensOf } from "./demo";
import { rowsCame } from "./steps";

export const LIST = "/settings/api-tokens";
export const details = (id: string, query = "") => `${LIST}/${id}${query}`;

/** The colleague who may edit the same tokens as the administrator whom tests sign in. */
export const COLLEAGUE = "Tomás Echeverría";

/** A token of the administrator's account, by its name. */
export function token(name: string) {
  const found = tokensOf("administrator").find((candidate) => candidate.name === name);
  if (!found) throw new Error(`the demo has no token ${name}`);
  return found;
}

export const row = (page: Page, id: string) => page.getByRole("row").filter({ hasText: id });
export const dialog = (page: Page) => page.getByRole("dialog", { name: "Edit API token" });
export const question = (page: Page) => page.getByRole("dialog", { name: "Discard your changes?" });
export const nameField = (page: Page) => dialog(page).getByLabel("API token name");
export const descriptionField = (page: Page) => dialog(page).getByLabel("Description");
export const save = (page: Page) => dialog(page).getByRole("button", { name: "Save", exact: true });
export const close = (page: Page) => dialog(page).getByRole("button", { name: "Close", exact: true });
export const step = (page: Page, name: "General" | "Modules") => dialog(page).getByRole("button", { name });
export const module = (page: Page, name: string) => dialog(page).getByRole("checkbox", { name });
export const toast = (page: Page) => page.getByRole("status").filter({ hasText: "API token" });

/** Opens the dialog by the menu of the token's row in the list that is shown. */
export async function editFromRow(page: Page, id: string): Promise<void> {
  await rowsCame(page);
  await row(page, id).getByRole("button", { name: /^Actions for/ }).click();
  await page.getByRole("menuitem", { name: "Edit" }).click();
  await expect(nameField(page)).toBeFocused();
}

/** Signs in and opens the dialog at its own address, over the details. */
export async function editAtAddress(page: Page, id: string, query = ""): Promise<void> {
  await signIn(page, "administrator");
  await page.goto(details(id, `/edit${query}`));
  await expect(save(page)).toHaveAttribute("aria-busy", "false");
  await expect(close(page)).toBeEnabled();
}

/** Signs in as a person of the demo by name. */
export async function signInAs(page: Page, name: string): Promise<void> {
  const person = demo.users.find((user) => user.name === name);
  await page.goto("/sign-in");
  await page.getByLabel("E-mail").fill(person?.email ?? "");
  await page.getByLabel("Password").fill(person?.password ?? "");
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.waitForURL((url) => url.pathname === LIST);
}

/** The colleague changes the token in a browser of her own and saves. */
export async function colleagueSaves(other: Page, id: string, change: () => Promise<void>): Promise<void> {
  await signInAs(other, COLLEAGUE);
  await other.goto(details(id, "/edit"));
  await expect(close(other)).toBeEnabled();
  await change();
  await saveAndSee(other);
}

/** Saves, and returns once the dialog has gone and the message is there. */
export async function saveAndSee(page: Page): Promise<void> {
  await save(page).click();
  await expect(dialog(page)).toBeHidden();
  await expect(toast(page)).toContainText(/^API token ".*" updated/s);
}

/** The number that the tab Details shows. */
export async function revision(page: Page, id: string): Promise<number> {
  await page.goto(details(id, "?tab=details"));
  return Number(await page.getByRole("definition").last().innerText());
}

/** Marks an element, so that `isStillThere` tells whether it is the very same later. */
export async function mark(place: Locator): Promise<void> {
  await place.evaluate((element) => void ((element as unknown as { mark: boolean }).mark = true));
}

export async function expectMarked(place: Locator): Promise<void> {
  expect(await place.evaluate((element) => (element as unknown as { mark?: boolean }).mark === true)).toBe(true);
}

/** A promise and the way to keep it, to hold an answer back for as long as a test likes. */
export function held(): { promise: Promise<void>; resolve: () => void } {
  let resolve = () => {};
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve };
}
