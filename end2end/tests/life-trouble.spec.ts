// When the network, the sign-in or the server fails while a token is disabled, enabled or deleted.
import type { Route } from "@playwright/test";
import { WHO, axe, expect, signIn, test } from "../fixtures";
import { LIST, details, held, token } from "../editing";
import * as lives from "../lives";
import { STEP, actionsOf, confirm, message, moreActions, question, stateInHead, stateOf, trouble, typedName, yes } from "../lives";
import { count, fact } from "../secrets";
import { live } from "../steps";

test.use({ serverName: "life-trouble" });

test.beforeEach(async ({ page }) => signIn(page, "administrator"));

test("while the server cannot be reached the question stays, and a second try does it once", async ({ page, expectConsole }) => {
  expectConsole(/ERR_/);
  const { id, name } = token("Zürich warehouse scanners");
  await page.goto(`${LIST}?search=${id}`);
  await live(page);
  await lives.choose(page, actionsOf(page, id), "Disable");
  await page.route(STEP, (route) => route.abort("connectionrefused"));
  await yes(page, "Disable").click();
  await expect(trouble(page, "Disable")).toContainText("Latchkey could not be reached");
  await axe(page);
  await page.unroute(STEP);
  await confirm(page, "Disable", name);
  await expect(stateOf(page, id)).toHaveText("Disabled");
});

test("an answer that is lost after the server did it is told on the second try, and nothing is done twice", async ({ page, expectConsole }) => {
  expectConsole(/ERR_|status of 409/);
  const { id } = token("Chargeback calculator");
  await page.goto(details(id));
  await live(page);
  await lives.choose(page, moreActions(page), "Disable");
  await page.route(STEP, async (route) => {
    await route.fetch();
    await route.abort("connectionreset");
  });
  await yes(page, "Disable").click();
  await expect(trouble(page, "Disable")).toContainText("could not be reached");
  await page.unroute(STEP);
  await yes(page, "Disable").click();
  await expect(trouble(page, "Disable")).toContainText("This API token is already disabled. Sarah Sanderson disabled it on");
  await question(page, "Disable").getByRole("button", { name: "Close", exact: true }).click();
  await expect(stateInHead(page)).toHaveText("Disabled");
  await page.goto(details(id, "?tab=details"));
  await expect(fact(page, "Revision")).toHaveText("2");
});

test("a sign-in that has ended is renewed in the question, which then goes on", async ({ page, context, unlock, server, expectConsole }) => {
  expectConsole(/status of 401/);
  const { id, name } = await lives.madeOne(server, "Deleted after signing in again", 2);
  await page.goto(details(id));
  await live(page);
  await lives.choose(page, moreActions(page), "Delete");
  await typedName(page).fill(name);
  await context.clearCookies();
  await yes(page, "Delete").click();
  await expect(trouble(page, "Delete").filter({ hasText: "Your sign-in has ended" })).toContainText(WHO.administrator.email);
  const password = question(page, "Delete").getByLabel("Password");
  await expect(password).toBeFocused();
  await axe(page);
  await password.fill("not the password at all");
  await question(page, "Delete").getByRole("button", { name: "Sign in and delete the token" }).click();
  await expect(password).toHaveAttribute("aria-invalid", "true");
  await axe(page);
  await expect(typedName(page)).toHaveValue(name);
  await unlock("administrator");
  await password.fill(WHO.administrator.password);
  await password.press("Enter");
  await expect(question(page, "Delete")).toBeHidden();
  await expect(message(page)).toContainText(`API token "${name}" deleted`);
  await expect(page).toHaveURL(LIST);
});

test("a double click does it once", async ({ page }) => {
  const { id, name } = token("Tax export (Portugal)");
  await page.goto(`${LIST}?search=${id}`);
  await live(page);
  const sent = count(page, "/fn/change_token_status");
  await lives.choose(page, actionsOf(page, id), "Disable");
  await yes(page, "Disable").dblclick();
  await expect(question(page, "Disable")).toBeHidden();
  await expect(message(page)).toContainText(`API token "${name}" disabled`);
  await expect(stateOf(page, id)).toHaveText("Disabled");
  expect(sent()).toBe(1);
});

