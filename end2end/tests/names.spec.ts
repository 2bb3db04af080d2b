// Names that are hard to show, in everything that is new: form, overview, summary, menus, questions, messages, titles.
import type { Page } from "@playwright/test";
import { axe, expect, signIn, test } from "../fixtures";
import * as adding from "../adding";
import { dialog, nameField, part, step, summary } from "../adding";
import { LIST, details } from "../editing";
import * as lives from "../lives";
import { actionsOf, entries, message, moreActions, question, typedName, yes } from "../lives";
import { live, noSidewaysScrolling, rowOf, rowsCame } from "../steps";

test.use({ serverName: "names" });

const NAMES: readonly (readonly [what: string, name: string])[] = [
  ["markup and quotes", `<img src=x onerror=alert(1)> "quoted" & 'single' </title><script>alert(2)</script>`],
  ["right-to-left text", "بوابة الدفع (2) – \"test\" עברית"],
  ["200 emoji", "😀".repeat(200)],
  ["joined emoji and joiners", "👩‍🚀🏳️‍🌈 ❤️‍🔥 👨‍👩‍👧‍👦 می‌خواهم"],
  ["200 letters without a blank", "W".repeat(200)],
  ["text that looks like code", "{{name}} ${name} %s \\n ../.. “API token” added"],
];

/** Nothing of a name may have become an element, and none may widen the page. */
async function expectHarmless(page: Page): Promise<void> {
  await noSidewaysScrolling(page);
  await expect(page.locator("img[src=x], script:text('alert(2)')")).toHaveCount(0);
}

/** A text stands in an element of its own, so that its direction does not touch what is around it. */
async function expectIsolated(page: Page, place: string, name: string): Promise<void> {
  const isolated = await page.locator(place).last().locator("bdi").evaluateAll((all, text) => all.some((one) => one.textContent === text), name);
  expect(isolated, `${place} has the name in a bdi`).toBe(true);
}

for (const [what, name] of NAMES) {
  for (const width of [1280, 360]) {
    test(`adding a token with ${what} shows its name as it was typed (${width} wide)`, async ({ page }) => {
      await page.setViewportSize({ width, height: 800 });
      await adding.signInAndAdd(page);
      await adding.toOverview(page, name);
      await expect(part(page, "API token name")).toHaveText(name);
      await expectIsolated(page, "dialog", name);
      await expectHarmless(page);
      await axe(page);
      await step(page, "General").click();
      await expect(nameField(page)).toHaveValue(name);
      await step(page, "Overview").click();
      await adding.addAndSee(page, name);
      await expectIsolated(page, "dialog", name);
      await expect(message(page)).toContainText(`API token "${name}" added`);
      await expectHarmless(page);
      await axe(page);
      const id = await part(page, "Id").innerText();
      await adding.close(page).click();
      await expect(dialog(page)).toBeHidden();
      await expect(rowOf(page, id).getByRole("link", { name, exact: true })).toBeVisible();
      await expect(page.getByRole("button", { name: `Actions for ${name}`, exact: true }).first()).toBeVisible();
      await expectHarmless(page);
    });
  }

  test(`disabling and deleting a token with ${what} names it as it is`, async ({ page, server }) => {
    const { id } = await lives.madeOne(server, name, 1);
    await signIn(page, "administrator");
    await page.goto(`${LIST}?search=${id}`);
    await live(page);
    for (const width of [360, 1280]) {
      await page.setViewportSize({ width, height: 800 });
      await rowsCame(page);
      await actionsOf(page, id).click();
      await expect(page.getByRole("menu", { name: `Actions for ${name}`, exact: true })).toBeVisible();
      for (const entry of await entries(page).all()) await expect(entry).toBeInViewport({ ratio: 1 });
      await expectHarmless(page);
      const action = width === 360 ? "Disable" : "Enable";
      await page.getByRole("menuitem", { name: action }).click();
      await expect(question(page, action)).toHaveAccessibleName(`${action} API token ${name}`);
      await expectIsolated(page, "dialog", name);
      await expect(yes(page, action)).toBeInViewport({ ratio: 1 });
      await expectHarmless(page);
      await axe(page);
      await lives.confirm(page, action, name);
      await expectHarmless(page);
      await axe(page);
    }
    await page.goto(details(id));
    await live(page);
    await expect(page).toHaveTitle(`${name} · Latchkey`);
    await lives.choose(page, moreActions(page), "Delete");
    await expect(question(page, "Delete")).toHaveAccessibleName(`Delete API token ${name}`);
    await typedName(page).fill(name.slice(0, -1));
    await expect(yes(page, "Delete")).toBeDisabled();
    await typedName(page).fill(name);
    await expect(yes(page, "Delete")).toBeEnabled();
    await expectHarmless(page);
    await axe(page);
    await typedName(page).press("Enter");
    await expect(message(page)).toContainText(`API token "${name}" deleted`);
    await expect(page).toHaveURL(LIST);
    await expect(summary(page, name)).toHaveCount(0);
    await expectHarmless(page);
  });
}

test("a name of right-to-left text does not turn the sentence around it", async ({ page, server }) => {
  const name = "بوابة الدفع (2)";
  const { id } = await lives.madeOne(server, name, null);
  await signIn(page, "administrator");
  await page.goto(details(id));
  await live(page);
  await lives.choose(page, moreActions(page), "Disable");
  await lives.confirm(page, "Disable", name);
  // In a sentence that reads from left to right, what stands after the name is right of it.
  const right = await message(page).evaluate((region, text) => {
    const walker = document.createTreeWalker(region, NodeFilter.SHOW_TEXT);
    const place = (wanted: string): DOMRect | undefined => {
      walker.currentNode = region;
      for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
        const at = node.nodeValue?.indexOf(wanted) ?? -1;
        if (at < 0) continue;
        const range = document.createRange();
        range.setStart(node, at);
        range.setEnd(node, at + wanted.length);
        return range.getBoundingClientRect();
      }
      return undefined;
    };
    const [before, after, inside] = [place("API token"), place("disabled"), place(text)];
    if (!before || !after || !inside) return "not found";
    return before.right <= inside.left + 1 && inside.right <= after.left + 1;
  }, name);
  expect(right).toBe(true);
});

test("a name of two lines' worth of blanks and composed letters is made one line before it is shown", async ({ page }) => {
  await adding.signInAndAdd(page);
  await adding.toOverview(page, "  Zu\u0308rich \u00a0  warehouse\u3000scanners  ");
  await expect(part(page, "API token name")).toHaveText("Z\u00fcrich warehouse scanners");
  await adding.addAndSee(page, "Z\u00fcrich warehouse scanners");
  await expect(message(page)).toContainText('API token "Z\u00fcrich warehouse scanners" added');
});
