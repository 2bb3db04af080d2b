// Several tokens at once: selecting them, what is told before, doing it, and what becomes of it.
import type { Page } from "@playwright/test";
import { axe, expect, signIn, test, tokensOf } from "../fixtures";
import { LIST, token } from "../editing";
import { madeOne, stateOf } from "../lives";
import { CHANGES, ask, dialog, go, pick, selected } from "../several";
import { filtered, live, rowOf, rowsCame, tabTo } from "../steps";

test.use({ serverName: "several" });

/** How far a change has come is asked here. */
const PROGRESS = "**/fn/get_bulk_change";

/** Two that are enabled, and one that is not. */
const [TERRAFORM, TAX, JENKINS] = ["Terraform pipeline", "Tax export (Portugal)", "Jenkins nightly"].map((name) => token(name).id) as [string, string, string];

test("tokens are selected, disabled in one step and enabled again, and the one that needs nothing is told", async ({ page }) => {
  await signIn(page, "administrator");
  await page.goto(filtered(`in(id,(${TERRAFORM},${TAX},${JENKINS}))`));
  await live(page);
  await expect(selected(page).getByRole("button", { name: "Disable" })).toHaveCount(0);
  for (const id of [TERRAFORM, TAX, JENKINS]) await pick(page, id).check();
  await expect(selected(page)).toContainText("3 selected");
  await expect(selected(page).getByLabel("Select page")).toBeChecked();
  await axe(page);
  await ask(page, "Disable");
  await expect(dialog(page)).toContainText("Requests with 2 API tokens will be refused until they are enabled again.");
  await expect(dialog(page)).toContainText("1 API token left alone");
  await expect(dialog(page)).toContainText("Disabled already (1)");
  await expect(dialog(page)).toContainText("Jenkins nightly");
  await axe(page);
  await go(page, "Disable 2 API tokens").click();
  await expect(dialog(page)).toContainText("2 API tokens disabled. 1 API token left alone.");
  await axe(page);
  await dialog(page).getByRole("link", { name: "Results for each API token" }).click();
  await expect(page).toHaveURL(/\/settings\/api-tokens\/changes\/BLK-\d{4}-\d{4}$/);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Disable 2 API tokens");
  await expect(rowOf(page, JENKINS)).toContainText("Left alone");
  await expect(rowOf(page, JENKINS)).toContainText("Disabled already");
  await expect(rowOf(page, TAX)).toContainText("Changed");
  await axe(page);
  await live(page);
  await page.getByRole("searchbox", { name: /^Search API tokens/ }).fill("tax");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/search=tax$/);
  await expect(rowOf(page, JENKINS)).toHaveCount(0);
  await expect(rowOf(page, TAX)).toContainText("Changed");
  await expect(page.getByText("1 row", { exact: true })).toBeVisible();
  await page.getByLabel("Rows per page").selectOption("5");
  await expect(page).toHaveURL(/size=5/);
  await page.goBack();
  await page.goBack();
  await expect(rowOf(page, JENKINS)).toContainText("Left alone");
  await page.goBack();
  await expect(stateOf(page, TERRAFORM)).toHaveText("Disabled");
  await live(page);
  await pick(page, TERRAFORM).check();
  await pick(page, TAX).check();
  await ask(page, "Enable");
  await go(page, "Enable 2 API tokens").click();
  await expect(page.getByText("2 API tokens enabled", { exact: true })).toBeVisible();
  await expect(dialog(page)).toHaveCount(0);
  await expect(stateOf(page, TAX)).toHaveText("Active");
  await expect(stateOf(page, JENKINS)).toHaveText("Disabled");
  await expect(selected(page).getByText("selected")).toHaveCount(0);
});

