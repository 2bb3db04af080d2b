// The secret on a token's page: shown and copied when it is asked for, and gone again soon.
import type { Page } from "@playwright/test";
import { axe, expect, signIn, test } from "../fixtures";
import { COLLEAGUE, LIST, details, signInAs } from "../editing";
import { choose, live, tabTo } from "../steps";
import {
  NOTE, REVEAL, addToken, allowClipboard, call, clipboard, copyButton, count, expectHidden, expectShown, eye, fact, refuseClipboard,
  secretLine, selection, word, type KnownToken,
} from "../secrets";

test.use({ serverName: "secret" });

/**
 * Signs in, adds a token of the test's own and opens its page. A person gets 20 secrets within ten minutes, so two share
 * the tests of this file.
 */
async function open(page: Page, name: string, who: "administrator" | "colleague" = "administrator"): Promise<KnownToken> {
  await (who === "colleague" ? signInAs(page, COLLEAGUE) : signIn(page, "administrator"));
  const token = await addToken(page, name);
  await page.goto(details(token.id));
  await expect(eye(page)).toBeEnabled();
  return token;
}

/** What the token's own trail says, newest first. */
async function expectRecorded(page: Page, token: KnownToken, summaries: string[]): Promise<void> {
  await page.goto(details(token.id, "?tab=audit-trail"));
  const told = [...summaries, `API token "${token.name}" created`];
  await expect(page.getByRole("row").filter({ has: page.getByRole("cell") })).toHaveCount(told.length);
  for (const [index, summary] of told.entries()) {
    await expect(page.getByRole("row").nth(index + 1)).toContainText(summary);
  }
}

test("the eye shows the secret, and hides it again; that it was shown is recorded", async ({ page }) => {
  const token = await open(page, "Shown and hidden");
  await expect(fact(page, "Who may see it")).toHaveText("Administrators, whenever they ask");
  await expectHidden(page, token);
  await axe(page);
  await eye(page).click();
  await expectShown(page, token);
  await axe(page);
  await eye(page).click();
  await expectHidden(page, token);
  await expect(eye(page), "the focus stays on the eye").toBeFocused();
  await expectRecorded(page, token, [`Secret of API token "${token.name}" shown`]);
});

test("the secret is shown, hidden and copied by keyboard alone", async ({ page, server }) => {
  await allowClipboard(page, server.url);
  const token = await open(page, "By keyboard");
  await tabTo(page, eye(page));
  await page.keyboard.press("Enter");
  await expectShown(page, token);
  await expect(eye(page), "the focus is still where it was").toBeFocused();
  await page.keyboard.press("Space");
  await expectHidden(page, token);
  await page.keyboard.press("Tab");
  await expect(copyButton(page)).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(word(page)).toHaveText("Copied");
  await expect(copyButton(page)).toBeFocused();
  expect(await clipboard(page)).toBe(token.secret);
  await expectHidden(page, token);
});

test("the copy button copies the secret without showing it, says so, and it is recorded as copied", async ({ page, server }) => {
  await allowClipboard(page, server.url);
  const token = await open(page, "Copied unseen");
  await copyButton(page).click();
  await expect(word(page)).toHaveText("Copied");
  await expectHidden(page, token);
  await axe(page);
  expect(await clipboard(page)).toBe(token.secret);
  await expectRecorded(page, token, [`Secret of API token "${token.name}" copied`]);
});

test("what is shown is copied without asking the server for it again, and that is recorded too", async ({ page, server }) => {
  await allowClipboard(page, server.url);
  const token = await open(page, "Shown, then copied");
  await eye(page).click();
  await expectShown(page, token);
  const asked = count(page, "/fn/reveal_secret");
  const noted = page.waitForResponse(NOTE);
  await copyButton(page).click();
  await expect(word(page)).toHaveText("Copied");
  expect((await noted).status()).toBe(200);
  expect(await clipboard(page)).toBe(token.secret);
  await expectShown(page, token);
  expect(asked()).toBe(0);
  await expectRecorded(page, token, [`Secret of API token "${token.name}" copied`, `Secret of API token "${token.name}" shown`]);
});

for (const shown of [false, true]) {
  test(`where the browser refuses the clipboard, the secret ${shown ? "on the screen" : "comes and"} is selected for Ctrl+C`, async ({ page, server }) => {
    await refuseClipboard(page, server.url);
    const token = await open(page, `Refused clipboard ${shown}`);
    if (shown) {
      await eye(page).click();
      await expectShown(page, token);
    }
    await copyButton(page).click();
    await expect(word(page)).toHaveText("Selected: press Ctrl+C to copy");
    await expectShown(page, token);
    await expect.poll(() => selection(page)).toBe(token.secret);
    await axe(page);
    const noted = page.waitForResponse(NOTE);
    await page.keyboard.press("Control+c");
    expect((await noted).status(), "copying by the keys is recorded").toBe(200);
    await expectRecorded(page, token, [
      `Secret of API token "${token.name}" copied`,
      `Secret of API token "${token.name}" ${shown ? "shown" : "copied"}`,
    ]);
  });
}

