// A secret is shown to somebody who entered his password within the last quarter of an hour; else it is asked for again.
import type { Page } from "@playwright/test";
import { WHO, axe, expect, shot, signIn } from "../fixtures";
import { type AgeingServer, test } from "../ageing";
import { LIST, details, held } from "../editing";
import { live, tabTo } from "../steps";
import {
  CONFIRM, addToken, allowClipboard, clipboard, copyButton, count, expectHidden, expectShown, eye, passwordDialog, word, type KnownToken,
} from "../secrets";

test.use({ serverName: "secret-password" });

const field = (page: Page) => passwordDialog(page).getByLabel("Password");
const goOn = (page: Page) => passwordDialog(page).getByRole("button", { name: "Continue" });

/** The details of a token of the test's own, opened by somebody who signed in so many minutes ago. */
async function openLater(page: Page, server: AgeingServer, name: string, minutes: number): Promise<KnownToken> {
  await signIn(page, "administrator");
  const token = await addToken(page, name);
  await page.goto(details(token.id));
  await expect(eye(page)).toBeEnabled();
  await server.later(minutes);
  return token;
}

test("after 16 minutes the password is asked for; a wrong one is told beside the field, the right one shows the secret", async ({
  page, server, unlock, expectConsole,
}) => {
  expectConsole(/status of 4(03|22)/);
  const token = await openLater(page, server, "Asked again", 16);
  await eye(page).click();
  await expect(passwordDialog(page)).toBeVisible();
  await expect(field(page)).toBeFocused();
  await expect(field(page)).not.toHaveAttribute("aria-invalid");
  await axe(page);
  await shot(page, "password-again-light");

  await field(page).fill("not the password at all");
  await goOn(page).click();
  await expect(field(page)).toHaveAttribute("aria-invalid", "true");
  await expect(field(page)).toHaveAccessibleDescription(/password/i);
  await expect(field(page)).toBeFocused();
  await expect(passwordDialog(page)).toBeVisible();
  await axe(page);
  await unlock("administrator");
  await field(page).fill(WHO.administrator.password);
  await goOn(page).click();
  await expect(passwordDialog(page)).toBeHidden();
  await expectShown(page, token);
  await expect(eye(page)).toBeFocused();

  const next = await addToken(page, "Not asked a second time");
  await page.goto(details(next.id));
  await eye(page).click();
  await expectShown(page, next);
});

test("after 14 minutes nobody is asked", async ({ page, server }) => {
  const token = await openLater(page, server, "Not asked", 14);
  await eye(page).click();
  await expectShown(page, token);
});

test("copying asks for the password as well, and then copies", async ({ page, server, expectConsole }) => {
  expectConsole(/status of 403/);
  await allowClipboard(page, server.url);
  const token = await openLater(page, server, "Asked for copying", 16);
  await copyButton(page).click();
  await field(page).fill(WHO.administrator.password);
  await field(page).press("Enter");
  await expect(passwordDialog(page)).toBeHidden();
  await expect(word(page)).toHaveText("Copied");
  expect(await clipboard(page)).toBe(token.secret);
  await expectHidden(page, token);
});

test("the password is asked for and entered by keyboard alone", async ({ page, server, expectConsole }) => {
  expectConsole(/status of 403/);
  const token = await openLater(page, server, "Asked by keyboard", 16);
  await tabTo(page, eye(page));
  await page.keyboard.press("Enter");
  await expect(field(page)).toBeFocused();
  await page.keyboard.type(WHO.administrator.password);
  await page.keyboard.press("Enter");
  await expect(passwordDialog(page)).toBeHidden();
  await expectShown(page, token);
  await expect(eye(page)).toBeFocused();
});

test("Cancel, Escape and Back leave the secret hidden and the page as it was, and nothing is asked of the server", async ({
  page, server, expectConsole,
}) => {
  expectConsole(/status of 403/);
  const token = await openLater(page, server, "Thought better of it", 16);
  await page.goto(`${LIST}?search=${token.id}`);
  await live(page);
  await page.getByRole("link", { name: token.name }).click();
  const confirmed = count(page, "/fn/confirm_password");
  for (const leave of [
    () => passwordDialog(page).getByRole("button", { name: "Cancel" }).click(),
    () => page.keyboard.press("Escape"),
    () => page.goBack(),
  ]) {
    await eye(page).click();
    await expect(field(page)).toBeFocused();
    await field(page).fill("half a pass");
    await leave();
    await expect(passwordDialog(page)).toHaveCount(0);
    await expectHidden(page, token);
    await expect(eye(page)).toBeFocused();
    await expect(page).toHaveURL(details(token.id));
  }
  expect(confirmed()).toBe(0);
});

test("a second Enter while the password is looked at sends nothing more", async ({ page, server, expectConsole }) => {
  expectConsole(/status of 403/);
  const token = await openLater(page, server, "Sent once", 16);
  const { promise: answer, resolve } = held();
  const sent = count(page, "/fn/confirm_password");
  await page.route(CONFIRM, async (route) => {
    await answer;
    await route.continue();
  });
  await eye(page).click();
  await field(page).fill(WHO.administrator.password);
  await field(page).press("Enter");
  await expect(goOn(page)).toBeDisabled();
  await field(page).press("Enter");
  await axe(page);
  resolve();
  await expectShown(page, token);
  expect(sent()).toBe(1);
});

test("while the server cannot be reached the dialog says so, and the password can be sent again", async ({ page, server, expectConsole }) => {
  expectConsole(/status of 403|ERR_/);
  const token = await openLater(page, server, "Sent again", 16);
  await page.route(CONFIRM, (route) => route.abort("connectionrefused"));
  await eye(page).click();
  await field(page).fill(WHO.administrator.password);
  await goOn(page).click();
  await expect(passwordDialog(page)).toContainText("Latchkey could not be reached");
  await expect(field(page)).toHaveValue(WHO.administrator.password);
  await axe(page);
  await page.unroute(CONFIRM);
  await goOn(page).click();
  await expectShown(page, token);
});
