// When the network fails or dawdles, and what a page may hold and keep.
import type { Page, Route } from "@playwright/test";
import { axe, expect, signIn, test, tokensOf } from "../fixtures";
import { choose, live, names, rowsCame } from "../steps";

test.use({ serverName: "list" });

const LIST = "/settings/api-tokens";
const ROBOT = `${LIST}/TKN-1234-1234`;
const LIST_CALL = "**/fn/list_tokens";

const refresh = (page: Page) => page.getByRole("button", { name: "Refresh", exact: true });

/** Holds the answer to the next request for `url`, and gives it once that is made; later ones pass. */
async function hold(page: Page, url: string): Promise<{ asked: Promise<Route> }> {
  let hear: ((route: Route) => void) | undefined;
  const asked = new Promise<Route>((resolve) => (hear = resolve));
  await page.route(url, async (route) => {
    if (hear === undefined) return route.continue();
    hear(route);
    hear = undefined;
  });
  return { asked };
}

test.beforeEach(async ({ page }) => {
  await signIn(page, "administrator");
  await live(page);
});

test("a bar says that there is no network, and goes when there is one again", async ({ page, context }) => {
  const bar = page.getByRole("alert").filter({ hasText: "You are offline." });
  await expect(bar).toHaveCount(0);
  await context.setOffline(true);
  await expect(bar).toBeVisible();
  await axe(page);
  await context.setOffline(false);
  await expect(bar).toHaveCount(0);
});

test("a list that cannot be fetched without a network says so, and is fetched again on a click", async ({ page, context, expectConsole }) => {
  expectConsole(/ERR_INTERNET_DISCONNECTED/);
  await context.setOffline(true);
  await refresh(page).click();
  const failure = page.getByRole("alert").filter({ hasText: "Latchkey could not be reached." });
  await expect(failure).toBeVisible();
  await axe(page);
  const failed = page.waitForEvent("requestfailed");
  await failure.getByRole("button", { name: "Try again" }).click();
  await failed;
  await rowsCame(page);
  await expect(failure, "still no network").toBeVisible();
  await context.setOffline(false);
  await failure.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByText("1–10 of 37")).toBeVisible();
  await expect(failure).toHaveCount(0);
});

const BROKEN: [string, (route: Route) => Promise<void>][] = [
  ["a cut connection", (route) => route.abort("connectionreset")],
  ["an answer cut short", (route) => route.fulfill({ contentType: "application/json", body: '{"rows":[{"id":"TKN-12' })],
  ["a page of a proxy in place of the answer", (route) => route.fulfill({ contentType: "text/html", body: "<h1>Please log in</h1>" })],
  ["an error page of a proxy", (route) => route.fulfill({ status: 502, contentType: "text/html", body: "<h1>Bad Gateway</h1>" })],
  ["an empty answer", (route) => route.fulfill({ status: 200, body: "" })],
];

for (const [what, answer] of BROKEN) {
  test(`${what} leaves the list's address and a way to try again`, async ({ page, expectConsole }) => {
    expectConsole(/Failed to load resource/);
    await page.route(LIST_CALL, answer);
    await page.getByRole("link", { name: "Next" }).click();
    await expect(page.getByRole("alert")).toContainText(/could not be reached|cut short|went wrong/);
    await expect(page).toHaveURL(`${LIST}?page=2`);
    await expect(page.getByRole("heading", { name: "API tokens", level: 1 })).toBeVisible();
    await page.unroute(LIST_CALL);
    await page.getByRole("button", { name: "Try again" }).click();
    await expect(page.getByText("11–20 of 37")).toBeVisible();
    await expect(page.getByRole("alert")).toHaveCount(0);
  });
}

test("details that cannot be fetched say so, and are fetched again on a click", async ({ page, expectConsole }) => {
  expectConsole(/Failed to load resource/);
  await page.route("**/fn/get_token", (route) => route.abort());
  await page.getByRole("link", { name: "Onboarding kiosk" }).click();
  await expect(page.getByRole("alert")).toContainText("Latchkey could not be reached.");
  await expect(page).toHaveURL(`${LIST}/TKN-1234-5171`);
  await axe(page);
  await page.unroute("**/fn/get_token");
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByRole("heading", { name: "Onboarding kiosk", level: 1 })).toBeVisible();
});

test("while a slow answer is on its way the rows stay, and so does what is typed meanwhile", async ({ page }) => {
  const before = await names(page).allTextContents();
  const slow = await hold(page, LIST_CALL);
  await page.getByRole("link", { name: "Next" }).click();
  const route = await slow.asked;
  await expect(page.getByRole("progressbar", { name: "Loading" })).toBeVisible();
  await expect(names(page)).toHaveText(before);
  await axe(page);
  const box = page.getByRole("searchbox", { name: "Search tokens by name or id" });
  await box.fill("half a wo");
  await route.continue();
  await expect(page.getByText("11–20 of 37")).toBeVisible();
  await expect(page.getByRole("progressbar")).toHaveCount(0);
  await expect(box).toHaveValue("half a wo");
  await expect(box).toBeFocused();
});

