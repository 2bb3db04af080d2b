import { WHO, axe, expect, signIn, test } from "../fixtures";
import * as edit from "../editing";
import { close, descriptionField, details, dialog, held, module, nameField, row, save, step, toast, token } from "../editing";
import type { Page } from "@playwright/test";
import { live, noSidewaysScrolling, userButton } from "../steps";

test.use({ serverName: "phone" });

/** What every page must be on a phone. */
async function fits(page: Page): Promise<void> {
  await noSidewaysScrolling(page);
  await axe(page);
}

test("signing in on a phone, wrongly first", async ({ page, unlock, expectConsole }) => {
  expectConsole(/status of 401/);
  await page.goto("/sign-in");
  await fits(page);
  await page.getByLabel("E-mail").fill(WHO.administrator.email);
  await page.getByLabel("Password").fill("not this one at all");
  await page.getByRole("button", { name: "Sign in" }).tap();
  await expect(page.getByRole("alert")).toHaveText("The e-mail address or the password is not right.");
  await fits(page);
  await unlock("administrator");
  await page.getByLabel("Password").fill(WHO.administrator.password);
  await page.getByRole("button", { name: "Sign in" }).tap();
  await expect(page.getByRole("heading", { name: "API tokens" })).toBeVisible();
});

test("the navigation is a drawer that opens by its button and closes once it has led somewhere", async ({ page }) => {
  await signIn(page, "administrator");
  await page.goto("/help/edit-api-token");
  const drawer = page.getByRole("navigation", { name: "Settings" });
  await expect(drawer).toBeHidden();
  await page.getByRole("button", { name: "Navigation" }).tap();
  await expect(drawer).toBeVisible();
  await fits(page);
  await drawer.getByRole("link", { name: "API tokens" }).tap();
  await expect(page.getByRole("heading", { name: "API tokens" })).toBeVisible();
  await expect(drawer).toBeHidden();
  await page.getByRole("button", { name: "Navigation" }).tap();
  await expect(drawer).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(drawer).toBeHidden();
});

test("the list is a list of cards with everything on them, sorted by the Sort box", async ({ page }) => {
  await signIn(page, "administrator");
  await page.goto("/settings/api-tokens");
  await expect(page.getByRole("button", { name: "Sort" })).toBeEnabled();
  await fits(page);
  await page.goto("/settings/api-tokens?search=robot&order=name");
  await expect(page.getByRole("button", { name: "Sort" })).toBeEnabled();
  const robot = row(page, "TKN-1234-1234");
  for (const text of ["Robot 1", "Billing, Catalog, Commerce", "Sarah Sanderson", "15 Apr 2026", "20 Nov 2026", "Active"]) {
    await expect(robot).toContainText(text);
  }
  const card = await robot.boundingBox();
  expect(card?.height).toBeGreaterThan(120);
  await page.getByRole("button", { name: "Sort" }).tap();
  await expect(page.getByRole("dialog", { name: "Sort" })).toBeVisible();
  await fits(page);
  await page.getByLabel("Column 1").selectOption("Last access");
  await page.getByLabel("Direction of Last access").selectOption("Descending");
  await page.getByRole("button", { name: "Apply" }).tap();
  await expect(page).toHaveURL(/order=-lastAccessAt/);
  await expect(page.getByRole("row").filter({ hasText: "TKN-" }).first()).toContainText("Robot");
});

test("a search without a match and the pager fit as well", async ({ page }) => {
  await signIn(page, "administrator");
  const search = page.getByRole("searchbox", { name: "Search tokens by name or id" });
  await expect(page.getByRole("button", { name: "Sort" })).toBeEnabled();
  await search.fill("nothing is called this, certainly not in this account of all accounts");
  await search.press("Enter");
  await expect(page.getByRole("heading", { name: "No match" })).toBeVisible();
  await fits(page);
  await page.getByRole("link", { name: "Show all tokens" }).tap();
  await page.getByRole("link", { name: "Next" }).tap();
  await expect(page).toHaveURL(/page=2/);
  await fits(page);
});

test("the drawer stays open when the page comes to life under it", async ({ page }) => {
  await signIn(page, "administrator");
  const wasm = held();
  await page.route(/latchkey\.wasm/, async (route) => {
    await wasm.promise;
    await route.continue();
  });
  await page.goto("/settings/api-tokens", { waitUntil: "commit" });
  await page.getByRole("button", { name: "Navigation" }).tap();
  const drawer = page.getByRole("navigation", { name: "Settings" });
  await expect(drawer).toBeVisible();
  await expect(userButton(page)).toBeDisabled();
  wasm.resolve();
  await live(page);
  await expect(drawer).toBeVisible();
  await drawer.getByRole("link", { name: "Audit trail" }).tap();
  await expect(page.getByRole("heading", { name: "Audit trail", level: 1 })).toBeVisible();
  await expect(drawer).toBeHidden();
});

