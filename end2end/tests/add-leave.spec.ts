// Moving between the steps, leaving them, and coming back: what was entered stays, and what is secret does not.
import type { Page } from "@playwright/test";
import { axe, expect, signIn, test } from "../fixtures";
import * as adding from "../adding";
import { ADD, addLink, back, close, descriptionField, dialog, lastChance, module, nameField, next, part, question, step, summary } from "../adding";
import { COLLEAGUE, LIST, signInAs } from "../editing";
import { blue } from "../logos";
import { SECRET, eye, secretLine } from "../secrets";
import { live } from "../steps";

test.use({ serverName: "add-leave" });

const ONCE = "The first Administrator who asks, once";
const removeLogo = (page: Page) => dialog(page).getByRole("button", { name: "Remove logo" });

/** Enters something in each field, as far as the overview. */
async function enterEverything(page: Page, name: string): Promise<void> {
  await nameField(page).fill(name);
  await descriptionField(page).fill("First line\nsecond line");
  await adding.policy(page, ONCE).check();
  await adding.logoField(page).setInputFiles(blue());
  await expect(removeLogo(page)).toBeVisible();
  await next(page).click();
  await module(page, "Helpdesk").check();
  await module(page, "Catalog").check();
  await next(page).click();
  await expect(adding.overview(page)).toBeVisible();
}

async function expectGeneral(page: Page, name: string): Promise<void> {
  await expect(step(page, "General")).toHaveAttribute("aria-current", "step");
  await expect(nameField(page)).toHaveValue(name);
  await expect(descriptionField(page)).toHaveValue("First line\nsecond line");
  await expect(adding.policy(page, ONCE)).toBeChecked();
  await expect(removeLogo(page)).toBeVisible();
}

async function expectModules(page: Page): Promise<void> {
  await expect(step(page, "Modules")).toHaveAttribute("aria-current", "step");
  for (const name of ["Helpdesk", "Catalog"]) await expect(module(page, name)).toBeChecked();
  await expect(module(page, "Billing")).not.toBeChecked();
}

/** Reloads as a person does who says Leave to the browser's question. */
async function reloadAnyway(page: Page): Promise<void> {
  const asked = page.waitForEvent("dialog");
  const reloaded = page.waitForEvent("load");
  await page.evaluate(() => void setTimeout(() => location.reload()));
  const browserQuestion = await asked;
  expect(browserQuestion.type()).toBe("beforeunload");
  await browserQuestion.accept();
  await reloaded;
  await live(page);
}

test("Back and Next keep everything, and so do the browser's Back and Forward", async ({ page }) => {
  await adding.signInAndAdd(page);
  await enterEverything(page, "There and back");
  await back(page).click();
  await expectModules(page);
  await back(page).click();
  await expectGeneral(page, "There and back");
  await expect(back(page)).toBeHidden();
  await next(page).click();
  await next(page).click();
  await expect(adding.overview(page)).toBeVisible();

  await page.goBack();
  await expect(page).toHaveURL(`${ADD}?step=modules`);
  await expectModules(page);
  await page.goBack();
  await expectGeneral(page, "There and back");
  await page.goForward();
  await expectModules(page);
  await page.goForward();
  await expect(adding.overview(page)).toBeVisible();
  await expect(question(page)).toHaveCount(0);
  await adding.addAndSee(page, "There and back");
});

test("Close and Escape ask before anything entered is lost, from every step, and the focus stays in the form", async ({ page }) => {
  await adding.signInAndAdd(page);
  await enterEverything(page, "Half done");
  const ways = [() => close(page).click(), () => page.keyboard.press("Escape")];
  for (const name of ["Overview", "Modules", "General"] as const) {
    await step(page, name).click();
    for (const leave of ways) {
      await leave();
      await expect(question(page)).toBeVisible();
      await expect(question(page).getByRole("button", { name: "Keep editing" })).toBeFocused();
      if (name === "General") await axe(page);
      await page.keyboard.press("Escape");
      await expect(question(page)).toBeHidden();
      await expect(step(page, name)).toHaveAttribute("aria-current", "step");
      await expect(dialog(page).locator(":focus"), "the focus is in the form").toHaveCount(1);
    }
  }
  await expectGeneral(page, "Half done");
});

