// The logo of a token: chosen or dropped, previewed, shown wherever the token is, changed and removed.
import type { Locator, Page } from "@playwright/test";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { axe, expect, signIn, test } from "../fixtures";
import * as adding from "../adding";
import { logoField, nameField, part } from "../adding";
import * as edit from "../editing";
import { LIST, details, token } from "../editing";
import { BLUE, LARGEST, RED, blue, expectColour, jpeg, picture, png, red } from "../logos";
import { live, rowOf } from "../steps";

test.use({ serverName: "logo" });

const preview = (page: Page) => page.getByRole("img", { name: "Preview of the logo" });
const remove = (page: Page) => page.getByRole("dialog").getByRole("button", { name: "Remove logo" });
const editLogo = (page: Page) => edit.dialog(page).getByLabel("Logo");
/** The picture of the token in its row, and beside its name on the details page. */
const inRow = (page: Page, id: string) => rowOf(page, id).getByRole("cell").first().locator("img");
const inHead = (page: Page) => page.getByRole("heading", { level: 1 }).locator("xpath=ancestor::div[2]").locator("img");

/** Drags a file over an element and drops it there, as the browser itself reports that. */
async function drop(page: Page, target: Locator, path: string): Promise<void> {
  const box = await target.boundingBox();
  if (box === null) throw new Error("nothing to drop on");
  const place = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  const devtools = await page.context().newCDPSession(page);
  const data = { items: [], files: [path], dragOperationsMask: 1 };
  for (const type of ["dragEnter", "dragOver", "drop"] as const) await devtools.send("Input.dispatchDragEvent", { type, ...place, data });
  await devtools.detach();
}

async function expectEverywhere(page: Page, id: string, colour: readonly number[]): Promise<void> {
  await page.goto(details(id));
  await expectColour(inHead(page), colour);
  await page.goto(`${LIST}?search=${id}`);
  await expectColour(inRow(page, id), colour);
}

test("a logo chosen by a click is previewed, looked over, and shown in the list, the details and the dialogs", async ({ page }) => {
  await adding.signInAndAdd(page);
  await axe(page);
  const chooser = page.waitForEvent("filechooser");
  await logoField(page).click();
  await (await chooser).setFiles(red());
  await expectColour(preview(page), RED);
  await expect(logoField(page)).toHaveAccessibleDescription(/A logo is chosen\./);
  await axe(page);
  await adding.toOverview(page, "With a red logo");
  await expectColour(part(page, "Logo").getByRole("img", { name: "The chosen logo" }), RED);
  await axe(page);
  await adding.addAndSee(page, "With a red logo");
  const id = await part(page, "Id").innerText();
  await adding.close(page).click();
  await expectColour(inRow(page, id), RED);
  await axe(page);
  await expectEverywhere(page, id, RED);
  await live(page);
  await rowOf(page, id).getByRole("button", { name: /^Actions for/ }).click();
  await page.getByRole("menuitem", { name: "Disable" }).click();
  await expectColour(page.getByRole("dialog").locator("img"), RED);
});

test("a logo is dropped on the field, and a file dropped beside it does not leave the page", async ({ page, server }) => {
  const path = join(server.dataDir, "dropped.png");
  await writeFile(path, png(BLUE));
  await adding.signInAndAdd(page);
  await nameField(page).fill("With a dropped logo");
  await drop(page, nameField(page), path);
  await expect(preview(page)).toHaveCount(0);
  await expect(page).toHaveURL(/step=general/);
  await expect(nameField(page)).toHaveValue("With a dropped logo");
  await drop(page, logoField(page), path);
  await expectColour(preview(page), BLUE);
  await adding.toOverview(page, "With a dropped logo");
  await adding.addAndSee(page, "With a dropped logo");
  await expectEverywhere(page, await part(page, "Id").innerText(), BLUE);
});

test("a JPEG is taken too, of any shape", async ({ page }) => {
  await adding.signInAndAdd(page);
  await logoField(page).setInputFiles(await jpeg(page, BLUE));
  await expectColour(preview(page), BLUE);
  await adding.toOverview(page, "With a photo");
  await adding.addAndSee(page, "With a photo");
  const id = await part(page, "Id").innerText();
  await expectEverywhere(page, id, BLUE);
  const answer = await page.request.get((await inRow(page, id).getAttribute("src")) ?? "");
  expect(answer.headers()["content-type"], "whatever came in, a PNG goes out").toBe("image/png");
});

test("a logo is taken away again before the token is added, and chosen once more", async ({ page }) => {
  await adding.signInAndAdd(page);
  for (const [file, colour] of [[red(), RED], [red(), RED], [blue(), BLUE]] as const) {
    await logoField(page).setInputFiles(file);
    await expectColour(preview(page), colour);
    await remove(page).click();
    await expect(preview(page)).toHaveCount(0);
    await expect(remove(page)).toHaveCount(0);
    await expect(logoField(page)).toBeFocused();
    await axe(page);
  }
  await adding.toOverview(page, "Without a logo after all");
  await adding.addAndSee(page, "Without a logo after all");
  const id = await part(page, "Id").innerText();
  await page.goto(details(id));
  await expect(inHead(page)).toHaveCount(0);
  await expect(page.getByRole("main").getByText("WA", { exact: true }), "initials stand for it").toBeVisible();
});

