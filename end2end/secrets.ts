// Words of the tests about secrets: where they are, and tokens whose secret a test knows.
import { type Locator, type Page, expect } from "@playwright/test";
import { randomUUID } from "node:crypto";
import { WHO } from "./demo";

/** A secret in full. */
export const SECRET = /^lk_[0-9A-Za-z]{36}$/;
/** The calls that a secret can come in the answer of, or be copied by. */
export const REVEAL = "**/fn/reveal_secret";
export const NOTE = "**/fn/note_secret_copied";
export const CONFIRM = "**/fn/confirm_password";

/** The element with the secret, or its hint and dots. */
export const secretLine = (page: Page) => page.locator("#secret-text");
export const eye = (page: Page) => page.getByRole("button", { name: /^(Show|Hide) the secret$/ });
export const copyButton = (page: Page) => page.getByRole("button", { name: "Copy the secret" });
/** What became of copying, beside the secret. */
export const word = (page: Page) => page.getByRole("definition").getByRole("status").filter({ hasText: /\w/ });
/** What stands beside a term. */
export const fact = (page: Page, term: string): Locator =>
  page.getByRole("term").filter({ hasText: new RegExp(`^${term}$`) }).locator("xpath=following-sibling::dd");
export const passwordDialog = (page: Page) => page.getByRole("dialog", { name: "Enter your password again" });

/** Calls a server function as the page does. */
export async function call(page: Page, name: string, body: unknown): Promise<{ status: number; text: string }> {
  return page.evaluate(
    async ([path, text]) => {
      const headers = { "content-type": "application/json", accept: "application/json" };
      const answer = await fetch(path, { method: "POST", headers, body: text });
      return { status: answer.status, text: await answer.text() };
    },
    [`/fn/${name}`, JSON.stringify(body)] as const,
  );
}

export interface KnownToken {
  id: string;
  name: string;
  secret: string;
  /** Its first characters, which are no secret. */
  hint: string;
}

/** Adds a token for the administrator who is signed in, by the call that the dialog makes. */
export async function addToken(page: Page, name: string, reveal: "always" | "once" | "never" = "always", modules: string[] = []): Promise<KnownToken> {
  const account = WHO.administrator.account;
  const sent = { account, name, description: "", icon: null, reveal, modules, key: randomUUID() };
  const { status, text } = await call(page, "create_token", { new: sent });
  expect(status, text).toBe(200);
  const { token, secret } = JSON.parse(text) as { token: { id: string; hint: string }; secret: string };
  expect(secret).toMatch(SECRET);
  return { id: token.id, name, secret, hint: token.hint };
}

/** The details are there, and the secret is not: its hint and dots stand for it. */
export async function expectHidden(page: Page, token: KnownToken): Promise<void> {
  await expect(secretLine(page)).toHaveText(new RegExp(`^${token.hint}•+ and more, hidden$`));
  await expect(eye(page)).toHaveAccessibleName("Show the secret");
  expect(await page.content()).not.toContain(token.secret);
}

export async function expectShown(page: Page, token: KnownToken): Promise<void> {
  await expect(secretLine(page)).toHaveText(token.secret);
  await expect(eye(page)).toHaveAccessibleName("Hide the secret");
}

/** How often the page asks for this address from now on. */
export function count(page: Page, end: string): () => number {
  let sent = 0;
  page.on("request", (request) => void (request.url().endsWith(end) && (sent += 1)));
  return () => sent;
}

/** Lets the page write to the clipboard and the test read it. */
export async function allowClipboard(page: Page, origin: string): Promise<void> {
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"], { origin });
}

/** Has the browser refuse the clipboard: what is granted refuses all the rest. */
export async function refuseClipboard(page: Page, origin: string): Promise<void> {
  await page.context().grantPermissions(["geolocation"], { origin });
}

export const clipboard = (page: Page) => page.evaluate(() => navigator.clipboard.readText());
export const selection = (page: Page) => page.evaluate(() => getSelection()?.toString() ?? "");
