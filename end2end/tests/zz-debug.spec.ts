import { expect, signIn, test } from "../fixtures";
import { LIST, token } from "../editing";
import * as lives from "../lives";
import { actionsOf, cancel, question } from "../lives";
import { live } from "../steps";
test.use({ serverName: "zz" });
test("debug", async ({ page }) => {
  const { id } = token("Onboarding kiosk");
  await signIn(page, "administrator");
  await page.goto("/help/add-api-token");
  await page.goto(`${LIST}?search=${id}`);
  await live(page);
  for (const leave of [() => cancel(page, "Disable").click(), () => page.keyboard.press("Escape"), () => page.goBack()]) {
    await lives.choose(page, actionsOf(page, id), "Disable");
    await leave();
    await expect(question(page, "Disable")).toBeHidden();
    await page.waitForTimeout(500);
    console.log(page.url(), await page.evaluate(() => document.activeElement?.outerHTML.slice(0, 120)));
  }
});