test("a menu that is open stays while fresh rows arrive, and they are shown once it is closed", async ({ page }) => {
  const name = await names(page).first().innerText();
  const { asked } = await hold(page, LIST_CALL);
  await refresh(page).click();
  const route = await asked;
  const actions = page.getByRole("button", { name: `Actions for ${name}`, exact: true });
  await actions.click();
  const menu = page.getByRole("menu");
  await expect(menu.getByRole("menuitem").first()).toBeFocused();
  const answer = await route.fetch();
  await route.fulfill({ response: answer, body: (await answer.text()).replace(name, "Renamed meanwhile") });
  await rowsCame(page);
  // What was to be drawn has been after two frames.
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  await expect(menu.getByRole("menuitem").first()).toBeFocused();
  await expect(names(page).first()).toHaveText(name);
  await page.keyboard.press("Escape");
  await expect(names(page).first()).toHaveText("Renamed meanwhile");
  await expect(page.getByRole("button", { name: "Actions for Renamed meanwhile" })).toBeFocused();
});

test("a question that hangs holds up no later one, and its late answer does not replace theirs", async ({ page }) => {
  const slow = await hold(page, LIST_CALL);
  await page.getByRole("columnheader", { name: "API token" }).getByRole("link").click();
  const late = await slow.asked;
  await page.getByRole("columnheader", { name: "Last access" }).getByRole("link").click();
  const keyed = tokensOf("administrator").map(({ name, id, lastAccessAt }) => ({ name, key: `${lastAccessAt ?? ""} ${id}` }));
  const expected = keyed.sort((a, b) => (a.key < b.key ? -1 : 1)).slice(0, 10).map((token) => token.name);
  await expect(names(page)).toHaveText(expected);
  await late.continue();
  await (await late.request().response())?.finished();
  await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
  await expect(names(page)).toHaveText(expected);
  await expect(page.getByRole("progressbar")).toHaveCount(0);
  await expect(page).toHaveURL(`${LIST}?order=lastAccessAt`);
});

test("no page has a style in an attribute, and the nonce stands in no other attribute", async ({ page }) => {
  const console = [LIST, `${LIST}?search=nothing`, ROBOT, `${ROBOT}?tab=modules`, `${ROBOT}/edit`, "/profile/sign-ins"];
  const pages = [...console, "/sign-in", "/profile", "/profile/password", "/help/edit-api-token", "/nowhere"];
  const seen = new Set<string>();
  for (const path of pages) {
    const answer = await page.request.get(path, { headers: { accept: "text/html" } });
    const html = await answer.text();
    expect(html, path).toContain("<!DOCTYPE html>");
    expect(html.match(/<[^>]*\sstyle\s*=[^>]*>/gi), path).toBeNull();
    expect(html.match(/<[^>]*\son[a-z]+\s*=[^>]*>/gi), path).toBeNull();
    const nonce = /'nonce-([^']+)'/.exec(answer.headers()["content-security-policy"] ?? "")?.[1];
    if (nonce === undefined) {
      expect(html, path).not.toMatch(/nonce|<script/);
      continue;
    }
    expect(seen.has(nonce), "each answer has a nonce of its own").toBe(false);
    seen.add(nonce);
    expect(html.split(nonce).length, path).toBe(html.split(`nonce="${nonce}"`).length);
    const scripts = html.match(/<script[^>]*>/g) ?? [];
    expect(scripts.filter((script) => !script.includes(`nonce="${nonce}"`)), path).toEqual([]);
  }
  expect(seen.size).toBeGreaterThan(3);
});

test("a walk through the console leaves nothing in the browser but its two cookies, and no style attribute", async ({ page }) => {
  await page.getByRole("button", { name: /: your menu$/ }).click();
  await page.getByRole("menuitemradio", { name: "Dark" }).click();
  await page.getByRole("link", { name: "Onboarding kiosk" }).click();
  await page.getByRole("link", { name: "Edit", exact: true }).click();
  await page.getByLabel("API token name").fill("Another name");
  expect(await page.evaluate(() => document.querySelectorAll("[style]").length)).toBe(0);
  await page.goto(ROBOT);
  await live(page);
  await choose(page, "Your sign-ins");
  await expect(page.getByRole("heading", { name: "Your sign-ins", level: 1 })).toBeVisible();
  const kept = await page.evaluate(async () => ({
    local: localStorage.length,
    session: sessionStorage.length,
    databases: (await indexedDB.databases()).length,
    caches: (await caches.keys()).length,
    readable: document.cookie,
  }));
  expect(kept).toEqual({ local: 0, session: 0, databases: 0, caches: 0, readable: "theme=dark" });
  const cookies = await page.context().cookies();
  expect(cookies.map((cookie) => cookie.name).sort()).toEqual(["sid", "theme"]);
  expect(cookies.find((cookie) => cookie.name === "sid")).toMatchObject({ httpOnly: true, sameSite: "Strict" });
});
