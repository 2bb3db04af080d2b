// Who sees and does what: Operations in every account, with Deleted tokens; Viewers nothing but look.
import type { Page } from "@playwright/test";
import { axe, demo, expect, signIn, test } from "../fixtures";
import { LIST, details, token } from "../editing";
import * as lives from "../lives";
import { actionsOf, confirm, moreActions, question, stateInHead, stateOf } from "../lives";
import { call, copyButton, eye, fact } from "../secrets";
import { filtered, live, rowOf, rowsCame } from "../steps";

test.use({ serverName: "life-people" });

/** The vendor's own Administrator deletes a token of his. */
async function vendorDeletes(other: Page, { id, name }: lives.Made): Promise<void> {
  await signIn(other, "vendor");
  await other.goto(details(id));
  await live(other);
  await lives.choose(other, moreActions(other), "Delete");
  await confirm(other, "Delete", name);
}

test("pages, orders and sizes keep the filter", async ({ page }) => {
  await signIn(page, "operator");
  await page.goto(filtered("status=Disabled", "&size=5"));
  await live(page);
  await page.getByRole("link", { name: "Next" }).click();
  await expect(page).toHaveURL(/filter=status%3DDisabled.*page=2/);
  await expect(page.getByText(/^6–10 of \d+$/)).toBeVisible();
  await page.getByRole("columnheader", { name: "API token" }).getByRole("link").click();
  await expect(page).toHaveURL(/filter=status%3DDisabled.*order=name/);
  await rowsCame(page);
  await page.getByLabel("Rows per page").selectOption("25");
  await expect(page).toHaveURL(/filter=status%3DDisabled.*size=25/);
  await rowsCame(page);
  await expect(page.getByRole("row").getByText("Active", { exact: true })).toHaveCount(0);
});

test("Operations finds a deleted token by its own filter, and can only read it", async ({ page, visitor, server }) => {
  const gone = await lives.madeOne(server, "Wayne's forgotten token", null, "vendor");
  await vendorDeletes(await visitor(), gone);
  await signIn(page, "operator");
  await page.goto(`${LIST}?search=${gone.id}`);
  await live(page);
  await expect(page.getByRole("heading", { name: "No match" }), "not among those that are left").toBeVisible();
  await page.goto(filtered("status=Deleted"));
  await live(page);
  await expect(rowOf(page, gone.id).getByRole("cell").nth(1)).toHaveText("Wayne SoftwareACC-4471-9028");
  await expect(stateOf(page, gone.id)).toHaveText("Deleted");
  await expect(actionsOf(page, gone.id)).toHaveCount(0);
  await expect(page.getByText("Status is Deleted")).toBeVisible();
  await axe(page);
  await page.getByRole("link", { name: gone.name, exact: true }).click();
  await expect(stateInHead(page)).toHaveText("Deleted");
  await expect(page.getByText(/Deleted by Bruno Ferreira, .* Requests with this token are refused, and it cannot be restored\./)).toBeVisible();
  await expect(page.getByRole("link", { name: "Edit" })).toHaveCount(0);
  await expect(moreActions(page)).toHaveCount(0);
  await expect(fact(page, "API token")).toContainText("It is no longer stored: it was destroyed when the token was deleted.");
  await expect(eye(page)).toHaveCount(0);
  await expect(copyButton(page)).toHaveCount(0);
  await axe(page);
  await page.goto(details(gone.id, "?tab=details"));
  await expect(fact(page, "Deleted")).toContainText("by Bruno Ferreira USR-4471-0315");
});

test("a deleted token cannot be edited or brought back, whatever is called", async ({ page, visitor, server, expectConsole }) => {
  expectConsole(/status of (403|404|409|422)/);
  const gone = await lives.madeOne(server, "Not to be revived", null, "vendor");
  const bruno = await visitor();
  await vendorDeletes(bruno, gone);
  await signIn(page, "operator");
  for (const action of ["Enable", "Disable", "Delete"]) {
    const theirs = await call(page, "change_token_status", { id: gone.id, action });
    expect([theirs.status, theirs.text]).toEqual([409, expect.stringContaining("This API token is already deleted. Bruno Ferreira deleted it")]);
    expect((await call(bruno, "change_token_status", { id: gone.id, action })).status).toBe(404);
  }
  const answer = await page.goto(details(gone.id, "/edit"));
  expect(answer?.status()).not.toBe(200);
  await live(page);
  await expect(page.getByRole("dialog")).toBeVisible();
  await expect(page.getByRole("dialog").getByRole("textbox")).toHaveCount(0);
  await axe(page);
});

