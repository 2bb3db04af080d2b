// Saved views of the list: kept, opened, changed, shared, begun with, deleted.
import { axe, expect, signIn, test } from "../fixtures";
import { held } from "../editing";
import { live, names, tabTo, userButton } from "../steps";
import { LIST, MISSING, form, idIn, inUse, message, remarks, save, step, take, viewsButton, way } from "../views";

test.use({ serverName: "views" });

const ROBOTS = ["robot 2", "Robot 1", 'Robot "Jarvis" <b>v2</b> & friends'];

test.beforeEach(async ({ page }) => {
  await signIn(page, "administrator");
  await live(page);
});

test("a list is kept under a name and opened by it, and the name says when the list is another one", async ({ page }) => {
  await inUse(page, "Default view");
  await page.goto(`${LIST}?search=robot&page=2`);
  await live(page);
  await viewsButton(page).click();
  await expect(way(page, "Default view")).toHaveAttribute("aria-checked", "true");
  await expect(step(page, "Delete this view…")).toHaveCount(0);
  await axe(page);
  await step(page, "Save as a new view…").click();
  await expect(form(page, "Save as a new view")).toBeVisible();
  await axe(page);
  await page.keyboard.press("Escape");
  await expect(viewsButton(page)).toBeFocused();
  await save(page, "Robots");
  const id = idIn(page);
  await expect(page).toHaveURL(`${LIST}?search=robot&view=${id}`);
  await expect(names(page)).toHaveText(ROBOTS);

  await page.getByRole("columnheader", { name: "API token", exact: true }).getByRole("link").first().click();
  await inUse(page, "Robots (changed)");
  await take(page, "Save changes to this view");
  await expect(message(page)).toContainText('View "Robots" updated');
  await inUse(page, "Robots");

  await viewsButton(page).click();
  await way(page, "Default view").click();
  await inUse(page, "Default view");
  await expect(page).toHaveURL(LIST);
  await viewsButton(page).click();
  await expect(way(page, "Robots")).toHaveAttribute("aria-checked", "false");
  await way(page, "Robots").click();
  await expect(page).toHaveURL(`${LIST}?search=robot&order=name&view=${id}`);
  await page.reload();
  await inUse(page, "Robots");
  await expect(names(page)).toHaveText(['Robot "Jarvis" <b>v2</b> & friends', "Robot 1", "robot 2"]);
});

test("a name that is empty or taken is refused beside the field, and what was typed stays", async ({ page, expectConsole }) => {
  expectConsole(/422/);
  await save(page, "Taken");
  await take(page, "Save as a new view…");
  const box = form(page, "Save as a new view");
  const name = box.getByLabel("Name");
  await box.getByRole("button", { name: "Save", exact: true }).click();
  await expect(box.getByText(/empty/)).toBeVisible();
  await name.fill("Taken");
  await box.getByRole("button", { name: "Save", exact: true }).click();
  await expect(box.getByText(/You have another view with this name/)).toBeVisible();
  await expect(name).toHaveValue("Taken");
  await expect(name).toHaveAttribute("aria-invalid", "true");
  await expect(name).toBeFocused();
  await axe(page);
  await box.getByRole("button", { name: "Cancel" }).click();
  await expect(box).toHaveCount(0);
});

