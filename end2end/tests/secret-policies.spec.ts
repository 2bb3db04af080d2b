// Who may see a secret after its token was added: whenever they ask, once, or nobody; and never a Viewer or another account.
import type { Page } from "@playwright/test";
import { axe, demo, expect, signIn, test, tokensOf } from "../fixtures";
import { COLLEAGUE, details, dialog, saveAndSee, signInAs } from "../editing";
import { PROVISION_FILE, start } from "../server";
import {
  addToken, allowClipboard, call, clipboard, copyButton, count, expectHidden, expectShown, eye, fact, secretLine, word, type KnownToken,
} from "../secrets";

test.use({ serverName: "secret-policies" });

const once = (page: Page) => page.getByRole("dialog", { name: "See this secret once?" });
const SEEN = "It is no longer stored: it has been shown once. Whoever has lost it needs a new token.";

async function open(page: Page, name: string, reveal: "always" | "once" | "never"): Promise<KnownToken> {
  await signIn(page, "administrator");
  const token = await addToken(page, name, reveal);
  await page.goto(details(token.id));
  await expect(page.getByRole("button", { name: "Copy API endpoint" })).toBeEnabled();
  return token;
}

/** Nothing on the page shows the secret, or copies it. */
async function expectNoWayToIt(page: Page, why: string): Promise<void> {
  await expect(fact(page, "API token")).toContainText(why);
  await expect(fact(page, "API token")).toContainText(/^lk_[0-9A-Za-z]{4}•/);
  await expect(fact(page, "API token").getByRole("button")).toHaveCount(0);
}

/** The server's answer to somebody who asks it all the same. */
async function expectRefused(page: Page, id: string, status: number): Promise<void> {
  for (const purpose of ["Show", "Copy"]) {
    const answer = await call(page, "reveal_secret", { id, purpose });
    expect(answer.status, answer.text).toBe(status);
    expect(answer.text).not.toMatch(/lk_[0-9A-Za-z]{5}/);
  }
}

test("before a secret that can be seen once is shown, a question stands in between, and leaving it asks nothing of the server", async ({ page }) => {
  const token = await open(page, "Not seen yet", "once");
  await expect(fact(page, "Who may see it")).toHaveText("The first Administrator who asks, once");
  await expectHidden(page, token);
  const asked = count(page, "/fn/reveal_secret");
  for (const leave of [() => once(page).getByRole("button", { name: "Not now" }).click(), () => page.keyboard.press("Escape")]) {
    await eye(page).click();
    await expect(once(page)).toContainText("This secret can be seen only this once.");
    await expect(once(page).getByRole("button", { name: "Not now" })).toBeFocused();
    await leave();
    await expect(once(page)).toHaveCount(0);
    await expectHidden(page, token);
  }
  expect(asked()).toBe(0);
  await eye(page).click();
  await expect(once(page)).toBeVisible();
  await axe(page);
});

test("a secret that can be seen once is shown, and then every Administrator reads that it is gone", async ({ page, visitor, expectConsole }) => {
  expectConsole(/status of 409/);
  const token = await open(page, "Seen once", "once");
  await eye(page).click();
  await once(page).getByRole("button", { name: "See it now" }).click();
  await expectShown(page, token);
  await axe(page);

  const other = await visitor();
  await signInAs(other, COLLEAGUE);
  await other.goto(details(token.id));
  await expectNoWayToIt(other, SEEN);
  await axe(other);
  await expectRefused(other, token.id, 409);

  await eye(page).click();
  await expectNoWayToIt(page, SEEN);
  await expect(secretLine(page)).toHaveCount(0);
  expect(await page.content()).not.toContain(token.secret);
  await page.goto(details(token.id, "?tab=audit-trail"));
  await expect(page.getByRole("row").nth(1)).toContainText(`Secret of API token "${token.name}" shown; it is no longer stored`);
});

test("a secret that can be seen once is copied and shown by the copy button, and is gone after a minute", async ({ page, server }) => {
  await page.clock.install();
  await allowClipboard(page, server.url);
  const token = await open(page, "Copied once", "once");
  await copyButton(page).click();
  await once(page).getByRole("button", { name: "See it now" }).click();
  await expect(word(page)).toHaveText("Copied");
  await expectShown(page, token);
  expect(await clipboard(page)).toBe(token.secret);
  await page.clock.runFor(60_000);
  await expectNoWayToIt(page, SEEN);
});