test("a second file takes the place of the first", async ({ page }) => {
  await adding.signInAndAdd(page);
  await logoField(page).setInputFiles(red());
  await expectColour(preview(page), RED);
  await logoField(page).setInputFiles(blue());
  await expectColour(preview(page), BLUE);
  await adding.toOverview(page, "Second thoughts");
  await adding.addAndSee(page, "Second thoughts");
  await expectEverywhere(page, await part(page, "Id").innerText(), BLUE);
});

test("editing gives a token a logo, changes it and takes it away, and the list behind follows", async ({ page }) => {
  const { id } = token("Grafana alerts");
  await signIn(page, "administrator");
  await page.goto(`${LIST}?search=${id}`);
  await live(page);
  await expect(inRow(page, id)).toHaveCount(0);
  for (const [file, colour] of [[red(), RED], [blue(), BLUE]] as const) {
    await edit.editFromRow(page, id);
    await expect(edit.save(page)).toBeDisabled();
    await editLogo(page).setInputFiles(file);
    await expectColour(preview(page), colour);
    await axe(page);
    await edit.saveAndSee(page);
    await expectColour(inRow(page, id), colour);
  }
  await edit.editFromRow(page, id);
  await expectColour(preview(page), BLUE);
  await remove(page).click();
  await expect(preview(page)).toHaveCount(0);
  await edit.saveAndSee(page);
  await expect(inRow(page, id)).toHaveCount(0);
  expect(await edit.revision(page, id)).toBe(4);
});

test("taking a logo away and choosing the same again is no change", async ({ page }) => {
  const { id } = token("Workday joiner sync");
  await edit.editAtAddress(page, id);
  await editLogo(page).setInputFiles(red());
  await expect(edit.save(page)).toBeEnabled();
  await edit.saveAndSee(page);
  await expectColour(inHead(page), RED);
  await page.getByRole("link", { name: "Edit" }).click();
  await remove(page).click();
  await expect(edit.save(page)).toBeEnabled();
  await editLogo(page).setInputFiles(red());
  await expectColour(preview(page), RED);
  await expect(edit.save(page)).toBeDisabled();
  await edit.close(page).click();
  await expect(edit.dialog(page)).toBeHidden();
  expect(await edit.revision(page, id)).toBe(2);
});

test("a logo that somebody else changed meanwhile is told, and each decides", async ({ page, visitor }) => {
  const { id } = token("Teams bot");
  await edit.editAtAddress(page, id);
  await editLogo(page).setInputFiles(red());
  await expectColour(preview(page), RED);
  const other = await visitor();
  await edit.colleagueSaves(other, id, async () => {
    await editLogo(other).setInputFiles(blue());
    await expect(edit.save(other)).toBeEnabled();
  });
  await edit.save(page).click();
  const conflict = edit.dialog(page).getByRole("group", { name: "Logo" });
  await expect(conflict).toContainText(`Changed by ${edit.COLLEAGUE}`);
  await axe(page);
  await expect(edit.save(page)).toBeDisabled();
  await conflict.getByRole("radio", { name: "Take theirs" }).check();
  await expectColour(preview(page), BLUE);
  await conflict.getByRole("radio", { name: "Keep mine" }).check();
  await expectColour(preview(page), RED);
  await edit.saveAndSee(page);
  await expectEverywhere(page, id, RED);
});

test("a file of exactly 5 MiB is taken", async ({ page }) => {
  const file = picture(png(BLUE, { bytes: LARGEST }));
  expect(file.buffer).toHaveLength(LARGEST);
  await adding.signInAndAdd(page);
  await logoField(page).setInputFiles(file);
  await expectColour(preview(page), BLUE);
  await adding.toOverview(page, "Five megabytes");
  await adding.addAndSee(page, "Five megabytes");
  const id = await part(page, "Id").innerText();
  await expectEverywhere(page, id, BLUE);
  const kept = await page.request.get((await inRow(page, id).getAttribute("src")) ?? "");
  expect((await kept.body()).length, "bytes kept of it").toBeLessThan(10_000);
});

test("a large picture is kept small", async ({ page }) => {
  await adding.signInAndAdd(page);
  await logoField(page).setInputFiles(picture(png(RED, { width: 4000, height: 1000 })));
  await expectColour(preview(page), RED);
  await adding.toOverview(page, "Kept small");
  await adding.addAndSee(page, "Kept small");
  const id = await part(page, "Id").innerText();
  await page.goto(details(id));
  await expectColour(inHead(page), RED);
  expect(await inHead(page).evaluate((image: HTMLImageElement) => [image.naturalWidth, image.naturalHeight])).toEqual([512, 128]);
});
