// Several tokens at once on a phone, by touch.
import { axe, expect, signIn, test } from "../fixtures";
import { LIST, token } from "../editing";
import { CHANGES, ask, dialog, go, pick, selected } from "../several";
import { filtered, live, noSidewaysScrolling } from "../steps";

test.use({ serverName: "several-phone" });

test("cards are selected and changed, and everything fits", async ({ page }) => {
  const [first, second] = ["Terraform pipeline", "Tax export (Portugal)"].map((name) => token(name).id) as [string, string];
  await signIn(page, "administrator");
  await page.goto(LIST);
  await live(page);
  await noSidewaysScrolling(page);
  await page.goto(filtered(`in(id,(${first},${second}))`));
  await live(page);
  await pick(page, first).tap();
  await pick(page, second).tap();
  await expect(selected(page)).toContainText("2 selected");
  await noSidewaysScrolling(page);
  await axe(page);
  await ask(page, "Disable");
  await expect(go(page, "Disable 2 API tokens")).toBeInViewport({ ratio: 1 });
  await noSidewaysScrolling(page);
  await axe(page);
  await go(page, "Disable 2 API tokens").tap();
  await expect(page.getByText("2 API tokens disabled", { exact: true })).toBeVisible();
  await page.goto(CHANGES);
  await live(page);
  await noSidewaysScrolling(page);
  await axe(page);
  await page.getByRole("link", { name: "Disable 2 API tokens" }).tap();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Disable 2 API tokens");
  await noSidewaysScrolling(page);
  await axe(page);
  await expect(dialog(page)).toHaveCount(0);
});
