import { WHO, axe, expect, signIn, test } from "../fixtures";
import * as edit from "../editing";
import { descriptionField, details, dialog, module, nameField, save, step, toast, token } from "../editing";
import type { Page, Route } from "@playwright/test";

test.use({ serverName: "edit-lost" });

const again = (page: Page) => dialog(page).getByRole("alert").filter({ hasText: "Your sign-in has ended" });
const SAVE = "**/fn/edit_token";

/** Changes something in each field, as somebody who has been at it for a while. */
async function typeEverything(page: Page, name: string): Promise<void> {
  await nameField(page).fill(name);
  await descriptionField(page).fill("Typed\nfor a while");
  await step(page, "Modules").click();
  await module(page, "Helpdesk").check();
}

async function expectEverything(page: Page, name: string): Promise<void> {
  await step(page, "General").click();
  await expect(nameField(page)).toHaveValue(name);
  await expect(descriptionField(page)).toHaveValue("Typed\nfor a while");
  await step(page, "Modules").click();
  await expect(module(page, "Helpdesk")).toBeChecked();
}

/** Everything is on the details page. */
async function expectSaved(page: Page, id: string, name: string): Promise<void> {
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(name);
  await expect(page.getByText("for a while")).toBeVisible();
  await page.goto(details(id, "?tab=modules"));
  await expect(page.getByRole("term").filter({ hasText: "Helpdesk" })).toBeVisible();
}

test("a sign-in that has ended is renewed in the dialog, and then everything typed is saved", async ({ page, context, unlock, expectConsole }) => {
  expectConsole(/status of 401/);
  const { id } = token("Power BI refresh");
  await edit.editAtAddress(page, id);
  await typeEverything(page, "Power BI, renewed");
  await context.clearCookies();
  await save(page).click();
  await expect(again(page)).toContainText(WHO.administrator.email);
  const password = again(page).getByLabel("Password");
  await expect(password).toBeFocused();
  await axe(page);
  await password.fill("not the password at all");
  await again(page).getByRole("button", { name: "Sign in and save" }).click();
  await expect(password).toHaveAttribute("aria-invalid", "true");
  await expect(password).toHaveAccessibleDescription(/password/i);
  await axe(page);
  await expectEverything(page, "Power BI, renewed");
  await unlock("administrator");
  await password.fill(WHO.administrator.password);
  await password.press("Enter");
  await expect(dialog(page)).toBeHidden();
  await expect(toast(page)).toContainText('API token "Power BI, renewed" updated');
  await expectSaved(page, id, "Power BI, renewed");
});

test("a sign-in ended from another browser is renewed in the dialog too", async ({ page, visitor, expectConsole }) => {
  expectConsole(/status of 401/);
  const { id } = token("Workday joiner sync");
  await edit.editAtAddress(page, id);
  await typeEverything(page, "Workday, renewed");
  const other = await visitor();
  await signIn(other, "administrator");
  await other.goto("/profile/sign-ins");
  await other.getByRole("button", { name: "End all others" }).click();
  await expect(other.getByRole("button", { name: "End all others" })).toBeHidden();
  await save(page).click();
  await again(page).getByLabel("Password").fill(WHO.administrator.password);
  await again(page).getByRole("button", { name: "Sign in and save" }).click();
  await expect(dialog(page)).toBeHidden();
  await expectSaved(page, id, "Workday, renewed");
});

test("while the server cannot be reached the form stays, and a second try saves it", async ({ page, expectConsole }) => {
  expectConsole(/ERR_/);
  const { id } = token("GitLab CI");
  await edit.editAtAddress(page, id);
  await typeEverything(page, "GitLab, second try");
  await page.route(SAVE, (route) => route.abort("connectionrefused"));
  await save(page).click();
  await expect(dialog(page).getByRole("alert")).toContainText("Latchkey could not be reached");
  await axe(page);
  await expectEverything(page, "GitLab, second try");
  await page.unroute(SAVE);
  await edit.saveAndSee(page);
  await expectSaved(page, id, "GitLab, second try");
});

test("an answer that is lost after the server saved is no harm: the second try says it is saved", async ({ page, expectConsole }) => {
  expectConsole(/ERR_/);
  const { id } = token("Robot 1");
  await edit.editAtAddress(page, id);
  await nameField(page).fill("Robot 1, saved unheard");
  await page.route(SAVE, async (route) => {
    await route.fetch();
    await route.abort("connectionreset");
  });
  await save(page).click();
  await expect(dialog(page).getByRole("alert")).toContainText("could not be reached");
  await page.unroute(SAVE);
  await edit.saveAndSee(page);
  expect(await edit.revision(page, id)).toBe(2);
});