test("a shared view is everybody's in the account to use and an Administrator's to change", async ({ page, visitor }) => {
  await page.goto(`${LIST}?search=robot`);
  await live(page);
  await save(page, "All our robots", true);
  const id = idIn(page);
  const viewer = await visitor();
  await signIn(viewer, "viewer");
  await live(viewer);
  await viewsButton(viewer).click();
  await expect(viewer.getByRole("group", { name: "Shared with your account" })).toContainText("All our robots");
  await axe(viewer);
  await way(viewer, "All our robots").click();
  await expect(names(viewer)).toHaveText(ROBOTS);
  await inUse(viewer, "All our robots");
  await viewsButton(viewer).click();
  for (const gone of ["Rename or share…", "Delete this view…", "Save changes to this view"]) {
    await expect(step(viewer, gone)).toHaveCount(0);
  }
  await step(viewer, "Use as your default").click();
  await expect(message(viewer)).toContainText('View "All our robots" is your default now');
  await take(viewer, "Save as a new view…");
  await expect(form(viewer, "Save as a new view").getByLabel("Name")).toBeFocused();
  await expect(form(viewer, "Save as a new view").getByLabel(/^Share/), "Viewers do not share").toHaveCount(0);
  await viewer.keyboard.press("Escape");

  await take(page, "Delete this view…");
  const question = form(page, "Delete this view?");
  await expect(question).toContainText("shared with everybody in Stark Industries. It will be gone for all of them");
  await axe(page);
  await question.getByRole("button", { name: "Keep it" }).click();
  await take(page, "Delete this view…");
  await question.getByRole("button", { name: "Delete view" }).click();
  await expect(message(page)).toContainText('View "All our robots" deleted');
  await expect(page).toHaveURL(`${LIST}?search=robot`);
  await expect(names(page), "the list stays").toHaveText(ROBOTS);

  await viewer.goto(`${LIST}?search=robot&view=${id}`);
  await expect(remarks(viewer)).toHaveText([MISSING]);
  await expect(names(viewer)).toHaveText(ROBOTS);
  await viewer.goto(LIST);
  await live(viewer);
  await expect(viewer, "nothing to begin with any more").toHaveURL(LIST);
});

test("a view is renamed and shared, and one that somebody else changed meanwhile is not overwritten", async ({ page, context, expectConsole }) => {
  expectConsole(/409/);
  await save(page, "Before");
  const second = await context.newPage();
  await second.goto(page.url());
  await live(second);
  await take(second, "Rename or share…");
  const box = form(second, "Rename or share");
  await expect(box.getByLabel("Name")).toHaveValue("Before");
  await box.getByLabel("Name").fill("After");
  await box.getByLabel(/^Share with everybody in /).check();
  await box.getByRole("button", { name: "Save", exact: true }).click();
  await expect(message(second)).toContainText('View "After" updated');
  await inUse(second, "After");

  await inUse(page, "Before");
  await take(page, "Rename or share…");
  const late = form(page, "Rename or share");
  await late.getByLabel("Name").fill("Too late");
  await late.getByRole("button", { name: "Save", exact: true }).click();
  await expect(late.getByRole("alert")).toContainText("You changed this view on");
  await inUse(page, "After");
  await axe(page);
  await late.getByRole("button", { name: "Save", exact: true }).click();
  await expect(message(page), "knowing of the other change").toContainText('View "Too late" updated');
});

test("the list begins with the chosen view, and the plain list is one choice away", async ({ page }) => {
  await page.goto(`${LIST}?search=robot&size=25`);
  await live(page);
  await save(page, "Mine to begin with");
  const address = `${LIST}?search=robot&size=25&view=${idIn(page)}`;
  await take(page, "Use as your default");
  await expect(message(page)).toContainText("is your default now");
  await page.goto(LIST);
  await expect(page).toHaveURL(address);
  await live(page);
  await page.getByRole("link", { name: "Audit trail" }).click();
  await expect(page.getByRole("heading", { name: "Audit trail", level: 1 })).toBeVisible();
  await page.getByRole("link", { name: "API tokens", exact: true }).first().click();
  await expect(page).toHaveURL(address);
  await page.goBack();
  await expect(page, "nothing bare lies between").toHaveURL(/audit-trail/);
  await page.goForward();
  await inUse(page, "Mine to begin with");

  await viewsButton(page).click();
  await way(page, "Default view").click();
  await expect(page).toHaveURL(`${LIST}?view=plain`);
  await expect(remarks(page)).toHaveCount(0);
  await expect(names(page)).toHaveCount(10);
  await page.reload();
  await inUse(page, "Default view");

  await page.goto(`${LIST}?search=robot`);
  await live(page);
  await page.getByRole("link", { name: "Clear search" }).click();
  await expect(page, "all tokens, not the view again").toHaveURL(`${LIST}?view=plain`);

  await page.goto(address);
  await live(page);
  await take(page, "Do not use as your default");
  await expect(message(page)).toContainText("is no longer your default");
  await page.goto(LIST);
  await live(page);
  await expect(page).toHaveURL(LIST);
});

