// Files that are no logo: refused beside the field, with the reason, and the form stays as it was.
import type { Page } from "@playwright/test";
import { axe, expect, signIn, test } from "../fixtures";
import * as adding from "../adding";
import { add, descriptionField, dialog, logoField, module, nameField, next, part, step } from "../adding";
import * as edit from "../editing";
import { held, token } from "../editing";
import { BAD, LARGEST, RED, blackPng, bomb, colourOf, picture, png, red } from "../logos";

test.use({ serverName: "logo-bad" });

const UPLOAD = "**/uploads/icon";
const preview = (page: Page) => page.getByRole("img", { name: "Preview of the logo" });

async function fillForm(page: Page, name: string): Promise<void> {
  await adding.signInAndAdd(page);
  await nameField(page).fill(name);
  await descriptionField(page).fill("Kept\nall the same");
  await step(page, "Modules").click();
  await module(page, "Helpdesk").check();
  await step(page, "General").click();
}

/** The reason stands beside the field, and everything else is as it was typed. */
async function expectRefused(page: Page, name: string, reason: RegExp): Promise<void> {
  await expect(logoField(page)).toHaveAttribute("aria-invalid", "true");
  await expect(logoField(page)).toHaveAccessibleDescription(reason);
  await expect(nameField(page)).toHaveValue(name);
  await expect(descriptionField(page)).toHaveValue("Kept\nall the same");
}

const REASONS: Record<string, RegExp> = {
  "an SVG": /not a PNG or JPEG picture/,
  "an SVG that calls itself PNG": /no PNG and no JPEG/,
  "a text that calls itself JPEG": /no PNG and no JPEG/,
  "a GIF that calls itself PNG": /no PNG and no JPEG/,
  "a PNG that is cut short": /damaged or not complete/,
  "a PNG with a damaged part": /damaged or not complete/,
  "an empty file": /no PNG and no JPEG|empty/,
};

for (const [what, file] of BAD) {
  test(`${what} is refused beside the field, and the token is added without it`, async ({ page, expectConsole }) => {
    expectConsole(/status of 4(22|15)/);
    const name = `Not ${what}`;
    await fillForm(page, name);
    await logoField(page).setInputFiles(file());
    await expectRefused(page, name, REASONS[what] ?? /^never$/);
    await axe(page);
    await expect(preview(page)).toHaveCount(0);
    await step(page, "Modules").click();
    await expect(module(page, "Helpdesk")).toBeChecked();
    await next(page).click();
    await adding.addAndSee(page, name);
  });
}

for (const [what, file, reason] of [
  ["5 MiB and one byte", () => picture(png(RED, { bytes: LARGEST + 1 })), /larger than 5 M/],
  ["65,535 × 65,535 pixels", () => picture(bomb()), /too large/],
  ["4,097 pixels in width", () => picture(blackPng(4_097, 10)), /too large/],
  ["more than 16 million pixels", () => picture(blackPng(4_096, 4_000)), /too large/],
] as const) {
  test(`a picture of ${what} is refused, and a right one is taken then`, async ({ page, expectConsole }) => {
    expectConsole(/status of 4(22|13)/);
    const name = `Not ${what}`;
    await fillForm(page, name);
    await logoField(page).setInputFiles(file());
    await expectRefused(page, name, reason);
    await axe(page);
    await logoField(page).setInputFiles(red());
    await expect(preview(page)).toBeVisible();
    await expect(logoField(page)).not.toHaveAttribute("aria-invalid");
    await step(page, "Overview").click();
    await adding.addAndSee(page, name);
  });
}

test("a refused file leaves the logo that was chosen before", async ({ page, expectConsole }) => {
  expectConsole(/status of 422/);
  await fillForm(page, "Keeps the first");
  await logoField(page).setInputFiles(red());
  await expect(preview(page)).toBeVisible();
  await logoField(page).setInputFiles(picture(bomb()));
  await expectRefused(page, "Keeps the first", /too large/);
  await expect.poll(() => colourOf(preview(page))).toEqual([...RED]);
  await step(page, "Overview").click();
  await adding.addAndSee(page, "Keeps the first");
  await adding.viewDetails(page).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Keeps the first");
  await expect.poll(() => colourOf(page.getByRole("main").locator("img").first())).toEqual([...RED]);
});

