// Filtering the list of tokens: conditions and groups, chips, and the filter as text.
import type { Page } from "@playwright/test";
import { axe, expect, signIn, test } from "../fixtures";
import { LIST } from "../editing";
import { add, apply, button, choose, comparison, dialog, filterOf, filtered, match, named, open, property, removal, removals, removes, tool, value, values, written } from "../filtering";
import * as lives from "../lives";
import { live, names, tabTo } from "../steps";

test.use({ serverName: "grid-filter" });

const SECRET = `lk_${"aB3".repeat(12)}`;

test.beforeEach(async ({ page }) => {
  await signIn(page, "administrator");
  await page.goto(`${LIST}?size=50`);
});

async function showsNames(page: Page, expected: string[]): Promise<void> {
  await expect(names(page)).toHaveText(expected);
}

test("Status is Disabled is built from three menus, stands in the address and in a chip, and is taken away again", async ({ page }) => {
  await open(page);
  await expect(dialog(page).getByText("No conditions yet, so the list has every token.")).toBeVisible();
  await axe(page);
  await add(page, 1, "Status", "is");
  await expect(value(page, 1, "value").getByRole("option")).toHaveText(["Choose…", "Active", "Disabled"]);
  await value(page, 1, "value").selectOption("Disabled");
  await axe(page);
  await apply(page);
  await expect.poll(() => filterOf(page)).toBe("eq(status,'Disabled')");
  await showsNames(page, named((token) => token.status === "Disabled"));
  await expect(removals(page)).toHaveCount(1);
  await expect(tool(page)).toHaveText("Filter1");
  await expect(tool(page), "the focus comes back").toBeFocused();
  await axe(page);
  await page.reload();
  await showsNames(page, named((token) => token.status === "Disabled"));
  await open(page);
  await expect(property(page, 1)).toHaveValue("status");
  await expect(value(page, 1, "value")).toHaveValue("Disabled");
  await button(page, "Cancel").click();
  await removes(page, "Status is Disabled").click();
  await expect(page).toHaveURL(`${LIST}?size=50`);
  await expect(removals(page)).toHaveCount(0);
  await page.goBack();
  await expect(removes(page, "Status is Disabled")).toBeVisible();
  await showsNames(page, named((token) => token.status === "Disabled"));
});

test("signs in a name are looked for as they are", async ({ page, server }) => {
  const { name } = await lives.madeOne(server, "50% off * today", 5);
  for (const [text, found] of [
    ['"Jarvis"', [/Jarvis/]],
    ["group's ACCOUNTING", [/^Overnight/]],
    ["0% off * to", [name]],
    ["0%off", []],
    ["f * t", [name]],
    ["*f", []],
  ] as const) {
    await page.goto(LIST);
    await open(page);
    await add(page, 1, "API token name", "contains");
    await value(page, 1).fill(text);
    await value(page, 1).press("Enter");
    await expect(removes(page, `Name contains “${text}”`)).toBeVisible();
    if (found.length === 0) await expect(page.getByRole("heading", { name: "No match" })).toBeVisible();
    else await expect(names(page)).toHaveText([...found]);
    await page.reload();
    await expect(removes(page, `Name contains “${text}”`)).toBeVisible();
  }
});

test("of two conditions any can be enough, and their chips are taken away one by one", async ({ page }) => {
  await open(page);
  await match(page).selectOption({ label: "any of these" });
  await add(page, 1, "API token name", "starts with");
  await value(page, 1).fill("api gateway");
  await add(page, 2, "Modules", "include");
  await value(page, 2, "value").selectOption({ label: "Helpdesk · MOD-8352" });
  await apply(page);
  const gateways = (name: string) => name.startsWith("API gateway");
  await showsNames(page, named((token) => gateways(token.name) || token.modules.includes("helpdesk")));
  await expect(page.locator(".bar").getByText("or", { exact: true })).toBeVisible();
  await expect(removals(page)).toHaveCount(2);
  await removes(page, "Modules include Helpdesk").click();
  await showsNames(page, named((token) => gateways(token.name)));
  await expect(page.getByRole("link", { name: "Clear all" })).toHaveCount(0);
  await removes(page, "Name starts with “api gateway”").click();
  await expect(page).toHaveURL(`${LIST}?size=50`);
  await page.goBack();
  await page.goBack();
  await expect(removals(page)).toHaveCount(2);
  await page.getByRole("link", { name: "Clear all" }).click();
  await expect(page).toHaveURL(`${LIST}?size=50`);
});

