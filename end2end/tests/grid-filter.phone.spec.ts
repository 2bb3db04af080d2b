// The filter of the list on a phone, by touch.
import type { Page } from "@playwright/test";
import { axe, expect, signIn, test } from "../fixtures";
import { LIST } from "../editing";
import { button, comparison, dialog, filtered, match, named, property, removal, removes, tool, value, values, written } from "../filtering";
import { live, noSidewaysScrolling } from "../steps";

test.use({ serverName: "grid-filter-phone" });

async function fits(page: Page): Promise<void> {
  await noSidewaysScrolling(page);
  await axe(page);
}

test.beforeEach(async ({ page }) => {
  await signIn(page, "administrator");
  await page.goto(`${LIST}?size=50`);
  await live(page);
});

test("conditions stack, and every field is as wide as there is room", async ({ page }) => {
  await tool(page).tap();
  await button(page, "Add a condition").tap();
  await property(page, 1).selectOption({ label: "Date created" });
  await comparison(page, 1).selectOption({ label: "between" });
  await value(page, 1, "first day (UTC)").fill("2026-09-01");
  await value(page, 1, "last day (UTC)").fill("2026-09-30");
  await button(page, "Add a conditional group").tap();
  await match(page, 1).selectOption({ label: "any of these" });
  await property(page, 2).selectOption({ label: "Modules" });
  await comparison(page, 2).selectOption({ label: "include one of" });
  await values(page, 2).getByText("Billing", { exact: true }).tap();
  await values(page, 2).getByText("Audit Trail", { exact: true }).tap();
  await fits(page);
  const upper = await property(page, 1).boundingBox();
  const lower = await comparison(page, 1).boundingBox();
  expect(lower?.y).toBeGreaterThanOrEqual((upper?.y ?? 0) + (upper?.height ?? 0));
  await expect(removal(page, 2)).toBeVisible();
  await button(page, "Apply").tap();
  await expect(dialog(page)).toBeHidden();
  const either = (modules: string[]) => modules.includes("billing") || modules.includes("audit-trail");
  const expected = named((token) => token.createdAt.startsWith("2026-09") && either(token.modules));
  for (const name of expected) await expect(page.getByRole("link", { name, exact: true })).toBeVisible();
  await expect(page.getByText(`${expected.length} tokens`)).toBeVisible();
  await fits(page);
  await removes(page, "Modules include Billing or Audit Trail").tap();
  await expect(removes(page, "Modules include Billing or Audit Trail")).toHaveCount(0);
  await expect(removes(page, "Created between 2026-09-01 and 2026-09-30 (UTC)")).toBeVisible();
});

test("a long filter written by hand fits, as a chip and as text", async ({ page }) => {
  const long = `and(gt(revision,0),ilike(name,'${"x".repeat(150)}*'))`;
  await page.goto(filtered(long));
  await live(page);
  await fits(page);
  await tool(page).tap();
  await expect(written(page)).toHaveValue(long);
  await fits(page);
  await button(page, "Clear").tap();
  await expect(page).toHaveURL(LIST);
});
