// Finding tokens from any page, names that are hard to show, and text that must never be sent.
import type { Page } from "@playwright/test";
import { axe, expect, signIn, test, tokensOf } from "../fixtures";
import { live, names, noSidewaysScrolling, rowOf, rowsCame } from "../steps";

test.use({ serverName: "list" });

const LIST = "/settings/api-tokens";
const SECRET = `lk_${"aB3".repeat(12)}`;

const box = (page: Page) => page.getByRole("searchbox", { name: "Search tokens by name or id" });

async function search(page: Page, text: string): Promise<void> {
  await box(page).fill(text);
  await box(page).press("Enter");
}

test.beforeEach(async ({ page }) => {
  await signIn(page, "administrator");
  await live(page);
});

test("a part of a name finds its tokens in any case and any language", async ({ page }) => {
  await search(page, " ROBOT ");
  await expect(page.getByText("3 tokens")).toBeVisible();
  await expect(names(page)).toHaveText(["robot 2", "Robot 1", 'Robot "Jarvis" <b>v2</b> & friends']);
  await expect(page.getByText("Name or id contains “ROBOT”")).toBeVisible();
  await axe(page);
  const others: [string, RegExp][] = [
    ["zÜRICH", /Zürich/],
    ["zu\u0308rich", /Zürich/],
    ["ロボット", /請求書/],
    ["👩‍🚀", /Launch bot/],
    ["الدفع", /بوابة/],
    ["<B>", /Jarvis/],
  ];
  for (const [text, found] of others) {
    await search(page, text);
    await expect(names(page)).toHaveText([found]);
    await expect(box(page)).toHaveValue(text);
  }
});

test("a whole id or a part of one finds its token", async ({ page }) => {
  for (const [text, found] of [["TKN-1234-3316", /SAP/], ["tkn-1234-33", /SAP/], ["4-3316", /SAP/]] as const) {
    await search(page, text);
    await expect(names(page)).toHaveText([found]);
  }
});

test("a search stays while pages and orders change, and can be taken away", async ({ page }) => {
  await search(page, "e");
  await rowsCame(page);
  await page.getByLabel("Rows per page").selectOption("5");
  await rowsCame(page);
  await page.getByRole("link", { name: "Next" }).click();
  await rowsCame(page);
  await page.getByRole("columnheader", { name: "Status" }).getByRole("link").click();
  await expect(page).toHaveURL(`${LIST}?search=e&order=status&size=5`);
  await page.reload();
  await expect(box(page)).toHaveValue("e");
  await expect(page.getByText("Name or id contains “e”")).toBeVisible();
  await page.getByRole("link", { name: "Clear search" }).click();
  await expect(page.getByText("37 tokens")).toBeVisible();
  await expect(box(page)).toHaveValue("");
  await expect(page).toHaveURL(`${LIST}?order=status&size=5`);
});

test("signs that mean something to a database or an address are searched as they are", async ({ page }) => {
  for (const text of ["%", "_", "\\", "' or 1=1 --", "&size=5", "50% off#?", "<script>alert(1)</script>", "x".repeat(500)]) {
    await search(page, text);
    await expect(page.getByRole("heading", { name: "No match" })).toBeVisible();
    await expect(page.getByText(`No token of yours has “${text}” in its name or id.`)).toBeVisible();
    await expect(box(page)).toHaveValue(text);
  }
  await search(page, "s/4");
  await expect(names(page)).toHaveText(["SAP S/4HANA connector"]);
});

test("when nothing matches the page says so and leads back to all tokens", async ({ page }) => {
  await search(page, "no such token");
  await expect(page.getByRole("heading", { name: "No match" })).toBeVisible();
  await expect(page.getByText("0 tokens")).toBeVisible();
  await expect(page.getByRole("table")).toHaveCount(0);
  await axe(page);
  await noSidewaysScrolling(page);
  await page.getByRole("link", { name: "Show all tokens" }).click();
  await expect(page.getByText("37 tokens")).toBeVisible();
  await page.goBack();
  await expect(page.getByRole("heading", { name: "No match" })).toBeVisible();
  await expect(box(page)).toHaveValue("no such token");
});

test("the key / goes to the search box from any page, and stays a sign in a field", async ({ page }) => {
  for (const path of [LIST, `${LIST}/TKN-1234-1234`, "/help/edit-api-token", "/profile/sign-ins"]) {
    await page.goto(path);
    await live(page);
    await expect(box(page)).not.toBeFocused();
    await page.keyboard.press("/");
    await expect(box(page)).toBeFocused();
    await expect(box(page)).toHaveValue("");
  }
  await page.keyboard.type("s/4h");
  await expect(box(page)).toHaveValue("s/4h");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(`${LIST}?search=s%2F4h`);
  await expect(names(page)).toHaveText(["SAP S/4HANA connector"]);
});

test("a token's secret typed into the search box is refused and never sent", async ({ page }) => {
  const sent: string[] = [];
  page.on("request", (request) => sent.push(`${request.url()} ${request.postData() ?? ""} ${JSON.stringify(request.headers())}`));
  for (const text of [SECRET, `Bearer ${SECRET}`, `  ${SECRET}\t`]) {
    await search(page, text);
    await expect(page.getByRole("alert")).toHaveText(/^This looks like a token's secret, so it was not sent\./);
    await expect(box(page)).toHaveAttribute("aria-invalid", "true");
  }
  await expect(page).toHaveURL(LIST);
  await axe(page);
  await search(page, "robot 2");
  await expect(names(page)).toHaveText(["robot 2"]);
  await expect(page.getByRole("alert")).toHaveCount(0);
  await expect(box(page)).not.toHaveAttribute("aria-invalid");
  expect(sent.length, "the last search went out").toBeGreaterThan(0);
  expect(sent.filter((text) => text.includes(SECRET))).toEqual([]);
});

test("a token's secret is not sent either while the page is still waiting for its script", async ({ page }) => {
  const sent: string[] = [];
  await page.route(/\.wasm/, () => {}); // it never comes
  page.on("request", (request) => sent.push(request.url()));
  await page.goto(LIST, { waitUntil: "commit" });
  await search(page, SECRET);
  await search(page, "robot 2");
  await expect(names(page)).toHaveText(["robot 2"]);
  expect(sent.filter((url) => url.includes(SECRET))).toEqual([]);
});

test("names with markup, quotes, other directions, emoji and 200 characters are shown as they are and fit", async ({ page }) => {
  const hard = tokensOf("administrator").filter(({ name }) => name.length > 100 || /[<\u0600-\u06ff\u{1f680}請]/u.test(name));
  expect(hard.map((token) => token.name.length > 100 || token.name)).toHaveLength(5);
  for (const width of [1280, 360]) {
    await page.setViewportSize({ width, height: 800 });
    for (const { id, name } of hard) {
      await page.goto(`${LIST}?search=${id}`);
      await expect(rowOf(page, id).getByRole("link", { name, exact: true })).toBeVisible();
      await expect(page.getByRole("button", { name: `Actions for ${name}`, exact: true })).toBeVisible();
      await noSidewaysScrolling(page);
      await page.getByRole("link", { name, exact: true }).click();
      await expect(page.getByRole("heading", { name, level: 1, exact: true })).toBeVisible();
      await expect(page).toHaveTitle(`${name} · Latchkey`);
      await noSidewaysScrolling(page);
    }
  }
});
