// Without JavaScript the audit trail, its records, the secret's part and the help pages are read like any other page.
import { expect, signIn, test } from "../fixtures";
import { details } from "../editing";
import { TRAIL, apply, close, filter, ids, record, records, told, trailOf, view } from "../audit";

test.use({ serverName: "list" });

test("the trail is read and filtered, its pages are turned, a record is opened and closed", async ({ page }) => {
  await signIn(page, "viewer");
  await page.getByRole("link", { name: "Audit trail" }).click();
  await expect(page.getByRole("heading", { name: "Audit trail", level: 1 })).toBeVisible();
  await expect(records(page)).toHaveCount(25);
  await expect(records(page).first()).toContainText(/\d\d \w{3} \d{4} \d\d:\d\d UTC/);
  const first = await ids(page);
  await page.getByRole("link", { name: "Older", exact: true }).click();
  await expect(page.getByRole("link", { name: "Newest", exact: true })).toBeVisible();
  expect((await ids(page)).filter((id) => first.includes(id))).toEqual([]);
  await filter(page, "Object").fill("TKN-1234-1234");
  await filter(page, "Event").selectOption("platform.accounts.token.created");
  await apply(page).click();
  await expect(records(page)).toHaveCount(1);
  await expect(filter(page, "Object")).toHaveValue("TKN-1234-1234");
  const address = page.url();
  await view(records(page).first()).click();
  await expect(told(page, "Object")).toContainText("Robot 1");
  await expect(record(page).getByRole("table", { name: "Changes" })).toContainText("Billing");
  await expect(record(page).getByRole("button", { name: "Copy JSON" })).toBeDisabled();
  await close(page).click();
  await expect(record(page)).toHaveCount(0);
  expect(new URL(page.url()).searchParams.get("object")).toBe(new URL(address).searchParams.get("object"));
  await expect(records(page)).toHaveCount(1);
  await page.getByRole("link", { name: "Clear filters" }).first().click();
  await expect(page).toHaveURL(TRAIL);
});

test("the tab of a token and a record in it are read", async ({ page }) => {
  await signIn(page, "administrator");
  await page.goto(details("TKN-1234-1234"));
  await page.getByRole("navigation", { name: "Parts of the token" }).getByRole("link", { name: "Audit trail" }).click();
  await expect(page).toHaveURL(trailOf("TKN-1234-1234"));
  await view(records(page).last()).click();
  await expect(told(page, "Event")).toContainText("platform.accounts.token.created");
  await close(page).click();
  await expect(page).toHaveURL(trailOf("TKN-1234-1234"));
});

test("a secret is not in a page, and what would show it can be seen to be out of use", async ({ page }) => {
  await signIn(page, "administrator");
  await page.goto(details("TKN-1234-1234"));
  await expect(page.getByRole("button", { name: "Show the secret" })).toBeDisabled();
  await expect(page.getByRole("button", { name: "Copy the secret" })).toBeDisabled();
  await expect(page.locator("#secret-text")).toContainText(/^lk_[0-9A-Za-z]{4}•/);
  expect(await page.content()).not.toMatch(/lk_[0-9A-Za-z]{36}/);
});

test("every help page is reached from the question mark of its task", async ({ page }) => {
  await signIn(page, "administrator");
  for (const [address, title] of [
    ["/settings/api-tokens", "Find, sort and filter API tokens"],
    [details("TKN-1234-1234"), "See and copy a secret"],
    [trailOf("TKN-1234-1234"), "Read the audit trail"],
    [TRAIL, "Read the audit trail"],
  ] as const) {
    await page.goto(address);
    await page.getByRole("link", { name: "Help", exact: true }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(title);
  }
});
