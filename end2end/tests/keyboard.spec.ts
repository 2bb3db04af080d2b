// Everything with the keyboard alone, and always with a focus that can be seen.
import type { Page } from "@playwright/test";
import { WHO, axe, expect, signIn, test } from "../fixtures";
import { live, names, tabTo, userButton } from "../steps";

test.use({ serverName: "list" });

const LIST = "/settings/api-tokens";

interface Focus { name: string; seen: boolean; inside: boolean; is: string }

/** What has the focus, and whether one sees that. */
function focus(page: Page): Promise<Focus> {
  return page.evaluate(() => {
    const element = document.activeElement ?? document.body;
    const { outlineStyle, outlineWidth } = getComputedStyle(element);
    const { top, left, bottom, right, width, height } = element.getBoundingClientRect();
    // The browser scrolls by whole pixels, and a row may end within one.
    const inside = width > 0 && height > 0 && top > -1 && left > -1 && bottom < innerHeight + 1 && right < innerWidth + 1;
    const name = element.getAttribute("aria-label") ?? element.textContent?.trim() ?? "";
    // On the calendar's sign in a field for a day, the browser draws a ring of its own.
    const onSign = element.matches("input[type=date]:not(:focus-visible)");
    return { name, seen: onSign || (outlineStyle !== "none" && parseFloat(outlineWidth) >= 1), inside, is: element.tagName };
  });
}

/** Presses Tab until the focus leaves the page, and returns what had it. */
async function tabThrough(page: Page): Promise<Focus[]> {
  const met: Focus[] = [];
  for (let presses = 0; presses < 150; presses += 1) {
    await page.keyboard.press("Tab");
    const now = await focus(page);
    if (now.is === "BODY" || (presses > 0 && now.name === met[0]?.name)) return met;
    met.push(now);
  }
  throw new Error("Tab never came to the end of the page");
}

test("one signs in, finds a token, reads it, chooses a theme and signs out without a mouse", async ({ page }) => {
  await page.goto("/sign-in");
  await expect(page.getByLabel("E-mail")).toBeFocused();
  await page.keyboard.type(WHO.administrator.email);
  await page.keyboard.press("Tab");
  await page.keyboard.type(WHO.administrator.password);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(LIST);
  await live(page);

  await page.keyboard.press("/");
  await page.keyboard.type("robot 1");
  await page.keyboard.press("Enter");
  await expect(names(page)).toHaveText(["Robot 1"]);
  await tabTo(page, page.getByRole("button", { name: "Actions for Robot 1" }));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("menuitem", { name: "Disable" })).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("button", { name: "Actions for Robot 1" })).toBeFocused();
  await tabTo(page, page.getByRole("link", { name: "Robot 1", exact: true }), "Shift+Tab");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Robot 1", level: 1 })).toBeVisible();

  for (const tab of ["Modules", "Details"]) {
    await tabTo(page, page.getByRole("main").getByRole("link", { name: tab, exact: true }));
    await page.keyboard.press("Enter");
    await expect(page.getByRole("main").getByRole("link", { name: tab, exact: true })).toHaveAttribute("aria-current", "page");
    await expect(page.getByRole("main").getByRole("link", { name: tab, exact: true }), "the focus stays").toBeFocused();
  }

  await tabTo(page, userButton(page));
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("d");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("menu")).toHaveCount(0);
  await expect(userButton(page)).toBeFocused();
  await page.keyboard.press("Space");
  await expect(page.getByRole("menuitemradio", { name: "Dark" })).toHaveAttribute("aria-checked", "true");
  await expect(page.getByRole("menuitemradio", { checked: true })).toHaveCount(1);
  await axe(page);
  await page.keyboard.press("End");
  await expect(page.getByRole("menuitem", { name: "Sign out" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Sign in", level: 1 })).toBeVisible();
});

test("the first press of Tab offers to skip to the content", async ({ page }) => {
  await signIn(page, "administrator");
  await live(page);
  await page.keyboard.press("Tab");
  const skip = page.getByRole("link", { name: "Skip to content" });
  await expect(skip).toBeFocused();
  await expect(skip).toBeInViewport({ ratio: 1 });
  await axe(page);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("main")).toBeFocused();
  await page.keyboard.press("Tab");
  await expect(page.getByRole("main").locator(":focus")).toHaveText("Add");
});

for (const scheme of ["light", "dark"] as const) {
  test(`the focus is seen on everything that Tab reaches in the list, and it reaches everything once (${scheme})`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: scheme });
    await signIn(page, "administrator");
    await page.goto(`${LIST}?size=5&order=name&page=2`);
    await live(page);
    const met = await tabThrough(page);
    expect(met.filter((one) => !one.seen || !one.inside).map((one) => one.name), "unseen").toEqual([]);
    const reached = met.map((one) => one.name);
    const rows = (await names(page).allTextContents()).flatMap((name) => [name, `Actions for ${name}`]);
    for (const name of ["Skip to content", "Latchkey", "Help", "API tokens", "Audit trail", "Add", "Refresh", "Date created", "Previous", "Next", ...rows]) {
      expect(reached.filter((other) => other === name), name).toHaveLength(1);
    }
    expect(rows, "five rows").toHaveLength(10);
  });
}

for (const path of [`${LIST}/TKN-1234-1234`, "/settings/audit-trail", "/profile/sign-ins", "/help/edit-api-token", "/profile", "/profile/password"]) {
  test(`the focus is seen on everything that Tab reaches at ${path}`, async ({ page }) => {
    await signIn(page, "administrator");
    await page.goto(path);
    if (path !== "/profile" && path !== "/profile/password") await live(page);
    const met = await tabThrough(page);
    expect(met.length).toBeGreaterThan(2);
    expect(met.filter((one) => !one.seen || !one.inside).map((one) => one.name), "unseen").toEqual([]);
  });
}
