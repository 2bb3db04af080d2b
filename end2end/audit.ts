// Words of the tests about the audit trail: where things are, and something that is worth a record.
import { type Locator, type Page, expect } from "@playwright/test";
import { demo } from "./demo";
import { details } from "./editing";
import { call } from "./secrets";

export const TRAIL = "/settings/audit-trail";
export const trailOf = (id: string) => details(id, "?tab=audit-trail");

/** The rows below the headings, newest first. */
export const records = (page: Page) => page.getByRole("row").filter({ has: page.getByRole("cell") });
/** The link of a row that opens its record. */
export const view = (row: Locator) => row.getByRole("link", { name: /^View details of AUD-(\d{4}-){3}\d{4}$/ });
export const record = (page: Page) => page.getByRole("dialog", { name: "Audit record" });
export const close = (page: Page) => record(page).getByRole("link", { name: "Close" });
/** What stands in the open record beside a term. */
export const told = (page: Page, term: string) =>
  record(page).getByRole("term").filter({ hasText: new RegExp(`^${term}$`) }).locator("xpath=following-sibling::dd");

export const filters = (page: Page) => page.getByRole("form", { name: "Filters" });
export const filter = (page: Page, label: "Object" | "Actor" | "Event" | "From day (UTC)" | "To day (UTC)") =>
  filters(page).getByLabel(label, { exact: true });
export const apply = (page: Page) => filters(page).getByRole("button", { name: "Apply filters" });
/** The page answers clicks. */
export async function liveTrail(page: Page): Promise<void> {
  await expect(page.getByRole("button", { name: "Refresh", exact: true })).toBeEnabled();
}

/** The ids of the records that are shown, in their order. */
export async function ids(page: Page): Promise<string[]> {
  const links = await view(page.getByRole("main")).allTextContents();
  return links.map((text) => /AUD-[\d-]+/.exec(text)?.[0] ?? text);
}

/** The modules that every token has, whatever is chosen. */
export const given = demo.modules.filter(({ settings }) => settings.default && !settings.configurable);

/** Changes a token by the call that the dialog makes. */
export async function edit(page: Page, id: string, revision: number, changes: { name?: string; description?: string; modules?: string[] }): Promise<void> {
  const modules = [...given.map((module) => module.id), ...(changes.modules ?? [])];
  const fields = { revision, description: "", icon: null, reveal: "always", ...changes, modules };
  const { status, text } = await call(page, "edit_token", { id, edit: fields });
  expect(status, text).toBe(200);
}

export async function step(page: Page, id: string, action: "Disable" | "Enable" | "Delete"): Promise<void> {
  const { status, text } = await call(page, "change_token_status", { id, action });
  expect(status, text).toBe(200);
}
