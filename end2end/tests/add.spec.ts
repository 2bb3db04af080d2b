// Adding a token by mouse, from the button over the list to the secret.
import type { Page } from "@playwright/test";
import { axe, expect, signIn, test } from "../fixtures";
import * as adding from "../adding";
import { ADD, add, addLink, button, close, descriptionField, dialog, module, nameField, next, part, step, summary, viewDetails } from "../adding";
import { LIST, details, expectMarked, mark } from "../editing";
import { SECRET, allowClipboard, clipboard, copyButton, eye, fact, secretLine, word } from "../secrets";
import { live, names, rowOf } from "../steps";

test.use({ serverName: "add" });

const toast = (page: Page, name: string) => page.getByRole("status").filter({ hasText: `API token "${name}" added` });

test("step by step over the list: general, modules, overview, summary, and the token is in the list behind", async ({ page }) => {
  await signIn(page, "administrator");
  await page.goto(`${LIST}?order=name&size=5`);
  await live(page);
  await mark(page.getByRole("table"));
  await addLink(page).click();
  await expect(nameField(page)).toBeFocused();
  await expect(page).toHaveURL(`${ADD}?step=general&order=name&size=5`);
  await expectMarked(page.locator("table"));
  await axe(page);
  await nameField(page).fill("  AAA invoices,   nightly ");
  await descriptionField(page).fill("Pulls invoices.\nOwner: finance");
  await next(page).click();

  await expect(page).toHaveURL(`${ADD}?step=modules&order=name&size=5`);
  await expect(dialog(page).getByLabel("Search modules")).toBeFocused();
  await expect(dialog(page).getByRole("checkbox")).toHaveCount(13);
  await expect(dialog(page).getByText("Early Access"), "what this account's tokens cannot have is not offered").toHaveCount(0);
  await expect(module(page, "Platform Basics")).toBeChecked();
  await expect(module(page, "Platform Basics")).toBeDisabled();
  await module(page, "Billing").check();
  await module(page, "Helpdesk").check();
  await expect(dialog(page).getByText("3 of 13 modules selected")).toBeVisible();
  await next(page).click();

  await expect(adding.overview(page)).toBeFocused();
  await expect(part(page, "API token name")).toHaveText("AAA invoices, nightly");
  await expect(part(page, "Description")).toHaveText("Pulls invoices.\nOwner: finance");
  await expect(part(page, "Who may see the secret later")).toHaveText("Administrators, whenever they ask");
  await expect(part(page, "Logo")).toContainText("initials");
  await expect(dialog(page).getByRole("listitem").filter({ hasText: /MOD-/ })).toHaveText([/Billing\s*MOD-0478/, /Helpdesk\s*MOD-8352/, /Platform Basics\s*MOD-7002/]);
  await expect(part(page, "Account"), "there is no choice to look over").toHaveCount(0);
  await axe(page);
  await add(page).click();

  await expect(summary(page, "AAA invoices, nightly")).toBeFocused();
  await expect(toast(page, "AAA invoices, nightly")).toBeVisible();
  await expect(page).toHaveURL(`${ADD}?step=summary&order=name&size=5`);
  await close(page).click();
  await expect(dialog(page)).toBeHidden();
  await expect(page).toHaveURL(`${LIST}?order=name&size=5`);
  await expect(names(page).first(), "the list behind has it already").toHaveText("AAA invoices, nightly");
  await expect(addLink(page)).toBeFocused();
});

test("the summary has the secret: hidden, shown, hidden again and copied, and kept nowhere when it is closed", async ({ page, context, server }) => {
  await allowClipboard(page, server.url);
  await adding.signInAndAdd(page);
  await adding.toOverview(page, "With a secret");
  await adding.addAndSee(page, "With a secret");
  await expect(secretLine(page)).toHaveText(/^lk_[0-9A-Za-z]{4}•+ and more, hidden$/);
  await axe(page);
  await eye(page).click();
  await expect(secretLine(page)).toHaveText(SECRET);
  const secret = await secretLine(page).innerText();
  expect(adding.isWellFormed(secret), "the secret has its form and checksum").toBe(true);
  await axe(page);
  await eye(page).click();
  await expect(secretLine(page)).toContainText("hidden");
  await copyButton(page).click();
  await expect(word(page)).toHaveText("Copied");
  expect(await clipboard(page)).toBe(secret);
  await expect(secretLine(page), "copying does not show it").toContainText("hidden");

  await close(page).click();
  await expect(dialog(page)).toBeHidden();
  expect(await page.content()).not.toContain(secret);
  expect(await page.evaluate(() => JSON.stringify([{ ...sessionStorage }, { ...localStorage }, document.cookie]))).not.toContain(secret);
  expect((await context.cookies()).some((cookie) => cookie.value.includes(secret))).toBe(false);
});

test("View details leads to the new token, and Back from there to the list", async ({ page }) => {
  await adding.signInAndAdd(page);
  await descriptionField(page).fill("Waits for its program");
  await adding.toOverview(page, "View me");
  await adding.addAndSee(page, "View me");
  const id = await part(page, "Id").innerText();
  await expect(part(page, "Account")).toContainText("Stark Industries");
  await viewDetails(page).click();
  await expect(page).toHaveURL(details(id));
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("View me");
  await expect(fact(page, "Description")).toHaveText("Waits for its program");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await axe(page);
  await page.goto(details(id, "?tab=details"));
  await expect(fact(page, "Created")).toContainText("by Sarah Sanderson");
  await expect(fact(page, "Revision")).toHaveText("1");
  await page.goBack();
  await page.goBack();
  await expect(page).toHaveURL(LIST);
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(rowOf(page, id)).toBeVisible();
});

