// The menus of the list, and Refresh.
import type { Locator, Page } from "@playwright/test";
import { axe, demo, expect, signIn, test } from "../fixtures";
import { live, names, rowOf, userButton } from "../steps";

test.use({ serverName: "list-menu" });

const LIST = "/settings/api-tokens";
const entry = (page: Page, name: string) => page.getByRole("menuitem", { name, exact: true });
const actions = (page: Page) => page.getByRole("button", { name: "Actions for Onboarding kiosk" });

async function isOpen(page: Page, button: Locator): Promise<void> {
  await expect(button).toHaveAttribute("aria-expanded", "true");
  await expect(page.getByRole("menu")).toHaveCount(1);
}

async function isClosed(page: Page, button: Locator): Promise<void> {
  await expect(page.getByRole("menu")).toHaveCount(0);
  await expect(button).toHaveAttribute("aria-expanded", "false");
}

test.beforeEach(async ({ page }) => {
  await signIn(page, "administrator");
  await live(page);
});

for (const [key, first] of [["Enter", "Disable"], ["Space", "Disable"], ["ArrowDown", "Disable"], ["ArrowUp", "Delete"]] as const) {
  test(`${key} opens the actions of a row, and Escape closes them and gives the focus back`, async ({ page }) => {
    await actions(page).focus();
    await page.keyboard.press(key);
    await isOpen(page, actions(page));
    await expect(page.getByRole("menu", { name: "Actions for Onboarding kiosk" })).toBeVisible();
    await expect(entry(page, first)).toBeFocused();
    await page.keyboard.press("Escape");
    await isClosed(page, actions(page));
    await expect(actions(page)).toBeFocused();
    await expect(page).toHaveURL(LIST);
  });
}

test("the actions of a row open by a click, hold no dead entry, and lead to the edit dialog", async ({ page }) => {
  await actions(page).click();
  await isOpen(page, actions(page));
  await expect(page.getByRole("menuitem")).toHaveText(["Disable", "Edit", "Delete"]);
  await axe(page);
  await entry(page, "Edit").click();
  await expect(page.getByRole("dialog")).toBeVisible();
  await expect(page.getByLabel("API token name")).toHaveValue("Onboarding kiosk");
});

test("a click elsewhere, on the button again or on another menu's button closes the menu", async ({ page }) => {
  await actions(page).click();
  await isOpen(page, actions(page));
  await page.getByRole("heading", { name: "API tokens", level: 1 }).click();
  await isClosed(page, actions(page));
  await actions(page).click();
  await isOpen(page, actions(page));
  await actions(page).click();
  await isClosed(page, actions(page));
  await actions(page).click();
  await userButton(page).click();
  await isOpen(page, userButton(page));
  await expect(actions(page)).toHaveAttribute("aria-expanded", "false");
  await axe(page);
});

test("arrows, Home, End and letters move in a menu, and Tab leaves it", async ({ page }) => {
  const focused = async (name: string) => {
    await expect(page.getByRole("menu").getByText(name, { exact: true })).toBeFocused();
  };
  await userButton(page).focus();
  await page.keyboard.press("ArrowDown");
  await focused("As the system");
  for (const [key, name] of [
    ["ArrowDown", "Light"], ["ArrowDown", "Dark"], ["ArrowDown", "Your profile"], ["ArrowUp", "Dark"],
    ["End", "Sign out"], ["ArrowDown", "As the system"], ["ArrowUp", "Sign out"], ["Home", "As the system"],
    ["p", "Password"], ["s", "Sign out"], ["L", "Light"], ["y", "Your profile"], ["y", "Your sign-ins"], ["q", "Your sign-ins"],
  ] as const) {
    await page.keyboard.press(key);
    await focused(name);
  }
  await page.keyboard.press("Tab");
  await isClosed(page, userButton(page));
});

test("ArrowUp opens a menu at its last entry", async ({ page }) => {
  await userButton(page).focus();
  await page.keyboard.press("ArrowUp");
  await expect(entry(page, "Sign out")).toBeFocused();
});

test("the Sort box orders the list as the headings do", async ({ page }) => {
  const sort = page.getByRole("button", { name: "Sort", exact: true });
  await page.setViewportSize({ width: 360, height: 780 });
  await sort.click();
  await page.getByRole("button", { name: "Add a column" }).click();
  await expect(page.getByLabel("Column 1").locator("option")).toHaveText(["API token", "Created by", "Date created", "Last access", "Status"]);
  await axe(page);
  await page.getByRole("button", { name: "Apply" }).click();
  await expect(names(page).first()).toHaveText("API gateway, production");
  await expect(page).toHaveURL(`${LIST}?order=name`);
  await expect(page.getByRole("dialog")).toHaveCount(0);
});

test("Refresh shows what somebody else has changed meanwhile, and the list stays where it was", async ({ page, visitor }) => {
  const tomas = demo.users.find((user) => user.email === "tomas@example.com");
  await page.goto(`${LIST}?order=name&page=2`);
  await live(page);
  await expect(names(page).first()).toHaveText("Helpdesk escalation");
  const other = await visitor();
  await other.goto(`${LIST}/TKN-1234-7930`);
  await other.getByLabel("E-mail").fill(tomas?.email ?? "");
  await other.getByLabel("Password").fill(tomas?.password ?? "");
  await other.getByRole("button", { name: "Sign in" }).click();
  await live(other);
  await other.getByRole("link", { name: "Edit" }).click();
  await other.getByLabel("API token name").fill("Helpdesk escalation of Tomás");
  await other.getByRole("button", { name: "Save" }).click();
  await expect(other.getByRole("heading", { name: "Helpdesk escalation of Tomás", level: 1 })).toBeVisible();

  await expect(names(page).first(), "nothing changes by itself").toHaveText("Helpdesk escalation");
  await page.getByRole("button", { name: "Refresh", exact: true }).click();
  await expect(names(page).first()).toHaveText("Helpdesk escalation of Tomás");
  await expect(rowOf(page, "TKN-1234-7930").getByRole("button", { name: "Actions for Helpdesk escalation of Tomás" })).toBeVisible();
  await expect(page.getByText("11–20 of 37")).toBeVisible();
  await expect(page).toHaveURL(`${LIST}?order=name&page=2`);
});
