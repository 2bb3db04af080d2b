// A token's details, and who may see them.
import type { Page } from "@playwright/test";
import { WHO, axe, demo, expect, signIn, test, tokensOf } from "../fixtures";
import { live, names, rowOf } from "../steps";

test.use({ serverName: "list" });

const LIST = "/settings/api-tokens";
const ROBOT = `${LIST}/TKN-1234-1234`;

const tab = (page: Page, name: string) => page.getByRole("navigation", { name: "Parts of the token" }).getByRole("link", { name });

/** What stands beside a term. */
const value = (page: Page, term: string) =>
  page.getByRole("term").filter({ hasText: new RegExp(`^${term}$`) }).locator("xpath=following-sibling::dd");

test("a name in the list leads to the token: its state, its account, when it was last used", async ({ page }) => {
  await signIn(page, "administrator");
  await page.goto(`${LIST}?order=name&page=3`);
  await live(page);
  await page.getByRole("link", { name: "Robot 1", exact: true }).click();
  await expect(page).toHaveURL(ROBOT);
  await expect(page).toHaveTitle("Robot 1 · Latchkey");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Robot 1");
  await expect(page.getByText("API token TKN-1234-1234")).toBeVisible();
  await expect(page.getByRole("main").getByText("Active", { exact: true }).first()).toBeVisible();
  await expect(page.getByRole("link", { name: "Edit" })).toBeVisible();
  await expect(value(page, "Account")).toContainText(/Stark Industries\s*Active\s*ACC-0001-0002/);
  await expect(value(page, "Last access")).toContainText(/20 Nov 2026\s+01:55/);
  await expect(value(page, "Modules")).toHaveText(/4\s*Billing, Catalog, Commerce, Platform Basics/);
  await expect(value(page, "Description")).toHaveText(demo.tokens[0]?.description ?? "");
  await axe(page);
  await page.goBack();
  await expect(page).toHaveURL(`${LIST}?order=name&page=3`);
  await expect(names(page)).toContainText(["Robot 1"]);
});

test("the parts of a token are turned by a click, each with an address of its own", async ({ page }) => {
  await signIn(page, "administrator");
  await page.goto(ROBOT);
  await live(page);
  await expect(tab(page, "General")).toHaveAttribute("aria-current", "page");

  await tab(page, "Modules").click();
  await expect(page).toHaveURL(`${ROBOT}?tab=modules`);
  await expect(tab(page, "Modules")).toHaveAttribute("aria-current", "page");
  await expect(tab(page, "General")).not.toHaveAttribute("aria-current");
  const modules = demo.modules.filter((module) => ["billing", "catalog", "commerce", "platform-basics"].includes(module.code));
  for (const { id, name, description } of modules) {
    await expect(value(page, name)).toHaveText(`${id}${description}`);
  }
  await expect(value(page, "Description")).toHaveCount(0);
  await axe(page);

  await tab(page, "Details").click();
  await expect(page).toHaveURL(`${ROBOT}?tab=details`);
  await expect(value(page, "Created")).toContainText(/15 Apr 2026\s+14:34.*by Sarah Sanderson USR-1234-1210/);
  for (const never of ["Updated", "Enabled", "Disabled"]) await expect(value(page, never)).toHaveText("—never");
  await expect(value(page, "Revision")).toHaveText("1");
  await axe(page);

  await page.goBack();
  await expect(tab(page, "Modules")).toHaveAttribute("aria-current", "page");
  await page.reload();
  await expect(value(page, "Billing")).toBeVisible();
  for (const [search, name] of [["?tab=details", "Details"], ["?tab=nonsense", "General"], ["?tab=", "General"], ["?x=1", "General"]] as const) {
    await page.goto(ROBOT + search);
    await expect(tab(page, name)).toHaveAttribute("aria-current", "page");
  }
});

test("the address of the API is copied, and the copying is said aloud", async ({ page, context, server }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: server.url });
  await signIn(page, "viewer");
  await page.goto(ROBOT);
  await page.getByRole("button", { name: "Copy API endpoint" }).click();
  await expect(page.getByRole("status").filter({ hasText: "Copied" })).toBeVisible();
  await axe(page);
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toMatch(/^http:\/\/127\.0\.0\.1:\d+/);
  await expect(value(page, "API endpoint")).toContainText(copied);
});

test("where the browser gives no clipboard, the text is selected and the page says which keys copy it", async ({ page }) => {
  await page.addInitScript(() => Object.defineProperty(navigator, "clipboard", { value: undefined }));
  await signIn(page, "viewer");
  await page.goto(ROBOT);
  await page.getByRole("button", { name: "Copy API endpoint" }).click();
  await expect(page.getByRole("status").filter({ hasText: "Selected: press Ctrl+C to copy" })).toBeVisible();
  const selected = await page.evaluate(() => getSelection()?.toString() ?? "");
  expect(selected).toMatch(/^http:\/\/127\.0\.0\.1:\d+/);
});

