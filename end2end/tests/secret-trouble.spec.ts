// What comes between somebody and a secret: haste, limits, and a network or server that fails.
import type { Page, Route } from "@playwright/test";
import { WHO, axe, expect, signIn, test } from "../fixtures";
import { COLLEAGUE, LIST, details, held, signInAs } from "../editing";
import { names } from "../steps";
import {
  REVEAL, addToken, allowClipboard, call, clipboard, copyButton, count, expectHidden, expectShown, eye, fact, secretLine, word, type KnownToken,
} from "../secrets";

test.use({ serverName: "secret-trouble" });

async function open(page: Page, name: string): Promise<KnownToken> {
  await signIn(page, "administrator");
  const token = await addToken(page, name);
  await page.goto(details(token.id));
  await expect(eye(page)).toBeEnabled();
  return token;
}

const problem = (page: Page) => fact(page, "API token").getByRole("alert");

test("a double click on the eye asks once, and shows the secret", async ({ page }) => {
  const token = await open(page, "Double click");
  const { promise: answer, resolve: goOn } = held();
  await page.route(REVEAL, async (route) => {
    await answer;
    await route.continue();
  });
  const asked = count(page, "/fn/reveal_secret");
  await eye(page).dblclick();
  await expect(eye(page)).toBeDisabled();
  await expect(copyButton(page)).toBeDisabled();
  await axe(page);
  goOn();
  await expectShown(page, token);
  expect(asked()).toBe(1);
});

test("a double click on the copy button copies once", async ({ page, server }) => {
  await allowClipboard(page, server.url);
  const token = await open(page, "Copied twice");
  const asked = count(page, "/fn/reveal_secret");
  // The answer to the first click is there before the second, as it is for most hands.
  await copyButton(page).click();
  await expect(word(page)).toHaveText("Copied");
  await page.mouse.down({ clickCount: 2 });
  await page.mouse.up({ clickCount: 2 });
  expect(await clipboard(page)).toBe(token.secret);
  expect(asked()).toBe(1);
  // Another one copies again, once, however quick it is.
  await copyButton(page).dblclick();
  await expect.poll(asked).toBe(2);
  await expect(word(page)).toHaveText("Copied");
  expect(await clipboard(page)).toBe(token.secret);
  expect(asked()).toBe(2);
});

test("an answer that comes after one has gone to another token is shown nowhere", async ({ page }) => {
  const token = await open(page, "Left before the answer");
  const other = await addToken(page, "Opened instead");
  const { promise: answer, resolve: goOn } = held();
  await page.route(REVEAL, async (route) => {
    await answer;
    await route.continue();
  });
  const answered = page.waitForResponse(REVEAL);
  await eye(page).click();
  await page.getByRole("link", { name: "Back to API tokens" }).click();
  await names(page).filter({ hasText: other.name }).click();
  await expectHidden(page, other);
  goOn();
  await (await answered).finished();
  await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
  await expectHidden(page, other);
  expect(await page.content()).not.toContain(token.secret);
});

test("without a network the page says so beside the secret, and a second try shows it", async ({ page, expectConsole }) => {
  expectConsole(/ERR_/);
  const token = await open(page, "Second try");
  await page.route(REVEAL, (route) => route.abort("connectionrefused"));
  await eye(page).click();
  await expect(problem(page)).toContainText("Latchkey could not be reached");
  await expectHidden(page, token);
  await axe(page);
  await page.unroute(REVEAL);
  await eye(page).click();
  await expectShown(page, token);
  await expect(problem(page)).toHaveCount(0);
});

