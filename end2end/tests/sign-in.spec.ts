// Signing in and out, and what stands between a browser and the console.
import type { Page } from "@playwright/test";
import { WHO, axe, expect, signIn, test } from "../fixtures";
import { choose, live, names, send } from "../steps";

test.use({ serverName: "sign-in" });

const LIST = "/settings/api-tokens";
const WRONG = "The e-mail address or the password is not right.";

async function enter(page: Page, email: string, password: string): Promise<number> {
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password").fill(password);
  return send(page, "Sign in");
}

/** A page of another site with a link or a form that leads to `address`. */
async function elsewhere(page: Page, body: string): Promise<void> {
  await page.route("http://elsewhere.example/**", (route) =>
    route.fulfill({ contentType: "text/html", body: `<!DOCTYPE html><html lang="en"><title>Elsewhere</title>${body}` }),
  );
  await page.goto("http://elsewhere.example/");
}

test("whoever comes without being signed in gets the sign-in page, and the list after it", async ({ page }) => {
  await page.goto("/");
  await expect(page).toHaveURL("/sign-in");
  await expect(page).toHaveTitle("Sign in · Latchkey");
  await expect(page.getByRole("heading", { name: "Sign in", level: 1 })).toBeVisible();
  await expect(page.getByLabel("E-mail")).toBeFocused();
  await axe(page);
  expect(await enter(page, "  Sarah@Example.COM ", WHO.administrator.password)).toBe(303);
  await expect(page).toHaveURL(LIST);
  await expect(page.getByRole("button", { name: "Stark Industries, Sarah Sanderson: your menu" })).toBeVisible();
});

test("the address that was asked for opens after signing in, with everything in it", async ({ page }) => {
  const asked = `${LIST}?search=robot&order=name&size=5`;
  await page.goto(asked);
  await expect(page).toHaveURL(/\/sign-in\?next=/);
  await enter(page, WHO.viewer.email, WHO.viewer.password);
  await expect(page).toHaveURL(asked);
  await expect(names(page).first()).toHaveText("Robot \"Jarvis\" <b>v2</b> & friends");
});

test("an address that leads to another site is not followed after signing in", async ({ page, visitor, server }) => {
  for (const next of ["//evil.example/", "https://evil.example/", "/\\evil.example", "/sign-out", "javascript:alert(1)"]) {
    const somebody = await visitor();
    await somebody.goto(`/sign-in?next=${encodeURIComponent(next)}`);
    await enter(somebody, WHO.viewer.email, WHO.viewer.password);
    await expect(somebody).toHaveURL(server.url + LIST);
  }
  await signIn(page, "viewer");
  await page.goto("/sign-in?next=//evil.example/");
  await expect(page, "signed in already").toHaveURL(LIST);
});

test("a wrong password and an unknown address get the same answer, and the address stays", async ({ page, expectConsole }) => {
  expectConsole(/status of 401/);
  await page.goto("/sign-in");
  for (const email of ["nadia@example.com", "nobody@example.com"]) {
    expect(await enter(page, email, "not the right password")).toBe(401);
    await expect(page.getByRole("alert")).toHaveText(WRONG);
    await expect(page.getByLabel("E-mail")).toHaveValue(email);
    await expect(page.getByLabel("Password")).toHaveValue("");
    await axe(page);
  }
});

test("a wrong password first, and the address that was asked for still opens", async ({ page, expectConsole }) => {
  expectConsole(/status of 4(01|29)/);
  const asked = `${LIST}/TKN-4471-5634?tab=modules`;
  await page.goto(asked);
  expect(await enter(page, WHO.vendor.email, "not the right password")).toBe(401);
  await expect.poll(() => enter(page, WHO.vendor.email, WHO.vendor.password), { timeout: 15_000 }).toBe(303);
  await expect(page).toHaveURL(asked);
});

