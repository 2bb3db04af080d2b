// Disabling, enabling and deleting from the menu of a row.
import { axe, expect, signIn, test } from "../fixtures";
import { LIST, details, expectMarked, mark, token } from "../editing";
import * as lives from "../lives";
import { type Action, actionsOf, cancel, confirm, entries, message, question, stateOf, trouble, typedName, yes } from "../lives";
import { fact } from "../secrets";
import { filtered, live, names, rowOf } from "../steps";

test.use({ serverName: "life-list" });

test.beforeEach(async ({ page }) => {
  await signIn(page, "administrator");
  await live(page);
});

test("the menu offers what the state allows: Disable or Enable, a line, Edit, and Delete in red", async ({ page }) => {
  for (const [name, first] of [["Terraform pipeline", "Disable"], ["Jenkins nightly", "Enable"]] as const) {
    const { id } = token(name);
    await page.goto(`${LIST}?search=${id}`);
    await live(page);
    await actionsOf(page, id).click();
    await expect(entries(page)).toHaveText([first, "Edit", "Delete"]);
    await expect(page.getByRole("menu").locator("hr")).toHaveCount(1);
    const colours = await entries(page).evaluateAll((all) => all.map((entry) => getComputedStyle(entry).color));
    const red = (colour: string | undefined) => {
      const [r = 0, g = 0, b = 0] = (colour?.match(/\d+(\.\d+)?/g) ?? []).map(Number);
      return r > 1.5 * Math.max(g, b);
    };
    expect(colours.map(red)).toEqual([false, false, true]);
    await axe(page);
    await page.keyboard.press("Escape");
  }
});

test("a token is disabled and enabled again: the dialog says what will happen, the row what has", async ({ page }) => {
  const { id, name } = token("Terraform pipeline");
  await page.goto(`${LIST}?search=${id}&order=name`);
  await live(page);
  await expect(stateOf(page, id)).toHaveText("Active");
  await mark(page.getByRole("heading", { level: 1 }));
  for (const [action, after] of [["Disable", "Disabled"], ["Enable", "Active"]] as const) {
    await lives.choose(page, actionsOf(page, id), action);
    await expect(question(page, action)).toHaveAccessibleName(`${action} API token ${name}`);
    await expect(question(page, action)).toContainText(lives.WILL[action]);
    await expect(question(page, action)).toContainText(id);
    await expect(cancel(page, action), "what changes nothing has the focus").toBeFocused();
    if (after === "Active") await axe(page);
    await confirm(page, action, name);
    await expect(stateOf(page, id)).toHaveText(after);
    await expect(actionsOf(page, id)).toBeFocused();
    await expect(page).toHaveURL(`${LIST}?search=${id}&order=name`);
  }
  await axe(page);
  await expectMarked(page.getByRole("heading", { level: 1 }));
  await page.goto(details(id, "?tab=details"));
  await expect(fact(page, "Revision")).toHaveText("3");
  await expect(fact(page, "Disabled")).toContainText("by Sarah Sanderson USR-1234-1210");
  await expect(fact(page, "Enabled")).toContainText("by Sarah Sanderson");
});

test("a token that was not used lately is deleted by a click, and is gone for its account", async ({ page, server, expectConsole }) => {
  expectConsole(/status of 404/);
  const old = await lives.madeOne(server, "Not used for ten days", 240);
  await page.goto(`${LIST}?search=${old.id}`);
  await live(page);
  await lives.choose(page, actionsOf(page, old.id), "Delete");
  await expect(question(page, "Delete")).toContainText(lives.WILL.Delete);
  await expect(typedName(page)).toHaveCount(0);
  await axe(page);
  await confirm(page, "Delete", old.name);
  await expect(page.getByRole("heading", { name: "No match" })).toBeVisible();
  await axe(page);
  expect((await page.goto(details(old.id)))?.status()).toBe(404);
  await page.goto(filtered("status=Deleted"));
  await expect(page.getByText(old.name)).toHaveCount(0);
});

