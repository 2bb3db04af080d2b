import { axe, expect, test } from "../fixtures";
import * as edit from "../editing";
import { close, descriptionField, details, dialog, module, nameField, save, step, token } from "../editing";
import { noSidewaysScrolling } from "../steps";

test.use({ serverName: "edit-fields" });

test("modules are found by name, id and description, and selected together or one by one", async ({ page }) => {
  await edit.editAtAddress(page, token("Onboarding kiosk").id, "?step=modules");
  const boxes = dialog(page).getByRole("checkbox");
  const search = dialog(page).getByLabel("Search modules");
  const count = dialog(page).getByRole("status");
  await expect(boxes).toHaveCount(14);
  await search.fill("bILL");
  await expect(boxes).toHaveCount(1);
  await expect(module(page, "Billing")).toBeVisible();
  await search.fill("mod-4525");
  await expect(boxes).toHaveCount(1);
  await expect(module(page, "Commerce")).toBeVisible();
  await search.fill("orders");
  await expect(boxes).toHaveCount(2);
  const before = Number.parseInt(await count.innerText(), 10);
  await dialog(page).getByRole("button", { name: "Select all" }).click();
  await expect(count).toHaveText(`${before + 2} of 14 modules selected`);
  await search.fill("commerce");
  await dialog(page).getByRole("button", { name: "Select none" }).click();
  await expect(count).toHaveText(`${before + 1} of 14 modules selected`);
  await search.fill("no such module");
  await expect(boxes).toHaveCount(0);
  await expect(dialog(page).getByText("No module matches.")).toBeVisible();
  await axe(page);
  await search.fill("");
  await expect(boxes).toHaveCount(14);
  await expect(module(page, "Reporting")).toBeChecked();
  await expect(module(page, "Commerce")).not.toBeChecked();
  await module(page, "Helpdesk").check();
  await edit.saveAndSee(page);
  await page.goto(details(token("Onboarding kiosk").id, "?tab=modules"));
  await expect(page.getByRole("term").filter({ hasText: /^(Helpdesk|Reporting)$/ })).toHaveCount(2);
});

test("a module that the platform sets cannot be changed, not by Select all either", async ({ page }) => {
  await edit.editAtAddress(page, token("Placeholder for the mobile app").id, "?step=modules");
  const basics = module(page, "Platform Basics");
  const early = module(page, "Early Access");
  await expect(basics).toBeDisabled();
  await expect(early).toBeDisabled();
  const given = [await basics.isChecked(), await early.isChecked()];
  for (const all of ["Select all", "Select none", "Select all"]) {
    await dialog(page).getByRole("button", { name: all }).click();
    expect([await basics.isChecked(), await early.isChecked()]).toEqual(given);
  }
  await expect(dialog(page).getByText("Set by the platform")).toHaveCount(2);
  await edit.saveAndSee(page);
});

const WRONG = [
  ["an empty name", "   ", /The name is empty/],
  ["201 characters", "x".repeat(201), /has 201 characters, 1 more than the 200 allowed/],
  ["a control character", "Robot\u0007", /control character/],
  ["a direction override", "Robot \u202egnp.exe", /invisible or direction-changing/],
  ["a direction isolate", "\u2066Robot", /invisible or direction-changing/],
  ["a zero-width space", "Ro\u200bbot", /invisible or direction-changing/],
  ["a joiner at the end", "Robot\u200d", /invisible or direction-changing/],
] as const;

test("a wrong name is told beside the field, in the summary and on the step, and cannot be saved", async ({ page }) => {
  await edit.editAtAddress(page, token("Licence optimiser").id);
  const general = step(page, "General");
  const summary = dialog(page).getByRole("alert").filter({ hasText: "Please check these fields" });
  for (const [what, typed, message] of WRONG) {
    await nameField(page).fill(typed);
    await expect(nameField(page), what).toHaveAccessibleDescription(message);
    await expect(nameField(page), what).toHaveAttribute("aria-invalid", "true");
    await expect(summary.getByRole("link", { name: message }), what).toBeVisible();
    await expect(general, what).toHaveAccessibleName(/has errors/);
    await expect(save(page), what).toBeDisabled();
  }
  await axe(page);
  await step(page, "Modules").click();
  await expect(nameField(page)).toBeHidden();
  await axe(page);
  await summary.getByRole("link").click();
  await expect(nameField(page)).toBeFocused();
  await nameField(page).fill("Licence optimiser 2");
  await expect(summary).toBeHidden();
  await expect(general).toHaveAccessibleName("General");
  await edit.saveAndSee(page);
});

