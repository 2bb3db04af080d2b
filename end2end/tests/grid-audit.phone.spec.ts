// The columns of the audit trail on a phone: every record is a card, and a column is a line of it.
import { axe, expect, signIn, test } from "../fixtures";
import { noSidewaysScrolling } from "../steps";
import { TRAIL, liveTrail, records } from "../audit";

test.use({ serverName: "audit-phone" });

test("cards keep their lines and labels, and the dialog is a sheet at the bottom that takes a line away", async ({ page }) => {
  await signIn(page, "administrator");
  await page.goto(TRAIL);
  await liveTrail(page);
  const card = records(page).first();
  const labels = () => card.locator("td[data-l]").evaluateAll((cells) => cells.map((cell) => cell.getAttribute("data-l")));
  expect(await labels()).toEqual(["Object", "Event", "Summary", "Actor"]);
  await expect(card.locator("td").first(), "the date needs none").not.toHaveAttribute("data-l");
  await page.getByRole("button", { name: "Columns", exact: true }).tap();
  const dialog = page.getByRole("dialog", { name: "Columns" });
  await expect(dialog.getByRole("button", { name: "Apply" })).toBeInViewport({ ratio: 1 });
  await expect.poll(async () => {
    const box = await dialog.boundingBox();
    return box === null ? null : [Math.round(box.x), Math.round(box.width), Math.round(box.y + box.height)];
  }).toEqual([0, 360, 780]);
  await axe(page);
  await noSidewaysScrolling(page);
  await dialog.getByRole("checkbox", { name: "Event" }).uncheck();
  await dialog.getByRole("button", { name: "Apply" }).tap();
  await expect(dialog).toHaveCount(0);
  await expect.poll(labels).toEqual(["Object", "Summary", "Actor"]);
  await noSidewaysScrolling(page);
  await axe(page);
});

test("widths that were chosen elsewhere change nothing on a card", async ({ page }) => {
  await signIn(page, "administrator");
  await page.goto(`${TRAIL}?columns=date~700,object~800,event~800,summary~800,actor~800&fit=content`);
  await liveTrail(page);
  await noSidewaysScrolling(page);
  await axe(page);
});