test("a token without a description says so, and the arrow leads back to the list", async ({ page }) => {
  await signIn(page, "administrator");
  await page.goto(`${LIST}/TKN-1234-4490`);
  await live(page);
  await expect(value(page, "Description")).toHaveText("No description");
  await expect(value(page, "Last access")).toHaveText("—never");
  await page.getByRole("link", { name: "Back to API tokens" }).click();
  await expect(page).toHaveURL(LIST);
  await expect(page.getByRole("heading", { name: "API tokens", level: 1 })).toBeVisible();
});

const FOREIGN = tokensOf("vendor")[0]?.id;

for (const [what, rest] of [["", ""], [" to edit it", "/edit"]]) {
  const path = (id?: string): string => `${LIST}/${id}${rest}`;
  test(`an address that is no token, no token any more, or somebody else's${what} is the same page that leads back`, async ({ page, expectConsole }) => {
    expectConsole(/status of 404/);
    await signIn(page, "administrator");
    const ids = ["TKN-9999-9999", FOREIGN, "TKN-1", "tkn-1234-1234", "TKN-1234-1234'--", "TKN-0000-0000", "%3Cscript%3E", "%00", "x".repeat(300)];
    for (const id of ids) await isNotFound(page, path(id));
    await axe(page);
    await page.goto(path(FOREIGN));
    await axe(page);
  });
}

async function isNotFound(page: Page, path: string): Promise<void> {
  const answer = await page.goto(path);
  expect(answer?.status(), path).toBe(404);
  await expect(page.getByRole("heading", { name: "Not found" }).first(), path).toBeVisible();
  await expect(page.getByText("This does not exist, or it belongs to another account.").first()).toBeVisible();
}

test("an address that is no page leads back to the tokens", async ({ page, expectConsole }) => {
  expectConsole(/status of 404/);
  await signIn(page, "administrator");
  for (const path of [`${LIST}/a/b/c`, "/nowhere", "/settings"]) await isNotFound(page, path);
  await axe(page);
  await page.getByRole("link", { name: "Go to API tokens" }).click();
  await expect(page.getByText("37 tokens")).toBeVisible();
});

test("a Viewer reads everything and finds nothing to change", async ({ page, expectConsole }) => {
  expectConsole(/status of 403/);
  await signIn(page, "viewer");
  await live(page);
  await expect(page.getByText("37 tokens")).toBeVisible();
  await expect(page.getByRole("columnheader")).toHaveText(["API token", "Modules", "Created by", "Date created", "Last access", "Status"]);
  await expect(page.getByRole("button", { name: /^Actions for/ })).toHaveCount(0);
  await axe(page);
  await page.goto(ROBOT);
  await live(page);
  await expect(page.getByRole("heading", { name: "Robot 1", level: 1 })).toBeVisible();
  await expect(page.getByRole("link", { name: "Edit" })).toHaveCount(0);
  const answer = await page.goto(`${ROBOT}/edit`);
  expect(answer?.status()).toBe(403);
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByRole("heading", { name: "You may not do this" })).toBeVisible();
  await expect(dialog.getByRole("textbox")).toHaveCount(0);
  await live(page);
  await axe(page);
  await dialog.getByRole("button", { name: "Close" }).click();
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(page).toHaveURL(ROBOT);
});

for (const who of ["operator", "operatorViewer"] as const) {
  test(`Operations sees the tokens of every account and whose they are (${who})`, async ({ page }) => {
    await signIn(page, who);
    await page.goto(`${LIST}?size=100`);
    await live(page);
    await expect(page.getByText(`${demo.tokens.length} tokens`)).toBeVisible();
    await expect(names(page)).toHaveCount(demo.tokens.length);
    await expect(page.getByRole("columnheader").nth(1)).toHaveText("Account");
    for (const { id, name } of demo.accounts) {
      const first = demo.tokens.find((token) => token.account === id);
      await expect(rowOf(page, first?.id ?? "").getByRole("cell").nth(1)).toHaveText(`${name}${id}`);
    }
    await axe(page);
    await page.goto(ROBOT);
    await expect(value(page, "Account")).toContainText("Stark Industries");
    await expect(page.getByRole("link", { name: "Edit" })).toHaveCount(who === "operator" ? 1 : 0);
  });
}

test("another account sees its own tokens only", async ({ page, expectConsole }) => {
  expectConsole(/status of 404/);
  await signIn(page, "vendor");
  await live(page);
  await expect(page.getByText(`${tokensOf("vendor").length} tokens`)).toBeVisible();
  await expect(page.getByRole("columnheader", { name: "Account" })).toHaveCount(0);
  await page.goto(`${LIST}?search=robot`);
  await expect(page.getByRole("heading", { name: "No match" })).toBeVisible();
  for (const path of [ROBOT, `${ROBOT}/edit`, `${ROBOT}/edit?from=list`]) {
    expect((await page.goto(path))?.status(), path).toBe(404);
    await expect(page.getByText("Robot 1")).toHaveCount(0);
    await expect(page.getByText(WHO.administrator.name)).toHaveCount(0);
  }
});
