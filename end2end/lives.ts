// Words of the tests about the life of a token: disabling, enabling, deleting it.
import { type Locator, type Page, expect } from "@playwright/test";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { WHO, type Who } from "./demo";
import { type Server, command } from "./server";
import { rowOf, rowsCame } from "./steps";

export const ACTIONS = ["Disable", "Enable", "Delete"] as const;
export type Action = (typeof ACTIONS)[number];

/** The call that takes a step. */
export const STEP = "**/fn/change_token_status";

/** What each dialog says will happen. */
export const WILL: Record<Action, string> = {
  Disable: "Requests with this token will be refused until you enable it again.",
  Enable: "Requests with this token will be accepted again from now on.",
  Delete: "This cannot be undone. Requests with this token will be refused from now on.",
};

export const DONE: Record<Action, string> = { Disable: "disabled", Enable: "enabled", Delete: "deleted" };

/** The dialog that asks first. */
export const question = (page: Page, action: Action) => page.getByRole("dialog", { name: `${action} API token` });
export const yes = (page: Page, action: Action) => question(page, action).getByRole("button", { name: action, exact: true });
export const cancel = (page: Page, action: Action) => question(page, action).getByRole("button", { name: "Cancel", exact: true });
/** What the dialog says went wrong. */
export const trouble = (page: Page, action: Action) => question(page, action).getByRole("alert");
export const typedName = (page: Page) => question(page, "Delete").getByLabel("Type the token's name to delete it");
export const message = (page: Page) => page.getByRole("status").filter({ hasText: "API token \"" });
export const entries = (page: Page) => page.getByRole("menu").getByRole("menuitem");
export const actionsOf = (page: Page, id: string) => rowOf(page, id).getByRole("button", { name: /^Actions for / });
export const moreActions = (page: Page) => page.getByRole("button", { name: "More actions" });
/** The state that the row of a token shows. */
export const stateOf = (page: Page, id: string): Locator => rowOf(page, id).getByText(/^(Active|Disabled|Deleted)$/);
/** The state that the details page shows beside the name. */
export const stateInHead = (page: Page): Locator =>
  page.getByRole("heading", { level: 1 }).locator("xpath=ancestor::div[2]").getByText(/^(Active|Disabled|Deleted)$/);

/**
 * Chooses a step in the menu that the button opens, and returns once the dialog asks. The menu offers what the row shows, so
 * rows that are on their way come first.
 */
export async function choose(page: Page, button: Locator, action: Action): Promise<void> {
  await rowsCame(page);
  await button.click();
  await page.getByRole("menuitem", { name: action, exact: true }).click();
  await expect(question(page, action)).toBeVisible();
}

/** Confirms, and returns once it is done and said. */
export async function confirm(page: Page, action: Action, name: string): Promise<void> {
  await yes(page, action).click();
  await expect(question(page, action)).toBeHidden();
  await expect(message(page)).toContainText(`API token "${name}" ${DONE[action]}`);
}

export interface Made {
  id: string;
  name: string;
}

let drawn = 0;

/**
 * Adds tokens that were used so long ago, by `latchkey provision` beside the running server: what the demo says of
 * last access grows old, and a test must not depend on the day on which it runs.
 */
export async function made(server: Server, names: string[], hoursAgo: number | null, who: Who = "administrator"): Promise<Made[]> {
  const tokens = names.map((name) => {
    drawn += 1;
    const id = `TKN-7000-${String(drawn).padStart(4, "0")}`;
    const at = hoursAgo === null ? null : new Date(Date.now() - hoursAgo * 3_600_000).toISOString();
    return { id, account: WHO[who].account, name, createdBy: WHO[who].id, lastAccessAt: at };
  });
  const file = join(server.dataDir, `tokens-${drawn}.json`);
  await writeFile(file, JSON.stringify({ tokens }));
  await command(server.dataDir, "provision", file);
  return tokens.map(({ id, name }) => ({ id, name }));
}

/** Adds one token. */
export async function madeOne(server: Server, name: string, hoursAgo: number | null, who: Who = "administrator"): Promise<Made> {
  const [token] = await made(server, [name], hoursAgo, who);
  if (token === undefined) throw new Error("no token was made");
  return token;
}