test("who chooses the plain list before the views are known gets it, whatever the list begins with", async ({ page }) => {
  await page.goto(`${LIST}?search=robot`);
  await live(page);
  await save(page, "Known late");
  await take(page, "Use as your default");
  await expect(message(page)).toContainText("is your default now");
  await page.goto("/settings/audit-trail");
  await live(page);
  const views = held();
  await page.route("**/fn/list_views", async (route) => {
    await views.promise;
    await route.continue();
  });
  await page.getByRole("link", { name: "API tokens", exact: true }).first().click();
  await viewsButton(page).click();
  await expect(page.getByRole("menu")).toContainText("Your views are being loaded.");
  await way(page, "Default view").click();
  await expect(page).toHaveURL(`${LIST}?view=plain`);
  const came = page.waitForResponse("**/fn/list_views");
  views.resolve();
  await (await came).finished();
  await viewsButton(page).click();
  await expect(way(page, "Known late")).toBeVisible();
  await expect(page).toHaveURL(`${LIST}?view=plain`);
  await expect(names(page)).toHaveCount(10);
  await way(page, "Known late").click();
  await inUse(page, "Known late");
  await take(page, "Do not use as your default");
  await expect(message(page)).toContainText("is no longer your default");
});

test("two tabs show different views, each as its own address says", async ({ page, context }) => {
  await page.goto(`${LIST}?search=robot`);
  await live(page);
  await save(page, "First tab");
  const second = await context.newPage();
  await second.goto(`${LIST}?search=sap`);
  await live(second);
  await save(second, "Second tab");
  await page.reload();
  await live(page);
  await inUse(page, "First tab");
  await expect(names(page)).toHaveText(ROBOTS);
  await expect(names(second)).toHaveText(["SAP S/4HANA connector"]);
  await inUse(second, "Second tab");
});

test("the menu is worked by keyboard", async ({ page }) => {
  await tabTo(page, viewsButton(page));
  await page.keyboard.press("ArrowDown");
  await expect(way(page, "Default view")).toBeFocused();
  await page.keyboard.press("End");
  await expect(step(page, "Save as a new view…")).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(form(page, "Save as a new view").getByLabel("Name")).toBeFocused();
  await page.keyboard.type("By keyboard");
  await page.keyboard.press("Enter");
  await expect(message(page)).toContainText('View "By keyboard" saved');
  await expect(form(page, "Save as a new view")).toHaveCount(0);
  await inUse(page, "By keyboard");
  await expect(viewsButton(page)).toBeFocused();
});

test("while views cannot be had, the list and the menu's button work and say so", async ({ page, expectConsole }) => {
  expectConsole(/503|Failed to load resource/);
  await page.goto("/settings/audit-trail");
  await live(page);
  await page.route("**/fn/list_views", (route) => route.fulfill({ status: 503, contentType: "application/json", body: "{}" }));
  await page.getByRole("link", { name: "API tokens", exact: true }).first().click();
  await expect(names(page)).toHaveCount(10);
  await viewsButton(page).click();
  await expect(page.getByRole("menu")).toContainText("Your views could not be loaded.");
  await axe(page);
  await page.unroute("**/fn/list_views");
  await step(page, "Try again").click();
  await expect(userButton(page)).toBeVisible();
  await viewsButton(page).click();
  await expect(page.getByRole("menu")).not.toContainText("could not be loaded");
});
