// The help pages: one a task, opened by the question mark where the task is done.
import type { Page } from "@playwright/test";
import { axe, expect, shot, signIn, test } from "../fixtures";
import { details } from "../editing";
import { live, noSidewaysScrolling, tabTo } from "../steps";
import { TRAIL, record, trailOf } from "../audit";

test.use({ serverName: "list" });

const ROBOT = details("TKN-1234-1234");
const PAGES = [
  ["/help/find-api-tokens", "Find, sort and filter API tokens"],
  ["/help/add-api-token", "Add an API token"],
  ["/help/api-token-secret", "See and copy a secret"],
  ["/help/edit-api-token", "Edit an API token"],
  ["/help/disable-enable-delete-api-token", "Disable, enable or delete an API token"],
  ["/help/change-several-api-tokens", "Change several API tokens at once"],
  ["/help/audit-trail", "Read the audit trail"],
  ["/help/users", "Invite and manage users"],
  ["/help/modules", "See and define modules"],
  ["/help/accounts", "Manage accounts"],
] as const;
const help = (page: Page) => page.getByRole("banner").getByRole("link", { name: "Help", exact: true });

test.beforeEach(async ({ page }) => {
  await signIn(page, "administrator");
});

for (const [address, title] of PAGES) {
  test(`"${title}" is a page that names its task, fits narrow and wide, and leads to the others`, async ({ page }) => {
    await page.goto(address);
    await live(page);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(title);
    await expect(page).toHaveTitle(/^Help: .* · Latchkey$/);
    await expect(page.getByRole("article").getByRole("heading", { level: 2 }).first()).toBeVisible();
    await expect(page.getByRole("article").getByRole("list").first()).toBeVisible();
    const others = page.getByRole("navigation", { name: "All help" }).getByRole("link");
    await expect(others).toHaveText([...PAGES.map(([, name]) => name), "REST API, for programs"]);
    await expect(others.and(page.locator('[aria-current="page"]'))).toHaveText(title);
    await axe(page);
    await page.setViewportSize({ width: 360, height: 780 });
    await noSidewaysScrolling(page);
    await axe(page);
    await page.emulateMedia({ colorScheme: "dark" });
    await axe(page);
    await shot(page, `help-${address.split("/").at(-1)}-phone`);
  });
}

test("the help leads to the description of the REST API, and that back to the console", async ({ page }) => {
  await page.goto("/help/add-api-token");
  await live(page);
  await page.getByRole("link", { name: "REST API, for programs" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("REST API");
  await axe(page);
  await shot(page, "docs");
  await page.getByRole("link", { name: "Back to the console" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("API tokens");
});

test("the question mark of each page opens the help of its task", async ({ page }) => {
  for (const [address, title] of [
    ["/settings/api-tokens", "Find, sort and filter API tokens"],
    [ROBOT, "See and copy a secret"],
    [trailOf("TKN-1234-1234"), "Read the audit trail"],
    [TRAIL, "Read the audit trail"],
    ["/settings/users", "Invite and manage users"],
    ["/settings/modules", "See and define modules"],
  ] as const) {
    await page.goto(address);
    await live(page);
    await help(page).click();
    await expect(page.getByRole("heading", { level: 1 }), address).toHaveText(title);
    await page.goBack();
    await expect(page).toHaveURL(address);
  }
});

test("the question mark follows as one goes, also by keyboard", async ({ page }) => {
  await page.goto(ROBOT);
  await live(page);
  await page.getByRole("navigation", { name: "Parts of the token" }).getByRole("link", { name: "Audit trail" }).click();
  await expect(help(page)).toHaveAttribute("href", "/help/audit-trail");
  await page.getByRole("link", { name: "Back to API tokens" }).click();
  await expect(help(page)).toHaveAttribute("href", "/help/find-api-tokens");
  await tabTo(page, help(page));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Find, sort and filter API tokens");
});

test("the question mark in a dialog opens its help in a new tab, and what was typed stays", async ({ page, context }) => {
  for (const [address, name, title] of [
    ["/settings/api-tokens/add", "Add API token", "Add an API token"],
    [`${ROBOT}/edit`, "Edit API token", "Edit an API token"],
  ] as const) {
    await page.goto(address);
    const dialog = page.getByRole("dialog", { name });
    await expect(dialog.getByRole("button", { name: "Close", exact: true })).toBeEnabled();
    await dialog.getByLabel("API token name").fill("Half typed");
    const opened = context.waitForEvent("page");
    await dialog.getByRole("link", { name: "Help, in a new tab" }).click();
    const tab = await opened;
    await expect(tab.getByRole("heading", { level: 1 })).toHaveText(title);
    await tab.close();
    await expect(dialog.getByLabel("API token name")).toHaveValue("Half typed");
    await dialog.getByLabel("API token name").fill("Robot 1");
  }
});

test("the question mark in a record opens the help about the trail", async ({ page, context }) => {
  await page.goto(trailOf("TKN-1234-1234"));
  await live(page);
  await page.getByRole("link", { name: /^View details/ }).last().click();
  const opened = context.waitForEvent("page");
  await record(page).getByRole("link", { name: "Help, in a new tab" }).click();
  await expect((await opened).getByRole("heading", { level: 1 })).toHaveText("Read the audit trail");
});

test("the question mark in the dialogs about disabling and deleting opens the help about them", async ({ page, context }) => {
  await page.goto(ROBOT);
  await live(page);
  for (const action of ["Disable", "Delete"]) {
    await page.getByRole("button", { name: "More actions" }).click();
    await page.getByRole("menuitem", { name: action, exact: true }).click();
    const opened = context.waitForEvent("page");
    await page.getByRole("dialog").getByRole("link", { name: "Help, in a new tab" }).click();
    const tab = await opened;
    await expect(tab.getByRole("heading", { level: 1 })).toHaveText("Disable, enable or delete an API token");
    await tab.close();
    await page.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();
    await expect(page.getByRole("dialog")).toHaveCount(0);
  }
});

test("the help about disabling, enabling and deleting is in reach from the other pages, and leads to the trail", async ({ page }) => {
  await page.goto("/help/add-api-token");
  await page.getByRole("navigation", { name: "All help" }).getByRole("link", { name: "Disable, enable or delete an API token" }).click();
  await expect(page).toHaveURL("/help/disable-enable-delete-api-token");
  await expect(page.getByRole("article")).toContainText("this cannot be undone");
  await page.getByRole("article").getByRole("link", { name: "Audit trail" }).first().click();
  await expect(page).toHaveURL(TRAIL);
});