test("in the edit form too: refused beside the field, and the rest is saved", async ({ page, expectConsole }) => {
  expectConsole(/status of 422/);
  await edit.editAtAddress(page, token("ServiceNow bridge").id);
  await edit.nameField(page).fill("ServiceNow, no SVG");
  const field = edit.dialog(page).getByLabel("Logo");
  await field.setInputFiles(picture(Buffer.from("<svg/>")));
  await expect(field).toHaveAccessibleDescription(/no PNG and no JPEG/);
  await axe(page);
  await expect(edit.nameField(page)).toHaveValue("ServiceNow, no SVG");
  await edit.saveAndSee(page);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("ServiceNow, no SVG");
});

test("while a file is on its way the form says so, Add waits, and sending can be cancelled", async ({ page }) => {
  await fillForm(page, "Sent slowly");
  const answer = held();
  await page.route(UPLOAD, async (route) => {
    await answer.promise;
    await route.continue();
  });
  await logoField(page).setInputFiles(red());
  await expect(logoField(page)).toHaveAccessibleDescription(/Sending the picture…/);
  await axe(page);
  await step(page, "Overview").click();
  await expect(part(page, "Logo")).toHaveText("On its way…");
  await expect(add(page)).toBeDisabled();
  await axe(page);
  await step(page, "General").click();
  await dialog(page).getByRole("button", { name: "Cancel" }).click();
  await expect(logoField(page)).toBeFocused();
  const late = page.waitForResponse(UPLOAD);
  answer.resolve();
  await late;
  await step(page, "Overview").click();
  await expect(add(page)).toBeEnabled();
  await expect(part(page, "Logo"), "what comes after Cancel is not taken").toContainText("initials");
});

test("a picture that is refused after one has gone on is told in the overview", async ({ page, expectConsole }) => {
  expectConsole(/status of 422/);
  await fillForm(page, "Refused late");
  const answer = held();
  await page.route(UPLOAD, async (route) => {
    await answer.promise;
    await route.continue();
  });
  await logoField(page).setInputFiles(picture(bomb()));
  await expect(logoField(page)).toHaveAccessibleDescription(/Sending/);
  await step(page, "Overview").click();
  answer.resolve();
  await expect(part(page, "Logo")).toContainText(/This picture is too large/);
  await axe(page);
});

test("a sign-in that has ended and a server that cannot be reached are told beside the field", async ({ page, context, expectConsole }) => {
  expectConsole(/ERR_|status of 401/);
  await fillForm(page, "Sent in vain");
  await page.route(UPLOAD, (route) => route.abort("connectionrefused"));
  await logoField(page).setInputFiles(red());
  await expectRefused(page, "Sent in vain", /could not be reached/);
  await page.unroute(UPLOAD);
  await context.clearCookies();
  await logoField(page).setInputFiles(red());
  await expectRefused(page, "Sent in vain", /Your sign-in has ended/);
  await axe(page);
  const second = await context.newPage();
  await signIn(second, "administrator");
  await logoField(page).setInputFiles(red());
  await expect(preview(page)).toBeVisible();
  await step(page, "Overview").click();
  await adding.addAndSee(page, "Sent in vain");
});

test("a proxy that answers in our place is told without its page", async ({ page, expectConsole }) => {
  expectConsole(/status of (413|502)/);
  await fillForm(page, "Behind a proxy");
  for (const [status, reason] of [[413, /larger than 5 MB/], [502, /The picture was not taken/]] as const) {
    await page.route(UPLOAD, (route) => route.fulfill({ status, contentType: "text/html", body: "<html>Sorry</html>" }));
    await logoField(page).setInputFiles(red());
    await expectRefused(page, "Behind a proxy", reason);
    await expect(dialog(page)).not.toContainText("<html>");
    await page.unroute(UPLOAD);
  }
});

test("a picture that cannot be loaded gives way to the initials", async ({ page, expectConsole }) => {
  expectConsole(/status of 404|Failed to load resource/);
  const { id } = token("GitLab CI");
  await edit.editAtAddress(page, id);
  await edit.dialog(page).getByLabel("Logo").setInputFiles(red());
  await expect(edit.save(page)).toBeEnabled();
  await edit.saveAndSee(page);
  await page.route("**/icon/*", (route) => route.fulfill({ status: 404, body: "" }));
  await page.goto(edit.details(id));
  const head = page.getByRole("heading", { level: 1 }).locator("xpath=ancestor::div[2]");
  await expect(head.getByText("GC", { exact: true })).toBeVisible();
  await expect(head.locator("img")).toBeHidden();
  await axe(page);
});
