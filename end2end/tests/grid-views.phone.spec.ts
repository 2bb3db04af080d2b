// Saved views and remarks on a phone, by touch.
import { axe, expect, signIn, test } from "../fixtures";
import { live, noSidewaysScrolling } from "../steps";
import { LIST, form, inUse, message, remarks, step, viewsButton, way } from "../views";

test.use({ serverName: "views-phone" });

const LONG = `A view with a long name ${"and more of it ".repeat(9)}`.trim();

test("a view is kept, opened and deleted by touch, and all of it fits", async ({ page }) => {
  await signIn(page, "administrator");
  await page.goto(`${LIST}?search=robot`);
  await live(page);
  const fits = async () => {
    await noSidewaysScrolling(page);
    await axe(page);
  };
  await viewsButton(page).tap();
  await expect(step(page, "Save as a new view…")).toBeInViewport({ ratio: 1 });
  await fits();
  await step(page, "Save as a new view…").tap();
  const box = form(page, "Save as a new view");
  await box.getByLabel("Name").fill(LONG);
  await expect(box.getByRole("button", { name: "Save", exact: true })).toBeInViewport({ ratio: 1 });
  await fits();
  await box.getByRole("button", { name: "Save", exact: true }).tap();
  await expect(message(page)).toContainText("saved");
  await inUse(page, LONG);
  await fits();
  await viewsButton(page).tap();
  await fits();
  await way(page, "Default view").tap();
  await inUse(page, "Default view");
  await viewsButton(page).tap();
  await way(page, "A view with a long name").tap();
  await inUse(page, LONG);
  await viewsButton(page).tap();
  await step(page, "Delete this view…").tap();
  await fits();
  await form(page, "Delete this view?").getByRole("button", { name: "Delete view" }).tap();
  await expect(message(page)).toContainText("deleted");
});

test("remarks on an address fit, and so does the list of keys", async ({ page }) => {
  await signIn(page, "administrator");
  await page.goto(`${LIST}?page=-1&size=${"9".repeat(300)}&order=${"x".repeat(300)}&columns=${"y".repeat(300)}&view=VIW-0000-0001`);
  await live(page);
  await expect(remarks(page)).toHaveCount(5);
  await noSidewaysScrolling(page);
  await axe(page);
  await page.getByRole("button", { name: /: your menu$/ }).tap();
  await page.getByRole("menuitem", { name: "Keyboard shortcuts" }).tap();
  const keys = form(page, "Keyboard shortcuts");
  await expect(keys.getByRole("button", { name: "Close" })).toBeInViewport({ ratio: 1 });
  await noSidewaysScrolling(page);
  await axe(page);
  await keys.getByRole("button", { name: "Close" }).tap();
  await expect(keys).toHaveCount(0);
});
