import { axe, expect, signIn, test } from "../fixtures";
import * as edit from "../editing";
import { close, descriptionField, details, dialog, nameField, row, save, step, toast, token } from "../editing";
import { live } from "../steps";

test.use({ serverName: "edit" });

test("from the row's menu: the list stays as it is behind, and shows the new name after saving", async ({ page }) => {
  const { id } = token("Grafana alerts");
  await signIn(page, "administrator");
  await page.goto("/settings/api-tokens?search=gr&order=name&size=25");
  await expect(row(page, id)).toBeVisible();
  const rows = await page.getByRole("row").count();
  await edit.mark(page.getByRole("table"));
  await edit.editFromRow(page, id);
  await expect(page).toHaveURL(new RegExp(`/${id}/edit\\?step=general&from=list&search=gr&order=name&size=25$`));
  await edit.expectMarked(page.locator("table"));
  await axe(page);
  await nameField(page).fill("Grafana alerts, second shift");
  await edit.saveAndSee(page);
  await expect(toast(page)).toContainText('API token "Grafana alerts, second shift" updated');
  await axe(page);
  await expect(page).toHaveURL("/settings/api-tokens?search=gr&order=name&size=25");
  await expect(row(page, id).getByRole("link", { name: "Grafana alerts, second shift" })).toBeVisible();
  await expect(page.getByRole("row")).toHaveCount(rows);
});

test("from the second page of the list: saving leads back to that page, and the row's menu has the focus", async ({ page }) => {
  await signIn(page, "administrator");
  await page.goto("/settings/api-tokens?page=2");
  const second = page.getByRole("row").nth(2);
  const id = /TKN-\d{4}-\d{4}/.exec(await second.innerText())?.[0] ?? "";
  await edit.editFromRow(page, id);
  await descriptionField(page).fill("From page two");
  await edit.saveAndSee(page);
  await expect(page).toHaveURL("/settings/api-tokens?page=2");
  await expect(page.getByRole("textbox", { name: /^Page/ })).toHaveValue("2");
  await expect(row(page, id).getByRole("button", { name: /^Actions for/ })).toBeFocused();
});

for (const [tab, query] of [["General", ""], ["Modules", "?tab=modules"], ["Details", "?tab=details"]] as const) {
  test(`from the details page, tab ${tab}: the tab stays behind and the new values are there`, async ({ page }) => {
    const { id } = token("Power BI refresh");
    await signIn(page, "administrator");
    await page.goto(details(id, query));
    await live(page);
    await page.getByRole("link", { name: "Edit" }).click();
    await expect(nameField(page)).toBeFocused();
    await descriptionField(page).fill(`Changed over ${tab}`);
    await step(page, "Modules").click();
    const helpdesk = edit.module(page, "Helpdesk");
    await helpdesk.setChecked(!(await helpdesk.isChecked()));
    await axe(page);
    await edit.saveAndSee(page);
    await expect(page).toHaveURL(details(id, query));
    const tabs = page.getByRole("navigation", { name: "Parts of the token" });
    await expect(tabs.getByRole("link", { name: tab })).toHaveAttribute("aria-current", "page");
    await tabs.getByRole("link", { name: "General" }).click();
    await expect(page.getByText(`Changed over ${tab}`)).toBeVisible();
  });
}

test("Save waits until something has changed, and can be pressed from either step", async ({ page }) => {
  const { id, name } = token("Coupa purchase requests");
  await edit.editAtAddress(page, id);
  await expect(save(page)).toBeDisabled();
  await nameField(page).fill(`${name}!`);
  await expect(save(page)).toBeEnabled();
  await nameField(page).fill(`  ${name} `);
  await expect(save(page)).toBeDisabled();
  await step(page, "Modules").click();
  await edit.module(page, "Billing").check();
  await expect(save(page)).toBeEnabled();
  await edit.module(page, "Billing").uncheck();
  await expect(save(page)).toBeDisabled();
  await edit.module(page, "Billing").check();
  await step(page, "General").click();
  await expect(save(page)).toBeEnabled();
  await edit.saveAndSee(page);
  await page.getByRole("main").getByRole("link", { name: "Modules" }).click();
  await expect(page.getByRole("term").filter({ hasText: "Billing" })).toBeVisible();
});

