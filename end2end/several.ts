// Selecting several tokens and changing them at once, as several tests do it.
import { type Locator, type Page, expect } from "@playwright/test";

export const CHANGES = "/settings/api-tokens/changes";

/** The box beside a token in the list. */
export function pick(page: Page, id: string): Locator {
  return page.locator(`#pick-${id}`);
}

/** The row that says what is selected. */
export function selected(page: Page): Locator {
  return page.getByRole("group", { name: "Selected API tokens" });
}

/** The dialog about what is selected. */
export function dialog(page: Page): Locator {
  return page.getByRole("dialog", { name: /API tokens$/ });
}

export async function ask(page: Page, action: string): Promise<void> {
  await selected(page).getByRole("button", { name: action, exact: true }).click();
  await expect(dialog(page)).toBeVisible();
}

/** The button that begins the change, with what it will do in its words. */
export function go(page: Page, words: string): Locator {
  return dialog(page).getByRole("button", { name: words, exact: true });
}
