// Without JavaScript one can sign in, read every page and sign out.
import type { Page } from "@playwright/test";
import { axe as axeLive, demo, expect, signIn, test as base, tokensOf } from "../fixtures";
import { filtered, names, rowOf, send, userButton } from "../steps";

/** axe itself needs script, so a browser that runs it looks at the same address, where the product's own never comes. */
const test = base.extend<{ axe: (page: Page) => Promise<void> }>({
  axe: async ({ browser, contextOptions }, use) => {
    const context = await browser.newContext({ ...contextOptions, javaScriptEnabled: true });
    await context.route(/\.wasm/, (route) => route.abort());
    await use(async (page) => {
      await context.clearCookies();
      await context.addCookies(await page.context().cookies());
      const twin = await context.newPage();
      await twin.goto(page.url());
      await axeLive(twin);
      await twin.close();
    });
    await context.close();
  },
});

test.use({ serverName: "list" });

const LIST = "/settings/api-tokens";
const ROBOT = `${LIST}/TKN-1234-1234`;
const newest = [...tokensOf("viewer")].sort((a, b) => b.createdAt.localeCompare(a.createdAt)).map((token) => token.name);

test("one signs in and reads the list: next page, another order, another size, a search", async ({ page, axe }) => {
  await page.goto(`${LIST}?size=5`);
  await expect(page.getByRole("heading", { name: "Sign in", level: 1 })).toBeVisible();
  await axe(page);
  await signIn(page, "viewer");
  await expect(page).toHaveURL(LIST);
  await expect(names(page)).toHaveText(newest.slice(0, 10));
  await axe(page);
  await page.getByRole("link", { name: "Next" }).click();
  await expect(names(page)).toHaveText(newest.slice(10, 20));
  await expect(page.getByText("11–20 of 37")).toBeVisible();
  await page.getByLabel("Page of 4").fill("4");
  await page.getByLabel("Page of 4").press("Enter");
  await expect(names(page)).toHaveText(newest.slice(30));
  await page.getByLabel("Page of 4").fill("1");
  await page.getByLabel("Rows per page").selectOption("5");
  await page.getByLabel("Page of 4").press("Enter");
  await expect(names(page)).toHaveText(newest.slice(0, 5));

  await page.getByRole("columnheader", { name: "API token" }).getByRole("link").click();
  await expect(page.getByRole("columnheader", { name: "API token" })).toHaveAttribute("aria-sort", "ascending");
  await expect(names(page).first()).toHaveText("API gateway, production");
  await page.getByLabel("Search tokens by name or id").fill("ROBOT");
  await page.getByLabel("Search tokens by name or id").press("Enter");
  await expect(page.getByText("3 tokens")).toBeVisible();
  await page.getByRole("link", { name: "Clear search" }).click();
  await expect(page.getByText("37 tokens")).toBeVisible();
  await page.goto(`${LIST}?search=nothing%20like%20it`);
  await page.getByRole("link", { name: "Show all tokens" }).click();
  await expect(page.getByText("37 tokens")).toBeVisible();
});

test("the times in the list say that they are UTC", async ({ page }) => {
  await signIn(page, "viewer");
  await page.goto(`${LIST}?search=TKN-1234-1234`);
  await expect(rowOf(page, "TKN-1234-1234")).toContainText("15 Apr 2026 12:34 UTC");
  await expect(rowOf(page, "TKN-1234-1234")).toContainText("20 Nov 2026 00:55 UTC");
  await page.goto(`${ROBOT}?tab=details`);
  await expect(page.getByRole("main")).toContainText("15 Apr 2026 12:34 UTC");
  await page.goto("/profile/sign-ins");
  await expect(page.getByRole("row").filter({ hasText: "This one" })).toContainText(/\d\d:\d\d UTC.*\d\d:\d\d UTC/);
});