test("other accounts cannot ask for Deleted tokens", async ({ page, visitor, server }) => {
  const gone = await lives.madeOne(server, "Gone for Wayne itself", null, "vendor");
  const bruno = await visitor();
  await vendorDeletes(bruno, gone);
  await bruno.goto(filtered("status=Deleted"));
  await live(bruno);
  await expect(bruno.getByRole("heading", { name: "No match" })).toBeVisible();
  await expect(bruno.getByText(gone.id)).toHaveCount(0);
  await signIn(page, "administrator");
  await page.goto(filtered("status=Deleted,account.id=ACC-4471-9028"));
  await expect(page.getByRole("heading", { name: "No match" })).toBeVisible();
  await expect(page.getByText("Wayne")).toHaveCount(0);
});

test("Operations narrows the list to one account by its name, and takes that away again", async ({ page }) => {
  await signIn(page, "operator");
  await page.goto(`${LIST}?order=name&size=100`);
  await live(page);
  const wayne = demo.tokens.find((one) => one.account === "ACC-4471-9028" && one.name === "Usage meter");
  await rowOf(page, wayne?.id ?? "").getByRole("link", { name: "Wayne Software" }).click();
  await expect(page).toHaveURL(/filter=eq.*4471/);
  await expect(page.getByText("Account is Wayne Software")).toBeVisible();
  await expect(page.getByRole("row").getByText("ACC-0001-0002")).toHaveCount(0);
  await expect(rowOf(page, wayne?.id ?? "")).toBeVisible();
  await axe(page);
  await page.getByRole("link", { name: "Remove: Account is Wayne Software" }).click();
  await expect(page).not.toHaveURL(/filter=/);
  await expect(page.getByRole("row").getByText("ACC-0001-0002").first()).toBeVisible();
});

test("Operations disables, enables and deletes a token of another account", async ({ page, visitor, server, expectConsole }) => {
  expectConsole(/status of 404/);
  const one = await lives.madeOne(server, "Wayne's token in our hands", null, "vendor");
  await signIn(page, "operator");
  await page.goto(`${LIST}?search=${one.id}`);
  await live(page);
  for (const [action, after] of [["Disable", "Disabled"], ["Enable", "Active"]] as const) {
    await lives.choose(page, actionsOf(page, one.id), action);
    await confirm(page, action, one.name);
    await expect(stateOf(page, one.id)).toHaveText(after);
  }
  const bruno = await visitor();
  await signIn(bruno, "vendor");
  await bruno.goto(details(one.id, "?tab=details"));
  await expect(fact(bruno, "Disabled"), "its own people see who did it").toContainText("by Olga Petrenko");
  await page.goto(details(one.id));
  await live(page);
  await lives.choose(page, moreActions(page), "Delete");
  await confirm(page, "Delete", one.name);
  await expect(page).toHaveURL(LIST);
  expect((await bruno.reload())?.status()).toBe(404);
});

for (const who of ["viewer", "operatorViewer"] as const) {
  test(`a Viewer sees no actions, and is refused what he calls himself (${who})`, async ({ page, expectConsole }) => {
    expectConsole(/status of 403/);
    const { id } = token("Power BI refresh");
    await signIn(page, who);
    await page.goto(`${LIST}?search=${id}`);
    await live(page);
    await expect(rowOf(page, id)).toBeVisible();
    await expect(page.getByRole("columnheader", { name: "Actions" })).toHaveCount(0);
    await expect(page.getByRole("button", { name: /^Actions for/ })).toHaveCount(0);
    await page.goto(details(id));
    await live(page);
    await expect(moreActions(page)).toHaveCount(0);
    await expect(page.getByRole("link", { name: "Edit" })).toHaveCount(0);
    await axe(page);
    for (const action of lives.ACTIONS) {
      const { status, text } = await call(page, "change_token_status", { id, action });
      expect([status, text]).toEqual([403, expect.stringContaining("You can look at this token but not change it.")]);
    }
    await page.reload();
    await expect(stateInHead(page)).toHaveText("Active");
    await expect(question(page, "Disable")).toHaveCount(0);
  });
}
