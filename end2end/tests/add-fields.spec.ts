// What may stand in the fields of a new token, and when the form says that something is wrong.
import type { Page } from "@playwright/test";
import { axe, expect, test } from "../fixtures";
import * as adding from "../adding";
import { CREATE, add, descriptionField, dialog, errors, module, nameField, next, overview, step } from "../adding";
import { count } from "../secrets";

test.use({ serverName: "add-fields" });

const EMPTY = /The name is empty/;

async function expectNameRefused(page: Page, message: RegExp, what?: string): Promise<void> {
  await expect(nameField(page), what).toHaveAttribute("aria-invalid", "true");
  await expect(nameField(page), what).toHaveAccessibleDescription(message);
  await expect(errors(page).getByRole("link", { name: message }), what).toBeVisible();
  await expect(step(page, "General"), what).toHaveAccessibleName(/has errors/);
}

test("a form that was just opened complains of nothing, and Next then says what is missing", async ({ page }) => {
  await adding.signInAndAdd(page);
  await expect(errors(page)).toHaveCount(0);
  await expect(nameField(page)).not.toHaveAttribute("aria-invalid");
  await nameField(page).fill("x");
  await nameField(page).fill("");
  await expect(errors(page), "nor of a field that was emptied again").toHaveCount(0);
  await next(page).click();
  await expectNameRefused(page, EMPTY);
  await expect(errors(page)).toBeFocused();
  await expect(step(page, "General")).toHaveAttribute("aria-current", "step");
  await axe(page);
  await errors(page).getByRole("link", { name: EMPTY }).click();
  await expect(nameField(page)).toBeFocused();
  await nameField(page).fill("Named");
  await expect(errors(page)).toHaveCount(0);
  await expect(step(page, "General")).toHaveAccessibleName("General");
  await next(page).click();
  await expect(step(page, "Modules")).toHaveAttribute("aria-current", "step");
});

test("Enter in the name field goes on to the next step and adds nothing", async ({ page }) => {
  await adding.signInAndAdd(page);
  const sent = count(page, "/fn/create_token");
  await nameField(page).fill("By Enter");
  await nameField(page).press("Enter");
  await expect(dialog(page).getByLabel("Search modules")).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(step(page, "Modules")).toHaveAttribute("aria-current", "step");
  expect(sent()).toBe(0);
});

const WRONG = [
  ["blanks only", "   ", EMPTY],
  ["201 characters", "x".repeat(201), /has 201 characters, 1 more than the 200 allowed/],
  ["201 emoji", "😀".repeat(201), /has 201 characters, 1 more than the 200 allowed/],
  ["a control character", "Robot\u0007", /control character/],
  ["a direction override", "Robot \u202egnp.exe", /invisible or direction-changing/],
  ["a zero-width space", "Ro\u200bbot", /invisible or direction-changing/],
] as const;

test("a wrong name is told while it is typed, beside the field, in the summary and on the step", async ({ page }) => {
  await adding.signInAndAdd(page);
  for (const [what, typed, message] of WRONG) {
    await nameField(page).fill(typed);
    await expectNameRefused(page, message, what);
  }
  await axe(page);
  await step(page, "Modules").click();
  await expect(errors(page), "the summary is there in every step").toBeVisible();
  await axe(page);
  await errors(page).getByRole("link").click();
  await expect(nameField(page)).toBeFocused();
});

test("what is wrong in another step keeps the token from being added, and leads there", async ({ page }) => {
  await adding.signInAndAdd(page);
  const sent = count(page, "/fn/create_token");
  await step(page, "Overview").click();
  await expect(overview(page)).toBeVisible();
  await expectNameRefused(page, EMPTY);
  await add(page).click();
  await expect(errors(page)).toBeFocused();
  await axe(page);
  expect(sent()).toBe(0);
  await errors(page).getByRole("link", { name: EMPTY }).click();
  await expect(nameField(page)).toBeFocused();
  await nameField(page).fill("Right at last");
  await descriptionField(page).fill("😀".repeat(2001));
  await expect(dialog(page).getByText("2001 / 2000")).toBeVisible();
  await expect(descriptionField(page)).toHaveAccessibleDescription(/has 2001 characters, 1 more than the 2000/);
  await axe(page);
  await next(page).click();
  await expect(errors(page)).toBeFocused();
  await descriptionField(page).fill("😀".repeat(2000));
  await next(page).click();
  await next(page).click();
  await adding.addAndSee(page, "Right at last");
});

test("what the server finds wrong leads to its step, and goes once that is changed", async ({ page, expectConsole }) => {
  expectConsole(/status of 422/);
  await adding.signInAndAdd(page);
  await adding.toOverview(page, "Refused by the server");
  // The server alone knows some rules; here it is made to refuse what the form holds to be right.
  await page.route(CREATE, (route) => {
    const body = route.request().postDataJSON() as { new: { modules: string[] } };
    body.new.modules.push("MOD-7215");
    return route.continue({ postData: JSON.stringify(body) });
  });
  await add(page).click();
  await expect(step(page, "Modules")).toHaveAttribute("aria-current", "step");
  await expect(step(page, "Modules")).toHaveAccessibleName(/has errors/);
  await expect(errors(page)).toBeFocused();
  await expect(errors(page).getByRole("link", { name: /Early Access/ })).toBeVisible();
  await axe(page);
  await page.unroute(CREATE);
  await module(page, "Billing").check();
  await expect(errors(page)).toHaveCount(0);
  await step(page, "Overview").click();
  await adding.addAndSee(page, "Refused by the server");
});

test("the modules are searched, and what is ticked stays ticked while it is not shown", async ({ page }) => {
  await adding.signInAndAdd(page);
  await nameField(page).fill("Searched");
  await next(page).click();
  const search = dialog(page).getByLabel("Search modules");
  await search.fill("bILL");
  await expect(dialog(page).getByRole("checkbox")).toHaveCount(1);
  await module(page, "Billing").check();
  await search.fill("no such module");
  await expect(dialog(page).getByText("No module matches.")).toBeVisible();
  await axe(page);
  await search.fill("mod-4525");
  await dialog(page).getByRole("button", { name: "Select all" }).click();
  await search.fill("");
  await expect(dialog(page).getByText("3 of 13 modules selected")).toBeVisible();
  for (const name of ["Billing", "Commerce", "Platform Basics"]) await expect(module(page, name)).toBeChecked();
});
