// From one part of the console to another: what a page hears, asks and shows while it is being left.
import type { Page } from "@playwright/test";
import { expect, signIn, test } from "../fixtures";
import { held } from "../editing";
import { filtered, live } from "../steps";

test.use({ serverName: "leaving" });

const LISTS = "/settings/api-tokens";
const TOKEN = `${LISTS}/TKN-1234-1234`;
/**
 * Where one is, with what a search or a choice puts into the address, and what is asked of the server for it: first what
 * Refresh asks for.
 */
const PLACES = [
  { address: `${LISTS}?search=robot&page=1`, asked: ["list_tokens"] },
  { address: filtered("eq(status,active)"), asked: ["list_tokens"] },
  { address: `${TOKEN}?tab=audit-trail`, asked: ["list_token_audit", "get_token"] },
  { address: `${LISTS}/changes?search=a`, asked: ["list_bulk_changes"] },
  { address: "/settings/audit-trail?kind=edited", asked: ["list_audit"] },
  { address: "/settings/modules?search=b", asked: ["list_module_rows"] },
  { address: "/settings/users?search=s", asked: ["list_user_rows"] },
  { address: "/settings/accounts?search=i", asked: ["list_account_rows"] },
];
const LINKS = ["API tokens", "Audit trail", "Modules", "Users", "Accounts", "Your sign-ins"];

const link = (page: Page, name: string) => page.getByRole("navigation", { name: "Settings" }).getByRole("link", { name, exact: true });
const title = (page: Page) => page.getByRole("heading", { level: 1 });

/** The names of the server functions that are called from now on. */
function calls(page: Page): string[] {
  const called: string[] = [];
  page.on("request", (request) => {
    const name = /\/fn\/(\w+)/.exec(request.url())?.[1];
    if (name !== undefined) called.push(name);
  });
  return called;
}

for (const { address, asked } of PLACES) {
  test(`${address} is left for every other page, at rest and while it is being refreshed, and asks nothing more`, async ({ page }) => {
    await signIn(page, "operator");
    await page.goto(address);
    await live(page);
    const here = (await title(page).textContent()) ?? "";
    const refresh = page.getByRole("button", { name: "Refresh" });
    const called = calls(page);
    let answer = Promise.resolve();
    for (const one of asked) {
      await page.route(`**/fn/${one}**`, async (route) => {
        await answer;
        await route.continue();
      });
    }
    for (const name of LINKS) {
      for (const refreshed of [false, true]) {
        const waiting = held();
        await expect(refresh).toBeVisible();
        // What was asked for is there.
        await expect(page.getByRole("main").getByRole("progressbar")).toHaveCount(0);
        if (refreshed) {
          answer = waiting.promise;
          called.length = 0;
          await refresh.click();
          await expect.poll(() => called).toContain(asked[0]);
        }
        called.length = 0;
        await link(page, name).click();
        if (here !== name) await expect(title(page)).toHaveText(name);
        if (![here, "API tokens"].includes(name)) {
          expect(called.filter((one) => asked.includes(one)), `asked on the way to ${name}`).toEqual([]);
        }
        waiting.resolve();
        await page.goBack();
        await expect(page).toHaveURL(address);
        await expect(title(page)).toHaveText(here);
      }
    }
  });
}

test("whoever goes there and back faster than rows arrive finds the list in the end", async ({ page }) => {
  await signIn(page, "operator");
  await page.goto(`${LISTS}?search=robot`);
  await live(page);
  for (const name of [...LINKS.slice(1), ...LINKS.slice(1)]) {
    await link(page, name).click();
    await expect(title(page)).toHaveText(name);
    await page.goBack();
    await expect(title(page)).toHaveText("API tokens");
  }
  await expect(page.getByRole("row").filter({ hasText: "Robot" }).first()).toBeVisible();
});

test("whoever goes back before a reloaded page is live gets the page of that address", async ({ page }) => {
  await signIn(page, "operator");
  await page.goto(`${LISTS}?search=robot`);
  await live(page);
  await page.getByRole("link", { name: "Robot 1", exact: true }).click();
  await expect(title(page)).toHaveText("Robot 1");
  const half = held();
  await page.route("**/pkg/*.wasm*", async (route) => {
    await half.promise;
    await route.continue();
  });
  await page.reload({ waitUntil: "commit" });
  await expect(title(page)).toHaveText("Robot 1");
  await page.goBack({ waitUntil: "commit" });
  await expect(page).toHaveURL(`${LISTS}?search=robot`);
  half.resolve();
  await live(page);
  await expect(title(page)).toHaveText("API tokens");
  await expect(page.getByRole("link", { name: "Robot 1", exact: true })).toBeVisible();
});

test("the search for tokens stands in the header on their list, and that of another list only there", async ({ page }) => {
  await signIn(page, "operator");
  const search = page.getByRole("searchbox", { name: "Search tokens by name or id" });
  await page.goto(`${LISTS}?search=robot`);
  await live(page);
  await expect(search).toHaveValue("robot");
  await link(page, "Users").click();
  await expect(search).toHaveValue("");
  await page.goto("/settings/users?search=sarah");
  await live(page);
  await expect(search).toHaveValue("");
  await page.goBack();
  await page.goBack();
  await expect(search).toHaveValue("robot");
});
