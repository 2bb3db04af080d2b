// The secret on a phone, by touch.
import { WHO, axe, expect, signIn } from "../fixtures";
import { test } from "../ageing";
import { details } from "../editing";
import { addToken, allowClipboard, clipboard, copyButton, expectHidden, expectShown, eye, passwordDialog, refuseClipboard, word } from "../secrets";
import type { Page } from "@playwright/test";
import { noSidewaysScrolling } from "../steps";

test.use({ serverName: "secret-phone" });

async function fits(page: Page): Promise<void> {
  await noSidewaysScrolling(page);
  await axe(page);
}

test("the secret is shown, hidden and copied by touch, and fits", async ({ page, server }) => {
  await allowClipboard(page, server.url);
  await signIn(page, "administrator");
  const token = await addToken(page, "On the phone");
  await page.goto(details(token.id));
  await expect(eye(page)).toBeEnabled();
  await expectHidden(page, token);
  await fits(page);
  await eye(page).tap();
  await expectShown(page, token);
  await fits(page);
  for (const button of [eye(page), copyButton(page)]) {
    const box = await button.boundingBox();
    expect(Math.min(box?.width ?? 0, box?.height ?? 0), "large enough for a finger (WCAG 2.5.8)").toBeGreaterThanOrEqual(24);
    await expect(button).toBeInViewport({ ratio: 1 });
  }
  await eye(page).tap();
  await expectHidden(page, token);
  await copyButton(page).tap();
  await expect(word(page)).toHaveText("Copied");
  expect(await clipboard(page)).toBe(token.secret);
  await fits(page);
});

test("the secret that is selected for want of a clipboard fits, and so does the word about it", async ({ page, server }) => {
  await refuseClipboard(page, server.url);
  await signIn(page, "administrator");
  const token = await addToken(page, "Selected on the phone");
  await page.goto(details(token.id));
  await copyButton(page).tap();
  await expect(word(page)).toContainText("Selected");
  await expectShown(page, token);
  await fits(page);
});

test("the password is asked for in a dialog that fits, wrongly first", async ({ page, server, unlock, expectConsole }) => {
  expectConsole(/status of 4(03|22)/);
  await signIn(page, "administrator");
  const token = await addToken(page, "Asked on the phone");
  await page.goto(details(token.id));
  await expect(eye(page)).toBeEnabled();
  await server.later(16);
  await eye(page).tap();
  const field = passwordDialog(page).getByLabel("Password");
  await expect(field).toBeFocused();
  await fits(page);
  await field.fill("not this one at all");
  await passwordDialog(page).getByRole("button", { name: "Continue" }).tap();
  await expect(field).toHaveAttribute("aria-invalid", "true");
  await fits(page);
  await unlock("administrator");
  await field.fill(WHO.administrator.password);
  await passwordDialog(page).getByRole("button", { name: "Continue" }).tap();
  await expectShown(page, token);
});
