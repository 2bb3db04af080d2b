import { axe, expect, signIn, test } from "../fixtures";
import * as edit from "../editing";
import { close, descriptionField, details, dialog, module, nameField, question, row, save, step, token } from "../editing";
import { live } from "../steps";

test.use({ serverName: "edit-leave" });

const keep = "Keep editing";
const discard = "Discard changes";

test("Close, Escape and Back ask before anything typed is lost, as often as one tries", async ({ page }) => {
  const { id } = token("Chargeback calculator");
  await signIn(page, "administrator");
  await page.goto(`/settings/api-tokens?search=${id}`);
  await edit.editFromRow(page, id);
  await nameField(page).fill("Half typed");
  await descriptionField(page).fill("Line one\nline two");
  await step(page, "Modules").click();
  await module(page, "Helpdesk").check();
  const ways = [
    () => close(page).click(),
    () => page.keyboard.press("Escape"),
    () => page.goBack(),
    () => page.keyboard.press("Escape"),
    () => page.goBack(),
  ];
  for (const [index, leave] of ways.entries()) {
    await leave();
    await expect(question(page)).toBeVisible();
    await expect(question(page).getByRole("button", { name: keep })).toBeFocused();
    if (index === 0) await axe(page);
    await question(page).getByRole("button", { name: keep }).click();
    await expect(question(page)).toBeHidden();
    await expect(module(page, "Helpdesk")).toBeChecked();
    await expect(page).toHaveURL(new RegExp(`${id}/edit\\?step=modules`));
  }
  await step(page, "General").click();
  await expect(nameField(page)).toHaveValue("Half typed");
  await expect(descriptionField(page)).toHaveValue("Line one\nline two");
  await edit.saveAndSee(page);
  await expect(row(page, id).getByRole("link", { name: "Half typed" })).toBeVisible();
  await expect(page).toHaveURL(`/settings/api-tokens?search=${id}`);
});

test("Escape in the question keeps editing, and the focus goes back to the field", async ({ page }) => {
  await edit.editAtAddress(page, token("Excel add-in of Controlling").id);
  await nameField(page).fill("Kept");
  for (const _ of [1, 2, 3]) {
    await page.keyboard.press("Escape");
    await expect(question(page)).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(question(page)).toBeHidden();
    await expect(nameField(page)).toBeFocused();
  }
  await expect(nameField(page)).toHaveValue("Kept");
});

test("Escape keeps what was typed also after a click beside all fields", async ({ page }) => {
  await edit.editAtAddress(page, token("Excel add-in of Controlling").id);
  await nameField(page).fill("Kept");
  await dialog(page).getByRole("heading", { name: "Edit API token" }).click();
  for (const _ of [1, 2, 3]) {
    await page.keyboard.press("Escape");
    await expect(question(page)).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(question(page)).toBeHidden();
    await expect(dialog(page)).toBeVisible();
  }
  await expect(nameField(page)).toHaveValue("Kept");
  await edit.saveAndSee(page);
});

test("Back twice in a row still asks, and then Discard leads to the page behind", async ({ page }) => {
  const { id, name } = token("Zapier: new order to Slack");
  await signIn(page, "administrator");
  await page.goto(details(id));
  await live(page);
  await page.getByRole("link", { name: "Edit" }).click();
  await nameField(page).fill("Never saved");
  await page.goBack();
  await expect(question(page)).toBeVisible();
  await page.goBack();
  await expect(question(page)).toHaveCount(1);
  await expect(question(page)).toBeVisible();
  await question(page).getByRole("button", { name: discard }).click();
  await expect(question(page)).toBeHidden();
  await expect(dialog(page)).toBeHidden();
  await expect(page).toHaveURL(details(id));
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(name);
  await page.getByRole("link", { name: "Edit" }).click();
  await expect(nameField(page)).toHaveValue(name);
});

test("discarding leads back to where one was, with the focus, and nothing is saved", async ({ page }) => {
  const { id, name } = token("Jenkins nightly");
  await signIn(page, "administrator");
  await page.goto(`/settings/api-tokens?search=${id}`);
  for (const leave of [() => close(page).click(), () => page.keyboard.press("Escape"), () => page.goBack()]) {
    await edit.editFromRow(page, id);
    await nameField(page).fill("Never saved");
    await leave();
    await question(page).getByRole("button", { name: discard }).click();
    await expect(dialog(page)).toBeHidden();
    await expect(page).toHaveURL(`/settings/api-tokens?search=${id}`);
    await expect(row(page, id).getByRole("link", { name })).toBeVisible();
    await expect(row(page, id).getByRole("button", { name: /^Actions for/ })).toBeFocused();
  }
});

test("discarding after a reload leads to the page behind", async ({ page }) => {
  const { id, name } = token("Migration rehearsal");
  await edit.editAtAddress(page, id, "?from=list&search=rehearsal");
  await page.reload();
  await expect(close(page)).toBeEnabled();
  await nameField(page).fill("Never saved");
  await close(page).click();
  await question(page).getByRole("button", { name: discard }).click();
  await expect(page).toHaveURL("/settings/api-tokens?search=rehearsal");
  await expect(row(page, id).getByRole("link", { name })).toBeVisible();
});

test("reloading and closing the tab ask when something was typed, and do not when nothing was", async ({ page }) => {
  await edit.editAtAddress(page, token("Zürich warehouse scanners").id);
  await nameField(page).click();
  await page.reload();
  await expect(close(page)).toBeEnabled();
  await nameField(page).click();
  await nameField(page).fill("Zürich and Geneva");
  const asked = page.waitForEvent("dialog");
  await page.evaluate(() => void setTimeout(() => location.reload()));
  const browserQuestion = await asked;
  expect(browserQuestion.type()).toBe("beforeunload");
  await browserQuestion.dismiss();
  await expect(nameField(page)).toHaveValue("Zürich and Geneva");
  await edit.saveAndSee(page);
  await page.reload();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Zürich and Geneva");
});

test("the step that the address names after Back was refused is the one that is shown", async ({ page }) => {
  const { id } = token("Helpdesk escalation");
  await signIn(page, "administrator");
  await page.goto(details(id));
  await live(page);
  await page.getByRole("link", { name: "Edit" }).click();
  await step(page, "Modules").click();
  await module(page, "Catalog").check();
  await page.goBack();
  await question(page).getByRole("button", { name: keep }).click();
  await expect(step(page, "Modules")).toHaveAttribute("aria-current", "step");
  await expect(page).toHaveURL(/step=modules/);
  await step(page, "General").click();
  await expect(nameField(page)).toBeVisible();
  await expect(page).toHaveURL(/step=general/);
  await save(page).click();
  await expect(dialog(page)).toBeHidden();
  await expect(page).toHaveURL(details(id));
});