for (const [what, status, body, message] of [
  ["a server that fails", 500, { code: "internal", message: "Something went wrong in Latchkey.", request_id: "abc123" }, "Something went wrong in Latchkey."],
  ["an audit trail that takes no record", 503, { code: "unavailable", message: "Latchkey cannot do this now. Try again soon." }, "Latchkey cannot do this now."],
  ["a proxy that answers in our place", 502, "<html>Bad gateway</html>", "Latchkey"],
] as const) {
  test(`${what}: a sentence stands beside the secret, which stays hidden; the copy button is told the same`, async ({ page, server, expectConsole }) => {
    expectConsole(new RegExp(`status of ${status}`));
    await allowClipboard(page, server.url);
    const token = await open(page, `Failing with ${status}`);
    await page.evaluate(() => navigator.clipboard.writeText("what was there before"));
    const answer = (route: Route) => route.fulfill({ status, contentType: "application/json", body: typeof body === "string" ? body : JSON.stringify(body) });
    await page.route(REVEAL, answer);
    for (const button of [eye(page), copyButton(page)]) {
      await button.click();
      await expect(problem(page)).toContainText(message);
      await expect(problem(page)).not.toContainText(/<html>|expected value|deserializ/i);
      await expectHidden(page, token);
      await expect(word(page)).toHaveCount(0);
    }
    await axe(page);
    expect(await clipboard(page)).toBe("what was there before");
  });
}

test("a refusal that comes before the browser looks at what it shall copy is told beside the secret, and nowhere else", async ({ page, expectConsole }) => {
  expectConsole(/status of 503/);
  // Some browsers ask somebody, or themselves, before they look.
  await page.addInitScript(() => {
    navigator.clipboard.write = () => new Promise((_, refuse) => setTimeout(refuse, 500));
  });
  await open(page, "Refused at once");
  await page.route(REVEAL, (route) => route.fulfill({ status: 503, contentType: "application/json", body: "{}" }));
  await copyButton(page).click();
  await expect(problem(page)).toBeVisible();
  await expect(word(page)).toHaveCount(0);
});

test("a token that somebody deleted meanwhile shows nothing, and the page says that it is gone", async ({ page, visitor, expectConsole }) => {
  expectConsole(/status of 404/);
  const token = await open(page, "Deleted by a colleague");
  const other = await visitor();
  await signInAs(other, COLLEAGUE);
  expect((await call(other, "change_token_status", { id: token.id, action: "Delete" })).status).toBe(200);
  await eye(page).click();
  await expect(page.getByRole("heading", { name: "Not found" })).toBeVisible();
  await expect(secretLine(page)).toHaveCount(0);
  await axe(page);
});

test("a sign-in that has ended is renewed in a dialog, and then the secret is shown", async ({ page, context, expectConsole }) => {
  expectConsole(/status of 401/);
  const token = await open(page, "Sign-in ended");
  await context.clearCookies();
  await eye(page).click();
  const again = page.getByRole("dialog", { name: "Sign in again" });
  await expect(again.getByLabel("Password")).toBeFocused();
  await axe(page);
  await again.getByLabel("Password").fill(WHO.administrator.password);
  await again.getByRole("button", { name: "Sign in and go on" }).click();
  await expect(again).toBeHidden();
  await expectShown(page, token);
});

test("the 21st secret within ten minutes is refused in place, with how long to wait, and the refusal is recorded", async ({ page, expectConsole }) => {
  expectConsole(/status of 429/);
  // A person of his own: the limit is each person's.
  await signInAs(page, COLLEAGUE);
  const token = await addToken(page, "One too many");
  for (let time = 1; time <= 20; time += 1) {
    const { status, text } = await call(page, "reveal_secret", { id: token.id, purpose: time % 2 === 0 ? "Show" : "Copy" });
    expect(status, `the ${time}th: ${text}`).toBe(200);
  }
  await page.goto(details(token.id));
  for (const button of [eye(page), copyButton(page)]) {
    await expect(button).toBeEnabled();
    await button.click();
    await expect(problem(page)).toHaveText(
      /^You have had 20 secrets shown or copied within 10 minutes, which is the most there may be\. Wait (9|10) minutes and try again\.$/,
    );
    await expectHidden(page, token);
  }
  await axe(page);
  await page.goto(details(token.id, "?tab=audit-trail"));
  const refused = page.getByRole("row").filter({ hasText: "Refused" });
  await expect(refused.nth(1)).toContainText(`Showing the secret of API token "${token.name}" refused`);
  await expect(refused.nth(0)).toContainText(`Copying the secret of API token "${token.name}" refused`);
  await page.goto(`${LIST}/${token.id}`);
  await expectHidden(page, token);
});
