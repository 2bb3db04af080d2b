// The logo of an account: chosen by Operations, shown in the list and with each of its tokens, changed and removed.
import type { Locator, Page } from "@playwright/test";
import { axe, expect, signIn, test } from "../fixtures";
import { BLUE, RED, blue, expectColour, picture, red } from "../logos";
import { act, live, noSidewaysScrolling } from "../steps";

test.use({ serverName: "account-logo" });

const ACCOUNTS = "/settings/accounts";
const DETAILS = "/settings/api-tokens/TKN-1234-1234";
const row = (page: Page, text: string) => page.getByRole("row").filter({ hasText: text });
const inRow = (page: Page, text: string) => row(page, text).getByRole("cell").first().locator("img");
const inFacts = (page: Page) => page.locator("dl.facts img");
const form = (page: Page) => page.getByRole("dialog").filter({ hasText: "Account name" });
const preview = (page: Page): Locator => form(page).getByRole("img", { name: "Preview of the logo" });

async function edit(page: Page, name: string): Promise<void> {
  await page.goto(ACCOUNTS);
  await live(page);
  await act(page, name, "Edit");
  await expect(form(page)).toBeVisible();
}

async function save(page: Page, name: string): Promise<void> {
  await form(page).getByRole("button", { name: "Save" }).click();
  await expect(page.getByText(`Account "${name}" updated`)).toBeVisible();
}

test("a logo is chosen, changed and removed, and people of the account see it with their tokens", async ({ page, visitor }) => {
  await signIn(page, "operator");
  await edit(page, "Stark Industries");
  await expect(form(page).getByRole("button", { name: "Save" })).toBeDisabled();
  await form(page).getByLabel("Logo").setInputFiles(red());
  await expectColour(preview(page), RED);
  await axe(page);
  await save(page, "Stark Industries");
  await expectColour(inRow(page, "Stark Industries"), RED);
  await axe(page);
  const viewer = await visitor();
  await signIn(viewer, "viewer");
  await viewer.goto(DETAILS);
  await expectColour(inFacts(viewer), RED);
  await axe(viewer);
  const address = (await inFacts(viewer).getAttribute("src")) ?? "";
  const stranger = await visitor();
  await signIn(stranger, "vendor");
  expect((await stranger.request.get(address)).status(), "another account's").toBe(404);

  await edit(page, "Stark Industries");
  await expectColour(preview(page), RED);
  await form(page).getByLabel("Logo").setInputFiles(blue());
  await expectColour(preview(page), BLUE);
  await save(page, "Stark Industries");
  await viewer.reload();
  await expectColour(inFacts(viewer), BLUE);

  await edit(page, "Stark Industries");
  await form(page).getByRole("button", { name: "Remove logo" }).click();
  await expect(preview(page)).toHaveCount(0);
  await save(page, "Stark Industries");
  await expect(inRow(page, "Stark Industries")).toHaveCount(0);
  await viewer.reload();
  await expect(viewer.getByText("ACC-0001-0002")).toBeVisible();
  await expect(inFacts(viewer)).toHaveCount(0);
});

test("an account is added with its logo, also on a phone", async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await signIn(page, "operator");
  await page.goto(ACCOUNTS);
  await live(page);
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await form(page).getByLabel("Logo").setInputFiles(blue());
  await expectColour(preview(page), BLUE);
  await form(page).getByLabel("Account name").fill("Blue Harvest");
  await form(page).getByLabel(/^Type/).selectOption("Client");
  await axe(page);
  await noSidewaysScrolling(page);
  await form(page).getByRole("button", { name: "Add" }).click();
  await expectColour(inRow(page, "Blue Harvest"), BLUE);
  await noSidewaysScrolling(page);
});

test("a file that is no picture is refused beside the field, and the rest can be saved", async ({ page, expectConsole }) => {
  expectConsole(/status of 422/);
  await signIn(page, "operator");
  await edit(page, "Wayne Software");
  await form(page).getByLabel("Logo").setInputFiles(picture(Buffer.from("GIF89a", "latin1")));
  await expect(form(page).getByLabel("Logo")).toHaveAccessibleDescription(/no PNG and no JPEG/);
  await axe(page);
  await form(page).getByLabel("Account name").fill("Wayne Software Ltd");
  await save(page, "Wayne Software Ltd");
  await expect(row(page, "Wayne Software Ltd")).toBeVisible();
  await expect(inRow(page, "Wayne Software Ltd")).toHaveCount(0);
});