test("a selection outlives a turn of the page, and all that match are taken with two clicks", async ({ page }) => {
  const all = tokensOf("administrator").length;
  await signIn(page, "administrator");
  await page.goto(`${LIST}?size=5&order=name`);
  await live(page);
  await selected(page).getByLabel("Select page").check();
  await expect(selected(page)).toContainText("5 selected");
  await page.getByRole("link", { name: "Next" }).click();
  await expect(page).toHaveURL(/page=2/);
  await expect(selected(page).getByLabel("Select page")).not.toBeChecked();
  await page.getByRole("row").nth(1).getByRole("checkbox").check();
  await expect(selected(page)).toContainText("6 selected");
  await selected(page).getByLabel("Select page").check();
  await selected(page).getByRole("button", { name: `Select all ${all}` }).click();
  await expect(selected(page)).toContainText(`All ${all} selected`);
  await ask(page, "Disable");
  const active = tokensOf("administrator").filter(({ status }) => status === "Active").length;
  await expect(go(page, `Disable ${active} API tokens`)).toBeEnabled();
  await page.keyboard.press("Escape");
  await expect(dialog(page)).toHaveCount(0);
  // Taking one out keeps all others, on whichever page.
  const first = page.getByRole("row").nth(1);
  const status = await first.getByText(/^(Active|Disabled)$/).textContent();
  await first.getByRole("checkbox").uncheck();
  await expect(selected(page)).toContainText(`All ${all} but 1 selected`);
  await ask(page, "Disable");
  await expect(go(page, `Disable ${status === "Active" ? active - 1 : active} API tokens`)).toBeEnabled();
  await page.goBack();
  await expect(dialog(page)).toHaveCount(0);
  await expect(page).toHaveURL(/page=2/);
  await selected(page).getByRole("button", { name: "Clear selection" }).click();
  await expect(selected(page).getByLabel("Select page")).toBeFocused();
  await expect(page.getByRole("row").getByRole("checkbox", { checked: true })).toHaveCount(0);
  // What is selected goes with the list that it was selected in, also when that is left.
  await page.getByRole("row").nth(1).getByRole("checkbox").check();
  await page.goto(`${LIST}?search=robot`);
  await live(page);
  await page.getByRole("row").nth(1).getByRole("checkbox").check();
  await page.getByRole("link", { name: "Clear search" }).click();
  await expect(page).toHaveURL(LIST);
  await expect(selected(page)).not.toContainText("1 selected");
  await page.getByRole("row").nth(1).getByRole("link").first().click();
  await expect(page.getByRole("tab", { name: "General" }).or(page.getByRole("link", { name: "General", exact: true }))).toBeVisible();
});

test("a module is added to some and removed again", async ({ page }) => {
  await signIn(page, "administrator");
  await page.goto(filtered(`in(id,(${TERRAFORM},${TAX}))`));
  await live(page);
  await selected(page).getByLabel("Select page").check();
  await ask(page, "Add a module");
  await dialog(page).getByLabel("Module").selectOption({ label: "Reporting" });
  await expect(dialog(page)).toContainText("2 API tokens may use the module from now on.");
  await axe(page);
  await go(page, "Add Reporting to 2 API tokens").click();
  await expect(page.getByText("Reporting added to 2 API tokens", { exact: true })).toBeVisible();
  await expect(rowOf(page, TAX)).toContainText("Reporting");
  await selected(page).getByLabel("Select page").check();
  await ask(page, "Remove a module");
  await dialog(page).getByLabel("Module").selectOption({ label: "Reporting" });
  await go(page, "Remove Reporting from 2 API tokens").click();
  await expect(page.getByText("Reporting removed from 2 API tokens", { exact: true })).toBeVisible();
  await expect(rowOf(page, TAX)).not.toContainText("Reporting");
});

test("deleting tokens that are in use asks how many they are", async ({ page, server }) => {
  await signIn(page, "administrator");
  // Made here, since what the demo says of last access grows old.
  const { id: used } = await madeOne(server, "Used yesterday", 24);
  const { id: unused } = await madeOne(server, "Never used", null);
  await page.goto(filtered(`in(id,(${used},${unused}))`));
  await live(page);
  await selected(page).getByLabel("Select page").check();
  await ask(page, "Delete");
  await expect(dialog(page)).toContainText("1 of them were used in the last 7 days");
  await expect(go(page, "Delete 2 API tokens")).toBeDisabled();
  await dialog(page).getByLabel("Type how many API tokens to delete").fill("3");
  await expect(go(page, "Delete 2 API tokens")).toBeDisabled();
  await dialog(page).getByLabel("Type how many API tokens to delete").fill("2");
  await axe(page);
  await page.keyboard.press("Enter");
  await expect(page.getByText("2 API tokens deleted", { exact: true })).toBeVisible();
  await expect(page.getByText("No match")).toBeVisible();
});

