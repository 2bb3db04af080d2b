import { expect, signIn, test } from "../fixtures";
import * as edit from "../editing";
import { close, descriptionField, details, dialog, module, nameField, question, row, save, step, toast, token } from "../editing";
import type { Page } from "@playwright/test";
import { tabTo } from "../steps";

test.use({ serverName: "edit-keyboard" });

/** What the focus is on, as a screen reader says it; nothing when it is in the browser's own controls. */
const focused = (page: Page) =>
  page.evaluate(() => {
    const element = document.activeElement;
    if (!element || element === document.body) return "";
    const label = element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement ? element.labels?.[0]?.textContent : null;
    return (element.getAttribute("aria-label") ?? label ?? element.textContent ?? "").trim();
  });

test("by keyboard alone from the list: find the token, open its menu, edit in both steps, save, and go on where one was", async ({ page }) => {
  const { id } = token("Splunk audit feed");
  await signIn(page, "administrator");
  await expect(page.getByRole("button", { name: "Refresh" })).toBeEnabled();
  await page.keyboard.press("/");
  await expect(page.getByRole("searchbox")).toBeFocused();
  await page.keyboard.type("splunk");
  await page.keyboard.press("Enter");
  await expect(page.getByText("1 token", { exact: true })).toBeVisible();
  const actions = row(page, id).getByRole("button", { name: "Actions for Splunk audit feed" });
  await tabTo(page, actions);
  await page.keyboard.press("ArrowDown");
  await expect(page.getByRole("menuitem", { name: "Disable" })).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(actions).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("menuitem", { name: "Disable" })).toBeFocused();
  await page.keyboard.press("ArrowDown");
  await expect(page.getByRole("menuitem", { name: "Edit" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(nameField(page)).toBeFocused();
  await page.keyboard.press("End");
  await page.keyboard.type(", EU");
  await page.keyboard.press("Tab");
  await expect(descriptionField(page)).toBeFocused();
  await page.keyboard.press("Control+End");
  await page.keyboard.press("Enter");
  await page.keyboard.type("Second line");
  await expect(descriptionField(page)).toHaveValue(/team\.\nSecond line$/);
  await tabTo(page, step(page, "Modules"), "Shift+Tab");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/step=modules/);
  await expect(step(page, "Modules")).toBeFocused();
  await page.keyboard.press("Tab");
  await expect(dialog(page).getByLabel("Search modules")).toBeFocused();
  await page.keyboard.type("helpdesk");
  await page.keyboard.press("Enter");
  await expect(dialog(page)).toBeVisible();
  await tabTo(page, module(page, "Helpdesk"));
  await page.keyboard.press("Space");
  await expect(module(page, "Helpdesk")).toBeChecked();
  await tabTo(page, save(page));
  await page.keyboard.press("Enter");
  await expect(dialog(page)).toBeHidden();
  await expect(toast(page)).toContainText('API token "Splunk audit feed, EU" updated');
  await expect(row(page, id).getByRole("link", { name: "Splunk audit feed, EU" })).toBeVisible();
  await expect(row(page, id).getByRole("button", { name: /^Actions for/ })).toBeFocused();
});

test("by keyboard alone from the details: edit, change one's mind, edit again and save with Enter", async ({ page }) => {
  const { id, name } = token("Terraform pipeline");
  await signIn(page, "administrator");
  await page.goto(details(id));
  await expect(page.getByRole("button", { name: "Copy API endpoint" })).toBeEnabled();
  const button = page.getByRole("link", { name: "Edit" });
  await tabTo(page, button);
  await page.keyboard.press("Enter");
  await expect(nameField(page)).toBeFocused();
  await page.keyboard.type("Not this");
  await page.keyboard.press("Escape");
  await expect(question(page).getByRole("button", { name: "Keep editing" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(nameField(page)).toBeFocused();
  await page.keyboard.press("Escape");
  await tabTo(page, question(page).getByRole("button", { name: "Discard changes" }));
  await page.keyboard.press("Space");
  await expect(dialog(page)).toBeHidden();
  await expect(button).toBeFocused();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(name);
  await page.keyboard.press("Enter");
  await expect(nameField(page)).toBeFocused();
  await page.keyboard.press("Control+A");
  await page.keyboard.type("Terraform, by keys");
  await page.keyboard.press("Enter");
  await expect(dialog(page)).toBeHidden();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Terraform, by keys");
  await expect(page.getByRole("link", { name: "Edit" })).toBeFocused();
});

test("Tab goes through the dialog in the order in which it reads, and never out of it", async ({ page }) => {
  await edit.editAtAddress(page, token("Power BI refresh").id);
  await nameField(page).focus();
  await page.keyboard.type("!");
  const order = [];
  for (let presses = 0; presses < 18; presses += 1) {
    order.push(await focused(page));
    const inside = await page.evaluate(() => document.activeElement === document.body || document.activeElement?.closest("dialog") != null);
    expect(inside, `focus on ${order.at(-1)}`).toBe(true);
    await page.keyboard.press("Tab");
  }
  const round = order.filter((what) => what !== "");
  const policy = expect.stringMatching(/^Administrators, whenever they ask/);
  const rest = ["Close", "Save", "Help, in a new tab", "1General", "2Modules", "Logo Optional", "API token name"];
  expect(round.slice(0, 10)).toEqual(["API token name", "Description Optional", policy, ...rest]);
  await page.keyboard.press("Shift+Tab");
  await expect(dialog(page)).toBeVisible();
});

test("Tab goes through the modules and past those that cannot be changed", async ({ page }) => {
  await edit.editAtAddress(page, token("Power BI refresh").id, "?step=modules");
  await dialog(page).getByLabel("Search modules").focus();
  await page.keyboard.type("p");
  const order = [];
  do {
    await page.keyboard.press("Tab");
    order.push(await focused(page));
  } while (order.at(-1) !== "Close");
  expect(order.slice(0, 2)).toEqual(["Select all", "Select none"]);
  expect(order.filter((what) => /Platform Basics|Early Access/.test(what))).toEqual([]);
  expect(order.filter((what) => /MOD-/.test(what)).length).toBeGreaterThan(3);
  await tabTo(page, close(page), "Shift+Tab");
  await page.keyboard.press("Enter");
  await expect(dialog(page)).toBeHidden();
});

test("the error summary is reached and followed by keyboard", async ({ page }) => {
  await edit.editAtAddress(page, token("Power BI refresh").id, "?step=general");
  await nameField(page).focus();
  await page.keyboard.press("Control+A");
  await page.keyboard.press("Delete");
  await tabTo(page, step(page, "Modules"), "Shift+Tab");
  await page.keyboard.press("Space");
  await tabTo(page, dialog(page).getByRole("link", { name: /The name is empty/ }));
  await page.keyboard.press("Enter");
  await expect(nameField(page)).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(dialog(page)).toBeVisible();
});

test("a conflict is decided by keyboard, and the focus is led to it", async ({ page, visitor }) => {
  const { id } = token("Teams bot");
  await edit.editAtAddress(page, id);
  await nameField(page).focus();
  await page.keyboard.type("Mine");
  const other = await visitor();
  await edit.colleagueSaves(other, id, () => nameField(other).fill("Theirs"));
  await page.keyboard.press("Enter");
  const box = dialog(page).getByRole("alert").filter({ hasText: "Somebody else changed" });
  await expect(box).toBeFocused();
  await page.keyboard.press("Tab");
  await page.keyboard.press("ArrowRight");
  await expect(box.getByRole("radio", { name: "Take theirs" })).toBeChecked();
  await page.keyboard.press("ArrowLeft");
  await expect(box.getByRole("radio", { name: "Keep mine" })).toBeChecked();
  await tabTo(page, save(page));
  await page.keyboard.press("Enter");
  await expect(dialog(page)).toBeHidden();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(/Mine/);
});
