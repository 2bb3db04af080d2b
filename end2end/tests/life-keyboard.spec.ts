// Disabling, enabling and deleting with the keyboard alone.
import { axe, expect, signIn, test } from "../fixtures";
import { LIST, details, token } from "../editing";
import * as lives from "../lives";
import { actionsOf, cancel, message, moreActions, question, stateInHead, stateOf, typedName, yes } from "../lives";
import { live, tabTo } from "../steps";

test.use({ serverName: "life-keyboard" });

test.beforeEach(async ({ page }) => signIn(page, "administrator"));

test("from the list: find the token, disable it, enable it, and go on where one was", async ({ page }) => {
  const { id, name } = token("Terraform pipeline");
  await live(page);
  await page.keyboard.press("/");
  await page.keyboard.type("terraform");
  await page.keyboard.press("Enter");
  await expect(page.getByText("1 token", { exact: true })).toBeVisible();
  await tabTo(page, actionsOf(page, id));
  for (const [action, letter, after] of [["Disable", "d", "Disabled"], ["Enable", "e", "Active"]] as const) {
    await page.keyboard.press("ArrowDown");
    await expect(page.getByRole("menuitem", { name: action })).toBeFocused();
    await page.keyboard.press("ArrowDown");
    await expect(page.getByRole("menuitem", { name: "Edit" })).toBeFocused();
    await page.keyboard.press("ArrowDown");
    await expect(page.getByRole("menuitem", { name: "Delete" })).toBeFocused();
    await page.keyboard.press(letter);
    await expect(page.getByRole("menuitem", { name: action }), `${letter} leads to it`).toBeFocused();
    await page.keyboard.press("Enter");
    await expect(cancel(page, action)).toBeFocused();
    await page.keyboard.press("Tab");
    await expect(yes(page, action)).toBeFocused();
    await axe(page);
    await page.keyboard.press("Space");
    await expect(question(page, action)).toBeHidden();
    await expect(message(page)).toContainText(`API token "${name}" ${lives.DONE[action]}`);
    await expect(stateOf(page, id)).toHaveText(after);
    await expect(actionsOf(page, id)).toBeFocused();
  }
});

test("from the details: the menu beside Edit, the question, and the focus back on the menu's button", async ({ page }) => {
  const { id } = token("Splunk audit feed");
  await page.goto(details(id));
  await live(page);
  await tabTo(page, page.getByRole("link", { name: "Edit" }));
  await page.keyboard.press("Tab");
  await expect(moreActions(page)).toBeFocused();
  for (const [key, first] of [["Enter", "Disable"], ["Space", "Disable"], ["ArrowUp", "Delete"]] as const) {
    await page.keyboard.press(key);
    await expect(page.getByRole("menuitem", { name: first })).toBeFocused();
    await page.keyboard.press("Enter");
    await expect(question(page, first)).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(question(page, first)).toBeHidden();
    await expect(moreActions(page)).toBeFocused();
  }
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expect(cancel(page, "Disable")).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(question(page, "Disable"), "Enter on what has the focus changes nothing").toBeHidden();
  await expect(stateInHead(page)).toHaveText("Active");
});

test("the question holds the focus until it is answered", async ({ page }) => {
  const { id } = token("Onboarding kiosk");
  await page.goto(`${LIST}?search=${id}`);
  await live(page);
  await lives.choose(page, actionsOf(page, id), "Disable");
  const met = new Set<string>();
  for (let presses = 0; presses < 6; presses += 1) {
    const at = await page.evaluate(() => ({
      name: document.activeElement === document.body ? "" : (document.activeElement?.textContent ?? ""),
      inside: document.activeElement === document.body || document.activeElement?.closest("dialog") != null,
    }));
    expect(at.inside, `focus on ${at.name}`).toBe(true);
    if (at.name !== "") met.add(at.name);
    await page.keyboard.press("Tab");
  }
  expect([...met].toSorted()).toEqual(["Cancel", "Disable"]);
});

test("a token used lately is deleted by typing its name and Enter, and the focus is in the list", async ({ page, server }) => {
  const { id, name } = await lives.madeOne(server, "Typed away", 3);
  await page.goto(`${LIST}?search=${id}`);
  await live(page);
  await tabTo(page, actionsOf(page, id));
  await page.keyboard.press("ArrowUp");
  await expect(page.getByRole("menuitem", { name: "Delete" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(typedName(page)).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(question(page, "Delete"), "Enter does nothing without the name").toBeVisible();
  await page.keyboard.type(name);
  await expect(yes(page, "Delete")).toBeEnabled();
  await page.keyboard.press("Tab");
  await expect(cancel(page, "Delete")).toBeFocused();
  await page.keyboard.press("Tab");
  await expect(yes(page, "Delete")).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(message(page)).toContainText(`API token "${name}" deleted`);
  await expect(page.getByRole("main"), "the row is gone, so the focus is on the page").toBeFocused();
  await page.keyboard.press("Tab");
  await expect(page.getByRole("main").locator(":focus")).toHaveCount(1);
});
