// Users: who is there, inviting, editing, ending sign-ins, and somebody who leaves.
import type { Locator, Page } from "@playwright/test";
import { WHO, axe, expect, signIn, test } from "../fixtures";
import { held } from "../editing";
import { act, choose, filtered, live, rowOf, rowsCame, send } from "../steps";

test.use({ serverName: "users" });

const USERS = "/settings/users";
const row = (page: Page, text: string) => page.getByRole("row").filter({ hasText: text });
const dialog = (page: Page) => page.getByRole("dialog");

async function open(page: Page, path = USERS): Promise<void> {
  await page.goto(path);
  await live(page);
}

async function invite(page: Page, name: string, email: string, role = "Administrator"): Promise<string> {
  await page.getByRole("button", { name: "Invite", exact: true }).click();
  await dialog(page).getByLabel("Name").fill(name);
  await dialog(page).getByLabel("E-mail address").fill(email);
  await dialog(page).getByLabel(role).check();
  await dialog(page).getByRole("button", { name: "Invite", exact: true }).click();
  return addressIn(dialog(page).filter({ hasText: `Invitation for ${name}` }));
}

async function addressIn(shown: Locator): Promise<string> {
  const text = shown.getByText(/\/invitation\?code=lki_/);
  await expect(text).toBeVisible();
  return (await text.textContent()) ?? "";
}

test("an Administrator invites somebody, who chooses a password once and is in", async ({ page, visitor, expectConsole }) => {
  expectConsole(/403|422/);
  await signIn(page, "administrator");
  await open(page);
  await expect(page).toHaveTitle("Users · Latchkey");
  await expect(page.getByRole("columnheader").first()).toContainText("User");
  await axe(page);
  const address = await invite(page, "Rhodey Rhodes", "rhodey@example.com");
  await axe(page);
  await dialog(page).getByRole("button", { name: "Done" }).click();
  await expect(row(page, "Rhodey Rhodes")).toContainText("Invited");
  const guest = await visitor();
  await guest.goto(address);
  await expect(guest.getByRole("heading", { name: "Welcome, Rhodey Rhodes" })).toBeVisible();
  await axe(guest);
  await guest.getByLabel("Password").fill("short");
  expect(await send(guest, "Set password and sign in")).toBe(422);
  await expect(guest.getByText(/too short/)).toBeVisible();
  await guest.getByLabel("Password").fill("lantern under quiet snow");
  await guest.getByRole("button", { name: "Set password and sign in" }).click();
  await expect(guest.getByRole("heading", { name: "API tokens", level: 1 })).toBeVisible();
  await live(guest);
  const late = await visitor();
  await late.goto(address);
  await expect(late.getByText(/Ask whoever invited you/)).toBeVisible();
  await page.getByRole("button", { name: "Refresh" }).click();
  await expect(row(page, "Rhodey Rhodes")).toContainText("Active");
  await expect(row(page, "Rhodey Rhodes")).toContainText("In 1 place");
  await act(page, "Rhodey Rhodes", "End sign-ins");
  await dialog(page).getByRole("button", { name: "End sign-ins" }).click();
  await expect(page.getByText('All sign-ins of "Rhodey Rhodes" ended')).toBeVisible();
  await guest.reload();
  await expect(guest.getByRole("heading", { name: "Sign in", level: 1 })).toBeVisible();
});

test("a wrong entry stays in the form and says what is wrong, and nothing typed is lost by accident", async ({ page, expectConsole }) => {
  expectConsole(/422/);
  await signIn(page, "administrator");
  await open(page);
  await page.getByRole("button", { name: "Invite", exact: true }).click();
  const form = dialog(page).filter({ hasText: "Invite a user" });
  await expect(form.getByRole("button", { name: "Invite", exact: true })).toBeDisabled();
  await form.getByLabel("Name").fill("Somebody");
  await form.getByLabel("E-mail address").fill(" SARAH@example.com ");
  await form.getByRole("button", { name: "Invite", exact: true }).click();
  await expect(form.getByText("There is a user with this e-mail address already.")).toBeVisible();
  await expect(form.getByLabel("E-mail address")).toBeFocused();
  await expect(form.getByLabel("Name")).toHaveValue("Somebody");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Keep editing" }).click();
  await expect(form.getByLabel("Name")).toHaveValue("Somebody");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Discard changes" }).click();
  await expect(dialog(page)).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Invite", exact: true })).toBeFocused();
});

