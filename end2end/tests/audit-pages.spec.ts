// Turning the pages of the audit trail.
import type { Page } from "@playwright/test";
import { axe, expect, signIn, test } from "../fixtures";
import { details } from "../editing";
import { addToken } from "../secrets";
import { TRAIL, close, edit, ids, liveTrail, record, records, told, trailOf, view } from "../audit";
import { rowsCame, tabTo } from "../steps";

test.use({ serverName: "audit-pages" });

const turn = (page: Page, name: "Newest" | "Newer" | "Older") => page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name, exact: true });

/** Turns, and gives the ids on the page that then is there. */
async function turned(page: Page, name: "Newest" | "Newer" | "Older"): Promise<string[]> {
  const before = await ids(page);
  await turn(page, name).click();
  await expect.poll(() => ids(page)).not.toEqual(before);
  await rowsCame(page);
  return ids(page);
}

test("Older leads through all records without leaving one out, Newer leads back the same way", async ({ page }) => {
  await signIn(page, "administrator");
  await page.goto(TRAIL);
  await liveTrail(page);
  await expect(turn(page, "Newer")).toHaveAttribute("aria-disabled", "true");
  await expect(turn(page, "Newest")).toHaveCount(0);
  const seen = [await ids(page)];
  expect(seen[0]).toHaveLength(25);
  while ((await turn(page, "Older").getAttribute("aria-disabled")) !== "true") seen.push(await turned(page, "Older"));
  // Forty-two things were provisioned for the account: itself, four people, thirty-seven tokens.
  const all = seen.flat();
  expect(all.length).toBeGreaterThanOrEqual(43);
  expect(new Set(all).size).toBe(all.length);
  await expect(records(page).last()).toContainText('Account "Stark Industries" created');
  await axe(page);
  await page.reload();
  await liveTrail(page);
  expect(await ids(page), "the address is that of the page").toEqual(seen.at(-1));

  const back = [seen.at(-1) ?? []];
  while ((await turn(page, "Newer").getAttribute("aria-disabled")) !== "true") back.unshift(await turned(page, "Newer"));
  const again = back.flat();
  expect(again).toEqual(all.slice(-again.length));
  expect(all.length - again.length).toBeLessThan(25);
  await turn(page, "Newest").click();
  await expect(page).toHaveURL(TRAIL);
  await expect.poll(() => ids(page)).toEqual(seen[0]);
});

test("records that come meanwhile move nothing on an older page", async ({ page, visitor }) => {
  await signIn(page, "administrator");
  await page.goto(TRAIL);
  await liveTrail(page);
  const first = await ids(page);
  const second = await turned(page, "Older");
  const other = await visitor();
  await signIn(other, "viewer");
  await page.getByRole("button", { name: "Refresh", exact: true }).click();
  await rowsCame(page);
  expect(await ids(page)).toEqual(second);
  expect(await turned(page, "Newer"), "just newer, not the newest").toEqual(first);
  const newest = await turned(page, "Newest");
  await expect(records(page).first()).toContainText("signed in");
  expect(newest.slice(1)).toEqual(first.slice(0, 24));
});

test("a record over an older page closes onto that page, and the filters are kept from page to page", async ({ page }) => {
  await signIn(page, "administrator");
  await page.goto(`${TRAIL}?actor=Latchkey&event=platform.accounts.token.created`);
  await liveTrail(page);
  const second = await turned(page, "Older");
  expect(second).toHaveLength(12);
  await expect(page).toHaveURL(/actor=Latchkey&event=platform\.accounts\.token\.created&before=\d+$/);
  const address = page.url();
  await view(records(page).first()).click();
  await expect(told(page, "Record")).toHaveText(second[0] ?? "");
  await close(page).click();
  await expect(record(page)).toHaveCount(0);
  await expect(page).toHaveURL(address);
  expect(await ids(page)).toEqual(second);
});

test("the tab of a token turns its pages too, by keyboard", async ({ page }) => {
  await signIn(page, "administrator");
  const token = await addToken(page, "Edited very often");
  for (let revision = 1; revision <= 26; revision += 1) await edit(page, token.id, revision, { name: `Edited ${revision} times` });
  await page.goto(trailOf(token.id));
  await liveTrail(page);
  const first = await ids(page);
  expect(first).toHaveLength(25);
  await tabTo(page, turn(page, "Older"));
  await page.keyboard.press("Enter");
  await expect(records(page)).toHaveCount(2);
  await expect(records(page).last()).toContainText('API token "Edited very often" created');
  await expect(page).toHaveURL(/\?tab=audit-trail&before=\d+$/);
  await axe(page);
  await page.goBack();
  await expect.poll(() => ids(page)).toEqual(first);
  await page.goto(details(token.id));
  await page.getByRole("link", { name: "Audit trail", exact: true }).last().click();
  await expect(records(page)).toHaveCount(25);
});

test("a place beyond the beginning or the end says that there are no more, with the way to the newest", async ({ page }) => {
  await signIn(page, "administrator");
  for (const query of ["before=1", "after=999999", "before=-5"]) {
    await page.goto(`${TRAIL}?${query}`);
    await expect(page.getByRole("heading", { name: "No more records" }), query).toBeVisible();
  }
  await axe(page);
  await page.getByRole("link", { name: "Newest records" }).click();
  await expect(page).toHaveURL(TRAIL);
  await expect(records(page)).toHaveCount(25);
});
