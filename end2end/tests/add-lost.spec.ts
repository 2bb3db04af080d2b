// Adding a token when something comes in between: nothing typed is lost, and one token is added, not two.
import type { Page, Route } from "@playwright/test";
import { WHO, axe, expect, test } from "../fixtures";
import * as adding from "../adding";
import { CREATE, add, button, descriptionField, dialog, module, nameField, next, part, step, summary } from "../adding";
import { held } from "../editing";
import { SECRET, count, eye, secretLine } from "../secrets";

test.use({ serverName: "add-lost" });

const failure = (page: Page) => dialog(page).getByRole("alert").filter({ hasNotText: "Please check these fields" });

/** Fills every step and stops before adding. */
async function fillEverything(page: Page, name: string): Promise<void> {
  await adding.signInAndAdd(page);
  await nameField(page).fill(name);
  await descriptionField(page).fill("Typed\nfor a while");
  await adding.policy(page, "The first Administrator").check();
  await next(page).click();
  await module(page, "Helpdesk").check();
  await next(page).click();
  await expect(adding.overview(page)).toBeVisible();
}

async function expectEverything(page: Page, name: string): Promise<void> {
  await step(page, "General").click();
  await expect(nameField(page)).toHaveValue(name);
  await expect(descriptionField(page)).toHaveValue("Typed\nfor a while");
  await expect(adding.policy(page, "The first Administrator")).toBeChecked();
  await step(page, "Modules").click();
  await expect(module(page, "Helpdesk")).toBeChecked();
  await step(page, "Overview").click();
}

/** The secret can be seen, and there is one token of this name. */
async function expectAddedOnce(page: Page, name: string): Promise<void> {
  await expect(summary(page, name)).toBeVisible();
  await eye(page).click();
  await expect(secretLine(page)).toHaveText(SECRET);
  expect(adding.isWellFormed(await secretLine(page).innerText())).toBe(true);
  expect(await adding.idsOf(page, name)).toHaveLength(1);
}

test("a double click on Add adds one token", async ({ page }) => {
  await fillEverything(page, "Clicked twice");
  const sent = count(page, "/fn/create_token");
  await add(page).dblclick();
  await expectAddedOnce(page, "Clicked twice");
  expect(sent()).toBe(1);
});

test("a second click that comes after the answer does not lead past a secret that is shown only now", async ({ page }) => {
  // The dialog fills this window, so that what comes after Add is in its place.
  await page.setViewportSize({ width: 600, height: 800 });
  await adding.signInAndAdd(page);
  await adding.policy(page, "Nobody").check();
  await adding.toOverview(page, "Clicked late");
  const place = await add(page).boundingBox();
  if (place === null) throw new Error("Add is not there");
  const [x, y] = [place.x + place.width / 2, place.y + place.height / 2];
  await page.mouse.click(x, y);
  await expect(summary(page, "Clicked late")).toBeVisible();
  await page.mouse.click(x, y);
  await expect(adding.lastChance(page)).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(adding.lastChance(page)).toBeHidden();
  await expectAddedOnce(page, "Clicked late");
});

test("while a slow answer is on its way the button says Adding, and nothing can be sent or changed", async ({ page }) => {
  await fillEverything(page, "Added slowly");
  const sent = count(page, "/fn/create_token");
  const answer = held();
  await page.route(CREATE, async (route) => {
    await answer.promise;
    await route.continue();
  });
  await add(page).click();
  await expect(button(page, "Adding…")).toBeDisabled();
  await expect(button(page, "Adding…")).toHaveAttribute("aria-busy", "true");
  await axe(page);
  await step(page, "General").click();
  await expect(nameField(page)).not.toBeEditable();
  await nameField(page).press("Enter");
  await adding.close(page).click();
  const leave = page.getByRole("dialog", { name: "Leave while the token is being added?" });
  await expect(leave).toBeVisible();
  await axe(page);
  await leave.getByRole("button", { name: "Stay here" }).click();
  answer.resolve();
  await expectAddedOnce(page, "Added slowly");
  expect(sent()).toBe(1);
});

test("the question whether to leave goes away once the token is added", async ({ page }) => {
  await fillEverything(page, "Added meanwhile");
  const answer = held();
  await page.route(CREATE, async (route) => {
    await answer.promise;
    await route.continue();
  });
  await add(page).click();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog", { name: "Leave while the token is being added?" })).toBeVisible();
  answer.resolve();
  await expect(summary(page, "Added meanwhile")).toBeVisible();
  await expect(page.getByRole("dialog")).toHaveCount(1);
  await expectAddedOnce(page, "Added meanwhile");
});

test("while the server cannot be reached the form stays, and Add again adds one token", async ({ page, expectConsole }) => {
  expectConsole(/ERR_/);
  await fillEverything(page, "Second try");
  await page.route(CREATE, (route) => route.abort("connectionrefused"));
  await add(page).click();
  await expect(failure(page)).toContainText("Latchkey could not be reached");
  await axe(page);
  await expectEverything(page, "Second try");
  await page.unroute(CREATE);
  await add(page).click();
  await expectAddedOnce(page, "Second try");
});

