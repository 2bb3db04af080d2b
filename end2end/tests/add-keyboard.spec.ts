// Adding a token with the keyboard alone.
import type { Page } from "@playwright/test";
import { axe, expect, signIn, test } from "../fixtures";
import * as adding from "../adding";
import { add, addLink, close, descriptionField, dialog, logoField, module, nameField, next, overview, policy, question, step, summary, viewDetails } from "../adding";
import { LIST, details } from "../editing";
import { red } from "../logos";
import { allowClipboard, clipboard, copyButton, eye, secretLine, word } from "../secrets";
import { live, tabTo } from "../steps";

test.use({ serverName: "add-keyboard" });

async function openByKeys(page: Page): Promise<void> {
  await signIn(page, "administrator");
  await live(page);
  await tabTo(page, addLink(page));
  await page.keyboard.press("Enter");
  await expect(nameField(page)).toBeFocused();
}

test("every step, the secret and the way back, without a mouse", async ({ page, server }) => {
  await allowClipboard(page, server.url);
  await openByKeys(page);
  await page.keyboard.type("Typed only");
  await page.keyboard.press("Tab");
  await expect(descriptionField(page)).toBeFocused();
  await page.keyboard.type("One");
  await page.keyboard.press("Enter");
  await page.keyboard.type("Two");
  await expect(descriptionField(page)).toHaveValue("One\nTwo");
  await page.keyboard.press("Tab");
  await expect(policy(page, "Administrators, whenever they ask")).toBeFocused();
  await page.keyboard.press("ArrowDown");
  await expect(policy(page, "The first Administrator who asks, once")).toBeChecked();
  await page.keyboard.press("ArrowUp");
  await expect(policy(page, "Administrators, whenever they ask")).toBeChecked();
  await tabTo(page, next(page));
  await page.keyboard.press("Enter");

  await expect(dialog(page).getByLabel("Search modules")).toBeFocused();
  await page.keyboard.type("helpdesk");
  await tabTo(page, module(page, "Helpdesk"));
  await page.keyboard.press("Space");
  await expect(module(page, "Helpdesk")).toBeChecked();
  await tabTo(page, next(page));
  await page.keyboard.press("Enter");

  await expect(overview(page)).toBeFocused();
  await tabTo(page, dialog(page).getByRole("link", { name: "Change the modules" }));
  await page.keyboard.press("Enter");
  await expect(step(page, "Modules")).toHaveAttribute("aria-current", "step");
  await tabTo(page, next(page));
  await page.keyboard.press("Space");
  await expect(overview(page)).toBeFocused();
  await tabTo(page, add(page));
  await page.keyboard.press("Enter");

  await expect(summary(page, "Typed only")).toBeFocused();
  await page.keyboard.press("Tab");
  await expect(eye(page)).toBeFocused();
  await page.keyboard.press("Space");
  await expect(secretLine(page)).toHaveText(/^lk_[0-9A-Za-z]{36}$/);
  await expect(eye(page)).toBeFocused();
  const secret = await secretLine(page).innerText();
  await page.keyboard.press("Space");
  await expect(secretLine(page)).toContainText("hidden");
  await page.keyboard.press("Tab");
  await expect(copyButton(page)).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(word(page)).toHaveText("Copied");
  expect(await clipboard(page)).toBe(secret);
  await expect(copyButton(page), "copying again is one key press").toBeFocused();
  await page.keyboard.press("Tab");
  await expect(close(page)).toBeFocused();
  await page.keyboard.press("Tab");
  await expect(viewDetails(page)).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(dialog(page)).toBeHidden();
  await expect(page).toHaveURL(LIST);
  await expect(addLink(page)).toBeFocused();
});

test("View details by Enter", async ({ page }) => {
  await openByKeys(page);
  await page.keyboard.type("Viewed by key");
  await page.keyboard.press("Enter");
  await expect(dialog(page).getByLabel("Search modules")).toBeFocused();
  await tabTo(page, next(page));
  await page.keyboard.press("Enter");
  await expect(overview(page)).toBeFocused();
  await tabTo(page, add(page));
  await page.keyboard.press("Enter");
  await expect(summary(page, "Viewed by key")).toBeFocused();
  const id = await adding.part(page, "Id").innerText();
  await tabTo(page, viewDetails(page));
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(details(id));
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Viewed by key");
});

test("a logo is chosen and removed by keys, and the focus stays at the field", async ({ page }) => {
  await openByKeys(page);
  await tabTo(page, logoField(page), "Shift+Tab");
  const chooser = page.waitForEvent("filechooser");
  await page.keyboard.press("Enter");
  await (await chooser).setFiles(red());
  await expect(dialog(page).getByRole("img", { name: "Preview of the logo" })).toBeVisible();
  await expect(logoField(page)).toBeFocused();
  await page.keyboard.press("Tab");
  await expect(dialog(page).getByRole("button", { name: "Remove logo" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(dialog(page).getByRole("img", { name: "Preview of the logo" })).toHaveCount(0);
  await expect(logoField(page)).toBeFocused();
});

test("Tab goes through the form in the order in which it reads, and never out of it", async ({ page }) => {
  await openByKeys(page);
  const order: string[] = [];
  for (let presses = 0; presses < 24; presses += 1) {
    const at = await page.evaluate(() => {
      const element = document.activeElement;
      if (element === null || element === document.body) return { name: "", inside: true };
      const labels = element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement ? element.labels : null;
      const name = element.getAttribute("aria-label") ?? labels?.[0]?.firstChild?.textContent ?? element.textContent ?? "";
      return { name: (labels?.[0]?.textContent ?? name).trim(), inside: element.closest("dialog") !== null };
    });
    expect(at.inside, `focus on ${at.name}`).toBe(true);
    if (at.name !== "") order.push(at.name);
    await page.keyboard.press("Tab");
  }
  const round = order.slice(0, order.indexOf("API token name", 1));
  expect(round).toEqual([
    "API token name", "Description Optional", expect.stringMatching(/^Administrators, whenever they ask/), "Close", "Next",
    "Help, in a new tab", "1General", "2Modules", "3Overview", "Logo Optional",
  ]);
});

test("errors are reached and followed by keys, and the question is answered by keys", async ({ page }) => {
  await openByKeys(page);
  await page.keyboard.press("Enter");
  await expect(adding.errors(page)).toBeFocused();
  await page.keyboard.press("Tab");
  await expect(adding.errors(page).getByRole("link")).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(nameField(page)).toBeFocused();
  await page.keyboard.type("Kept");
  await page.keyboard.press("Escape");
  await expect(question(page).getByRole("button", { name: "Keep editing" })).toBeFocused();
  await axe(page);
  await page.keyboard.press("Enter");
  await expect(nameField(page)).toBeFocused();
  await page.keyboard.press("Escape");
  await tabTo(page, question(page).getByRole("button", { name: "Discard" }));
  await page.keyboard.press("Space");
  await expect(dialog(page)).toBeHidden();
  await expect(addLink(page)).toBeFocused();
});
