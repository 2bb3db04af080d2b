// Pictures of adding, logos, disabling and deleting, as they are seen. They are looked at by people.
import type { Page } from "@playwright/test";
import { expect, shot, signIn, test } from "../fixtures";
import * as adding from "../adding";
import { LIST, details } from "../editing";
import * as lives from "../lives";
import { bomb, picture, red } from "../logos";
import { eye } from "../secrets";
import { filtered, live } from "../steps";

test.use({ serverName: "pictures-life" });

async function addPictures(page: Page, suffix: string): Promise<string> {
  await adding.openAdd(page);
  await shot(page, `add-empty-${suffix}`);
  await adding.logoField(page).setInputFiles(red());
  await expect(page.getByRole("img", { name: "Preview of the logo" })).toBeVisible();
  await adding.nameField(page).fill("Nightly invoices");
  await adding.descriptionField(page).fill("Pulls invoices at 03:00 UTC.\nOwner: finance");
  await shot(page, `add-general-${suffix}`);
  await adding.next(page).click();
  await adding.module(page, "Billing").check();
  await shot(page, `add-modules-${suffix}`);
  await adding.next(page).click();
  await expect(adding.overview(page)).toBeVisible();
  await shot(page, `add-overview-${suffix}`);
  await adding.addAndSee(page, "Nightly invoices");
  await shot(page, `add-summary-${suffix}`);
  await eye(page).click();
  await expect(eye(page)).toHaveAccessibleName("Hide the secret");
  await shot(page, `add-secret-${suffix}`);
  const id = await adding.part(page, "Id").innerText();
  await adding.close(page).click();
  await expect(adding.dialog(page)).toBeHidden();
  await shot(page, `add-list-${suffix}`);
  return id;
}

async function errorPictures(page: Page, suffix: string): Promise<void> {
  await adding.openAdd(page);
  await adding.logoField(page).setInputFiles(picture(bomb()));
  await expect(adding.logoField(page)).toHaveAttribute("aria-invalid", "true");
  await adding.next(page).click();
  await expect(adding.errors(page)).toBeVisible();
  await shot(page, `add-errors-${suffix}`);
  await adding.nameField(page).fill("Half done");
  await adding.close(page).click();
  await expect(adding.question(page)).toBeVisible();
  await shot(page, `add-leave-${suffix}`);
  await adding.question(page).getByRole("button", { name: "Discard" }).click();
  await expect(adding.dialog(page)).toBeHidden();
}

async function lifePictures(page: Page, id: string, used: lives.Made, suffix: string): Promise<void> {
  await page.goto(details(id));
  await live(page);
  await lives.moreActions(page).click();
  await shot(page, `life-menu-${suffix}`);
  await page.getByRole("menuitem", { name: "Disable" }).click();
  await expect(lives.question(page, "Disable")).toBeVisible();
  await shot(page, `life-disable-${suffix}`);
  await lives.confirm(page, "Disable", "Nightly invoices");
  await shot(page, `life-disabled-${suffix}`);
  await page.goto(`${LIST}?search=${used.id}`);
  await live(page);
  await lives.choose(page, lives.actionsOf(page, used.id), "Delete");
  await lives.typedName(page).fill("Used");
  await shot(page, `life-delete-${suffix}`);
  await lives.typedName(page).fill(used.name);
  await lives.confirm(page, "Delete", used.name);
  await shot(page, `life-deleted-${suffix}`);
}

async function operationsPictures(page: Page, gone: lives.Made, suffix: string): Promise<void> {
  await signIn(page, "operator");
  await page.goto(filtered("status=Deleted"));
  await live(page);
  await shot(page, `life-deleted-list-${suffix}`);
  await page.goto(details(gone.id));
  await live(page);
  await shot(page, `life-deleted-details-${suffix}`);
}

for (const [suffix, viewport, colorScheme] of [
  ["light", { width: 1280, height: 800 }, "light"],
  ["dark", { width: 1280, height: 800 }, "dark"],
  ["phone", { width: 360, height: 780 }, "light"],
] as const) {
  test(`pictures of a token's life are taken: ${suffix}`, async ({ page, visitor, server, expectConsole }) => {
    expectConsole(/status of 422/);
    const used = await lives.madeOne(server, `Used yesterday (${suffix})`, 24);
    const other = await visitor();
    for (const one of [page, other]) {
      await one.setViewportSize(viewport);
      await one.emulateMedia({ colorScheme });
    }
    await signIn(page, "administrator");
    const id = await addPictures(page, suffix);
    await errorPictures(page, suffix);
    await lifePictures(page, id, used, suffix);
    await operationsPictures(other, used, suffix);
  });
}