test("all of it goes by keyboard, and the focus comes back", async ({ page }) => {
  await signIn(page, "administrator");
  await page.goto(filtered(`eq(id,'${TERRAFORM}')`));
  await live(page);
  await tabTo(page, pick(page, TERRAFORM));
  await page.keyboard.press("Space");
  await expect(selected(page)).toContainText("1 selected");
  const disable = selected(page).getByRole("button", { name: "Disable", exact: true });
  await tabTo(page, disable, "Shift+Tab");
  await page.keyboard.press("Enter");
  await expect(go(page, "Disable 1 API token")).toBeEnabled();
  await expect(dialog(page).getByRole("button", { name: "Cancel" })).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(disable).toBeFocused();
});

test("what others did meanwhile is told anew, and a Viewer selects nothing", async ({ page, visitor }) => {
  await signIn(page, "administrator");
  await page.goto(filtered(`in(id,(${TERRAFORM},${TAX}))`));
  await live(page);
  await selected(page).getByLabel("Select page").check();
  await ask(page, "Enable");
  await expect(dialog(page)).toContainText("There is nothing to do");
  const other = await visitor();
  await signIn(other, "administrator");
  await other.goto(filtered(`in(id,(${TERRAFORM},${TAX}))`));
  await live(other);
  await selected(other).getByLabel("Select page").check();
  await ask(other, "Disable");
  await go(other, "Disable 2 API tokens").click();
  await expect(other.getByText("2 API tokens disabled", { exact: true })).toBeVisible();
  await page.keyboard.press("Escape");
  await ask(page, "Enable");
  await go(page, "Enable 2 API tokens").click();
  await expect(page.getByText("2 API tokens enabled", { exact: true })).toBeVisible();
  const viewer = await visitor();
  await signIn(viewer, "viewer");
  await live(viewer);
  await expect(selected(viewer)).toHaveCount(0);
  await expect(viewer.getByRole("row").getByRole("checkbox")).toHaveCount(0);
  await viewer.goto(CHANGES);
  await expect(viewer.getByRole("row").filter({ hasText: "Enable 2 API tokens" }).first()).toContainText("Completed");
  await axe(viewer);
});

/** Changes the one token, and makes of the answers those of a change that has far to go: the server here is through at once. */
async function begin(page: Page, action: "Disable" | "Enable"): Promise<void> {
  await page.goto(filtered(`eq(id,'${TERRAFORM}')`));
  await live(page);
  await page.route(PROGRESS, async (route) => {
    const answer = await route.fetch();
    const change = (await answer.json()) as { changed: number };
    await route.fulfill({ response: answer, json: { ...change, state: "Running", total: 2_000, changed: 500, ended_at: null, may_stop: true } });
  });
  await pick(page, TERRAFORM).check();
  await ask(page, action);
  await go(page, `${action} 1 API token`).click();
  await expect(dialog(page)).toContainText(`500 API tokens ${action.toLowerCase()}d. 1,500 to go.`);
}

test("a change that goes on shows how far it is, and can be stopped", async ({ page }) => {
  await signIn(page, "administrator");
  await begin(page, "Disable");
  await expect(dialog(page).getByRole("progressbar")).toHaveAttribute("max", "2000");
  await axe(page);
  await dialog(page).getByRole("button", { name: "Stop" }).click();
  // Looks under way get their answers first: to take the route from under one fails it.
  await page.unrouteAll({ behavior: "wait" });
  await expect(page.getByText("1 API token disabled", { exact: true })).toBeVisible();
  await rowsCame(page);
  await pick(page, TERRAFORM).check();
  await ask(page, "Enable");
  await go(page, "Enable 1 API token").click();
  await expect(page.getByText("1 API token enabled", { exact: true })).toBeVisible();
});

test("a dialog that was closed asks no more how far its change is", async ({ page }) => {
  await signIn(page, "administrator");
  await page.clock.install();
  await begin(page, "Disable");
  await dialog(page).getByRole("button", { name: "Close" }).click();
  await expect(dialog(page)).toHaveCount(0);
  await page.unrouteAll({ behavior: "wait" });
  let asked = 0;
  page.on("request", (request) => {
    if (request.url().endsWith("/fn/get_bulk_change")) asked += 1;
  });
  await page.clock.runFor(10_000);
  // Whatever was to be asked is on its way before these rows are.
  await page.getByRole("button", { name: "Refresh" }).click();
  await rowsCame(page);
  expect(asked).toBe(0);
  await pick(page, TERRAFORM).check();
  await ask(page, "Enable");
  await go(page, "Enable 1 API token").click();
  await expect(page.getByText("1 API token enabled", { exact: true })).toBeVisible();
});
