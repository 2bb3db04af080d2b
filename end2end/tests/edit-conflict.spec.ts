import { axe, expect, test } from "../fixtures";
import * as edit from "../editing";
import { COLLEAGUE, colleagueSaves, descriptionField, details, dialog, module, nameField, save, step, toast, token } from "../editing";
import type { Page } from "@playwright/test";

test.use({ serverName: "edit-conflict" });

const box = (page: Page) => dialog(page).getByRole("alert").filter({ hasText: "Somebody else changed this token meanwhile" });
const conflict = (page: Page, field: string) => box(page).getByRole("group", { name: field });
const mine = (page: Page, field: string) => conflict(page, field).getByRole("radio", { name: "Keep mine" });
const theirs = (page: Page, field: string) => conflict(page, field).getByRole("radio", { name: "Take theirs" });

test("a change by somebody else to every field is shown, and each is decided", async ({ page, visitor }) => {
  const { id } = token("SAP S/4HANA connector");
  await edit.editAtAddress(page, id);
  await nameField(page).fill("SAP, mine");
  await descriptionField(page).fill("Mine");
  await step(page, "Modules").click();
  await module(page, "Helpdesk").check();
  const other = await visitor();
  await colleagueSaves(other, id, async () => {
    await nameField(other).fill("SAP, theirs");
    await descriptionField(other).fill("Theirs");
    await step(other, "Modules").click();
    await module(other, "Reporting").check();
  });
  await save(page).click();
  await expect(box(page)).toBeVisible();
  await expect(box(page)).toContainText("Nothing is saved yet");
  for (const [field, yours, others] of [
    ["API token name", "SAP, mine", "SAP, theirs"],
    ["Description", "Mine", "Theirs"],
    ["Modules", "Helpdesk", "Reporting"],
  ] as const) {
    await expect(conflict(page, field)).toContainText(`Changed by ${COLLEAGUE}`);
    await expect(conflict(page, field)).toContainText(yours);
    await expect(conflict(page, field)).toContainText(others);
  }
  await axe(page);
  await expect(save(page)).toBeDisabled();
  await theirs(page, "API token name").check();
  await mine(page, "Description").check();
  await expect(save(page)).toBeDisabled();
  await mine(page, "Modules").check();
  await expect(save(page)).toBeEnabled();
  await step(page, "General").click();
  await expect(nameField(page)).toHaveValue("SAP, theirs");
  await expect(descriptionField(page)).toHaveValue("Mine");
  await axe(page);
  await edit.saveAndSee(page);
  await expect(toast(page)).toContainText('API token "SAP, theirs" updated');
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("SAP, theirs");
  await expect(page.getByText("Mine", { exact: true })).toBeVisible();
  await page.getByRole("main").getByRole("link", { name: "Modules" }).click();
  await expect(page.getByRole("term").filter({ hasText: "Helpdesk" })).toBeVisible();
  await expect(page.getByRole("term").filter({ hasText: "Reporting" })).toBeHidden();
});

test("only the fields that somebody else changed are asked about", async ({ page, visitor }) => {
  const { id } = token("API gateway, staging");
  await edit.editAtAddress(page, id);
  await nameField(page).fill("Gateway, mine");
  await descriptionField(page).fill("Mine alone");
  const other = await visitor();
  await colleagueSaves(other, id, () => nameField(other).fill("Gateway, theirs"));
  await nameField(page).press("Enter");
  await expect(conflict(page, "API token name")).toBeVisible();
  await expect(box(page).getByRole("group")).toHaveCount(1);
  await mine(page, "API token name").check();
  await edit.saveAndSee(page);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Gateway, mine");
  await expect(page.getByText("Mine alone")).toBeVisible();
});

test("what was typed after the other change was shown is kept with Keep mine", async ({ page, visitor }) => {
  const { id } = token("Old CRM import");
  await edit.editAtAddress(page, id);
  await nameField(page).fill("CRM, mine");
  const other = await visitor();
  await colleagueSaves(other, id, () => nameField(other).fill("CRM, theirs"));
  await save(page).click();
  await expect(box(page)).toBeVisible();
  await nameField(page).fill("CRM, mine and theirs");
  await mine(page, "API token name").check();
  await expect(nameField(page)).toHaveValue("CRM, mine and theirs");
  await edit.saveAndSee(page);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("CRM, mine and theirs");
});

test("taking theirs in everything leaves nothing to save, and the dialog says so or closes without a question", async ({ page, visitor }) => {
  const { id } = token("Contractor: Meridian Ltd");
  await edit.editAtAddress(page, id);
  await nameField(page).fill("Meridian, mine");
  const other = await visitor();
  await colleagueSaves(other, id, () => nameField(other).fill("Meridian, theirs"));
  await save(page).click();
  await theirs(page, "API token name").check();
  await expect(nameField(page)).toHaveValue("Meridian, theirs");
  await expect(box(page)).not.toContainText("Decide for each field below, then save.");
  await edit.close(page).click();
  await expect(dialog(page)).toBeHidden();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Meridian, theirs");
});

test("a third change while one decides is shown in turn", async ({ page, visitor }) => {
  const { id } = token("Teams bot");
  await edit.editAtAddress(page, id);
  await descriptionField(page).fill("Mine");
  const other = await visitor();
  await colleagueSaves(other, id, () => descriptionField(other).fill("Theirs, first"));
  await save(page).click();
  await mine(page, "Description").check();
  await other.goto(details(id, "/edit"));
  await descriptionField(other).fill("Theirs, second");
  await edit.saveAndSee(other);
  await save(page).click();
  await expect(conflict(page, "Description")).toContainText("Theirs, second");
  await expect(save(page)).toBeDisabled();
  await mine(page, "Description").check();
  await edit.saveAndSee(page);
  await expect(page.getByText("Mine", { exact: true })).toBeVisible();
});

test("the same change by somebody else goes through, and the message says so", async ({ page, visitor }) => {
  const { id } = token("Vendor price watch");
  await edit.editAtAddress(page, id);
  await nameField(page).fill("Price watch");
  const other = await visitor();
  await colleagueSaves(other, id, () => nameField(other).fill("Price watch"));
  await edit.saveAndSee(page);
  await expect(toast(page)).toContainText(`API token "Price watch" updated beside a change by ${COLLEAGUE}`);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Price watch");
  expect(await edit.revision(page, id)).toBe(2);
});

test("the same person in two tabs is asked too, and loses nothing in either", async ({ page, context }) => {
  const { id } = token("Licence optimiser");
  await edit.editAtAddress(page, id);
  const second = await context.newPage();
  await second.goto(details(id, "/edit"));
  await nameField(page).fill("From the first tab");
  await descriptionField(second).fill("From the second tab");
  await nameField(second).fill("Also from the second tab");
  await edit.saveAndSee(page);
  await save(second).click();
  await expect(conflict(second, "API token name")).toContainText("From the first tab");
  await expect(conflict(second, "API token name")).toContainText("Changed by Sarah Sanderson");
  await theirs(second, "API token name").check();
  await expect(descriptionField(second)).toHaveValue("From the second tab");
  await edit.saveAndSee(second);
  await expect(second.getByRole("heading", { level: 1 })).toHaveText("From the first tab");
  await expect(second.getByText("From the second tab")).toBeVisible();
});
