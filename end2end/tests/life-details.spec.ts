// Disabling, enabling and deleting from the details page, by the menu beside Edit.
import type { Page } from "@playwright/test";
import { axe, expect, signIn, test } from "../fixtures";
import { LIST, details, token } from "../editing";
import * as lives from "../lives";
import { cancel, confirm, entries, message, moreActions, question, stateInHead, typedName, yes } from "../lives";
import { fact } from "../secrets";
import { live, names, questionGone } from "../steps";

test.use({ serverName: "life-details" });

const tab = (page: Page, name: string) => page.getByRole("navigation", { name: "Parts of the token" }).getByRole("link", { name });

async function open(page: Page, id: string, query = ""): Promise<void> {
  await page.goto(details(id, query));
  await live(page);
}

test.beforeEach(async ({ page }) => signIn(page, "administrator"));

test("the menu beside Edit offers what the state allows", async ({ page }) => {
  for (const [name, first] of [["Splunk audit feed", "Disable"], ["Old CRM import", "Enable"]] as const) {
    await open(page, token(name).id);
    await moreActions(page).click();
    await expect(entries(page)).toHaveText([first, "Edit", "Delete"]);
    if (first === "Enable") await axe(page);
    await page.getByRole("menuitem", { name: "Edit" }).click();
    await expect(page.getByRole("dialog", { name: "Edit API token" })).toBeVisible();
    await expect(page).toHaveURL(details(token(name).id, "/edit?step=general"));
  }
});

for (const [tabName, query] of [["General", ""], ["Modules", "?tab=modules"], ["Details", "?tab=details"], ["Audit trail", "?tab=audit-trail"]] as const) {
  test(`over the tab ${tabName} a token is disabled and enabled, and the tab stays`, async ({ page, server }) => {
    const { id, name } = await lives.madeOne(server, `Switched over ${tabName}`, null);
    await open(page, id, query);
    await expect(stateInHead(page)).toHaveText("Active");
    for (const [action, after] of [["Disable", "Disabled"], ["Enable", "Active"]] as const) {
      await lives.choose(page, moreActions(page), action);
      await expect(question(page, action)).toHaveAccessibleName(`${action} API token ${name}`);
      await expect(question(page, action)).toContainText(lives.WILL[action]);
      if (action === "Enable") await axe(page);
      await confirm(page, action, name);
      await expect(stateInHead(page)).toHaveText(after);
      await expect(moreActions(page)).toBeFocused();
      await expect(page).toHaveURL(details(id, query));
      await expect(tab(page, tabName)).toHaveAttribute("aria-current", "page");
    }
    await axe(page);
    await tab(page, "Details").click();
    await expect(fact(page, "Disabled")).toContainText("by Sarah Sanderson");
    await expect(fact(page, "Enabled")).toContainText("by Sarah Sanderson");
    await expect(fact(page, "Revision")).toHaveText("3");
  });
}

test("deleting leads to the list without the token, says so, and Back does not lead to it", async ({ page, server }) => {
  const { id, name } = await lives.madeOne(server, "Deleted from its page", null);
  await page.goto(`${LIST}?search=Deleted%20from`);
  await live(page);
  await names(page).first().click();
  await expect(page).toHaveURL(details(id));
  await lives.choose(page, moreActions(page), "Delete");
  await expect(question(page, "Delete")).toContainText(lives.WILL.Delete);
  await axe(page);
  await confirm(page, "Delete", name);
  await expect(page).toHaveURL(LIST);
  await expect(page.getByRole("heading", { name: "API tokens", level: 1 })).toBeVisible();
  await expect(names(page).first()).toBeVisible();
  await expect(page.getByRole("link", { name, exact: true })).toHaveCount(0);
  await axe(page);
  await page.goBack();
  await expect(page).toHaveURL(`${LIST}?search=Deleted%20from`);
  await expect(page.getByRole("heading", { name: "No match" })).toBeVisible();
});

test("deleting a token that was used lately asks for its name here too", async ({ page, server }) => {
  const { id, name } = await lives.madeOne(server, "Used an hour ago", 1);
  await open(page, id);
  await lives.choose(page, moreActions(page), "Delete");
  await expect(typedName(page)).toBeFocused();
  await expect(yes(page, "Delete")).toBeDisabled();
  await typedName(page).fill(name);
  await axe(page);
  await confirm(page, "Delete", name);
  await expect(page).toHaveURL(LIST);
});

test("Cancel, Escape and Back close the question, and the focus is on the menu's button", async ({ page }) => {
  const { id } = token("Onboarding kiosk");
  await open(page, id, "?tab=modules");
  for (const leave of [() => cancel(page, "Disable").click(), () => page.keyboard.press("Escape"), () => page.goBack()]) {
    await lives.choose(page, moreActions(page), "Disable");
    await leave();
    await expect(question(page, "Disable")).toBeHidden();
    await expect(page).toHaveURL(details(id, "?tab=modules"));
    await expect(moreActions(page)).toBeFocused();
  }
  await expect(stateInHead(page)).toHaveText("Active");
  await expect(message(page)).toHaveCount(0);
});

test("the list knows of it when one goes back", async ({ page }) => {
  const { id, name } = token("Vendor price watch");
  await page.goto(`${LIST}?search=${id}`);
  await live(page);
  await names(page).first().click();
  await lives.choose(page, moreActions(page), "Disable");
  await confirm(page, "Disable", name);
  await questionGone(page);
  await page.goBack();
  await expect(lives.stateOf(page, id)).toHaveText("Disabled");
});