test("where there is no clipboard at all, the secret is selected", async ({ page }) => {
  await page.addInitScript(() => Object.defineProperty(navigator, "clipboard", { value: undefined }));
  const token = await open(page, "No clipboard");
  await copyButton(page).click();
  await expect(word(page)).toHaveText("Selected: press Ctrl+C to copy");
  await expectShown(page, token);
  await expect.poll(() => selection(page)).toBe(token.secret);
});

test("a shown secret is hidden after a minute, and each showing has a minute of its own", async ({ page }) => {
  await page.clock.install();
  const token = await open(page, "One minute", "colleague");
  await eye(page).click();
  await expectShown(page, token);
  await page.clock.runFor(40_000);
  await expectShown(page, token);
  await eye(page).click();
  await expectHidden(page, token);
  await eye(page).click();
  await expectShown(page, token);
  await page.clock.runFor(40_000);
  await expectShown(page, token);
  await page.clock.runFor(20_000);
  await expectHidden(page, token);
});

test("a shown secret is hidden when one turns to another part of the token, to another page, or to a plain one", async ({ page }) => {
  const token = await open(page, "Hidden on leaving", "colleague");
  const part = (name: string) => page.getByRole("navigation", { name: "Parts of the token" }).getByRole("link", { name });
  const ways: (() => Promise<unknown>)[] = [
    () => part("Modules").click(),
    () => page.getByRole("link", { name: "Back to API tokens" }).click(),
    () => page.goto("/profile/password"),
  ];
  for (const leave of ways) {
    await eye(page).click();
    await expectShown(page, token);
    await leave();
    await expect(secretLine(page)).toHaveCount(0);
    expect(await page.content()).not.toContain(token.secret);
    await page.goBack();
    await expectHidden(page, token);
  }
});

test("after signing out nothing of it is left, and Back shows nothing", async ({ page, context }) => {
  const token = await open(page, "Signed out", "colleague");
  await live(page);
  await eye(page).click();
  await expectShown(page, token);
  await choose(page, "Sign out");
  await expect(page).toHaveURL("/sign-in");
  expect((await context.cookies()).map((cookie) => cookie.name)).not.toContain("sid");
  await page.goBack();
  await expect(page.getByRole("heading", { name: "Sign in", level: 1 })).toBeVisible();
  await expect(secretLine(page)).toHaveCount(0);
  expect(await page.content()).not.toContain(token.secret);
});

test("a token that is disabled shows its secret as well", async ({ page }) => {
  const token = await open(page, "Disabled", "colleague");
  expect((await call(page, "change_token_status", { id: token.id, action: "Disable" })).status).toBe(200);
  await page.reload();
  await expect(page.getByRole("main").getByText("Disabled", { exact: true }).first()).toBeVisible();
  await expect(eye(page)).toBeEnabled();
  await eye(page).click();
  await expectShown(page, token);
});

test("a secret comes in the answer to a POST only, which no cache may keep", async ({ page }) => {
  const token = await open(page, "By POST", "colleague");
  const answered = page.waitForResponse(REVEAL);
  await eye(page).click();
  const answer = await answered;
  expect(answer.request().method()).toBe("POST");
  expect(answer.headers()["cache-control"]).toContain("no-store");
  expect(answer.headers()["referrer-policy"]).toBe("same-origin");
  expect(await answer.text()).toBe(JSON.stringify(token.secret));
  const got = await page.request.get("/fn/reveal_secret", { params: { id: token.id, purpose: "Show" } });
  expect(got.status()).toBeGreaterThanOrEqual(400);
  expect(await got.text()).not.toContain(token.secret);
});

test("no page has a secret in it as the server sends it, and the browser keeps none while it is shown", async ({ page }) => {
  const token = await open(page, "Nowhere else", "colleague");
  await eye(page).click();
  await expectShown(page, token);
  const kept = await page.evaluate(async () => ({
    local: { ...localStorage },
    session: { ...sessionStorage },
    databases: (await indexedDB.databases()).length,
    caches: (await caches.keys()).length,
    cookie: document.cookie,
    address: location.href,
    state: JSON.stringify(history.state),
    title: document.title,
  }));
  expect(JSON.stringify(kept)).not.toContain(token.secret);
  expect(kept).toMatchObject({ databases: 0, caches: 0 });
  const pages = [
    LIST, `${LIST}?search=${token.id}`, `${LIST}/add`, details(token.id), details(token.id, "?tab=details"), details(token.id, "?tab=audit-trail"),
    details(token.id, "/edit"), "/settings/audit-trail", `/settings/audit-trail?object=${token.id}`, "/profile/sign-ins", "/help/api-token-secret",
  ];
  for (const path of pages) {
    const answer = await page.request.get(path, { headers: { accept: "text/html" } });
    expect(answer.status(), path).toBe(200);
    expect(await answer.text(), path).not.toMatch(/lk_[0-9A-Za-z]{36}/);
  }
});
