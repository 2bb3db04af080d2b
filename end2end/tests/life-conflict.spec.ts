// Two people and one token: whoever is second hears who was first, and nothing happens twice.
import { axe, expect, signIn, test } from "../fixtures";
import * as edit from "../editing";
import { COLLEAGUE, LIST, details, signInAs, token } from "../editing";
import * as lives from "../lives";
import { actionsOf, confirm, message, moreActions, question, stateInHead, stateOf, trouble, yes } from "../lives";
import { fact } from "../secrets";
import { live } from "../steps";
import type { Page } from "@playwright/test";

test.use({ serverName: "life-conflict" });

/** The colleague takes a step from the details page in a browser of his own. */
async function colleague(other: Page, { id, name }: lives.Made, action: lives.Action): Promise<void> {
  await signInAs(other, COLLEAGUE);
  await other.goto(details(id));
  await live(other);
  await lives.choose(other, moreActions(other), action);
  await confirm(other, action, name);
}

for (const [action, name, after] of [
  ["Disable", "Power BI refresh", "Disabled"],
  ["Enable", "Jenkins nightly", "Active"],
] as const) {
  test(`${action} after somebody else did the same is explained, and the page shows how things stand`, async ({ page, visitor, expectConsole }) => {
    expectConsole(/status of 409/);
    const one = token(name);
    await signIn(page, "administrator");
    await page.goto(`${LIST}?search=${one.id}`);
    await live(page);
    await lives.choose(page, actionsOf(page, one.id), action);
    await colleague(await visitor(), one, action);
    await yes(page, action).click();
    const word = lives.DONE[action];
    await expect(trouble(page, action)).toContainText(new RegExp(`This API token is already ${word}\\. ${COLLEAGUE} ${word} it on .*\\. Nothing was changed\\.`));
    await expect(yes(page, action), "trying again cannot help").toBeHidden();
    const close = question(page, action).getByRole("button", { name: "Close", exact: true });
    await expect(close).toBeFocused();
    await axe(page);
    await close.click();
    await expect(stateOf(page, one.id)).toHaveText(after);
    await expect(actionsOf(page, one.id)).toBeFocused();
    await expect(message(page)).toHaveCount(0);
    expect(await edit.revision(page, one.id), "it was changed once").toBe(2);
  });
}

test("a token that somebody else deleted meanwhile does not exist any more, from the row and from its page", async ({ page, context, visitor, server, expectConsole }) => {
  expectConsole(/status of 404/);
  const one = await lives.madeOne(server, "Deleted under my hands", null);
  await signIn(page, "administrator");
  await page.goto(`${LIST}?search=${one.id}`);
  await live(page);
  const second = await context.newPage();
  await second.goto(details(one.id));
  await live(second);
  await lives.choose(page, actionsOf(page, one.id), "Delete");
  await lives.choose(second, moreActions(second), "Disable");
  await colleague(await visitor(), one, "Delete");
  for (const [mine, action] of [[page, "Delete"], [second, "Disable"]] as const) {
    await yes(mine, action).click();
    await expect(trouble(mine, action)).toContainText("This does not exist, or it belongs to another account.");
    await axe(mine);
    await question(mine, action).getByRole("button", { name: "Close", exact: true }).click();
    await expect(question(mine, action)).toBeHidden();
  }
  await expect(page.getByRole("heading", { name: "No match" })).toBeVisible();
  await expect(second.getByRole("heading", { name: "Not found" })).toBeVisible();
});

test("Operations hears who deleted it", async ({ page, visitor, server, expectConsole }) => {
  expectConsole(/status of 409/);
  const one = await lives.madeOne(server, "Deleted by its own people", null);
  await signIn(page, "operator");
  await page.goto(details(one.id));
  await live(page);
  await lives.choose(page, moreActions(page), "Disable");
  await colleague(await visitor(), one, "Delete");
  await yes(page, "Disable").click();
  await expect(trouble(page, "Disable")).toContainText(`This API token is already deleted. ${COLLEAGUE} deleted it on`);
  await axe(page);
  await question(page, "Disable").getByRole("button", { name: "Close", exact: true }).click();
  await expect(stateInHead(page)).toHaveText("Deleted");
  await expect(moreActions(page)).toHaveCount(0);
});

test("two administrators who delete at the same moment: one does, the other hears of it", async ({ page, visitor, server, expectConsole }) => {
  expectConsole(/status of 404/);
  const one = await lives.madeOne(server, "Deleted by both", null);
  const other = await visitor();
  await signIn(page, "administrator");
  await signInAs(other, COLLEAGUE);
  for (const person of [page, other]) {
    await person.goto(details(one.id));
    await live(person);
    await lives.choose(person, moreActions(person), "Delete");
  }
  await Promise.all([yes(page, "Delete").click(), yes(other, "Delete").click()]);
  for (const person of [page, other]) await expect(message(person).or(trouble(person, "Delete"))).toBeVisible();
  const said = await Promise.all([page, other].map((person) => message(person).count()));
  expect(said.toSorted(), "one deleted it").toEqual([0, 1]);
  const loser = said[0] === 0 ? page : other;
  await expect(trouble(loser, "Delete")).toContainText("This does not exist");
});

test("a token disabled while its edit form is open: the edit goes through and says so", async ({ page, visitor }) => {
  const one = token("Workday joiner sync");
  await edit.editAtAddress(page, one.id);
  await edit.nameField(page).fill("Workday, renamed");
  await colleague(await visitor(), one, "Disable");
  await edit.saveAndSee(page);
  await expect(message(page)).toContainText(`API token "Workday, renamed" updated beside a change by ${COLLEAGUE}`);
  await expect(stateInHead(page)).toHaveText("Disabled");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Workday, renamed");
});

test("a token deleted while its edit form is open: nothing is saved, and what was typed can still be copied", async ({ page, visitor, server, expectConsole }) => {
  expectConsole(/status of 404/);
  const one = await lives.madeOne(server, "Deleted while edited", null);
  await edit.editAtAddress(page, one.id);
  await edit.nameField(page).fill("Too late");
  await edit.descriptionField(page).fill("A long text of mine");
  await colleague(await visitor(), one, "Delete");
  await edit.save(page).click();
  await expect(edit.dialog(page).getByRole("alert")).toContainText("This does not exist");
  await expect(edit.descriptionField(page)).toHaveValue("A long text of mine");
  await axe(page);
});

test("a token edited while the question is open is disabled all the same", async ({ page, visitor }) => {
  const { id, name } = token("Coupa purchase requests");
  await signIn(page, "administrator");
  await page.goto(details(id));
  await live(page);
  await lives.choose(page, moreActions(page), "Disable");
  const other = await visitor();
  await edit.colleagueSaves(other, id, () => edit.nameField(other).fill("Coupa, renamed meanwhile"));
  await confirm(page, "Disable", name);
  await expect(stateInHead(page)).toHaveText("Disabled");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Coupa, renamed meanwhile");
  await page.goto(details(id, "?tab=details"));
  await expect(fact(page, "Disabled")).toContainText("by Sarah Sanderson");
  await expect(fact(page, "Updated")).toContainText(`by ${COLLEAGUE}`);
});