test("a description that is too long is told with a counter, and one of 2,000 characters is saved", async ({ page }) => {
  await edit.editAtAddress(page, token("GitLab CI").id);
  await descriptionField(page).fill("😀".repeat(2001));
  await expect(dialog(page).getByText("2001 / 2000")).toBeVisible();
  await expect(descriptionField(page)).toHaveAccessibleDescription(/has 2001 characters, 1 more than the 2000/);
  await expect(save(page)).toBeDisabled();
  await axe(page);
  await descriptionField(page).fill("tab\there");
  await expect(descriptionField(page)).toHaveAccessibleDescription(/control character/);
  await descriptionField(page).fill("😀".repeat(2000));
  await expect(dialog(page).getByText("2000 / 2000")).toBeVisible();
  await edit.saveAndSee(page);
});

test("a name of 200 characters is saved, and both pages show it without scrolling sideways", async ({ page }) => {
  const { id } = token("Teams bot");
  await edit.editAtAddress(page, id);
  await nameField(page).fill("W".repeat(200));
  await edit.saveAndSee(page);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("W".repeat(200));
  await noSidewaysScrolling(page);
  await page.goto("/settings/api-tokens?search=WWWW");
  await expect(page.getByRole("table")).toBeVisible();
  await noSidewaysScrolling(page);
});

const NAMES = [
  "</title><script>alert(2)</script>",
  `<img src=x onerror=alert(1)> "quoted" & 'single'`,
  "{{name}} ${name} %s \\n ../..",
  "بوابة الدفع (2) – test",
  "עברית and English",
  "👩‍🚀🏳️‍🌈 ❤️‍🔥 👨‍👩‍👧‍👦",
  "می‌خواهم क्‍ष",
  "Zoë 東京 ﬁ ß İ",
];

test("names with markup, quotes, right-to-left text, emoji and joiners come back as they were typed", async ({ page }) => {
  const { id } = token("Vendor price watch");
  await edit.editAtAddress(page, id);
  for (const name of NAMES) {
    await nameField(page).fill(name);
    await edit.saveAndSee(page);
    await expect(page.getByRole("status").filter({ hasText: "updated" })).toContainText(`API token "${name}" updated`);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(name);
    await expect(page).toHaveTitle(`${name} · Latchkey`);
    await page.goto(`/settings/api-tokens?search=${encodeURIComponent(name)}`);
    await expect(page.getByRole("link", { name, exact: true })).toBeVisible();
    await page.goto(details(id, "/edit"));
    await expect(nameField(page)).toHaveValue(name);
    await expect(close(page)).toBeEnabled();
  }
});

test("a description keeps its line breaks and its blanks inside", async ({ page }) => {
  const { id } = token("Renewal reminders");
  const text = "First line\n\n  indented <b>third</b>\nlast";
  await edit.editAtAddress(page, id);
  await descriptionField(page).fill(`\n${text}\n\n`);
  await edit.saveAndSee(page);
  const shown = page.getByRole("definition").filter({ hasText: "First line" });
  await expect(shown).toBeVisible();
  expect(await shown.innerText()).toBe(text);
  await page.goto(details(id, "/edit"));
  await expect(descriptionField(page)).toHaveValue(text);
});

test("what the server finds wrong stands beside the field, and goes once the field is changed", async ({ page, expectConsole }) => {
  expectConsole(/status of 422/);
  await edit.editAtAddress(page, token("Tax export (Portugal)").id);
  // The server alone knows some rules; here it is made to refuse what the form holds to be right.
  await page.route("**/fn/edit_token", (route) => {
    const body = route.request().postDataJSON() as { edit: { modules: string[] } };
    body.edit.modules.push("MOD-7215");
    return route.continue({ postData: JSON.stringify(body) });
  });
  await nameField(page).fill("Tax export (Spain)");
  await save(page).click();
  const summary = dialog(page).getByRole("alert").filter({ hasText: "Please check these fields" });
  await expect(summary.getByRole("link", { name: /Early Access cannot be given/ })).toBeVisible();
  await expect(step(page, "Modules")).toHaveAccessibleName(/has errors/);
  await axe(page);
  await step(page, "Modules").click();
  await axe(page);
  await expect(nameField(page)).toHaveValue("Tax export (Spain)");
  await page.unroute("**/fn/edit_token");
  await module(page, "Billing").uncheck();
  await expect(summary).toBeHidden();
  await edit.saveAndSee(page);
});