test("a summary that was forgotten has no secret in it any more after ten minutes", async ({ page }) => {
  await page.clock.install();
  await adding.signInAndAdd(page);
  await adding.toOverview(page, "Forgotten summary");
  await adding.addAndSee(page, "Forgotten summary");
  await page.clock.runFor(9 * 60_000);
  await eye(page).click();
  await expect(secretLine(page)).toHaveText(/^lk_[0-9A-Za-z]{36}$/);
  const secret = await secretLine(page).innerText();
  await page.clock.runFor(60_000);
  await expect(secretLine(page)).toHaveCount(0);
  await expect(dialog(page)).toContainText("not kept here for longer than ten minutes. It can be shown on the token's page.");
  expect(await page.content()).not.toContain(secret);
  await axe(page);
  await adding.close(page).click();
  await expect(dialog(page)).toHaveCount(0);
});

test("an empty list offers to add the first token", async ({ page, freshServer }) => {
  await page.goto(await freshServer.setupUrl());
  for (const [label, value] of [["Your name", "Ada Lovelace"], ["E-mail", "ada@example.com"], ["Password", "brass wheels turn slowly"], ["Account name", "Analytical"]] as const) {
    await page.getByLabel(label).fill(value);
  }
  await page.getByRole("button", { name: "Set up", exact: true }).click();
  await expect(page.getByRole("heading", { name: "No API tokens yet" })).toBeVisible();
  await live(page);
  await axe(page);
  await addLink(page).last().click();
  await expect(nameField(page)).toBeFocused();
  await expect(adding.accountField(page), "the only account needs no choice").toHaveCount(0);
  await adding.toOverview(page, "The first");
  await adding.addAndSee(page, "The first");
  await close(page).click();
  await expect(names(page)).toHaveText(["The first"]);
  await expect(page.getByText("1 token", { exact: true })).toBeVisible();
});

for (const [label, advice, later] of [
  ["The first Administrator who asks, once", /Later it can be shown one more time/, null],
  ["Nobody", /This is the only time it is shown: it is not stored\./, /no longer stored/],
  ["Administrators, whenever they ask", /Administrators of Stark Industries can see it again later/, null],
] as const) {
  test(`who may see the secret later is chosen, and the summary says what that means: ${label}`, async ({ page }) => {
    const name = `Seen by: ${label}`;
    await adding.signInAndAdd(page);
    await adding.policy(page, label).check();
    await adding.toOverview(page, name);
    await expect(part(page, "Who may see the secret later")).toHaveText(label);
    await adding.addAndSee(page, name);
    await expect(dialog(page)).toContainText(advice);
    await axe(page);
    await eye(page).click();
    await expect(secretLine(page)).toHaveText(/^lk_[0-9A-Za-z]{36}$/);
    await viewDetails(page).click();
    await expect(fact(page, "Who may see it")).toHaveText(label);
    if (later === null) await expect(eye(page)).toBeEnabled();
    else await expect(fact(page, "API token")).toContainText(later);
    await page.goto(LIST);
    await adding.openAdd(page);
    await expect(adding.policy(page, "Administrators, whenever they ask"), "a new form begins anew").toBeChecked();
    await expect(nameField(page)).toHaveValue("");
  });
}

test("the summary step cannot be reached before the token is added, nor the others after", async ({ page }) => {
  await adding.signInAndAdd(page);
  await expect(step(page, "Summary")).toBeDisabled();
  for (const name of ["Modules", "Overview", "General"] as const) await expect(step(page, name)).toBeEnabled();
  await adding.toOverview(page, "One way only");
  await adding.addAndSee(page, "One way only");
  await expect(step(page, "Summary")).toHaveAttribute("aria-current", "step");
  for (const name of ["General", "Modules", "Overview"] as const) await expect(step(page, name)).toBeDisabled();
  for (const name of ["Back", "Next", "Add"]) await expect(button(page, name)).toHaveCount(0);
});

test("the overview leads back to either step, and shows what was changed there", async ({ page }) => {
  await adding.signInAndAdd(page);
  await adding.toOverview(page, "Looked over");
  await expect(part(page, "Description")).toHaveText("No description");
  await dialog(page).getByRole("link", { name: "Change the general part" }).click();
  await expect(nameField(page)).toHaveValue("Looked over");
  await nameField(page).fill("Looked over twice");
  await step(page, "Overview").click();
  await dialog(page).getByRole("link", { name: "Change the modules" }).click();
  await module(page, "Reporting").check();
  await next(page).click();
  await expect(part(page, "API token name")).toHaveText("Looked over twice");
  await expect(dialog(page).getByRole("listitem").filter({ hasText: "MOD-3067" })).toContainText("Reporting");
  await adding.addAndSee(page, "Looked over twice");
});

test("a token without any module says so, and gets what every token has", async ({ page }) => {
  await adding.signInAndAdd(page);
  await nameField(page).fill("Nothing chosen");
  await step(page, "Modules").click();
  await button(page, "Select all").click();
  await expect(dialog(page).getByText("13 of 13 modules selected")).toBeVisible();
  await button(page, "Select none").click();
  await expect(dialog(page).getByText("1 of 13 modules selected"), "what the platform sets stays").toBeVisible();
  await next(page).click();
  await adding.addAndSee(page, "Nothing chosen");
  await viewDetails(page).click();
  await expect(fact(page, "Modules")).toHaveText(/^1\s*Platform Basics$/);
});