test("without a network a bar says so, and what was typed can be saved when it is back", async ({ page, context, expectConsole }) => {
  expectConsole(/ERR_INTERNET_DISCONNECTED/);
  await edit.editAtAddress(page, token("Zapier: new order to Slack").id);
  await nameField(page).fill("Zapier, after the tunnel");
  await context.setOffline(true);
  const bar = page.getByRole("alert").filter({ hasText: "You are offline" });
  await expect(bar).toBeVisible();
  await save(page).click();
  await expect(dialog(page).getByRole("alert")).toContainText("could not be reached");
  await axe(page);
  await context.setOffline(false);
  await expect(bar).toBeHidden();
  await edit.saveAndSee(page);
});

for (const [what, status, body, message] of [
  ["a person who became a Viewer meanwhile", 403, { code: "forbidden", message: "Only Administrators may change tokens." }, "Only Administrators may change tokens."],
  ["a token that is gone meanwhile", 404, { code: "not_found", message: "This does not exist." }, "This does not exist."],
  ["a server that fails", 500, { code: "internal", message: "Something went wrong in Latchkey.", request_id: "abc123" }, "abc123"],
  ["a proxy that answers in our place", 502, "<html>Bad gateway</html>", "Latchkey"],
] as const) {
  test(`${what}: the message stands in the dialog and the form is kept`, async ({ page, expectConsole }) => {
    expectConsole(new RegExp(`status of ${status}`));
    await edit.editAtAddress(page, token("Excel add-in of Controlling").id);
    await typeEverything(page, "Excel, kept");
    const answer = (route: Route) => route.fulfill({ status, contentType: "application/json", body: typeof body === "string" ? body : JSON.stringify(body) });
    await page.route(SAVE, answer);
    await save(page).click();
    await expect(dialog(page).getByRole("alert")).toContainText(message);
    await expect(dialog(page).getByRole("alert")).not.toContainText(/<html>|expected value|deserializ/i);
    await axe(page);
    await expectEverything(page, "Excel, kept");
    await expect(save(page)).toBeEnabled();
  });
}

test("a double click on Save saves once", async ({ page }) => {
  const { id } = token("Chargeback calculator");
  await edit.editAtAddress(page, id);
  const before = 1;
  const sent: string[] = [];
  page.on("request", (request) => void (request.url().endsWith("/fn/edit_token") && sent.push(request.url())));
  await nameField(page).fill("Chargeback, twice");
  await save(page).dblclick();
  await expect(dialog(page)).toBeHidden();
  expect(sent).toHaveLength(1);
  expect(await edit.revision(page, id)).toBe(before + 1);
});

test("while a slow answer is on its way the button says Saving, and nothing can be sent again", async ({ page }) => {
  const { id } = token("Backup of agreements");
  await edit.editAtAddress(page, id);
  const { promise: answer, resolve: goOn } = edit.held();
  let sent = 0;
  await page.route(SAVE, async (route) => {
    sent += 1;
    await answer;
    await route.continue();
  });
  await nameField(page).fill("Backup, slowly");
  await nameField(page).press("Enter");
  const saving = dialog(page).getByRole("button", { name: "Saving…" });
  await expect(saving).toBeDisabled();
  await axe(page);
  await nameField(page).press("Enter");
  await nameField(page).press("Enter");
  expect(sent).toBe(1);
  goOn();
  await expect(dialog(page)).toBeHidden();
  await expect(toast(page)).toContainText('API token "Backup, slowly" updated');
  expect(sent).toBe(1);
});

test("what is typed while the save is on its way is not lost silently", async ({ page }) => {
  await edit.editAtAddress(page, token("Tax export (Portugal)").id);
  const { promise: answer, resolve: goOn } = edit.held();
  await page.route(SAVE, async (route) => {
    await answer;
    await route.continue();
  });
  await nameField(page).fill("Tax export");
  await nameField(page).press("Enter");
  await expect(dialog(page).getByRole("button", { name: "Saving…" })).toBeVisible();
  const readOnly = !(await nameField(page).isEditable());
  if (!readOnly) await nameField(page).fill("Tax export, and more");
  goOn();
  await expect(dialog(page).getByRole("button", { name: "Saving…" })).toBeHidden();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Tax export");
  if (!readOnly) await expect(nameField(page)).toHaveValue("Tax export, and more");
});
