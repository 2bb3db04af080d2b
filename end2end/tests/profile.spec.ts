// One's own profile: what one is, one's own name, light or dark; and the same without script and on a phone.
import type { Page } from "@playwright/test";
import { WHO, axe, expect, signIn, test } from "../fixtures";
import { choose, live, noSidewaysScrolling, send } from "../steps";

test.use({ serverName: "profile" });

const PROFILE = "/profile";
const name = (page: Page) => page.getByRole("textbox", { name: "Name" });
const fact = (page: Page, term: string) => page.locator("dl > div").filter({ hasText: term }).getByRole("definition");

async function save(page: Page, value: string): Promise<number> {
  await name(page).fill(value);
  return send(page, "Save name");
}

test("a person finds his profile in his menu and changes his name, which everybody sees", async ({ page, visitor }) => {
  await signIn(page, "viewer");
  await live(page);
  await choose(page, "Your profile");
  await expect(page).toHaveURL(PROFILE);
  await expect(page).toHaveTitle("Your profile · Latchkey");
  const before = await fact(page, "Name").textContent();
  await expect(fact(page, "E-mail")).toHaveText(WHO.viewer.email);
  await expect(fact(page, "Role")).toHaveText("Viewer");
  await expect(page.getByText("Ask an Administrator of your account to change them.")).toBeVisible();
  await expect(name(page)).toHaveValue(before ?? "");
  await axe(page);

  expect(await save(page, "Viktoria Œdipe")).toBe(303);
  await expect(page.getByRole("alert")).toContainText("Your name is saved.");
  await expect(fact(page, "Name")).toHaveText("Viktoria Œdipe");
  await axe(page);
  await page.reload();
  await expect(page.getByRole("alert"), "it is said once").toHaveCount(0);
  await page.getByRole("link", { name: "Back to API tokens" }).click();
  await live(page);
  await expect(page.getByRole("button", { name: "Viktoria Œdipe: your menu" })).toBeVisible();

  const administrator = await visitor();
  await signIn(administrator, "administrator");
  await administrator.goto("/settings/audit-trail");
  await expect(administrator.getByText('User "Viktoria Œdipe" updated: name')).toBeVisible();
  await administrator.goto("/settings/users");
  await expect(administrator.getByRole("row").filter({ hasText: WHO.viewer.email })).toContainText("Viktoria Œdipe");
});

test("a wrong name and one that was changed elsewhere come back with what to do", async ({ page, visitor, expectConsole }) => {
  expectConsole(/status of 4(22|12)/);
  const other = await visitor();
  for (const browser of [page, other]) {
    await signIn(browser, "vendor");
    await browser.goto(PROFILE);
  }
  expect(await save(page, " ")).toBe(422);
  await expect(name(page)).toHaveAccessibleDescription(/^The name is empty/);
  await axe(page);
  expect(await save(other, "Bruno F.")).toBe(303);
  expect(await save(page, "Bruno the Great")).toBe(412);
  await expect(page.getByRole("alert")).toContainText("while this page was open");
  await expect(fact(page, "Name")).toHaveText("Bruno F.");
  await expect(name(page)).toHaveValue("Bruno the Great");
  await axe(page);
  expect(await send(page, "Save name")).toBe(303);
  await expect(fact(page, "Name")).toHaveText("Bruno the Great");
});

test("somebody who is not signed in is asked to", async ({ page }) => {
  await page.goto(PROFILE);
  await expect(page).toHaveURL("/sign-in?next=%2Fprofile");
});

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? "with script" : "without script", () => {
    test.use({ javaScriptEnabled });

    test("a theme that is chosen there holds on every page and on a phone all of it fits", async ({ page }) => {
      await page.setViewportSize({ width: 360, height: 740 });
      await page.emulateMedia({ colorScheme: "light" });
      await signIn(page, "operatorViewer");
      await page.goto(PROFILE);
      for (const [label, word] of [["Dark", "dark"], ["Light", "light"], ["As the system", "system"]] as const) {
        await page.getByRole("radio", { name: label }).check();
        expect(await send(page, "Use this theme")).toBe(303);
        await expect(page.locator("html")).toHaveAttribute("data-theme", word);
        await expect(page.getByRole("radio", { name: label })).toBeChecked();
        if (javaScriptEnabled) {
          await noSidewaysScrolling(page);
          await axe(page);
        }
        await page.goto("/profile/sign-ins");
        await expect(page.locator("html")).toHaveAttribute("data-theme", word);
        await page.goto(PROFILE);
      }
      for (const [link, heading] of [["Password", "Change your password"], ["Your sign-ins", "Your sign-ins"]] as const) {
        await page.getByRole("main").getByRole("link", { name: link }).click();
        await expect(page.getByRole("heading", { name: heading, level: 1 })).toBeVisible();
        await page.goto(PROFILE);
      }
    });
  });
}

test("a theme chosen in the menu is the one chosen on the page, and the other way round", async ({ page }) => {
  await signIn(page, "operator");
  await live(page);
  await page.getByRole("button", { name: /your menu$/ }).click();
  await page.getByRole("menuitemradio", { name: "Dark" }).click();
  await page.goto(PROFILE);
  await expect(page.getByRole("radio", { name: "Dark" })).toBeChecked();
  await page.getByRole("radio", { name: "Light" }).check();
  await send(page, "Use this theme");
  await page.goto("/settings/api-tokens");
  await live(page);
  await page.getByRole("button", { name: /your menu$/ }).click();
  await expect(page.getByRole("menuitemradio", { name: "Light" })).toBeChecked();
  await page.getByRole("menuitemradio", { name: "Dark" }).click();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
});