test("a group counts as one condition, has one chip, and goes as a whole", async ({ page }) => {
  await open(page);
  await add(page, 1, "Status", "is");
  await value(page, 1, "value").selectOption("Active");
  await button(page, "Add a conditional group").click();
  await match(page, 1).selectOption({ label: "any of these" });
  await choose(page, 2, "Last access", "never");
  await button(page, "Add a condition to this group (group 1)").click();
  await choose(page, 3, "API token name", "ends with");
  await value(page, 3).fill("robot");
  await axe(page);
  await apply(page);
  const robot = (name: string) => name.toLowerCase().endsWith("robot");
  await showsNames(page, named((token) => token.status === "Active" && (token.lastAccessAt === undefined || robot(token.name))));
  await expect(page.locator(".bar").getByText("and", { exact: true })).toBeVisible();
  await expect(removes(page, "(Last access never or Name ends with “robot”)")).toBeVisible();
  await expect(tool(page)).toHaveText("Filter3");
  await page.reload();
  await open(page);
  await expect(match(page, 1)).toHaveValue("any");
  await expect(value(page, 3)).toHaveValue("robot");
  await button(page, "Remove group (group 1)").click();
  await expect(property(page, 1)).toBeFocused();
  await apply(page);
  await expect(removals(page)).toHaveCount(1);
});

test("one of several is ticked, and whom a token was made by is chosen by name", async ({ page }) => {
  await open(page);
  await add(page, 1, "Modules", "include one of");
  await values(page, 1).getByRole("checkbox", { name: /^Helpdesk/ }).check();
  await values(page, 1).getByRole("checkbox", { name: /^Audit Trail/ }).check();
  await values(page, 1).getByRole("checkbox", { name: /^Procurement/ }).check();
  await values(page, 1).getByRole("checkbox", { name: /^Procurement/ }).uncheck();
  await add(page, 2, "Created by", "is");
  await value(page, 2, "value").selectOption({ label: "Sarah Sanderson · USR-1234-1210" });
  await axe(page);
  await apply(page);
  const either = (modules: string[]) => modules.includes("helpdesk") || modules.includes("audit-trail");
  await showsNames(page, named((token) => either(token.modules) && token.createdBy === "USR-1234-1210"));
  await expect(removes(page, "Modules include Helpdesk or Audit Trail")).toBeVisible();
  await expect(removes(page, "Created by Sarah Sanderson")).toBeVisible();
});

test("days are whole days in UTC, the last one included", async ({ page }) => {
  await open(page);
  await add(page, 1, "Date created", "between");
  await value(page, 1, "first day (UTC)").fill("2026-09-14");
  await value(page, 1, "last day (UTC)").fill("2026-09-20");
  await axe(page);
  await apply(page);
  const day = (token: { createdAt: string }) => token.createdAt.slice(0, 10);
  const expected = named((token) => day(token) >= "2026-09-14" && day(token) <= "2026-09-20");
  expect(expected.length).toBeGreaterThan(1);
  await showsNames(page, expected);
  await expect(removes(page, "Created between 2026-09-14 and 2026-09-20 (UTC)")).toBeVisible();
  await open(page);
  await comparison(page, 1).selectOption({ label: "before" });
  await expect(value(page, 1, "day (UTC)"), "the first day is kept").toHaveValue("2026-09-14");
  await comparison(page, 1).selectOption({ label: "between" });
  await value(page, 1, "last day (UTC)").fill("2026-09-01");
  await button(page, "Apply").click();
  await expect(dialog(page).getByText("The first day lies after the last one. Swap them.")).toBeVisible();
  await expect(value(page, 1, "first day (UTC)")).toBeFocused();
});

