// Modules and accounts, as Operations define and change them, and what their tokens lose.
import type { Page } from "@playwright/test";
import { axe, expect, signIn, test } from "../fixtures";
import { act, live, rowOf } from "../steps";

test.use({ serverName: "modules" });

const MODULES = "/settings/modules";
const ACCOUNTS = "/settings/accounts";
const row = (page: Page, text: string) => page.getByRole("row").filter({ hasText: text });
const dialog = (page: Page) => page.getByRole("dialog");

async function open(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await live(page);
}

test("everyone sees the modules of his account and which tokens have each", async ({ page }) => {
  await signIn(page, "viewer");
  await page.getByRole("navigation", { name: "Settings" }).getByRole("link", { name: "Modules" }).click();
  await expect(page).toHaveTitle("Modules · Latchkey");
  await expect(row(page, "MOD-0478")).toContainText("Billing");
  await expect(row(page, "MOD-5620")).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Add" })).toHaveCount(0);
  await axe(page);
  await row(page, "MOD-0478").getByRole("link").click();
  await expect(rowOf(page, "TKN-1234-1234")).toBeVisible();
  await expect(page.getByText("Billing", { exact: false }).first()).toBeVisible();
});

test("a module is defined, edited, given to an account, retired and brought back", async ({ page, expectConsole }) => {
  expectConsole(/422/);
  await signIn(page, "operator");
  await open(page, `${MODULES}?size=100`);
  await page.getByRole("button", { name: "Add", exact: true }).click();
  const form = dialog(page);
  await form.getByLabel("Module name").fill("Search");
  await form.getByLabel("Code, as gateways ask for it").fill("Not a code");
  await form.getByRole("button", { name: "Add" }).click();
  await expect(form.getByText(/small letters, digits and hyphens/)).toBeVisible();
  await axe(page);
  await form.getByLabel("Code, as gateways ask for it").fill("search");
  await form.getByLabel("Vendor").uncheck();
  await form.getByRole("button", { name: "Add" }).click();
  await expect(page.getByText('Module "Search" added')).toBeVisible();
  await expect(row(page, "· search")).toContainText("Client, Operations");
  await act(page, "Search", "Edit");
  await expect(form.getByLabel("Code, as gateways ask for it")).not.toBeEditable();
  await form.getByLabel("Description").fill("Finds things.");
  await form.getByRole("button", { name: "Save" }).click();
  await expect(row(page, "· search")).toContainText("Finds things.");

  await open(page, `${ACCOUNTS}?search=stark`);
  await act(page, "Stark Industries", "Edit");
  await form.getByRole("checkbox", { name: /^Search/ }).check();
  await axe(page);
  await form.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText('Account "Stark Industries" updated')).toBeVisible();

  await open(page, `${MODULES}?search=search`);
  await expect(row(page, "· search").getByRole("cell", { name: "1", exact: true })).toBeVisible();
  await act(page, "Search", "Retire");
  await page.getByRole("button", { name: "Retire", exact: true }).click();
  await expect(page.getByText('Module "Search" retired')).toBeVisible();
  await expect(row(page, "· search")).toContainText("Retired");
  await act(page, "Search", "Bring back");
  await dialog(page).getByRole("button", { name: "Bring back" }).click();
  await expect(page.getByText('Module "Search" brought back')).toBeVisible();
});

test("taking a module from an account shows first which tokens lose it, and then takes it from all", async ({ page, visitor }) => {
  await signIn(page, "operator");
  await open(page, ACCOUNTS);
  await axe(page);
  await act(page, "Stark Industries", "Edit");
  const form = dialog(page).filter({ hasText: "Edit account" });
  await form.getByLabel(/^Billing/).uncheck();
  await form.getByRole("button", { name: "Save" }).click();
  const loss = page.getByRole("dialog", { name: /API tokens will lose/ });
  await expect(loss).toContainText("Robot 1");
  await expect(loss).toContainText("And");
  await axe(page);
  await loss.getByRole("button", { name: "Cancel" }).click();
  await expect(form.getByLabel(/^Billing/)).not.toBeChecked();
  await form.getByRole("button", { name: "Save" }).click();
  await loss.getByRole("button", { name: "Save and remove" }).click();
  await expect(page.getByText('Account "Stark Industries" updated')).toBeVisible();
  const owner = await visitor();
  await signIn(owner, "administrator");
  await owner.goto("/settings/api-tokens/TKN-1234-1234?tab=audit-trail");
  await expect(owner.getByText('API token "Robot 1" lost Billing')).toBeVisible();
  await owner.goto("/settings/audit-trail?event=platform.accounts.account.updated");
  await expect(owner.getByText('Account "Stark Industries" updated').first()).toBeVisible();
});

test("an account is added, disabled so that its people are out, and enabled", async ({ page, visitor, expectConsole }) => {
  expectConsole(/401/);
  await signIn(page, "operator");
  await open(page, ACCOUNTS);
  await page.getByRole("button", { name: "Add", exact: true }).click();
  const form = dialog(page);
  await form.getByLabel("Account name").fill("Oscorp");
  await form.getByLabel(/^Type/).selectOption("Vendor");
  await form.getByLabel(/^Catalog/).check();
  await expect(form.getByLabel(/^Cost Insights/)).toHaveCount(0);
  await form.getByRole("button", { name: "Add" }).click();
  await expect(row(page, "Oscorp")).toContainText("Vendor");
  const vendor = await visitor();
  await signIn(vendor, "vendor");
  await act(page, "Wayne Software", "Disable");
  await page.getByRole("button", { name: "Disable", exact: true }).click();
  await expect(page.getByText('Account "Wayne Software" disabled')).toBeVisible();
  await vendor.reload();
  await expect(vendor.getByRole("heading", { name: "Sign in", level: 1 })).toBeVisible();
  await act(page, "Wayne Software", "Enable");
  await dialog(page).getByRole("button", { name: "Enable" }).click();
  await expect(page.getByText('Account "Wayne Software" enabled')).toBeVisible();
  await signIn(vendor, "vendor");
  await page.getByRole("button", { name: "Actions for Platform Operations" }).click();
  await expect(page.getByRole("menuitem")).toHaveText(["Edit"]);
});

test("accounts are Operations' alone", async ({ page, expectConsole }) => {
  expectConsole(/403/);
  await signIn(page, "administrator");
  await expect(page.getByRole("navigation", { name: "Settings" }).getByRole("link", { name: "Accounts" })).toHaveCount(0);
  await page.goto(ACCOUNTS);
  await expect(page.getByText("Accounts are seen by people of Operations only.")).toBeVisible();
});