test("a person is edited, and his tokens show his new name", async ({ page }) => {
  await signIn(page, "administrator");
  await open(page);
  await act(page, "Tomás Echeverría", "Edit");
  await dialog(page).getByLabel("Name").fill("Tomás E.");
  await axe(page);
  await dialog(page).getByRole("button", { name: "Save" }).click();
  await expect(page.getByText('User "Tomás E." updated')).toBeVisible();
  await expect(row(page, "tomas@example.com")).toContainText("Tomás E.");
  await row(page, "tomas@example.com").getByRole("link").click();
  await expect(page).toHaveURL(filtered("eq(audit.created.by.id,'USR-1234-1388')"));
  await page.getByLabel("Rows per page").selectOption("100");
  await expect(rowOf(page, "TKN-1234-4472")).toContainText("Tomás E.");
});

test("the tokens of somebody who leaves are handed over, and he is out at once", async ({ page, visitor }) => {
  const leaver = await visitor();
  await leaver.goto("/sign-in");
  await leaver.getByLabel("E-mail", { exact: true }).fill("tomas@example.com");
  await leaver.getByLabel("Password", { exact: true }).fill("seven quiet herons at dusk");
  await leaver.getByRole("button", { name: "Sign in", exact: true }).click();
  await live(leaver);
  await signIn(page, "administrator");
  await open(page);
  await rowsCame(page);
  // By his address, since a test above gives him another name.
  await row(page, "tomas@example.com").getByRole("button", { name: /^Actions for/ }).click();
  await page.getByRole("menuitem", { name: "Disable", exact: true }).click();
  const form = dialog(page);
  await form.getByLabel("Hand them over").check();
  await expect(form.getByRole("button", { name: "Disable", exact: true })).toBeDisabled();
  await form.getByLabel("To whom").selectOption({ label: "Sarah Sanderson · sarah@example.com" });
  await axe(page);
  await form.getByRole("button", { name: "Disable", exact: true }).click();
  await expect(page.getByText(/^User "Tomás.*" disabled, \d+ API tokens handed over$/)).toBeVisible();
  await expect(row(page, "tomas@example.com")).toContainText("Disabled");
  await expect(row(page, "tomas@example.com").getByRole("cell", { name: "0", exact: true })).toBeVisible();
  await leaver.reload();
  await expect(leaver.getByRole("heading", { name: "Sign in", level: 1 })).toBeVisible();
  await page.goto("/settings/api-tokens/TKN-1234-4472?tab=audit-trail");
  await expect(page.getByText("handed over to Sarah Sanderson")).toBeVisible();
});

test("the last Administrator stays, and says why; nobody is offered to disable himself", async ({ page, expectConsole }) => {
  expectConsole(/422|409/);
  await signIn(page, "operator");
  await open(page, `${USERS}?account=ACC-4471-9028`);
  await expect(page.getByRole("link", { name: /^Account ACC-4471-9028/ })).toBeVisible();
  await act(page, "Bruno Ferreira", "Disable");
  await dialog(page).getByRole("button", { name: "Disable", exact: true }).click();
  await expect(dialog(page).getByRole("alert")).toContainText("the last active Administrator of Wayne Software");
  await expect(dialog(page).getByRole("alert")).toBeFocused();
  await dialog(page).getByRole("button", { name: "Close" }).click();
  await expect(dialog(page)).toHaveCount(0);
  await open(page, `${USERS}?search=olga`);
  await page.getByRole("button", { name: "Actions for Olga Petrenko" }).click();
  await expect(page.getByRole("menuitem")).toHaveText(["Edit"]);
});

test("a Viewer sees no users and is told whom to ask; one of Operations reads them all", async ({ page, expectConsole, visitor }) => {
  expectConsole(/403/);
  await signIn(page, "viewer");
  await expect(page.getByRole("navigation", { name: "Settings" }).getByRole("link", { name: "Users" })).toHaveCount(0);
  await page.goto(USERS);
  await expect(page.getByText("Users are seen by Administrators only.")).toBeVisible();
  const reader = await visitor();
  await signIn(reader, "operatorViewer");
  await reader.goto(USERS);
  await expect(reader.getByRole("columnheader", { name: "Account" })).toBeVisible();
  await expect(row(reader, WHO.vendor.email)).toContainText("Wayne Software");
  await expect(reader.getByRole("button", { name: /^Actions for/ })).toHaveCount(0);
  await expect(reader.getByRole("button", { name: "Invite" })).toHaveCount(0);
});

