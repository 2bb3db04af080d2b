// A person's own sign-ins and password.
import type { Page } from "@playwright/test";
import { axe, demo, expect, signIn, test } from "../fixtures";
import { choose, live, send } from "../steps";

test.use({ serverName: "sign-ins" });

/** The rows of the table below its headings. */
const rows = (page: Page) => page.getByRole("row").filter({ has: page.getByRole("cell") });

async function asksToSignIn(page: Page): Promise<void> {
  await page.reload();
  await expect(page.getByRole("heading", { name: "Sign in", level: 1 })).toBeVisible();
}

async function stillIn(page: Page): Promise<void> {
  await page.reload();
  await expect(page.getByRole("heading", { name: "API tokens", level: 1 })).toBeVisible();
}

test("a person sees where he is signed in and ends one of the others", async ({ page, visitor }) => {
  const other = await visitor();
  await signIn(other, "operatorViewer");
  await signIn(page, "operatorViewer");
  await live(page);
  await choose(page, "Your sign-ins");
  await expect(page).toHaveTitle("Your sign-ins · Latchkey");
  await expect(page).toHaveURL("/profile/sign-ins");
  await expect(page.getByRole("columnheader")).toHaveText(["Device", "IP address", "Signed in", "Last used", "End"]);
  await expect(rows(page)).toHaveCount(2);
  const own = rows(page).filter({ hasText: "This one" });
  await expect(own).toHaveCount(1);
  await expect(own).toContainText("127.0.0.1");
  await expect(own.getByRole("cell").first()).toHaveText(/^Chrome on LinuxMozilla\/5\.0 /);
  await expect(own.getByRole("button")).toHaveCount(0);
  await axe(page);

  await send(page, /^End: /);
  await expect(rows(page)).toHaveCount(1);
  await expect(page.getByRole("button", { name: "End all others" })).toHaveCount(0);
  await axe(page);
  await asksToSignIn(other);
});

test("a person ends all his other sign-ins at once", async ({ page, visitor }) => {
  const others = [await visitor(), await visitor()];
  for (const other of others) await signIn(other, "operator");
  await signIn(page, "operator");
  const stranger = await visitor();
  await signIn(stranger, "viewer");
  await page.goto("/profile/sign-ins");
  await expect(rows(page)).toHaveCount(3);
  await send(page, "End all others");
  await expect(rows(page)).toHaveCount(1);
  await expect(rows(page)).toContainText("This one");
  for (const other of others) await asksToSignIn(other);
  await stillIn(stranger);
});

test("ending a sign-in that has ended already does no harm", async ({ page, visitor }) => {
  const other = await visitor();
  await signIn(other, "vendor");
  await signIn(page, "vendor");
  await page.goto("/profile/sign-ins");
  await live(other);
  await choose(other, "Sign out");
  await expect(other).toHaveURL("/sign-in");
  await send(page, /^End: /);
  await expect(page).toHaveURL("/profile/sign-ins");
  await expect(rows(page)).toHaveCount(1);
});

test("a person signs out on the page of his sign-ins", async ({ page }) => {
  await signIn(page, "viewer");
  await page.goto("/profile/sign-ins");
  await send(page, "Sign out here");
  await expect(page).toHaveURL("/sign-in");
  await page.goto("/profile/sign-ins");
  await expect(page).toHaveURL("/sign-in?next=%2Fprofile%2Fsign%2Dins");
});

test.describe("the password", () => {
  const tomas = demo.users.find((user) => user.email === "tomas@example.com");
  const NEW = "lemon barges wait outside";

  async function enter(page: Page, password: string): Promise<number> {
    await page.getByLabel("E-mail").fill(tomas?.email ?? "");
    await page.getByLabel("Password").fill(password);
    return send(page, "Sign in");
  }

  async function change(page: Page, current: string, password: string): Promise<number> {
    await page.getByLabel("Current password").fill(current);
    await page.getByLabel("New password").fill(password);
    return send(page, "Change password");
  }

  test("changes after a look at both fields, and ends the sign-ins elsewhere", async ({ page, visitor, expectConsole }) => {
    expectConsole(/status of 4(22|29|01)/);
    const old = tomas?.password ?? "";
    const other = await visitor();
    for (const browser of [other, page]) {
      await browser.goto("/sign-in");
      expect(await enter(browser, old)).toBe(303);
      await expect(browser.getByRole("heading", { name: "API tokens" })).toBeVisible();
    }
    await live(page);
    await choose(page, "Password");
    await expect(page).toHaveTitle("Password · Latchkey");
    await expect(page.getByLabel("Current password")).toBeFocused();
    await axe(page);

    expect(await change(page, old, "too short")).toBe(422);
    await expect(page.getByLabel("New password")).toHaveAccessibleDescription(/^The password is too short\. Use at least 12/);
    await expect(page.getByLabel("Current password")).not.toHaveAttribute("aria-invalid");
    await axe(page);
    expect(await change(page, old, old)).toBe(422);
    await expect(page.getByLabel("New password")).toHaveAccessibleDescription(/is the one you have now/);
    expect(await change(page, "not my password", NEW)).toBe(422);
    await expect(page.getByLabel("Current password")).toHaveAccessibleDescription("This is not your current password.");
    await expect(page.getByLabel("Current password"), "no password comes back").toHaveValue("");
    await stillIn(other);

    // A wrong password has to be waited for, here as at the front door.
    await expect.poll(() => change(page, old, NEW), { timeout: 15_000 }).toBe(303);
    await expect(page.getByRole("alert")).toHaveText("Your password is changed. All your other sign-ins have ended.");
    await axe(page);
    await page.getByRole("link", { name: "Back to API tokens" }).click();
    await expect(page.getByRole("heading", { name: "API tokens", level: 1 })).toBeVisible();

    await asksToSignIn(other);
    expect(await enter(other, old)).toBe(401);
    await expect.poll(() => enter(other, NEW), { timeout: 15_000 }).toBe(303);
    await expect(other.getByRole("heading", { name: "API tokens", level: 1 })).toBeVisible();
  });

  test("is asked for in vain by somebody who is not signed in", async ({ page }) => {
    await page.goto("/profile/password");
    await expect(page).toHaveURL("/sign-in?next=%2Fprofile%2Fpassword");
  });
});
