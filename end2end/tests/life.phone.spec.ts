// Disabling, enabling and deleting on a phone, by touch.
import type { Page } from "@playwright/test";
import { axe, expect, signIn, test } from "../fixtures";
import { LIST, details, token } from "../editing";
import * as lives from "../lives";
import { actionsOf, cancel, entries, message, moreActions, question, stateInHead, stateOf, typedName, yes } from "../lives";
import { filtered, live, noSidewaysScrolling } from "../steps";

test.use({ serverName: "life-phone" });

async function fits(page: Page): Promise<void> {
  await noSidewaysScrolling(page);
  await axe(page);
}

async function done(page: Page, action: lives.Action, name: string): Promise<void> {
  await yes(page, action).tap();
  await expect(question(page, action)).toBeHidden();
  await expect(message(page)).toContainText(`API token "${name}" ${lives.DONE[action]}`);
  await fits(page);
}

test("the card's menu disables and enables", async ({ page }) => {
  const { id, name } = token("Terraform pipeline");
  await signIn(page, "administrator");
  await page.goto(`${LIST}?search=${id}`);
  await live(page);
  for (const [action, after] of [["Disable", "Disabled"], ["Enable", "Active"]] as const) {
    await actionsOf(page, id).tap();
    await expect(entries(page)).toHaveText([action, "Edit", "Delete"]);
    for (const entry of await entries(page).all()) await expect(entry).toBeInViewport({ ratio: 1 });
    await fits(page);
    await page.getByRole("menuitem", { name: action }).tap();
    await expect(question(page, action)).toContainText(lives.WILL[action]);
    await expect(cancel(page, action)).toBeInViewport({ ratio: 1 });
    await expect(yes(page, action)).toBeInViewport({ ratio: 1 });
    await fits(page);
    await done(page, action, name);
    await expect(stateOf(page, id)).toHaveText(after);
  }
});

test("the menu beside Edit deletes a token with a long name that was used lately", async ({ page, server }) => {
  const { id, name } = await lives.madeOne(server, "Overnight reconciliation of invoices, credit memos and ledger entries between the platform and the accounting system, for the subsidiaries in Austria, Germany, Portugal and Spain", 5);
  await signIn(page, "administrator");
  await page.goto(details(id));
  await live(page);
  await expect(stateInHead(page)).toHaveText("Active");
  await moreActions(page).tap();
  await expect(entries(page)).toHaveText(["Disable", "Edit", "Delete"]);
  for (const entry of await entries(page).all()) await expect(entry).toBeInViewport({ ratio: 1 });
  await fits(page);
  await page.getByRole("menuitem", { name: "Delete" }).tap();
  await expect(typedName(page)).toBeVisible();
  await fits(page);
  await typedName(page).fill(name);
  await expect(yes(page, "Delete")).toBeInViewport({ ratio: 1 });
  await done(page, "Delete", name);
  await expect(page).toHaveURL(LIST);
});

test("the filters of Operations fit", async ({ page }) => {
  await signIn(page, "operator");
  await page.goto(filtered("status=Deleted"));
  await live(page);
  await expect(page.getByText("Status is Deleted")).toBeVisible();
  await fits(page);
  await page.goto(filtered("status=Disabled,account.id=ACC-4471-9028", "&search=meter"));
  await live(page);
  await expect(page.getByText("Account is Wayne Software")).toBeVisible();
  await fits(page);
});