test("who types in the search while rows arrive keeps the focus all the time", async ({ page }) => {
  await signIn(page, "operator");
  await open(page, `${USERS}?size=5`);
  const rows = held();
  await page.route("**/fn/list_user_rows", async (route) => {
    await rows.promise;
    await route.continue();
  });
  await page.getByRole("link", { name: "Next" }).click();
  const search = page.getByRole("searchbox", { name: /^Search users/ });
  await search.fill("nadia@");
  const left = await search.evaluateHandle((field) => {
    const left = { times: 0 };
    field.addEventListener("blur", () => (left.times += 1));
    return left;
  });
  rows.resolve();
  await expect(page.getByText(/^6–\d+ of \d+$/)).toBeVisible();
  await expect(search).toBeFocused();
  expect(await left.jsonValue()).toEqual({ times: 0 });
  await choose(page, "Sign out");
});

test("users are searched, laid out and turned by the address", async ({ page }) => {
  await signIn(page, "operator");
  await open(page, `${USERS}?size=5`);
  await expect(page.getByText(/^1–5 of \d+$/)).toBeVisible();
  await page.getByRole("link", { name: "Next" }).click();
  await expect(page).toHaveURL(`${USERS}?size=5&page=2`);
  await page.goBack();
  await page.getByRole("searchbox", { name: /^Search users/ }).fill("nadia@");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(`${USERS}?search=nadia%40&size=5`);
  await expect(page.getByRole("row").filter({ has: page.getByRole("cell") })).toHaveCount(1);
  await page.getByRole("searchbox", { name: /^Search users/ }).fill("nobody at all");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "No match" })).toBeVisible();
  await page.getByRole("link", { name: "Show all" }).click();
  await expect(page).toHaveURL(`${USERS}?size=5`);
  await choose(page, "Sign out");
});

// The last one: the users are many afterwards.
test("where the users of an account are many or cannot be had, whom to hand tokens to is searched or asked for again", async ({ page, expectConsole }) => {
  expectConsole(/Failed to load resource/);
  await signIn(page, "administrator");
  await open(page);
  const asked = page.waitForRequest("**/fn/change_user");
  await invite(page, "Number 0", "number0@example.com", "Viewer");
  const request = await asked;
  const [headers, body] = [request.headers(), request.postData() ?? ""];
  const others = Array.from({ length: 100 }, (_, index) => body.replace("Number 0", `Number ${index + 1}`).replace("number0@", `number${index + 1}@`));
  const statuses = await page.evaluate(async ({ headers, others }) => {
    const answers = [];
    for (const body of others) answers.push((await fetch("/fn/change_user", { method: "POST", headers, body })).status);
    return answers;
  }, { headers, others });
  expect(new Set(statuses)).toEqual(new Set([200]));
  await open(page);
  await choose(page, "Sign out");
  await signIn(page, "operator");
  await open(page, `${USERS}?search=sarah`);
  await page.route("**/fn/list_user_rows", (route) => route.abort());
  await page.getByRole("button", { name: /^Actions for Sarah/ }).click();
  await page.getByRole("menuitem", { name: "Disable", exact: true }).click();
  const form = dialog(page);
  await form.getByLabel("Hand them over").check();
  await expect(form.getByRole("alert")).toContainText("No connection");
  await page.unroute("**/fn/list_user_rows");
  await form.getByRole("button", { name: "Try again" }).click();
  const search = form.getByLabel("Search users by name, e-mail or id");
  await search.fill("no such person");
  await expect(form.getByText("Nobody who can sign in matches.")).toBeVisible();
  await search.fill("ida@");
  await expect(form.getByLabel("To whom").locator("option")).toHaveText(["Choose a user", "Ida Lindqvist · ida@example.com"]);
  await expect(search).toBeFocused();
  await form.getByLabel("To whom").selectOption({ index: 1 });
  await expect(form.getByRole("button", { name: "Disable", exact: true })).toBeEnabled();
  await axe(page);
  await search.fill("ida");
  await expect(form.getByRole("button", { name: "Disable", exact: true }), "who was chosen is chosen anew").toBeDisabled();
});
