// The filters of the audit trail, one by one and together.
import type { Locator, Page } from "@playwright/test";
import { WHO, axe, demo, expect, shot, signIn, test } from "../fixtures";
import { COLLEAGUE, signInAs } from "../editing";
import { live, rowsCame, tabTo } from "../steps";
import { addToken } from "../secrets";
import { TRAIL, apply, close, edit, filter, filters, ids, liveTrail, record, records, step, view } from "../audit";

test.use({ serverName: "audit-filters" });

const colleague = demo.users.find((user) => user.name === COLLEAGUE);
const UPDATED = "platform.accounts.token.updated";

async function open(page: Page, address = TRAIL): Promise<void> {
  await page.goto(address);
  await liveTrail(page);
}

/** Every row has this text, and there is one at least. */
async function expectOnly(page: Page, text: string): Promise<void> {
  await expect(records(page).filter({ hasNotText: text })).toHaveCount(0);
  await expect(records(page).filter({ hasText: text })).not.toHaveCount(0);
}

test.beforeEach(async ({ page }) => {
  await signIn(page, "administrator");
});

test("an object is found by its id in any case, and by a part of its name in any case", async ({ page }) => {
  const token = await addToken(page, "Füllstand der Kantine");
  await edit(page, token.id, 1, { name: "Füllstand der Mensa" });
  for (const typed of [token.id, token.id.toLowerCase(), "FÜLLSTAND", "der mensa"]) {
    await open(page);
    await filter(page, "Object").fill(typed);
    await filter(page, "Object").press("Enter");
    await expect(records(page)).toHaveCount(2);
    await expectOnly(page, token.id);
    await expect(page).toHaveURL(`${TRAIL}?object=${encodeURIComponent(typed).replace(/-/g, "-")}`);
    await expect(filter(page, "Object")).toHaveValue(typed);
    await expect(filter(page, "Object"), "the focus stays in the field").toBeFocused();
  }
  await axe(page);
  await shot(page, "audit-filtered-light");
});

test("an actor is found by name, e-mail address and id, and Latchkey by its name", async ({ page, visitor }) => {
  const other = await visitor();
  await signInAs(other, COLLEAGUE);
  for (const typed of [colleague?.id ?? "", "echeverr", colleague?.email ?? ""]) {
    await open(page);
    await filter(page, "Actor").fill(typed);
    await apply(page).click();
    await expectOnly(page, colleague?.id ?? "?");
  }
  await filter(page, "Actor").fill("latchkey");
  await apply(page).click();
  await expect(records(page)).toHaveCount(25);
  await expectOnly(page, "Latchkey");
});

test("an event is chosen from a list of all of them", async ({ page }) => {
  const token = await addToken(page, "Updated once");
  await edit(page, token.id, 1, { name: "Updated" });
  await open(page);
  await expect(filter(page, "Event").getByRole("option").first()).toHaveText("All events");
  await filter(page, "Event").selectOption({ label: "API token updated" });
  await apply(page).click();
  await expect(page).toHaveURL(`${TRAIL}?event=${UPDATED}`);
  await expectOnly(page, UPDATED);
  await expect(records(page).first()).toContainText(token.id);
});

test("days are those of UTC, both of them included", async ({ page }) => {
  const dayOf = async (which: Locator) => ((await which.locator("time").getAttribute("datetime")) ?? "").slice(0, 10);
  const after = (day: string, days: number) => new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10);
  // What was provisioned is of the day before, if midnight was since then.
  await open(page, `${TRAIL}?event=platform.accounts.account.created`);
  const before = after(await dayOf(records(page).last()), -1);
  await open(page);
  const today = await dayOf(records(page).first());
  const day = (offset: number) => after(today, offset);
  for (const [from, to, found] of [
    [today, "", true], ["", today, true], [today, today, true], [day(-400), day(1), true],
    [day(1), "", false], ["", before, false], [day(1), before, false],
  ] as const) {
    await filter(page, "From day (UTC)").fill(from);
    await filter(page, "To day (UTC)").fill(to);
    await apply(page).click();
    await page.waitForURL((url) => (url.searchParams.get("from") ?? "") === from && (url.searchParams.get("to") ?? "") === to);
    await rowsCame(page);
    if (found) await expect(records(page)).not.toHaveCount(0);
    else await expect(page.getByRole("heading", { name: "No match" })).toBeVisible();
  }
});

test("filters hold together, stay over View details, Back and a reload, and are cleared at once", async ({ page }) => {
  const token = await addToken(page, "Found by four filters");
  await edit(page, token.id, 1, { name: "Found by filters" });
  await step(page, token.id, "Disable");
  await open(page);
  await expect(page.getByRole("link", { name: "Clear filters" })).toHaveCount(0);
  const today = ((await records(page).first().locator("time").getAttribute("datetime")) ?? "").slice(0, 10);
  await filter(page, "Object").fill("found by");
  await filter(page, "Actor").fill(WHO.administrator.email);
  await filter(page, "Event").selectOption(UPDATED);
  await filter(page, "From day (UTC)").fill(today);
  await apply(page).click();
  await expect(records(page)).toHaveCount(1);
  await expect(records(page)).toContainText('API token "Found by filters" updated: name');
  const address = page.url();
  await axe(page);
  await view(records(page).first()).click();
  await expect(record(page)).toBeVisible();
  await close(page).click();
  await expect(record(page)).toHaveCount(0);
  await expect(page).toHaveURL(address);
  await page.reload();
  await liveTrail(page);
  await expect(records(page)).toHaveCount(1);
  await expect(filter(page, "Actor")).toHaveValue(WHO.administrator.email);
  await expect(filter(page, "Event")).toHaveValue(UPDATED);
  await expect(filter(page, "From day (UTC)")).toHaveValue(today);

  await filter(page, "Actor").fill("nobody is called this");
  await apply(page).click();
  await expect(page.getByRole("heading", { name: "No match" })).toBeVisible();
  await axe(page);
  await page.goBack();
  await expect(records(page)).toHaveCount(1);
  await expect(filter(page, "Actor"), "the fields follow the address").toHaveValue(WHO.administrator.email);
  await page.goForward();
  await page.getByRole("main").getByRole("link", { name: "Clear filters" }).first().click();
  await expect(page).toHaveURL(TRAIL);
  for (const label of ["Object", "Actor", "Event", "From day (UTC)", "To day (UTC)"] as const) await expect(filter(page, label)).toHaveValue("");
  await expect(records(page)).toHaveCount(25);
});