test("what is wrong stands beside its condition until that is changed", async ({ page }) => {
  await open(page);
  await add(page, 1, "API token name", "is");
  await value(page, 1).fill("Robot 1");
  await add(page, 2, "Status", "is");
  await add(page, 3, "API token name", "contains");
  await value(page, 3).fill(`it's "both"`);
  await button(page, "Apply").click();
  await expect(value(page, 2, "value")).toBeFocused();
  await expect(value(page, 2, "value")).toHaveAttribute("aria-invalid", "true");
  await expect(value(page, 2, "value")).toHaveAccessibleDescription(/The status is missing\. Choose one, or remove the condition\.$/);
  await expect(value(page, 3)).toHaveAccessibleDescription(/both kinds of quotes/);
  await expect(value(page, 1)).not.toHaveAttribute("aria-invalid");
  await axe(page);
  await value(page, 2, "value").selectOption("Active");
  await expect(value(page, 2, "value")).not.toHaveAttribute("aria-invalid");
  await removal(page, 3).click();
  await expect(property(page, 2), "the last one that is left").toBeFocused();
  await apply(page);
  await showsNames(page, ["Robot 1"]);
});

test("removing a condition leaves the others with what was typed into them", async ({ page }) => {
  await open(page);
  for (const [index, text] of ["one", "two", "three"].entries()) {
    await add(page, index + 1, "API token name", "contains");
    await value(page, index + 1).fill(text);
  }
  await property(page, 2).selectOption({ label: "API token id" });
  await removal(page, 1).click();
  await expect(property(page, 1)).toBeFocused();
  await expect(property(page, 1)).toHaveValue("id");
  await expect(value(page, 1)).toHaveValue("two");
  await expect(property(page, 2)).toHaveValue("name");
  await expect(value(page, 2)).toHaveValue("three");
  await removal(page, 2).click();
  await removal(page, 1).click();
  await expect(button(page, "Add a condition")).toBeFocused();
});

test("a filter holds 50 conditions and no more", async ({ page }) => {
  await page.goto(filtered(`or(${Array(49).fill("eq(status,'Active')").join(",")})`));
  await open(page);
  await button(page, "Add a condition").click();
  await expect(property(page, 50)).toBeFocused();
  await expect(button(page, "Add a condition")).toBeDisabled();
  await expect(button(page, "Add a conditional group")).toBeDisabled();
  await expect(dialog(page).getByText("A filter can have 50 conditions, and this one has them.")).toBeVisible();
  await removal(page, 50).click();
  await expect(button(page, "Add a condition")).toBeEnabled();
});

test("the text of what was built can be changed, and what the builder can show of it becomes conditions", async ({ page }) => {
  await open(page);
  await add(page, 1, "Status", "is");
  await value(page, 1, "value").selectOption("Active");
  await button(page, "Show as text").click();
  await expect(written(page)).toBeFocused();
  await expect(written(page)).toHaveValue("eq(status,'Active')");
  await axe(page);
  await button(page, "Show as conditions").click();
  await expect(value(page, 1, "value")).toHaveValue("Active");
  await button(page, "Show as text").click();
  await written(page).fill("status=Disabled&ilike(name,*o*)");
  await expect(button(page, "Undo the changes and show conditions")).toBeVisible();
  await apply(page);
  await showsNames(page, named((token) => token.status === "Disabled" && /o/i.test(token.name)));
  await expect(removals(page)).toHaveCount(2);
  await open(page);
  await expect(value(page, 1, "value")).toHaveValue("Disabled");
  await expect(value(page, 2)).toHaveValue("o");
});

test("a filter that the builder cannot show is one chip, and is changed as text", async ({ page }) => {
  await page.goto(filtered("gt(revision,0)", "&size=50"));
  await live(page);
  await expect(page.locator(".filterchip")).toHaveText(["gt(revision,0)"]);
  await open(page);
  await expect(dialog(page).getByText("This filter was written by hand; it can be changed here as text.")).toBeVisible();
  await expect(written(page)).toHaveValue("gt(revision,0)");
  await expect(button(page, "Show as conditions")).toHaveCount(0);
  await axe(page);
  await button(page, "Cancel").click();
  await page.getByRole("link", { name: "Clear filter", exact: true }).click();
  await expect(page).toHaveURL(`${LIST}?size=50`);
});