test("what needs a script can be seen to be out of use", async ({ page }) => {
  await signIn(page, "administrator");
  await expect(userButton(page)).toBeDisabled();
  await expect(page.getByRole("button", { name: "Refresh", exact: true })).toBeDisabled();
  await expect(page.getByRole("button", { name: "Sort", exact: true, includeHidden: true })).toBeDisabled();
  await expect(page.getByRole("button", { name: "Columns", exact: true })).toBeDisabled();
  await expect(page.getByRole("button", { name: /^Actions for/ }).first()).toBeDisabled();
  await page.goto(ROBOT);
  for (const name of ["More actions", "Show the secret", "Copy the secret", "Copy API endpoint"]) {
    await expect(page.getByRole("button", { name, exact: true })).toBeDisabled();
  }
});

test("every part of a token can be read", async ({ page, axe }) => {
  await signIn(page, "viewer");
  await page.goto(`${LIST}?search=TKN-1234-1234`);
  await names(page).first().click();
  await expect(page.getByRole("heading", { name: "Robot 1", level: 1 })).toBeVisible();
  await expect(page.getByText("API endpoint")).toBeVisible();
  await axe(page);
  const parts = [["Modules", "Read invoices, statements"], ["Details", "by Sarah Sanderson USR-1234-1210"]] as const;
  for (const [tab, text] of parts) {
    await page.getByRole("main").getByRole("link", { name: tab, exact: true }).click();
    await expect(page.getByRole("main").getByRole("link", { name: tab, exact: true })).toHaveAttribute("aria-current", "page");
    await expect(page.getByRole("main")).toContainText(text);
    await axe(page);
  }
  await page.getByRole("link", { name: "Back to API tokens" }).click();
  await expect(page.getByRole("heading", { name: "API tokens", level: 1 })).toBeVisible();
});

test("the edit page can be read, over the token and over the list, and nothing in it pretends to work", async ({ page, axe }) => {
  await signIn(page, "administrator");
  for (const [address, behind] of [[`${ROBOT}/edit`, "Robot 1"], [`${ROBOT}/edit?from=list&step=general`, "API tokens"]] as const) {
    await page.goto(address);
    const dialog = page.getByRole("dialog");
    await expect(dialog.getByLabel("API token name")).toHaveValue("Robot 1");
    await expect(dialog.getByLabel(/^Description/)).toHaveValue(tokensOf("viewer")[0]?.description ?? "");
    await expect(dialog.getByRole("button", { name: "Save" })).toBeDisabled();
    await expect(page.getByRole("heading", { name: behind, level: 1, includeHidden: true })).toBeAttached();
    await axe(page);
  }
  await page.goto(`${ROBOT}/edit?step=modules`);
  await expect(page.getByRole("checkbox", { name: /^Billing/ })).toBeChecked();
  await expect(page.getByRole("checkbox", { name: /^Helpdesk/ })).not.toBeChecked();
  await expect(page.getByRole("checkbox", { name: /^Billing/ })).toBeDisabled();
  await axe(page);
});