test("the browser's Back asks where it would leave the form, as often as one tries", async ({ page }) => {
  await adding.signInAndAdd(page);
  await nameField(page).fill("Not left");
  for (const _ of [1, 2, 3]) {
    await page.goBack();
    await expect(question(page)).toBeVisible();
    await question(page).getByRole("button", { name: "Keep editing" }).click();
    await expect(page).toHaveURL(`${ADD}?step=general`);
    await expect(nameField(page)).toHaveValue("Not left");
  }
  await adding.toOverview(page, "Not left");
  await adding.addAndSee(page, "Not left");
  await close(page).click();
  await expect(dialog(page)).toBeHidden();
  await expect(page).toHaveURL(LIST);
});

test("discarding leads back to the list as it was, and the next form is empty", async ({ page }) => {
  await signIn(page, "administrator");
  await page.goto(`${LIST}?order=name&page=2`);
  await adding.openAdd(page);
  await enterEverything(page, "Never added");
  await close(page).click();
  await question(page).getByRole("button", { name: "Discard" }).click();
  await expect(dialog(page)).toBeHidden();
  await expect(page).toHaveURL(`${LIST}?order=name&page=2`);
  await expect(addLink(page)).toBeFocused();
  await addLink(page).click();
  await expect(nameField(page)).toHaveValue("");
  await expect(removeLogo(page)).toHaveCount(0);
  await step(page, "Modules").click();
  await expect(module(page, "Helpdesk")).not.toBeChecked();
  expect(await adding.idsOf(page, "Never added")).toHaveLength(0);
});

test("closing without having entered anything asks nothing, and Back then leads before the list", async ({ page }) => {
  await signIn(page, "administrator");
  await page.goto("/help/add-api-token");
  await page.goto(LIST);
  for (const leave of [() => close(page).click(), () => page.keyboard.press("Escape"), () => page.goBack()]) {
    await adding.openAdd(page);
    await leave();
    await expect(dialog(page)).toBeHidden();
    await expect(page).toHaveURL(LIST);
    await expect(addLink(page)).toBeFocused();
  }
  await adding.openAdd(page);
  await step(page, "Modules").click();
  await step(page, "General").click();
  await close(page).click();
  await expect(dialog(page)).toBeHidden();
  await page.goBack();
  await expect(page).toHaveURL("/help/add-api-token");
});

test("a reload asks, and keeps all that was entered and the step", async ({ page }) => {
  await adding.signInAndAdd(page);
  await enterEverything(page, "Reloaded");
  await reloadAnyway(page);
  await expect(adding.overview(page)).toBeVisible();
  await expect(part(page, "API token name")).toHaveText("Reloaded");
  await expect(part(page, "Logo")).toHaveText("The logo you chose");
  await back(page).click();
  await expectModules(page);
  await reloadAnyway(page);
  await expectModules(page);
  await back(page).click();
  await expectGeneral(page, "Reloaded");
  await axe(page);
  await step(page, "Overview").click();
  await adding.addAndSee(page, "Reloaded");
  await adding.viewDetails(page).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Reloaded");
  await expect(page.getByRole("main").locator("img"), "the logo chosen before the reload").toHaveCount(1);
});

test("a reload of an untouched form asks nothing", async ({ page }) => {
  await adding.signInAndAdd(page);
  await nameField(page).click();
  await page.reload();
  await live(page);
  await expect(nameField(page)).toHaveValue("");
  await close(page).click();
  await expect(page).toHaveURL(LIST);
});

