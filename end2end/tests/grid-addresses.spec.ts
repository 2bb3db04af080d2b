// Addresses of the list that were edited by hand: always the list, with a remark for each thing it cannot have.
import { axe, expect, signIn, test } from "../fixtures";
import { live, names, noSidewaysScrolling } from "../steps";
import { LIST, MISSING, idIn, inUse, remarks, save } from "../views";

test.use({ serverName: "addresses" });

const SIZES = "A page can have 5, 10, 25, 50 or 100 rows";

const ODD: [string, string[]][] = [
  ["page=-1", ["There is no page “-1”. This is page 1."]],
  ["page=0", ["There is no page “0”. This is page 1."]],
  ["page=abc", ["There is no page “abc”. This is page 1."]],
  ["page=99999999999", ["There is no page “99999999999”. This is page 1."]],
  ["page=99", ["There is no page 99. This is the last one."]],
  ["size=1000000000", [`${SIZES}, not “1000000000”.`]],
  ["size=7", [`${SIZES}, not “7”.`]],
  ["order=nonsense", ["The list cannot be sorted by “nonsense”."]],
  ["order=status,token,--name", ["The list cannot be sorted by “token”, “--name”."]],
  ["columns=gone", ["There is no column “gone”."]],
  ["columns=status,gone~200,away", ["There are no columns “gone”, “away”."]],
  ["columns=status,modules,status", ["The address names “Status” more than once. Each column is shown once."]],
  ["fit=wide", ["There is no column size “wide”."]],
  ["view=VIW-9999-9999", [MISSING]],
  ["view=nonsense", [MISSING]],
  ["view=%3Cscript%3E", [MISSING]],
  ["view=VIW-9999-9999&page=x&size=y&order=z", [
    MISSING,
    "There is no page “x”. This is page 1.",
    `${SIZES}, not “y”.`,
    "The list cannot be sorted by “z”.",
  ]],
];

test.beforeEach(async ({ page }) => signIn(page, "administrator"));

test("each thing that the list cannot have is remarked on, and the rows are there", async ({ page }) => {
  for (const [search, expected] of ODD) {
    const answer = await page.goto(`${LIST}?${search}`);
    expect(answer?.status(), search).toBe(200);
    await expect(remarks(page), search).toHaveText(expected);
    await expect(names(page).first(), search).toBeVisible();
    await live(page);
    await expect(remarks(page), `${search}, live`).toHaveText(expected);
  }
  await axe(page);
  await page.setViewportSize({ width: 360, height: 780 });
  await noSidewaysScrolling(page);
});

test("what means nothing to the list is passed over", async ({ page }) => {
  for (const search of ["", "utm_source=x&page[]=2", "&&&=1", "search=%20", "page=&size=&order=&columns=&fit=&view=", "view=plain", "page=1"]) {
    const answer = await page.goto(`${LIST}?${search}`);
    expect(answer?.status(), search).toBe(200);
    await expect(names(page), search).toHaveCount(10);
    await expect(remarks(page), search).toHaveCount(0);
  }
});

test("a filter that is none is said to be wrong, with the view's name and the other remarks over it", async ({ page, expectConsole }) => {
  expectConsole(/400/);
  await page.goto(`${LIST}?filter=eq(&order=token&page=9&view=VIW-9999-9999`);
  await live(page);
  await expect(page.getByRole("heading", { name: "The filter is wrong" })).toBeVisible();
  await expect(remarks(page)).toHaveText([MISSING, "The list cannot be sorted by “token”."]);
  await axe(page);
});

test("a remark goes when the list goes on to what there is", async ({ page }) => {
  await page.goto(`${LIST}?page=99`);
  await live(page);
  await expect(remarks(page)).toHaveCount(1);
  await page.getByRole("link", { name: "Previous" }).click();
  await expect(page).toHaveURL(`${LIST}?page=3`);
  await expect(remarks(page)).toHaveCount(0);
});

test("a view with a column that no longer exists shows the others and says so", async ({ page }) => {
  await page.goto(`${LIST}?columns=status,nameOfOld~200,created`);
  await live(page);
  await save(page, "Old columns");
  const id = idIn(page);
  await page.goto(`${LIST}?view=${id}`);
  await page.goto(`${LIST}?columns=status%2CnameOfOld~200%2Ccreated&view=${id}`);
  await live(page);
  await inUse(page, "Old columns");
  await expect(remarks(page)).toHaveText(["There is no column “nameOfOld”."]);
  await expect(page.getByRole("columnheader").filter({ hasNotText: "Actions" })).toHaveText([/API token/, /Status/, /Date created/]);
});

test("somebody else's own view is remarked on as one that does not exist", async ({ page, visitor }) => {
  await page.goto(`${LIST}?search=robot`);
  await live(page);
  await save(page, "Nobody else's");
  const address = page.url();
  for (const who of ["viewer", "operator"] as const) {
    const other = await visitor();
    await signIn(other, who);
    const answer = await other.goto(address);
    expect(answer?.status()).toBe(200);
    await expect(remarks(other)).toHaveText([MISSING]);
    await expect(names(other).first()).toBeVisible();
  }
});

test("the number of rows is remembered, and one in the address is taken all the same", async ({ page }) => {
  await live(page);
  await page.getByLabel("Rows per page").selectOption("25");
  await expect(page).toHaveURL(`${LIST}?size=25`);
  await expect(names(page)).toHaveCount(25);
  await page.goto(LIST);
  await live(page);
  await expect(names(page)).toHaveCount(25);
  await page.getByRole("link", { name: "Next" }).click();
  await expect(page).toHaveURL(`${LIST}?page=2`);
  await expect(names(page)).toHaveCount(12);
  await page.goto(`${LIST}?size=10`);
  await live(page);
  await expect(names(page)).toHaveCount(10);
  await page.getByRole("link", { name: "Next" }).click();
  await expect(page).toHaveURL(`${LIST}?size=10&page=2`);
  await expect(names(page)).toHaveCount(10);
  await page.goto(`${LIST}?page=2`);
  await live(page);
  await page.getByLabel("Rows per page").selectOption("5");
  await expect(page).toHaveURL(`${LIST}?size=5`);
  await expect(names(page)).toHaveCount(5);
  await page.goBack();
  await expect(names(page), "Back shows what there was").toHaveCount(12);
});