test("Enter in the name field saves", async ({ page }) => {
  await edit.editAtAddress(page, token("ServiceNow bridge").id);
  await nameField(page).fill("ServiceNow bridge, EMEA");
  await nameField(page).press("Enter");
  await expect(dialog(page)).toBeHidden();
  await expect(toast(page)).toContainText('API token "ServiceNow bridge, EMEA" updated');
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("ServiceNow bridge, EMEA");
});

test("closing without a change asks nothing, and the focus is where it was", async ({ page }) => {
  const { id } = token("Terraform pipeline");
  await signIn(page, "administrator");
  await page.goto(`/settings/api-tokens?search=${id}`);
  for (const leave of [() => close(page).click(), () => page.keyboard.press("Escape"), () => page.goBack()]) {
    await edit.editFromRow(page, id);
    await leave();
    await expect(dialog(page)).toBeHidden();
    await expect(page).toHaveURL(`/settings/api-tokens?search=${id}`);
    await expect(row(page, id).getByRole("button", { name: /^Actions for/ })).toBeFocused();
  }
  await page.goto(details(id, "?tab=modules"));
  await live(page);
  await page.getByRole("link", { name: "Edit" }).click();
  await expect(nameField(page)).toBeFocused();
  await close(page).click();
  await expect(page).toHaveURL(details(id, "?tab=modules"));
  await expect(page.getByRole("link", { name: "Edit" })).toBeFocused();
});

test("Back closes the dialog, Forward opens it, and the page behind is the very same", async ({ page }) => {
  const { id } = token("Splunk audit feed");
  await signIn(page, "administrator");
  await page.goto(details(id));
  await live(page);
  const heading = page.locator("h1");
  await edit.mark(heading);
  await page.getByRole("link", { name: "Edit" }).click();
  await step(page, "Modules").click();
  await expect(page).toHaveURL(/step=modules/);
  await edit.expectMarked(heading);
  await page.goBack();
  await expect(dialog(page)).toBeHidden();
  await expect(page).toHaveURL(details(id));
  await page.goForward();
  await expect(dialog(page)).toBeVisible();
  await expect(dialog(page).getByLabel("Search modules")).toBeVisible();
  await close(page).click();
  await expect(dialog(page)).toBeHidden();
  await edit.expectMarked(heading);
});

test("the address of the dialog can be reloaded, over the page it belongs to", async ({ page }) => {
  const { id, name } = token("Backup of agreements");
  await edit.editAtAddress(page, id, "?step=modules&from=list&search=backup");
  await expect(page.getByLabel("Search modules")).toBeVisible();
  await expect(page.locator("table")).toContainText(id);
  await page.reload();
  await expect(page.getByLabel("Search modules")).toBeVisible();
  await close(page).click();
  await expect(page).toHaveURL("/settings/api-tokens?search=backup");
  await expect(row(page, id)).toBeVisible();
  await page.goto(details(id, "/edit?tab=details"));
  await expect(nameField(page)).toHaveValue(name);
  await page.reload();
  await expect(page.locator("h1")).toHaveText(name);
  await close(page).click();
  await expect(page).toHaveURL(details(id, "?tab=details"));
  await expect(page.getByRole("term").filter({ hasText: "Revision" })).toBeVisible();
});

test("the step stands in the address, and nonsense there means the first", async ({ page }) => {
  await edit.editAtAddress(page, token("Backup of agreements").id, "?step=nonsense&colour=red");
  await expect(nameField(page)).toBeVisible();
  await expect(step(page, "General")).toHaveAttribute("aria-current", "step");
  await step(page, "Modules").click();
  await expect(page).toHaveURL(/step=modules/);
  await expect(nameField(page)).toBeHidden();
  await expect(step(page, "Modules")).toHaveAttribute("aria-current", "step");
  await step(page, "General").click();
  await expect(page).toHaveURL(/step=general/);
  await expect(nameField(page)).toBeVisible();
});
