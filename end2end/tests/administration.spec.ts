// What accounts, modules and users share: what comes in between while something is filled in or done.
import type { Locator, Page } from "@playwright/test";
import { WHO, expect, signIn, test } from "../fixtures";
import { held } from "../editing";
import { act, live, questionGone } from "../steps";

test.use({ serverName: "administration" });

const USERS = "/settings/users";
const ACCOUNTS = "/settings/accounts";
const dialog = (page: Page) => page.getByRole("dialog");
const button = (part: Page | Locator, name: string) => part.getByRole("button", { name, exact: true });

async function open(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await live(page);
}

test("Back closes what is open over a list, asks before something is lost, and leaves the list only then", async ({ page }) => {
  await signIn(page, "administrator");
  await open(page, "/settings/modules");
  await page.getByRole("link", { name: "Users" }).click();
  await live(page);
  await button(page, "Columns").click();
  await page.goBack();
  await expect(dialog(page)).toHaveCount(0);
  await button(page, "Invite").click();
  await page.goBack();
  await expect(dialog(page)).toHaveCount(0);
  await button(page, "Invite").click();
  await dialog(page).getByLabel("Name").fill("Somebody");
  for (const way of ["Keep editing", "Back", "Discard changes"]) {
    await page.goBack();
    await expect(button(page, "Keep editing")).toBeVisible();
    if (way === "Back") await page.goBack();
    else {
      const returned = page.waitForEvent("framenavigated"); // the question's entry is taken away
      await button(page, way).click();
      await returned;
    }
    await expect(button(page, "Keep editing")).toHaveCount(0);
    if (way !== "Discard changes") await expect(dialog(page).getByLabel("Name")).toHaveValue("Somebody");
  }
  await expect(dialog(page)).toHaveCount(0);
  await expect(page).toHaveURL(USERS);
  await questionGone(page);
  await page.goBack();
  await expect(page).toHaveURL("/settings/modules");
});

test("while something is being done its question stays, and a second click does nothing more", async ({ page }) => {
  await signIn(page, "operator");
  await open(page, ACCOUNTS);
  const [answer, asked] = [held(), [] as string[]];
  await page.route("**/fn/change_account", async (route) => {
    asked.push(route.request().url());
    await answer.promise;
    await route.continue();
  });
  await act(page, "Wayne Software", "Disable");
  await button(dialog(page), "Disable").dblclick();
  await page.keyboard.press("Escape");
  await page.goBack();
  await expect(button(dialog(page), "Disable")).toBeDisabled();
  answer.resolve();
  await expect(page.getByText('Account "Wayne Software" disabled')).toBeVisible();
  await expect(dialog(page)).toHaveCount(0);
  expect(asked).toHaveLength(1);
  await act(page, "Wayne Software", "Enable");
  await button(dialog(page), "Enable").click();
  await expect(page.getByText('Account "Wayne Software" enabled')).toBeVisible();
});

test("whoever is signed out while a form is open signs in there and loses nothing", async ({ page, expectConsole }) => {
  expectConsole(/401/);
  await signIn(page, "administrator");
  await open(page, USERS);
  await button(page, "Invite").click();
  await dialog(page).getByLabel("Name").fill("Harold Hogan");
  await dialog(page).getByLabel("E-mail address").fill("happy@example.com");
  await page.context().clearCookies();
  await button(dialog(page), "Invite").click();
  await dialog(page).getByLabel("Password").fill(WHO.administrator.password);
  await button(dialog(page), "Sign in and save").click();
  await expect(dialog(page).getByText("Invitation for Harold Hogan")).toBeVisible();
});

test("Operations invite to the account that the list is of, or to one that they choose", async ({ page }) => {
  await signIn(page, "operator");
  await open(page, USERS);
  await button(page, "Invite").click();
  await dialog(page).getByLabel("Name").fill("Lucius Fox");
  await dialog(page).getByLabel("E-mail address").fill("lucius@example.com");
  await expect(button(dialog(page), "Invite")).toBeDisabled();
  await page.goBack();
  await button(page, "Discard changes").click();
  await questionGone(page);
  await open(page, `${USERS}?account=ACC-4471-9028`);
  await button(page, "Invite").click();
  await expect(dialog(page).getByLabel("Account")).toHaveValue("ACC-4471-9028");
  await dialog(page).getByLabel("Name").fill("Lucius Fox");
  await dialog(page).getByLabel("E-mail address").fill("lucius@example.com");
  await button(dialog(page), "Invite").click();
  await button(dialog(page), "Done").click();
  await expect(page.getByRole("row").filter({ hasText: "Lucius Fox" })).toContainText("Wayne Software");
});

for (const [list, path, fetched] of [
  ["users", USERS, "list_user_rows"],
  ["tokens", "/settings/api-tokens", "list_tokens"],
] as const) {
  test(`rows stay when the list of ${list} cannot be refreshed, and it is said so`, async ({ page, expectConsole }) => {
    expectConsole(/Failed to load resource/);
    await signIn(page, "administrator");
    await open(page, path);
    const rows = page.getByRole("row").filter({ has: page.getByRole("cell") });
    const shown = await rows.count();
    await page.route(`**/fn/${fetched}`, (route) => route.abort());
    await button(page, "Refresh").click();
    await expect(page.getByText(/^This is how it was before/)).toBeVisible();
    await expect(rows).toHaveCount(shown);
    await page.unroute(`**/fn/${fetched}`);
    await button(page, "Try again").click();
    await expect(page.getByText(/^This is how it was before/)).toHaveCount(0);
    await expect(rows).toHaveCount(shown);
  });
}
