// The pictures of the README, as they are seen. They are looked at by people; nothing is compared.
import { expect, shot, signIn, test } from "../fixtures";
import * as edit from "../editing";
import { descriptionField, details, dialog, nameField, save, step, token } from "../editing";
import { TRAIL, liveTrail, record, records, trailOf, view } from "../audit";
import { addToken, expectShown, eye } from "../secrets";
import type { Page } from "@playwright/test";

test.use({ serverName: "pictures" });

const desktop = { width: 1280, height: 800 };
const phone = { width: 360, height: 780 };
/** Each run changes a token of its own, so that the pictures do not depend on each other. */
const TOKENS = { light: token("Robot 1"), dark: token("SAP S/4HANA connector"), phone: token("Power BI refresh") };
type Suffix = keyof typeof TOKENS;

async function listAndDetails(page: Page, suffix: Suffix): Promise<void> {
  await signIn(page, "administrator");
  await page.goto("/settings/api-tokens");
  await expect(page.getByRole("button", { name: "Refresh" })).toBeEnabled();
  await shot(page, `list-${suffix}`);
  await page.getByRole("button", { name: /^Actions for/ }).nth(2).click();
  await expect(page.getByRole("menuitem").first()).toBeFocused();
  await shot(page, `menu-${suffix}`);
  await page.goto(details(TOKENS[suffix].id));
  await expect(page.getByRole("button", { name: "Copy API endpoint" })).toBeEnabled();
  await shot(page, `details-${suffix}`);
}

async function dialogs(page: Page, suffix: Suffix): Promise<void> {
  await page.getByRole("link", { name: "Edit" }).click();
  await expect(nameField(page)).toBeFocused();
  await nameField(page).fill(`${TOKENS[suffix].name}, production`);
  await shot(page, `edit-general-${suffix}`);
  await step(page, "Modules").click();
  await edit.module(page, "Helpdesk").check();
  await shot(page, `edit-modules-${suffix}`);
}

async function conflict(page: Page, other: Page, suffix: Suffix): Promise<void> {
  await step(page, "General").click();
  await descriptionField(page).fill("Nightly invoice pull. Runs at 03:00 UTC since the change of clocks.");
  await edit.colleagueSaves(other, TOKENS[suffix].id, async () => {
    await nameField(other).fill(`${TOKENS[suffix].name} (new host)`);
    await descriptionField(other).fill("Runs on the new host since the move. Owner: platform team.");
  });
  await save(page).click();
  const box = dialog(page).getByRole("alert").filter({ hasText: "Somebody else changed" });
  await expect(box).toBeVisible();
  await box.getByRole("radio", { name: "Keep mine" }).first().check();
  await shot(page, `conflict-${suffix}`);
}

async function saved(page: Page, suffix: Suffix): Promise<void> {
  for (const mine of await dialog(page).getByRole("radio", { name: "Keep mine" }).all()) await mine.check();
  await save(page).click();
  await expect(dialog(page)).toBeHidden();
  await shot(page, `saved-${suffix}`);
}

/** A token with a life of its own: its secret, its trail, a record of it; and the trail of the account. */
async function secretAndTrail(page: Page, suffix: Suffix): Promise<void> {
  const token = await addToken(page, "Invoice archive");
  await page.goto(details(token.id));
  await expect(eye(page)).toBeEnabled();
  await shot(page, `secret-hidden-${suffix}`);
  await eye(page).click();
  await expectShown(page, token);
  await shot(page, `secret-shown-${suffix}`);
  await page.goto(trailOf(TOKENS[suffix].id));
  await liveTrail(page);
  await shot(page, `token-audit-${suffix}`);
  await view(records(page).first()).click();
  await expect(record(page).getByRole("table", { name: "Changes" })).toBeVisible();
  await shot(page, `audit-record-${suffix}`);
  await page.goto(TRAIL);
  await liveTrail(page);
  await shot(page, `audit-${suffix}`);
}

for (const [suffix, viewport, colorScheme] of [
  ["light", desktop, "light"],
  ["dark", desktop, "dark"],
  ["phone", phone, "light"],
] as const) {
  test(`pictures for the README are taken: ${suffix}`, async ({ page, visitor }) => {
    test.slow();
    await page.setViewportSize(viewport);
    await page.emulateMedia({ colorScheme });
    await page.goto("/sign-in");
    await shot(page, `sign-in-${suffix}`);
    await listAndDetails(page, suffix);
    await dialogs(page, suffix);
    await conflict(page, await visitor(), suffix);
    await saved(page, suffix);
    await secretAndTrail(page, suffix);
    await page.goto("/profile/sign-ins");
    await shot(page, `sign-ins-${suffix}`);
    await page.goto("/help/edit-api-token");
    await shot(page, `help-${suffix}`);
  });
}