test("of two Administrators who want to see a secret once, the second is told that it is gone", async ({ page, visitor, expectConsole }) => {
  expectConsole(/status of 409/);
  const token = await open(page, "Wanted by two", "once");
  const other = await visitor();
  await signInAs(other, COLLEAGUE);
  await other.goto(details(token.id));
  await eye(other).click();
  await eye(page).click();
  await once(page).getByRole("button", { name: "See it now" }).click();
  await expectShown(page, token);
  await once(other).getByRole("button", { name: "See it now" }).click();
  await expectNoWayToIt(other, SEEN);
  await axe(other);
});

test("a secret that nobody may see has no eye, and is stored nowhere", async ({ page, expectConsole }) => {
  expectConsole(/status of 409/);
  const token = await open(page, "Seen by nobody", "never");
  await expect(fact(page, "Who may see it")).toHaveText("Nobody");
  await expectNoWayToIt(page, "It is no longer stored, since nobody may see it. Whoever has lost it needs a new token.");
  await axe(page);
  await expectRefused(page, token.id, 409);
});

test("when a token is edited so that nobody may see its secret, the eye goes and the secret with it", async ({ page, expectConsole }) => {
  expectConsole(/status of 409/);
  const token = await open(page, "Made stricter", "always");
  await expectHidden(page, token);
  await page.getByRole("link", { name: "Edit", exact: true }).click();
  await dialog(page).getByRole("radio", { name: "Nobody" }).check();
  await saveAndSee(page);
  await expectNoWayToIt(page, "It is no longer stored, since nobody may see it.");
  await expectRefused(page, token.id, 409);
});

test("a Viewer reads who may see the secret and finds no way to it; asking all the same is refused and recorded", async ({
  page, visitor, expectConsole,
}) => {
  expectConsole(/status of 403/);
  const token = await open(page, "Viewed", "always");
  const viewer = await visitor();
  await signIn(viewer, "viewer");
  await viewer.goto(details(token.id));
  await expectNoWayToIt(viewer, "Only Administrators of Stark Industries can see it.");
  await axe(viewer);
  await expectRefused(viewer, token.id, 403);
  await viewer.goto(details(token.id, "?tab=audit-trail"));
  const refused = viewer.getByRole("row").filter({ hasText: "Refused" });
  await expect(refused).toHaveCount(2);
  await expect(refused.last()).toContainText(`Showing the secret of API token "${token.name}" refused`);
  await expect(refused.last()).toContainText(demo.users.find((user) => user.account === "ACC-0001-0002" && user.role === "Viewer")?.name ?? "");
});

test("Operations people do everything with another account's token except see its secret, also after it was deleted", async ({
  page, visitor, expectConsole,
}) => {
  expectConsole(/status of 4(03|09)/);
  const token = await open(page, "Operated", "always");
  const operator = await visitor();
  await signIn(operator, "operator");
  await operator.goto(details(token.id));
  await expectNoWayToIt(operator, "Only Administrators of Stark Industries can see it.");
  await expect(operator.getByRole("link", { name: "Edit", exact: true })).toBeVisible();
  await axe(operator);
  await expectRefused(operator, token.id, 403);
  expect((await call(operator, "change_token_status", { id: token.id, action: "Delete" })).status).toBe(200);
  await operator.reload();
  await expectNoWayToIt(operator, "It is no longer stored: it was destroyed when the token was deleted.");
  await axe(operator);
});

test("another account's secret does not exist for an Administrator", async ({ page, expectConsole }) => {
  expectConsole(/status of 404/);
  await signIn(page, "administrator");
  const foreign = tokensOf("vendor")[0]?.id ?? "";
  await expectRefused(page, foreign, 404);
  const answer = await call(page, "note_secret_copied", { id: foreign });
  expect(answer.status).toBe(404);
});

test("where the installation allows nobody to see secrets, no token shows its own", async ({ visitor, watch }) => {
  const strict = await start({ provision: PROVISION_FILE, env: { LATCHKEY_REVEAL: "never" } });
  try {
    const page = await visitor();
    await page.goto(`${strict.url}/sign-in`);
    const sarah = demo.users.find((user) => user.name === "Sarah Sanderson");
    await page.getByLabel("E-mail").fill(sarah?.email ?? "");
    await page.getByLabel("Password").fill(sarah?.password ?? "");
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await expect(page.getByRole("heading", { name: "API tokens", level: 1 })).toBeVisible();
    await page.goto(`${strict.url}${details("TKN-1234-1234")}`);
    await expectNoWayToIt(page, "It is no longer stored");
  } finally {
    // The page is still open, and may ask for something in vain.
    watch.end();
    await strict.stop();
  }
});