test("whoever keeps guessing is told to wait, even with the right password, and then may go on", async ({ page, expectConsole }) => {
  expectConsole(/status of 4(01|29)/);
  await page.goto("/sign-in");
  const { email, password } = WHO.operator;
  await expect.poll(() => enter(page, email, "guessed"), { timeout: 15_000, intervals: [0] }).toBe(429);
  await expect(page.getByRole("alert")).toHaveText(/^The last try to sign in failed moments ago\. Wait \d+ seconds? and try again\.$/);
  await expect(page.getByLabel("E-mail")).toHaveValue(email);
  await axe(page);
  await expect.poll(() => enter(page, email, password), { timeout: 15_000 }).toBe(303);
  await expect(page.getByRole("heading", { name: "API tokens", level: 1 })).toBeVisible();
});

test("empty fields are pointed at and nothing is sent", async ({ page }) => {
  await page.goto("/sign-in");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByLabel("E-mail")).toBeFocused();
  await page.getByLabel("E-mail").fill(WHO.viewer.email);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByLabel("Password")).toBeFocused();
});

test("after signing out the console is shut, and Back shows nothing of it", async ({ page }) => {
  await signIn(page, "viewer");
  await names(page).first().click();
  await expect(page.getByRole("heading", { name: "Onboarding kiosk", level: 1 })).toBeVisible();
  await live(page);
  await choose(page, "Sign out");
  await expect(page).toHaveURL("/sign-in");
  await page.goBack();
  await expect(page.getByRole("heading", { name: "Sign in", level: 1 })).toBeVisible();
  await expect(page.getByText("Onboarding kiosk")).toHaveCount(0);
  await page.goto(LIST);
  await expect(page).toHaveURL("/sign-in");
  expect(await page.context().cookies()).toEqual([]);
});

test("a page that was open while the person signed out elsewhere asks to sign in, and goes on where it was", async ({
  page,
  expectConsole,
}) => {
  expectConsole(/status of 401/);
  await signIn(page, "viewer");
  const tab = await page.context().newPage();
  await tab.goto(`${LIST}?size=5&page=2`);
  await live(tab);
  await live(page);
  await choose(page, "Sign out");
  await expect(page).toHaveURL("/sign-in");
  await tab.getByRole("button", { name: "Refresh", exact: true }).click();
  await expect(tab.getByRole("alert")).toContainText("You are no longer signed in.");
  await axe(tab);
  await tab.getByRole("alert").getByRole("button", { name: "Sign in" }).click();
  await enter(tab, WHO.viewer.email, WHO.viewer.password);
  await expect(tab).toHaveURL(`${LIST}?size=5&page=2`);
});

test("a link on another site opens the page it names, for somebody who is signed in", async ({ page, server }) => {
  await signIn(page, "viewer");
  await elsewhere(page, `<a href="${server.url}${LIST}/TKN-1234-1234?tab=details">Robot 1</a>`);
  await page.getByRole("link", { name: "Robot 1" }).click();
  await expect(page.getByRole("heading", { name: "Robot 1", level: 1 })).toBeVisible();
  await expect(page).toHaveURL(`${LIST}/TKN-1234-1234?tab=details`);
});

test("a link on another site asks anybody else to sign in, and then opens the page", async ({ page, server }) => {
  await elsewhere(page, `<a href="${server.url}${LIST}/TKN-1234-1234">Robot 1</a>`);
  await page.getByRole("link", { name: "Robot 1" }).click();
  await expect(page.getByRole("heading", { name: "Sign in", level: 1 })).toBeVisible();
  await enter(page, WHO.viewer.email, WHO.viewer.password);
  await expect(page.getByRole("heading", { name: "Robot 1", level: 1 })).toBeVisible();
});

test("a form on another site cannot sign anybody out", async ({ page, server, expectConsole }) => {
  expectConsole(/status of 403/);
  await signIn(page, "viewer");
  await elsewhere(page, `<form method="post" action="${server.url}/sign-out"><button>Win a prize</button></form>`);
  expect(await send(page, "Win a prize")).toBe(403);
  await page.goto(LIST);
  await expect(page.getByRole("heading", { name: "API tokens", level: 1 })).toBeVisible();
});