test("a disabled token can be deleted too, and the last one on a page leads to the page before", async ({ page, server }) => {
  const all = await lives.made(server, ["Row A of six", "Row B of six", "Row C of six", "Row D of six", "Row E of six", "Row F of six"], null);
  const last = all.at(-1);
  if (last === undefined) throw new Error("no token was made");
  await page.goto(`${LIST}?search=of%20six&order=name&size=5&page=2`);
  await live(page);
  await expect(names(page)).toHaveText(["Row F of six"]);
  await lives.choose(page, actionsOf(page, last.id), "Disable");
  await confirm(page, "Disable", last.name);
  await lives.choose(page, actionsOf(page, last.id), "Delete");
  await confirm(page, "Delete", last.name);
  await expect(names(page)).toHaveText(all.slice(0, 5).map((one) => one.name));
  await expect(page.getByText("5 tokens")).toBeVisible();
});

test("a token used in the last seven days is deleted only by somebody who types its name", async ({ page, server }) => {
  const used = await lives.madeOne(server, "Used yesterday: Robot", 24);
  await page.goto(`${LIST}?search=${used.id}`);
  await live(page);
  await lives.choose(page, actionsOf(page, used.id), "Delete");
  await expect(typedName(page)).toBeFocused();
  await expect(typedName(page)).toHaveAccessibleDescription(/used in the last 7 days/);
  await expect(yes(page, "Delete")).toBeDisabled();
  await axe(page);
  for (const wrong of ["Used yesterday", "used yesterday: robot", "Used yesterday: Robot!", "   ", used.id]) {
    await typedName(page).fill(wrong);
    await expect(yes(page, "Delete"), wrong).toBeDisabled();
    await typedName(page).press("Enter");
    await expect(question(page, "Delete"), wrong).toBeVisible();
  }
  await typedName(page).fill("  Used yesterday:  Robot ");
  await expect(yes(page, "Delete"), "blanks do not matter").toBeEnabled();
  await axe(page);
  await typedName(page).press("Enter");
  await expect(question(page, "Delete")).toBeHidden();
  await expect(message(page)).toContainText('API token "Used yesterday: Robot" deleted');
  await expect(page.getByRole("heading", { name: "No match" })).toBeVisible();
});

test("the border of seven days is kept", async ({ page, server }) => {
  const [inside, outside] = await Promise.all([
    lives.madeOne(server, "Six days and 23 hours", 7 * 24 - 1),
    lives.madeOne(server, "Seven days and an hour", 7 * 24 + 1),
  ]);
  for (const [{ id }, asks] of [[inside, 1], [outside, 0]] as const) {
    await page.goto(`${LIST}?search=${id}`);
    await live(page);
    await lives.choose(page, actionsOf(page, id), "Delete");
    await expect(typedName(page)).toHaveCount(asks);
    await cancel(page, "Delete").click();
    await expect(question(page, "Delete")).toBeHidden();
  }
});

for (const action of ["Disable", "Delete"] as const satisfies readonly Action[]) {
  test(`Cancel, Escape and Back close the question to ${action.toLowerCase()} and do nothing, and the focus is where it was`, async ({ page }) => {
    const { id } = token("Onboarding kiosk");
    await page.goto("/help/add-api-token");
    await page.goto(`${LIST}?search=${id}`);
    await live(page);
    let sent = 0;
    await page.route(lives.STEP, (route) => {
      sent += 1;
      return route.continue();
    });
    for (const leave of [() => cancel(page, action).click(), () => page.keyboard.press("Escape"), () => page.goBack()]) {
      await lives.choose(page, actionsOf(page, id), action);
      await leave();
      await expect(question(page, action)).toBeHidden();
      await expect(page).toHaveURL(`${LIST}?search=${id}`);
      await expect(actionsOf(page, id)).toBeFocused();
    }
    await expect(stateOf(page, id)).toHaveText("Active");
    expect(sent).toBe(0);
    await page.goBack();
    await expect(page, "the questions left nothing behind in the history").toHaveURL("/help/add-api-token");
  });
}

test("the message can be closed, and the next one takes its place", async ({ page }) => {
  const { id, name } = token("Renewal reminders");
  await page.goto(`${LIST}?search=${id}`);
  await live(page);
  await lives.choose(page, actionsOf(page, id), "Disable");
  await confirm(page, "Disable", name);
  await lives.choose(page, actionsOf(page, id), "Enable");
  await confirm(page, "Enable", name);
  await expect(message(page)).not.toContainText("disabled");
  await page.getByRole("button", { name: "Close message" }).click();
  await expect(message(page)).toHaveCount(0);
  await expect(rowOf(page, id)).toBeVisible();
  await expect(trouble(page, "Enable")).toHaveCount(0);
});
