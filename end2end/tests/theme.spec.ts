import { axe, expect, signIn, test } from "../fixtures";
import * as edit from "../editing";
import { details, dialog, module, nameField, step, token } from "../editing";
import type { Page } from "@playwright/test";

test.use({ serverName: "theme" });

/** Whether the page's ground is dark as it is painted. */
const isDark = (page: Page) =>
  page.evaluate(() => {
    const [red = 0, green = 0, blue = 0] = (getComputedStyle(document.documentElement).backgroundColor.match(/\d+(\.\d+)?/g) ?? []).map(Number);
    return red + green + blue < 3 * 100;
  });

async function choose(page: Page, theme: string): Promise<void> {
  await page.getByRole("button", { name: /your menu$/ }).click();
  await page.getByRole("menuitemradio", { name: theme }).click();
}

test("the console follows the system, and changes with it", async ({ page }) => {
  await page.emulateMedia({ colorScheme: "dark" });
  await page.goto("/sign-in");
  await expect.poll(() => isDark(page)).toBe(true);
  await signIn(page, "administrator");
  await expect.poll(() => isDark(page)).toBe(true);
  await page.emulateMedia({ colorScheme: "light" });
  await expect.poll(() => isDark(page)).toBe(false);
});

test("a theme that was chosen holds at once, after a reload, on every page and in what the server sends", async ({ page }) => {
  await page.emulateMedia({ colorScheme: "light" });
  await signIn(page, "administrator");
  for (const [theme, word, dark] of [["Dark", "dark", true], ["Light", "light", false], ["As the system", "system", true]] as const) {
    if (theme === "Light") await page.emulateMedia({ colorScheme: "dark" });
    await choose(page, theme);
    await expect.poll(() => isDark(page)).toBe(dark);
    await page.reload();
    await expect.poll(() => isDark(page)).toBe(dark);
    await page.getByRole("button", { name: /your menu$/ }).click();
    await expect(page.getByRole("menuitemradio", { name: theme })).toHaveAttribute("aria-checked", "true");
    await expect(page.getByRole("menuitemradio", { checked: true })).toHaveCount(1);
    await page.keyboard.press("Escape");
    const html = await (await page.request.get("/settings/api-tokens")).text();
    expect(html).toContain(`data-theme="${word}"`);
    await page.goto("/profile/password");
    await expect.poll(() => isDark(page)).toBe(dark);
    await page.goto("/settings/api-tokens");
  }
});

for (const [colorScheme, name] of [["dark", "Robot 1"], ["light", "robot 2"]] as const) {
  test(`in ${colorScheme}, list, menus, details, dialog, errors and message can be read by everybody`, async ({ page }) => {
    test.slow();
    await page.emulateMedia({ colorScheme });
    await page.goto("/sign-in");
    await axe(page);
    await signIn(page, "administrator");
    await axe(page);
    await page.getByRole("button", { name: /your menu$/ }).click();
    await axe(page);
    await page.keyboard.press("Escape");
    await page.goto("/settings/api-tokens?search=robot&order=name");
    await page.getByRole("button", { name: "Sort" }).click();
    await expect(page.getByRole("dialog")).toBeVisible();
    await axe(page);
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: `Actions for ${name}`, exact: true }).click();
    await axe(page);
    await page.keyboard.press("Escape");
    for (const tab of ["", "?tab=modules", "?tab=details"]) {
      await page.goto(details(token(name).id, tab));
      await axe(page);
    }
    await page.getByRole("link", { name: "Edit" }).click();
    await expect(nameField(page)).toBeFocused();
    await axe(page);
    await step(page, "Modules").click();
    await module(page, "Helpdesk").check();
    await axe(page);
    await step(page, "General").click();
    await nameField(page).fill("");
    await expect(dialog(page).getByRole("alert")).toBeVisible();
    await axe(page);
    await edit.close(page).click();
    await expect(edit.question(page)).toBeVisible();
    await axe(page);
    await page.keyboard.press("Escape");
    await nameField(page).fill(`${name}, ${colorScheme}`);
    await edit.saveAndSee(page);
    await axe(page);
  });
}

test("a disabled token and a list without rows can be read in the dark", async ({ page }) => {
  await page.emulateMedia({ colorScheme: "dark" });
  await signIn(page, "administrator");
  await page.goto(details(token("Jenkins nightly").id));
  await axe(page);
  await page.goto("/settings/api-tokens?search=nothing-has-this-name");
  await axe(page);
  await page.goto("/help/edit-api-token");
  await axe(page);
});
