// Operations adds tokens to any account: the account comes first, and its modules with it.
import type { Page } from "@playwright/test";
import { axe, demo, expect, signIn, test } from "../fixtures";
import * as adding from "../adding";
import { FORM, accountField, add, button, close, dialog, errors, lastChance, module, nameField, next, part, step, summary } from "../adding";
import { LIST, held } from "../editing";
import { SECRET, eye, fact, secretLine, word } from "../secrets";
import { live, rowOf } from "../steps";

test.use({ serverName: "add-operations" });

const MISSING = "Choose the account that the token is for.";
const wayne = demo.accounts.find((account) => account.type === "Vendor");

/** Opens the form as Operations and chooses an account. */
async function addFor(page: Page, account: string): Promise<void> {
  await adding.signInAndAdd(page, "operator");
  await accountField(page).selectOption({ label: account });
}

const WAYNE = "Wayne Software · ACC-4471-9028";
const STARK = "Stark Industries · ACC-0001-0002";

test("the account has to be chosen, and the form says so", async ({ page }) => {
  await adding.signInAndAdd(page, "operator");
  await expect(accountField(page).getByRole("option")).toHaveText(["Choose an account", "Platform Operations · ACC-9000-0001", STARK, WAYNE]);
  await nameField(page).fill("Whose");
  await next(page).click();
  await expect(errors(page).getByRole("link", { name: MISSING })).toBeVisible();
  await expect(accountField(page)).toHaveAttribute("aria-invalid", "true");
  await expect(accountField(page)).toHaveAccessibleDescription(MISSING);
  await axe(page);
  await errors(page).getByRole("link", { name: MISSING }).click();
  await expect(accountField(page)).toBeFocused();
  await accountField(page).selectOption({ label: WAYNE });
  await expect(errors(page)).toHaveCount(0);
  await axe(page);
  await next(page).click();
  await expect(step(page, "Modules")).toHaveAttribute("aria-current", "step");
});

test("a token gets modules of the account that was chosen, and appears there", async ({ page }) => {
  await addFor(page, WAYNE);
  await nameField(page).fill("For Wayne");
  await next(page).click();
  const offered = dialog(page).getByRole("checkbox");
  await expect(offered).toHaveCount(wayne?.modules.length ?? 0);
  await module(page, "Product Publishing").check();
  await expect(dialog(page).getByText("Cost Insights"), "a module of another account").toHaveCount(0);
  await axe(page);
  await next(page).click();
  await expect(part(page, "Account")).toHaveText("Wayne SoftwareACC-4471-9028");
  await adding.addAndSee(page, "For Wayne");
  await expect(part(page, "Account")).toHaveText("Wayne SoftwareACC-4471-9028");
  await expect(dialog(page)).toContainText("You cannot have it shown again; Administrators of Wayne Software can, whenever they ask.");
  const id = await part(page, "Id").innerText();
  await axe(page);
  await dialog(page).getByRole("button", { name: "Copy the secret" }).click();
  await expect(word(page), "it counts as taken").toBeVisible();
  await close(page).click();
  await expect(dialog(page)).toBeHidden();
  await expect(rowOf(page, id).getByRole("cell").nth(1)).toHaveText("Wayne SoftwareACC-4471-9028");
});

test("Operations sees the secret once, after adding; the account's own Administrator sees the same one later", async ({ page, visitor }) => {
  await addFor(page, WAYNE);
  await adding.toOverview(page, "Seen once by us");
  await adding.addAndSee(page, "Seen once by us");
  await close(page).click();
  await expect(lastChance(page)).toContainText("You have neither seen nor copied this token's secret, and you cannot have it shown again.");
  await axe(page);
  await lastChance(page).getByRole("button", { name: "Stay here" }).click();
  await eye(page).click();
  await expect(secretLine(page)).toHaveText(SECRET);
  const secret = await secretLine(page).innerText();
  expect(adding.isWellFormed(secret)).toBe(true);
  const id = await part(page, "Id").innerText();
  await close(page).click();
  await expect(dialog(page)).toBeHidden();
  await page.goto(`${LIST}/${id}`);
  await expect(fact(page, "API token")).toContainText("Only Administrators of Wayne Software can see it.");
  await expect(eye(page)).toHaveCount(0);

  const bruno = await visitor();
  await signIn(bruno, "vendor");
  await bruno.goto(`${LIST}/${id}`);
  await expect(bruno.getByRole("heading", { level: 1 })).toHaveText("Seen once by us");
  await live(bruno);
  await eye(bruno).click();
  await expect(secretLine(bruno), "the account's own Administrator sees the same secret").toHaveText(secret);
});

test("the modules step says to choose an account first", async ({ page }) => {
  await adding.signInAndAdd(page, "operator");
  await step(page, "Modules").click();
  await expect(dialog(page).getByText("Choose an account first: its modules are what the token can get.")).toBeVisible();
  await expect(dialog(page).getByRole("checkbox")).toHaveCount(0);
  await axe(page);
  await step(page, "Overview").click();
  await expect(part(page, "Account")).toHaveText("Not chosen yet");
  await axe(page);
});