test("a reload of the summary leads to the list: the secret is nowhere any more", async ({ page }) => {
  await adding.signInAndAdd(page);
  await adding.toOverview(page, "Reloaded too late");
  await adding.addAndSee(page, "Reloaded too late");
  await eye(page).click();
  await expect(secretLine(page)).toHaveText(SECRET);
  const secret = await secretLine(page).innerText();
  await page.reload();
  await expect(page).toHaveURL(LIST);
  await expect(dialog(page)).toHaveCount(0);
  await expect(page.getByRole("link", { name: "Reloaded too late", exact: true })).toBeVisible();
  expect(await page.content()).not.toContain(secret);
  expect(await page.evaluate(() => JSON.stringify([{ ...sessionStorage }, { ...localStorage }]))).not.toMatch(/lk_|Reloaded too late/);
  await page.goto(`${ADD}?step=summary`);
  await expect(page, "an address of a summary that is none").toHaveURL(LIST);
});

test("Back from the summary leads to the list and not into the form", async ({ page }) => {
  await adding.signInAndAdd(page);
  await adding.toOverview(page, "Behind me");
  await adding.addAndSee(page, "Behind me");
  await page.goBack();
  await expect(dialog(page)).toBeHidden();
  await expect(page).toHaveURL(LIST);
  await expect(page.getByRole("link", { name: "Behind me", exact: true })).toBeVisible();
});

test("what one person entered is not shown to the next in the same tab", async ({ page, context }) => {
  await adding.signInAndAdd(page);
  await nameField(page).fill("Sarah's own idea");
  await context.clearCookies();
  page.on("dialog", (browserQuestion) => void browserQuestion.accept());
  await signInAs(page, COLLEAGUE);
  await adding.openAdd(page);
  await expect(nameField(page)).toHaveValue("");
  expect(await page.evaluate(() => JSON.stringify({ ...sessionStorage }))).not.toContain("Sarah's own idea");
});

test("two tabs have two forms, and each adds its token", async ({ page, context }) => {
  await adding.signInAndAdd(page);
  const second = await context.newPage();
  await second.goto(ADD);
  await live(second);
  await nameField(page).fill("From the first tab");
  await nameField(second).fill("From the second tab");
  for (const [tab, name] of [[page, "From the first tab"], [second, "From the second tab"]] as const) {
    await adding.toOverview(tab, name);
    await adding.addAndSee(tab, name);
    await close(tab).click();
    await expect(dialog(tab)).toBeHidden();
  }
  await expect(second.getByRole("link", { name: "From the first tab", exact: true })).toBeVisible();
});

test("leaving a summary whose secret nobody can be shown again asks first, until it was seen", async ({ page }) => {
  await adding.signInAndAdd(page);
  await adding.policy(page, "Nobody").check();
  await adding.toOverview(page, "Only now");
  await adding.addAndSee(page, "Only now");
  const ways = [() => close(page).click(), () => page.keyboard.press("Escape"), () => page.goBack(), () => adding.viewDetails(page).click()];
  for (const leave of ways) {
    await leave();
    await expect(lastChance(page)).toBeVisible();
    await axe(page);
    await lastChance(page).getByRole("button", { name: "Stay here" }).click();
    await expect(lastChance(page)).toBeHidden();
    await expect(summary(page, "Only now")).toBeVisible();
  }
  await eye(page).click();
  await expect(secretLine(page)).toHaveText(/^lk_[0-9A-Za-z]{36}$/);
  await close(page).click();
  await expect(dialog(page)).toBeHidden();
  await expect(page).toHaveURL(LIST);
});

test("a Viewer is not offered the form, and its address says why", async ({ page, expectConsole }) => {
  expectConsole(/status of 403/);
  await signIn(page, "viewer");
  await live(page);
  await expect(addLink(page)).toHaveCount(0);
  expect((await page.goto(ADD))?.status()).toBe(403);
  await live(page);
  await expect(dialog(page).getByRole("heading", { name: "You may not do this" })).toBeVisible();
  await expect(dialog(page).getByRole("textbox")).toHaveCount(0);
  await axe(page);
  await close(page).click();
  await expect(page).toHaveURL(LIST);
});