test("while a slow answer is on its way nothing can be sent again, and what comes of it is said after the question was closed", async ({ page }) => {
  const { id, name } = token("Excel add-in of Controlling");
  await page.goto(`${LIST}?search=${id}`);
  await live(page);
  const sent = count(page, "/fn/change_token_status");
  const answer = held();
  await page.route(STEP, async (route) => {
    await answer.promise;
    await route.continue();
  });
  await lives.choose(page, actionsOf(page, id), "Disable");
  await yes(page, "Disable").click();
  await expect(yes(page, "Disable")).toBeDisabled();
  await expect(yes(page, "Disable")).toHaveAttribute("aria-busy", "true");
  await axe(page);
  await page.keyboard.press("Escape");
  await expect(question(page, "Disable")).toBeHidden();
  await expect(stateOf(page, id)).toHaveText("Active");
  answer.resolve();
  await expect(message(page)).toContainText(`API token "${name}" disabled`);
  await expect(stateOf(page, id)).toHaveText("Disabled");
  expect(sent()).toBe(1);
});

test("a failure that comes after the question was closed is said as well", async ({ page, expectConsole }) => {
  expectConsole(/status of 500/);
  const { id, name } = token("Token housekeeping");
  await page.goto(`${LIST}?search=${id}`);
  await live(page);
  const answer = held();
  await page.route(STEP, async (route) => {
    await answer.promise;
    await route.fulfill({ status: 500, contentType: "application/json", body: JSON.stringify({ code: "internal", message: "Something went wrong in Latchkey." }) });
  });
  await lives.choose(page, actionsOf(page, id), "Disable");
  await yes(page, "Disable").click();
  await page.keyboard.press("Escape");
  await expect(question(page, "Disable")).toBeHidden();
  answer.resolve();
  await expect(message(page)).toContainText(`API token "${name}" was not disabled. Something went wrong in Latchkey.`);
  await expect(stateOf(page, id)).toHaveText("Active");
});

for (const [what, status, body, told] of [
  ["a person who became a Viewer meanwhile", 403, { code: "forbidden", message: "You can look at this token but not change it." }, "You can look at this token but not change it."],
  ["a server that fails", 500, { code: "internal", message: "Something went wrong in Latchkey.", request_id: "abc123" }, "abc123"],
  ["a proxy that answers in our place", 502, "<html>Bad gateway</html>", "Latchkey"],
] as const) {
  test(`${what}: the message stands in the question`, async ({ page, expectConsole }) => {
    expectConsole(new RegExp(`status of ${status}`));
    const { id } = token("Migration rehearsal");
    await page.goto(details(id));
    await live(page);
    await lives.choose(page, moreActions(page), "Enable");
    const answer = (route: Route) => route.fulfill({ status, contentType: "application/json", body: typeof body === "string" ? body : JSON.stringify(body) });
    await page.route(STEP, answer);
    await yes(page, "Enable").click();
    await expect(trouble(page, "Enable")).toContainText(told);
    await expect(trouble(page, "Enable")).not.toContainText(/<html>|expected value|deserializ/i);
    await axe(page);
    await page.keyboard.press("Escape");
    await expect(question(page, "Enable")).toBeHidden();
    await expect(stateInHead(page)).toHaveText("Disabled");
  });
}

test("without a network a bar says so, and the step is taken when it is back and one asks again", async ({ page, context, expectConsole }) => {
  expectConsole(/ERR_INTERNET_DISCONNECTED/);
  const { id, name } = token("API gateway, staging");
  await page.goto(`${LIST}?search=${id}`);
  await live(page);
  await lives.choose(page, actionsOf(page, id), "Disable");
  await context.setOffline(true);
  await expect(page.getByRole("alert").filter({ hasText: "You are offline" })).toBeVisible();
  await yes(page, "Disable").click();
  await expect(trouble(page, "Disable")).toContainText("could not be reached");
  await axe(page);
  await context.setOffline(false);
  await expect(stateOf(page, id), "nothing happens by itself").toHaveText("Active");
  await confirm(page, "Disable", name);
  await expect(stateOf(page, id)).toHaveText("Disabled");
});