test("another account keeps what is ticked as far as it has it, and everything else that was entered", async ({ page }) => {
  await addFor(page, WAYNE);
  await nameField(page).fill("Moved");
  await next(page).click();
  await module(page, "Product Publishing").check();
  await module(page, "Helpdesk").check();
  await step(page, "General").click();
  await accountField(page).selectOption({ label: STARK });
  await expect(nameField(page)).toHaveValue("Moved");
  await step(page, "Modules").click();
  await expect(module(page, "Helpdesk")).toBeChecked();
  await expect(module(page, "Platform Basics")).toBeChecked();
  await expect(dialog(page).getByText("Product Publishing")).toHaveCount(0);
  await expect(dialog(page).getByText("2 of 13 modules selected")).toBeVisible();
  await next(page).click();
  await adding.addAndSee(page, "Moved");
  await expect(part(page, "Account")).toContainText("Stark Industries");
});

test("while the modules of the account are on their way, Add waits for them", async ({ page }) => {
  await adding.signInAndAdd(page, "operator");
  await nameField(page).fill("Not too early");
  const answer = held();
  await page.route(FORM, async (route) => {
    await answer.promise;
    await route.continue();
  });
  await accountField(page).selectOption({ label: WAYNE });
  await step(page, "Overview").click();
  await expect(add(page)).toBeDisabled();
  await step(page, "Modules").click();
  await expect(dialog(page).getByRole("progressbar", { name: "Loading the modules" })).toBeVisible();
  await axe(page);
  answer.resolve();
  await expect(module(page, "Product Publishing")).toBeVisible();
  await step(page, "Overview").click();
  await adding.addAndSee(page, "Not too early");
});

test("of two accounts chosen shortly after each other, the modules of the later one are offered", async ({ page }) => {
  await adding.signInAndAdd(page, "operator");
  const first = held();
  await page.route(FORM, async (route) => {
    if (route.request().postData()?.includes("ACC-4471-9028")) await first.promise;
    await route.continue();
  });
  await accountField(page).selectOption({ label: WAYNE });
  await accountField(page).selectOption({ label: STARK });
  await step(page, "Modules").click();
  await expect(module(page, "Cost Insights")).toBeVisible();
  const late = page.waitForResponse((response) => response.request().postData()?.includes("ACC-4471-9028") ?? false);
  first.resolve();
  await (await late).finished();
  await expect(module(page, "Cost Insights")).toBeVisible();
  await expect(dialog(page).getByText("Product Publishing")).toHaveCount(0);
});

test("modules that cannot be fetched are told beside the account, and fetched again on a click", async ({ page, expectConsole }) => {
  expectConsole(/ERR_/);
  await adding.signInAndAdd(page, "operator");
  await nameField(page).fill("Fetched again");
  await page.route(FORM, (route) => route.abort("connectionrefused"));
  await accountField(page).selectOption({ label: WAYNE });
  await expect(accountField(page)).toHaveAccessibleDescription(/The modules of this account could not be had\..*could not be reached/);
  await axe(page);
  await step(page, "Modules").click();
  await axe(page);
  await page.unroute(FORM);
  await button(page, "Load the modules again").click();
  await expect(module(page, "Product Publishing")).toBeVisible();
  await expect(errors(page)).toHaveCount(0);
  await step(page, "Overview").click();
  await adding.addAndSee(page, "Fetched again");
});

test("Operations sees the secret of its own account's token again", async ({ page }) => {
  await addFor(page, "Platform Operations · ACC-9000-0001");
  await adding.toOverview(page, "Our own");
  await adding.addAndSee(page, "Our own");
  await expect(dialog(page)).toContainText("Administrators of Platform Operations can see it again later");
  await close(page).click();
  await expect(summary(page, "Our own"), "nothing would be lost, so nothing is asked").toBeHidden();
  await page.getByRole("link", { name: "Our own", exact: true }).click();
  await live(page);
  await eye(page).click();
  await expect(secretLine(page)).toHaveText(/^lk_[0-9A-Za-z]{36}$/);
});

test("a reload keeps the account and its modules", async ({ page }) => {
  await addFor(page, WAYNE);
  await nameField(page).fill("Reloaded for Wayne");
  await next(page).click();
  await module(page, "Product Publishing").check();
  page.on("dialog", (browserQuestion) => void browserQuestion.accept());
  await page.reload();
  await live(page);
  await expect(module(page, "Product Publishing")).toBeChecked();
  await step(page, "General").click();
  await expect(accountField(page).getByRole("option", { selected: true })).toHaveText(WAYNE);
  await step(page, "Overview").click();
  await adding.addAndSee(page, "Reloaded for Wayne");
  await expect(part(page, "Account")).toContainText("Wayne Software");
});

test("a Viewer of Operations is not offered the form", async ({ page, expectConsole }) => {
  expectConsole(/status of 403/);
  await signIn(page, "operatorViewer");
  await live(page);
  await expect(adding.addLink(page)).toHaveCount(0);
  expect((await page.goto(adding.ADD))?.status()).toBe(403);
  await expect(dialog(page)).toContainText("You may not do this");
});
