// The audit trail on a phone.
import type { Page } from "@playwright/test";
import { axe, expect, signIn, test } from "../fixtures";
import { live, noSidewaysScrolling } from "../steps";
import { addToken } from "../secrets";
import { TRAIL, apply, close, edit, filter, liveTrail, record, records, told, trailOf, view } from "../audit";

test.use({ serverName: "audit-phone" });

async function fits(page: Page): Promise<void> {
  await noSidewaysScrolling(page);
  await axe(page);
}

test("the trail is a list of cards with everything on them, reached by the drawer; its pages are turned by touch", async ({ page }) => {
  await signIn(page, "administrator");
  await live(page);
  await page.getByRole("button", { name: "Navigation" }).tap();
  await page.getByRole("navigation", { name: "Settings" }).getByRole("link", { name: "Audit trail" }).tap();
  await expect(page).toHaveURL(TRAIL);
  await liveTrail(page);
  await fits(page);
  const card = records(page).last();
  for (const text of ["Latchkey", "platform.accounts.", "created", "View details"]) await expect(card).toContainText(text);
  expect((await card.boundingBox())?.height).toBeGreaterThan(100);
  await page.getByRole("link", { name: "Older", exact: true }).tap();
  await expect(page).toHaveURL(/before=/);
  await noSidewaysScrolling(page);
});

test("the filters fit and are used by touch, also when nothing matches", async ({ page }) => {
  await signIn(page, "administrator");
  await page.goto(`${TRAIL}?object=TKN-1234-1234`);
  await liveTrail(page);
  await fits(page);
  await filter(page, "Object").fill("nothing is called this, certainly not in this account of all accounts");
  await filter(page, "From day (UTC)").fill("2026-01-01");
  await apply(page).tap();
  await expect(page.getByRole("heading", { name: "No match" })).toBeVisible();
  await fits(page);
});

test("a record with long words fits, and its buttons are in reach", async ({ page }) => {
  await signIn(page, "administrator");
  const token = await addToken(page, "x".repeat(200));
  await edit(page, token.id, 1, { name: `${"x".repeat(190)} and more`, description: "One line\nand another. ".repeat(60) });
  await page.goto(trailOf(token.id));
  await liveTrail(page);
  await fits(page);
  await view(records(page).first()).tap();
  await expect(told(page, "Record")).toBeVisible();
  await fits(page);
  await expect(close(page)).toBeInViewport({ ratio: 1 });
  for (const name of ["Copy summary", "Copy details", "Copy JSON"]) {
    const button = record(page).getByRole("button", { name });
    await button.scrollIntoViewIfNeeded();
    await expect(button).toBeInViewport({ ratio: 1 });
  }
  await fits(page);
  await close(page).tap();
  await expect(record(page)).toHaveCount(0);
});