test("filters are filled in and applied by keyboard alone", async ({ page }) => {
  const token = await addToken(page, "Filtered by keyboard");
  await open(page);
  await tabTo(page, filter(page, "Object"));
  await page.keyboard.type(token.id);
  await page.keyboard.press("Tab");
  await expect(filter(page, "Actor")).toBeFocused();
  await page.keyboard.press("Tab");
  await expect(filter(page, "Event")).toBeFocused();
  // The first event with this letter; more letters may come too far apart to be taken together.
  await page.keyboard.type("A");
  await expect(filter(page, "Event")).toHaveValue("platform.accounts.token.created");
  await tabTo(page, apply(page));
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(`${TRAIL}?object=${token.id}&event=platform.accounts.token.created`);
  await expect(records(page)).toHaveCount(1);
});

test("what makes no sense in an address finds nothing and breaks nothing", async ({ page }) => {
  const nonsense = [
    "from=2026-02-30", "from=yesterday", "event=platform.accounts.token.exploded", "object=%25", "object=_", "object='%20OR%201=1--",
    "object=%00", `object=${"x".repeat(300)}`, "actor=%F0%9F%A6%84", "object=TKN-9999-9999",
  ];
  const sent = async (query: string) => {
    const answer = await page.request.get(`${TRAIL}?${query}`, { headers: { accept: "text/html" } });
    expect(answer.status(), query).toBe(200);
    return answer.text();
  };
  for (const query of nonsense) expect(await sent(query), query).toContain("<h2>No match<");
  for (const query of ["before=x", "after=", "before=99999999999999999999", "size=7", "order=evil"]) {
    expect(await sent(query), query).toContain("View details");
  }
  await page.goto(`${TRAIL}?event=platform.accounts.token.exploded`);
  await live(page);
  await expect(filter(page, "Event")).toHaveValue("platform.accounts.token.exploded");
  await axe(page);
});

test("a token's secret in a filter is not sent, and the page says so", async ({ page }) => {
  await open(page, `${TRAIL}?object=TKN-1234-1234`);
  const secret = `lk_${"aB3".repeat(12)}`;
  const sent: string[] = [];
  page.on("request", (request) => sent.push(request.url() + (request.postData() ?? "")));
  for (const label of ["Object", "Actor"] as const) {
    await filter(page, label).fill(` ${secret}`);
    await apply(page).click();
    await expect(filters(page).getByRole("alert")).toContainText("This looks like a token's secret, so it was not sent.");
    await axe(page);
    await filter(page, label).fill("");
    await apply(page).click();
    await expect(filters(page).getByRole("alert")).toHaveCount(0);
  }
  await filter(page, "Object").fill("robot");
  await apply(page).click();
  await expect(filters(page).getByRole("alert")).toHaveCount(0);
  await expect(page).toHaveURL(`${TRAIL}?object=robot`);
  expect(sent.filter((text) => text.includes(secret))).toEqual([]);
});

test("another account's objects and people are found by nobody's filter", async ({ page, visitor }) => {
  const vendor = await visitor();
  await signIn(vendor, "vendor");
  await vendor.goto(TRAIL);
  const theirs = await ids(vendor);
  expect(theirs.length).toBeGreaterThan(5);
  for (const query of ["object=TKN-4471-5634", "object=Listing", `object=${WHO.vendor.account}`, `actor=${WHO.vendor.id}`, "actor=bruno@example.com"]) {
    await page.goto(`${TRAIL}?${query}`);
    await expect(page.getByRole("heading", { name: "No match" }), query).toBeVisible();
  }
  await page.goto(TRAIL);
  expect((await ids(page)).filter((id) => theirs.includes(id))).toEqual([]);
  await expect(page.getByText("Bruno Ferreira")).toHaveCount(0);
});

test("Operations sees the records of every account, and filters them in the same way", async ({ page, visitor }) => {
  const token = await addToken(page, "Seen by Operations");
  const operator = await visitor();
  await signIn(operator, "operatorViewer");
  await open(operator, `${TRAIL}?object=${token.id}`);
  await expect(records(operator)).toHaveCount(1);
  await operator.goto(`${TRAIL}?object=TKN-4471-5634`);
  await expect(records(operator)).toHaveCount(1);
  await operator.goto(`${TRAIL}?event=platform.accounts.module.created`);
  await expect(records(operator).first()).toContainText('Module "');
  await page.goto(`${TRAIL}?event=platform.accounts.module.created`);
  await expect(page.getByRole("heading", { name: "No match" }), "modules stand outside every account").toBeVisible();
});