test("a wrong text is told in place of the list and beside the text", async ({ page, expectConsole }) => {
  expectConsole(/400/);
  await open(page);
  await button(page, "Show as text").click();
  await written(page).fill("eq(nonsense,1)");
  await apply(page);
  await expect(page.getByRole("heading", { name: "The filter is wrong" })).toBeVisible();
  await axe(page);
  await page.getByRole("button", { name: "Change the filter" }).click();
  await expect(written(page)).toHaveValue("eq(nonsense,1)");
  await expect(written(page)).toHaveAttribute("aria-invalid", "true");
  await expect(dialog(page).getByRole("alert")).toHaveText("nonsense: Invalid property path.");
  await expect(written(page)).toHaveAccessibleDescription(/nonsense: Invalid property path\./);
  await axe(page);
  await written(page).fill("eq(status,'Disabled')");
  await expect(written(page)).not.toHaveAttribute("aria-invalid");
  await apply(page);
  await showsNames(page, named((token) => token.status === "Disabled"));
  await page.goto(filtered("eq(nonsense"));
  await page.getByRole("link", { name: "Clear the filter" }).click();
  await expect(page).toHaveURL(LIST);
});

test("a secret in a condition or in the text is refused and never sent", async ({ page }) => {
  const sent: string[] = [];
  page.on("request", (request) => sent.push(`${request.url()} ${request.postData() ?? ""}`));
  await open(page);
  await add(page, 1, "API token name", "contains");
  await value(page, 1).fill(SECRET);
  await button(page, "Apply").click();
  await expect(value(page, 1)).toHaveAccessibleDescription(/This looks like a token's secret/);
  await value(page, 1).fill("robot");
  await button(page, "Show as text").click();
  await written(page).fill(`ilike(name,'*${SECRET}*')`);
  await button(page, "Apply").click();
  await expect(written(page)).toBeFocused();
  await expect(written(page)).toHaveAccessibleDescription(/looks like a token's secret, so it was not sent/);
  await button(page, "Cancel").click();
  await expect(page).toHaveURL(`${LIST}?size=50`);
  expect(sent.filter((text) => text.includes(SECRET))).toEqual([]);
});

test("without the names, ids can be typed, and the names be asked for again", async ({ page, expectConsole }) => {
  expectConsole(/503/);
  await page.route("**/fn/list_filter_choices", (route) => route.fulfill({ status: 503, body: "" }));
  await open(page);
  await expect(dialog(page).getByRole("alert")).toContainText("could not be loaded");
  await add(page, 1, "Modules", "include one of");
  await value(page, 1, "ids, with commas between them").fill("MOD-8352, MOD-3391");
  await axe(page);
  await page.unroute("**/fn/list_filter_choices");
  await button(page, "Load the names again").click();
  await expect(values(page, 1).getByRole("checkbox", { name: /^Procurement/ })).toBeChecked();
  await apply(page);
  await expect(removes(page, "Modules include Helpdesk or Procurement")).toBeVisible();
});

test("Operations filter by account", async ({ page, visitor }) => {
  await open(page);
  await button(page, "Add a condition").click();
  await expect(property(page, 1).getByRole("option", { name: "Account" })).toHaveCount(0);
  const other = await visitor();
  await signIn(other, "operator");
  await open(other);
  await add(other, 1, "Account", "is");
  await value(other, 1, "value").selectOption({ label: "Wayne Software · ACC-4471-9028" });
  await apply(other);
  await expect(removes(other, "Account is Wayne Software")).toBeVisible();
  await expect(names(other).filter({ hasText: "Listing publisher" })).toHaveCount(1);
});

test("a filter is built, changed and taken away by keyboard alone", async ({ page }) => {
  await live(page);
  await tabTo(page, tool(page));
  await page.keyboard.press("Enter");
  await expect(dialog(page)).toBeVisible();
  await tabTo(page, button(page, "Add a condition"));
  await page.keyboard.press("Enter");
  await expect(property(page, 1)).toBeFocused();
  await page.keyboard.type("S");
  await expect(property(page, 1)).toHaveValue("status");
  await tabTo(page, value(page, 1, "value"));
  await page.keyboard.type("D");
  await expect(value(page, 1, "value")).toHaveValue("Disabled");
  await tabTo(page, button(page, "Apply"));
  await page.keyboard.press("Enter");
  await showsNames(page, named((token) => token.status === "Disabled"));
  await expect(tool(page)).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(dialog(page)).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(dialog(page)).toBeHidden();
  await expect(tool(page)).toBeFocused();
  await tabTo(page, removes(page, "Status is Disabled"));
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(`${LIST}?size=50`);
});