test("a token is opened, edited in both steps by touch and saved", async ({ page }) => {
  const { id } = token("Overnight reconciliation of invoices, credit memos and ledger entries between the platform and the group's accounting system, for the subsidiaries in Austria, Germany, Portugal, Spain and Switzerland.");
  await signIn(page, "administrator");
  await page.goto(`/settings/api-tokens?search=${id}`);
  await expect(page.getByRole("button", { name: "Sort" })).toBeEnabled();
  await fits(page);
  await row(page, id).getByRole("link").tap();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Overnight");
  for (const tab of ["Modules", "Details", "Audit trail", "General"]) {
    const part = page.getByRole("navigation", { name: "Parts of the token" }).getByRole("link", { name: tab });
    await part.tap();
    await expect(part).toHaveAttribute("aria-current", "page");
    await expect(page.getByRole("main").getByRole("progressbar")).toHaveCount(0);
    await fits(page);
  }
  await page.getByRole("link", { name: "Edit" }).tap();
  await expect(dialog(page)).toBeVisible();
  await fits(page);
  await descriptionField(page).fill("x".repeat(300));
  await nameField(page).fill("");
  await expect(dialog(page).getByRole("alert")).toBeVisible();
  await fits(page);
  await nameField(page).fill("Edited on a phone");
  await step(page, "Modules").tap();
  await fits(page);
  await module(page, "Helpdesk").tap();
  await expect(module(page, "Helpdesk")).toBeChecked();
  await expect(save(page)).toBeInViewport({ ratio: 1 });
  await expect(close(page)).toBeInViewport({ ratio: 1 });
  await save(page).tap();
  await expect(dialog(page)).toBeHidden();
  await expect(toast(page)).toContainText('API token "Edited on a phone" updated');
  await fits(page);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Edited on a phone");
});

test("leaving, a conflict and an ended sign-in fit into the dialog", async ({ page, context, visitor, expectConsole }) => {
  expectConsole(/status of 401/);
  const { id } = token("Everything, for the migration");
  await edit.editAtAddress(page, id);
  await nameField(page).fill("Mine, on the phone");
  await descriptionField(page).fill("A longer description of mine, written on the way to work. ".repeat(5));
  await close(page).tap();
  await expect(edit.question(page)).toBeVisible();
  await fits(page);
  await edit.question(page).getByRole("button", { name: "Keep editing" }).tap();
  const other = await visitor();
  await edit.colleagueSaves(other, id, async () => {
    await nameField(other).fill("Theirs");
    await descriptionField(other).fill("Theirs");
  });
  await save(page).tap();
  await expect(dialog(page).getByRole("group", { name: "API token name" })).toBeVisible();
  await fits(page);
  await dialog(page).getByRole("group", { name: "API token name" }).getByText("Keep mine").tap();
  await dialog(page).getByRole("group", { name: "Description" }).getByText("Take theirs").tap();
  await context.clearCookies();
  await save(page).tap();
  const password = dialog(page).getByLabel("Password");
  await expect(password).toBeFocused();
  await fits(page);
  await password.fill(WHO.administrator.password);
  await dialog(page).getByRole("button", { name: "Sign in and save" }).tap();
  await expect(dialog(page)).toBeHidden();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Mine, on the phone");
});

test("sign-ins, password, help and a page that does not exist fit", async ({ page, expectConsole }) => {
  expectConsole(/status of 404/);
  await signIn(page, "administrator");
  for (const address of ["/profile", "/profile/sign-ins", "/profile/password", "/help/edit-api-token", "/settings/nowhere", details("TKN-0000-0001")]) {
    await page.goto(address);
    await expect(page.getByRole("main")).toBeVisible();
    await fits(page);
  }
});

test("the user menu opens by touch and leads to one's sign-ins", async ({ page }) => {
  await signIn(page, "administrator");
  await page.getByRole("button", { name: /your menu$/ }).tap();
  await expect(page.getByRole("menuitemradio", { name: "Dark" })).toBeVisible();
  await fits(page);
  await page.getByRole("menuitem", { name: "Your sign-ins" }).tap();
  await expect(page.getByRole("heading", { name: "Your sign-ins" })).toBeVisible();
});
