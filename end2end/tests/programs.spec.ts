// What people see of the interface for programs: its description, the curl line of a token, a filter in the address, and
// that a token which a program presents is marked as used.
import { axe, expect, shot, signIn, test } from "../fixtures";
import { addToken, allowClipboard, clipboard, fact } from "../secrets";
import { live, names, noSidewaysScrolling, tabTo } from "../steps";

test.use({ serverName: "programs" });

const LIST = "/settings/api-tokens";

test("the description of the REST interface is open to everybody, in order, and accessible", async ({ page }) => {
  await page.goto("/docs");
  await expect(page).toHaveTitle("REST API · Latchkey");
  await axe(page);
  await noSidewaysScrolling(page);
  await page.getByRole("navigation", { name: "Contents" }).getByRole("link", { name: "Disable an API token" }).click();
  await expect(page.getByRole("heading", { name: "Disable an API token" })).toBeInViewport();
  await expect(page.getByText("POST /public/v1/accounts/api-tokens/{id}/disable")).toBeVisible();
  const description = await page.request.get("/public/v1/openapi.json");
  expect((await description.json()).openapi).toBe("3.1.0");
});

test("on a phone and in the dark it reads as well", async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await page.emulateMedia({ colorScheme: "dark" });
  await page.goto("/docs");
  await noSidewaysScrolling(page);
  await axe(page);
  await shot(page, "docs-phone-dark");
});

test("the details of a token have a curl line that works with its secret, and the use is seen on Refresh", async ({ page, server }) => {
  await allowClipboard(page, server.url);
  await signIn(page, "administrator");
  const { id, secret } = await addToken(page, "curl robot", "always", ["MOD-1756"]);
  await page.goto(`${LIST}/${id}`);
  await live(page);
  await axe(page);
  await page.getByRole("button", { name: "Copy curl line" }).click();
  await expect(page.getByText("Copied", { exact: true })).toBeVisible();
  const line = await clipboard(page);
  expect(line).toBe(`curl -H "Authorization: Bearer $TOKEN" "${server.url}/public/v1/accounts/api-tokens/${id}"`);
  await expect(fact(page, "Last access")).toContainText("never");
  const address = /"(http[^"]+)"/.exec(line)?.[1] ?? "";
  // As a program, which has no cookie.
  const answer = await fetch(address, { headers: { authorization: `Bearer ${secret}` } });
  expect(answer.status).toBe(200);
  expect(((await answer.json()) as { id: string }).id).toBe(id);
  await expect(async () => {
    await page.reload();
    await expect(fact(page, "Last access")).toContainText("from 127.0.0.1", { timeout: 500 });
  }).toPass({ timeout: 5_000 });
});

test("a filter in the address narrows the list, stands above it, and is taken away again by keyboard", async ({ page }) => {
  await signIn(page, "administrator");
  await page.goto(`${LIST}?filter=${encodeURIComponent("and(eq(status,Disabled),any(modules,eq(code,billing)))")}`);
  await live(page);
  await axe(page);
  const found = await names(page).count();
  expect(found).toBeGreaterThan(0);
  await expect(page.getByText("and(eq(status,Disabled),any(modules,eq(code,billing)))")).toBeVisible();
  await tabTo(page, page.getByRole("link", { name: "Clear filter" }));
  await page.keyboard.press("Enter");
  await expect(page.getByText("37 tokens").or(page.getByText("38 tokens"))).toBeVisible();
});

test("a filter that is none says what is wrong with it, and how to go on", async ({ page, expectConsole }) => {
  expectConsole(/400 \(Bad Request\)/);
  await signIn(page, "administrator");
  await page.goto(`${LIST}?filter=${encodeURIComponent("eq(nonsense,1)")}`);
  await expect(page.getByText("nonsense: Invalid property path.")).toBeVisible();
  await axe(page);
  await page.getByRole("link", { name: "Clear the filter" }).click();
  await expect(page.getByRole("table")).toBeVisible();
});