test("the form for a new token can be read step by step, and nothing in it pretends to work", async ({ page, axe }) => {
  await signIn(page, "administrator");
  await page.getByRole("link", { name: "Add", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Add API token" });
  for (const label of ["API token name", /^Description/, /^Logo/]) await expect(dialog.getByLabel(label)).toBeVisible();
  await expect(dialog.getByLabel("API token name")).not.toBeEditable();
  await expect(dialog.getByRole("button", { name: "Next", exact: true })).toBeDisabled();
  await expect(page.getByRole("heading", { name: "API tokens", level: 1, includeHidden: true })).toBeAttached();
  await axe(page);
  await page.goto(`${LIST}/add?step=modules`);
  await expect(page.getByRole("checkbox", { name: /^Billing/ })).toBeDisabled();
  await expect(page.getByRole("checkbox", { name: /^Platform Basics/ })).toBeChecked();
  await axe(page);
  await page.goto(`${LIST}/add?step=overview`);
  await expect(dialog.getByRole("heading", { name: "This token will be added" })).toBeVisible();
  await expect(dialog.getByRole("button", { name: "Add", exact: true })).toBeDisabled();
  await axe(page);
});

test("Operations reads which tokens are Deleted, Disabled or another account's by their addresses", async ({ page, axe }) => {
  await signIn(page, "operatorViewer");
  await page.goto(filtered("status=Disabled", "&size=100"));
  const disabled = demo.tokens.filter((token) => token.status === "Disabled").map((token) => token.name);
  expect((await names(page).allTextContents()).toSorted()).toEqual(disabled.toSorted());
  await axe(page);
  await page.getByRole("link", { name: "Wayne Software" }).first().click();
  await expect(page.getByText("Account is Wayne Software")).toBeVisible();
  await expect(page.getByRole("row").getByText("ACC-0001-0002")).toHaveCount(0);
  await page.getByRole("link", { name: "Remove: Status is Disabled" }).click();
  await expect(page.getByText(`${tokensOf("vendor").length} tokens`)).toBeVisible();
  await page.goto(filtered("status=Deleted"));
  await expect(page.getByRole("heading", { name: "No match" })).toBeVisible();
});

test("the help page can be read from any page", async ({ page, axe }) => {
  await signIn(page, "viewer");
  await page.getByRole("link", { name: "Help" }).click();
  await expect(page.getByRole("heading", { name: "Find, sort and filter API tokens", level: 1 })).toBeVisible();
  await axe(page);
});

test("what does not exist is told in the same way", async ({ page, expectConsole }) => {
  expectConsole(/status of 404/);
  await signIn(page, "viewer");
  for (const path of [`${LIST}/TKN-9999-9999`, "/nowhere"]) {
    expect((await page.goto(path))?.status()).toBe(404);
    await expect(page.getByRole("heading", { name: "Not found" })).toBeVisible();
  }
  await page.getByRole("link", { name: "Go to API tokens" }).click();
  await expect(page.getByText("37 tokens")).toBeVisible();
});

test("a token's secret in the search box is not put into an address", async ({ page }) => {
  const sent: string[] = [];
  const secret = `lk_${"aB3".repeat(12)}`;
  page.on("request", (request) => sent.push(request.url()));
  await signIn(page, "viewer");
  const box = page.getByLabel("Search tokens by name or id");
  await box.fill(secret);
  await box.press("Enter");
  await box.fill("robot 2");
  await box.press("Enter");
  await expect(names(page)).toHaveText(["robot 2"]);
  expect(sent.filter((url) => url.includes(secret))).toEqual([]);
});

test("one sees one's own sign-ins, ends another, changes the password and signs out", async ({ page, axe, visitor, expectConsole }) => {
  expectConsole(/status of 422/);
  const other = await visitor();
  await signIn(other, "operatorViewer");
  await signIn(page, "operatorViewer");
  await page.goto("/profile/sign-ins");
  await axe(page);
  expect(await send(page, "End all others")).toBe(303);
  await expect(page.getByRole("row")).toHaveCount(2);
  await other.reload();
  await expect(other.getByRole("heading", { name: "Sign in", level: 1 })).toBeVisible();
  await page.goto("/profile/password");
  await page.getByLabel("Current password").fill("orange ferry past midnight");
  await page.getByLabel("New password").fill("short");
  expect(await send(page, "Change password")).toBe(422);
  await expect(page.getByLabel("New password")).toHaveAccessibleDescription(/too short/);
  await page.goto("/profile/sign-ins");
  expect(await send(page, "Sign out here")).toBe(303);
  await page.goto(LIST);
  await expect(page).toHaveURL("/sign-in");
});

test("modules, users and accounts are read, searched and turned", async ({ page, axe }) => {
  await signIn(page, "operator");
  for (const [address, heading, search, found] of [
    ["/settings/users?size=5", "Users", "nadia", "nadia@example.com"],
    ["/settings/modules", "Modules", "billing", "MOD-0478"],
    ["/settings/accounts", "Accounts", "wayne", "ACC-4471-9028"],
  ] as const) {
    await page.goto(address);
    await expect(page.getByRole("heading", { name: heading, level: 1 })).toBeVisible();
    await axe(page);
    const box = page.getByRole("main").getByRole("searchbox");
    await box.fill(search);
    await box.press("Enter");
    await expect(page.getByRole("table")).toContainText(found);
    await expect(page.getByRole("row").filter({ has: page.getByRole("cell") })).toHaveCount(1);
  }
});
