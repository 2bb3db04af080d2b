// Adding a token on a phone, by touch.
import type { Page } from "@playwright/test";
import { axe, expect, signIn, test } from "../fixtures";
import * as adding from "../adding";
import { add, addLink, close, descriptionField, dialog, logoField, module, nameField, next, overview, part, step, viewDetails } from "../adding";
import { LIST, details } from "../editing";
import { RED, colourOf, picture, png } from "../logos";
import { allowClipboard, clipboard, copyButton, eye, secretLine, word } from "../secrets";
import { live, noSidewaysScrolling } from "../steps";

test.use({ serverName: "add-phone" });

async function fits(page: Page): Promise<void> {
  await noSidewaysScrolling(page);
  await axe(page);
}

async function reachable(page: Page, names: string[]): Promise<void> {
  for (const name of names) await expect(dialog(page).getByRole("button", { name, exact: true })).toBeInViewport({ ratio: 1 });
}

test("a token with a logo is added by touch, from step to step", async ({ page }) => {
  await signIn(page, "administrator");
  await live(page);
  await addLink(page).tap();
  await expect(nameField(page)).toBeVisible();
  await fits(page);
  await reachable(page, ["Close", "Next"]);
  const chooser = page.waitForEvent("filechooser");
  await logoField(page).tap();
  await (await chooser).setFiles(picture(png(RED)));
  await expect(dialog(page).getByRole("img", { name: "Preview of the logo" })).toBeVisible();
  await nameField(page).fill("Added on the way to work");
  await next(page).tap();
  await expect(module(page, "Billing")).toBeVisible();
  await module(page, "Helpdesk").tap();
  await expect(module(page, "Helpdesk")).toBeChecked();
  await reachable(page, ["Close", "Back", "Next"]);
  await next(page).tap();
  await expect(overview(page)).toBeVisible();
  await reachable(page, ["Close", "Back", "Add"]);
  // The overview is looked at. A second tap on the same place at once is the second half of a double one, which adds
  // nothing.
  await overview(page).tap();
  await add(page).tap();
  await expect(adding.summary(page, "Added on the way to work")).toBeVisible();
  await expect(viewDetails(page)).toBeInViewport({ ratio: 1 });
  const id = await part(page, "Id").innerText();
  await viewDetails(page).tap();
  await expect(page).toHaveURL(details(id));
  await expect.poll(() => colourOf(page.getByRole("main").locator("img").first())).toEqual([...RED]);
});

test("the secret is shown and copied by touch", async ({ page, server }) => {
  await allowClipboard(page, server.url);
  await adding.signInAndAdd(page);
  await adding.toOverview(page, "Copied on the way to work");
  await adding.addAndSee(page, "Copied on the way to work");
  await fits(page);
  await eye(page).tap();
  await expect(secretLine(page)).toHaveText(/^lk_[0-9A-Za-z]{36}$/);
  await copyButton(page).tap();
  await expect(word(page)).toHaveText("Copied");
  await fits(page);
  expect(await clipboard(page)).toBe(await secretLine(page).innerText());
});

test("each step fits, filled in as far as it goes", async ({ page }) => {
  await adding.signInAndAdd(page);
  await nameField(page).fill("Added on the way to work");
  await descriptionField(page).fill("x".repeat(300));
  await dialog(page).getByText("The first Administrator who asks, once").tap();
  await fits(page);
  await next(page).tap();
  await expect(step(page, "Modules")).toHaveAttribute("aria-current", "step");
  await fits(page);
  await next(page).tap();
  await expect(part(page, "Who may see the secret later")).toHaveText("The first Administrator who asks, once");
  await fits(page);
});

test("errors and a refused logo fit", async ({ page }) => {
  await adding.signInAndAdd(page);
  await next(page).tap();
  await expect(adding.errors(page)).toBeVisible();
  await logoField(page).setInputFiles(picture(Buffer.from("GIF89a"), "logo.gif", "image/gif"));
  await expect(logoField(page)).toHaveAttribute("aria-invalid", "true");
  await fits(page);
});

test("a name of 200 letters fits in every step", async ({ page }) => {
  await adding.signInAndAdd(page);
  await nameField(page).fill("W".repeat(200));
  for (const name of ["Overview", "Modules", "General"] as const) {
    await step(page, name).tap();
    await expect(step(page, name)).toHaveAttribute("aria-current", "step");
    await fits(page);
  }
});

test("the question before something is lost fits, and Discard leads back to the list", async ({ page }) => {
  await adding.signInAndAdd(page);
  await nameField(page).fill("Not for long");
  await close(page).tap();
  await expect(adding.question(page)).toBeVisible();
  await fits(page);
  await adding.question(page).getByRole("button", { name: "Discard" }).tap();
  await expect(page).toHaveURL(LIST);
  await fits(page);
});

test("Operations chooses the account by touch", async ({ page }) => {
  await adding.signInAndAdd(page, "operator");
  await fits(page);
  await adding.accountField(page).selectOption({ label: "Wayne Software · ACC-4471-9028" });
  await adding.toOverview(page, "For Wayne, by phone");
  await expect(part(page, "Account")).toContainText("Wayne Software");
  await fits(page);
  await adding.addAndSee(page, "For Wayne, by phone");
  await close(page).tap();
  await expect(adding.lastChance(page)).toBeVisible();
  await fits(page);
});