test("an answer that is lost after the token was added is no harm: Add again shows the same token with its secret", async ({ page, expectConsole }) => {
  expectConsole(/ERR_/);
  await fillEverything(page, "Added unheard");
  let unheard = "";
  await page.route(CREATE, async (route) => {
    const answer = await route.fetch();
    unheard = ((await answer.json()) as { token: { id: string } }).token.id;
    await route.abort("connectionreset");
  });
  await add(page).click();
  await expect(failure(page)).toContainText("could not be reached");
  await page.unroute(CREATE);
  await add(page).click();
  await expect(part(page, "Id")).toHaveText(unheard);
  await expectAddedOnce(page, "Added unheard");
});

test("an answer that is lost and a form that was changed since is told, and nothing is added on top", async ({ page, expectConsole }) => {
  expectConsole(/ERR_|status of 409/);
  await fillEverything(page, "Added before");
  await page.route(CREATE, async (route) => {
    await route.fetch();
    await route.abort("connectionreset");
  });
  await add(page).click();
  await expect(failure(page)).toContainText("could not be reached");
  await page.unroute(CREATE);
  await step(page, "General").click();
  await nameField(page).fill("Added after");
  await step(page, "Overview").click();
  await add(page).click();
  await expect(failure(page)).toContainText('This form was sent before with other entries, and added the API token "Added before"');
  await axe(page);
  expect(await adding.idsOf(page, "Added after")).toHaveLength(0);
  expect(await adding.idsOf(page, "Added before")).toHaveLength(1);
});

test("a sign-in that has ended is renewed in the dialog, and then the token is added", async ({ page, context, unlock, expectConsole }) => {
  expectConsole(/status of 401/);
  await fillEverything(page, "Added after signing in again");
  await context.clearCookies();
  await add(page).click();
  await expect(failure(page).filter({ hasText: "Your sign-in has ended" })).toContainText(WHO.administrator.email);
  const password = dialog(page).getByLabel("Password");
  await expect(password).toBeFocused();
  await axe(page);
  await password.fill("not the password at all");
  await button(page, "Sign in and add").click();
  await expect(password).toHaveAttribute("aria-invalid", "true");
  await expect(password).toHaveAccessibleDescription(/password/i);
  await axe(page);
  await expectEverything(page, "Added after signing in again");
  await unlock("administrator");
  await password.fill(WHO.administrator.password);
  await password.press("Enter");
  await expectAddedOnce(page, "Added after signing in again");
});

test("somebody else who signs in to go on does not add the token as the first", async ({ page, context, expectConsole }) => {
  expectConsole(/status of (401|403|409)/);
  await fillEverything(page, "Signed in as another");
  await context.clearCookies();
  await page.evaluate(async (fields) => {
    await fetch("/sign-in", { method: "POST", headers: { accept: "application/json" }, body: new URLSearchParams(fields) });
  }, { email: WHO.viewer.email, password: WHO.viewer.password });
  await add(page).click();
  await expect(failure(page)).toContainText("You can look at API tokens but not add any");
  await axe(page);
  await expectEverything(page, "Signed in as another");
  expect(await adding.idsOf(page, "Signed in as another")).toHaveLength(0);
});

for (const [what, status, body, told] of [
  ["a server that fails", 500, { code: "internal", message: "Something went wrong in Latchkey.", request_id: "abc123" }, "abc123"],
  ["a full disk", 503, { code: "unavailable", message: "Latchkey cannot save anything right now. Nothing was changed." }, "cannot save anything"],
  ["a proxy that answers in our place", 502, "<html>Bad gateway</html>", "Latchkey"],
] as const) {
  test(`${what}: the message stands in the dialog and the form is kept`, async ({ page, expectConsole }) => {
    expectConsole(new RegExp(`status of ${status}`));
    await fillEverything(page, "Kept for later");
    const answer = (route: Route) => route.fulfill({ status, contentType: "application/json", body: typeof body === "string" ? body : JSON.stringify(body) });
    await page.route(CREATE, answer);
    await add(page).click();
    await expect(failure(page)).toContainText(told);
    await expect(failure(page)).not.toContainText(/<html>|expected value|deserializ/i);
    await axe(page);
    await expectEverything(page, "Kept for later");
    await expect(add(page)).toBeEnabled();
  });
}

test("a form that cannot be fetched says so, is fetched again on a click, and can be closed", async ({ page, expectConsole }) => {
  expectConsole(/ERR_/);
  await adding.signInAndAdd(page);
  await adding.close(page).click();
  await expect(dialog(page)).toBeHidden();
  await page.route(adding.FORM, (route) => route.abort("connectionrefused"));
  await adding.addLink(page).click();
  await expect(failure(page)).toContainText("could not be reached");
  await axe(page);
  await page.unroute(adding.FORM);
  await button(page, "Try again").click();
  await expect(nameField(page)).toBeVisible();
  await adding.toOverview(page, "After all");
});
