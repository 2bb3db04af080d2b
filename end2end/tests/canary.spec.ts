// Secrets are followed over a whole working day: they may stand in two kinds of answers, and nowhere else.
import { type BrowserContext, type Page, chromium } from "@playwright/test";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TRAIL, close, liveTrail, record, records, view } from "../audit";
import { Search, filesOf, secretOf } from "../canary";
import { launchOptions } from "../chromium";
import { rowsOf } from "../database";
import { LIST, details, dialog, nameField, save } from "../editing";
import { WHO, demo, expect, test } from "../fixtures";
import { stateInHead } from "../lives";
import { clipboard, copyButton, expectHidden, expectShown, eye, secretLine, word, type KnownToken } from "../secrets";
import { type Server, start } from "../server";
import { choose, live } from "../steps";
import { type Wire, openWire } from "../wire";

test.use({ serverName: "canary" });
test.describe.configure({ mode: "serial" });

/** The published example of the format (T-2), with its check digits. */
const ROBOT: KnownToken = {
  id: "TKN-1234-1234", name: "Robot 1", secret: secretOf("zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ"), hint: "lk_zQWB",
};
const UNTOUCHED = { id: "TKN-1234-3316", secret: secretOf("Canary0ThatNobodyEverAsksFor00") };
const MARK = "Canary mark that is found";

let folder: string;
let server: Server;
let wire: Wire;
let browser: BrowserContext;
let page: Page;
const added: KnownToken[] = [];
/** The value of Robot 1 as it is stored before it is deleted. */
let sealed: Buffer;
/** What was logged while it was provisioned. */
let provisioned: string;
const console_: string[] = [];
const kept: string[] = [];

/** A demo installation in which two secrets are known beforehand, both just used, with a log as chatty as it gets. */
async function provision(): Promise<string> {
  const known = new Map([[ROBOT.id, ROBOT.secret], [UNTOUCHED.id, UNTOUCHED.secret]]);
  const lastAccessAt = new Date().toISOString();
  const tokens = demo.tokens.map((token) => (known.has(token.id) ? { ...token, secret: known.get(token.id), lastAccessAt } : token));
  const path = join(folder, "provision.json");
  await writeFile(path, JSON.stringify({ ...demo, tokens }));
  return path;
}

test.beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "latchkey-canary-"));
  wire = await openWire();
  const options = {
    provision: await provision(),
    dataDir: await mkdtemp(join(tmpdir(), "latchkey-")),
    env: { LATCHKEY_PUBLIC_URL: wire.url, LATCHKEY_LOG_LEVEL: "trace", LATCHKEY_LOG_FORMAT: "json" },
  };
  server = await start(options);
  await server.stop();
  provisioned = server.log();
  const [row] = await rowsOf(options.dataDir, "SELECT ct FROM token_secret WHERE token_id = ?", [ROBOT.id]);
  sealed = Buffer.from(row?.[0] as Uint8Array);
  server = await start(options);
  wire.leadTo(server.port);
  browser = await chromium.launchPersistentContext(join(folder, "profile"), { ...launchOptions, baseURL: wire.url, viewport: { width: 1280, height: 800 } });
  await browser.grantPermissions(["clipboard-read", "clipboard-write"], { origin: wire.url });
  browser.on("console", (message) => console_.push(message.text()));
  browser.on("weberror", (error) => console_.push(`${error.error().stack ?? error.error()}`));
  page = browser.pages()[0] ?? (await browser.newPage());
});

test.afterAll(async () => {
  await browser?.close();
  await wire?.close();
  if (server) await rm(server.dataDir, { recursive: true, force: true });
  await rm(folder, { recursive: true, force: true });
});

test("a secret is found again in whatever form it is written down, and no other text is taken for one", () => {
  expect(ROBOT.secret).toBe("lk_zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17");
  const search = secrets();
  const { secret } = ROBOT;
  const bytes = Buffer.from(secret);
  for (const form of [
    secret, `x${secret}y`, secret.slice(10, 30), JSON.stringify({ secret }), bytes.toString("hex"), bytes.toString("hex").toUpperCase(),
    bytes.toString("base64"), Buffer.from(`a${secret}`).toString("base64"), Buffer.from(`ab${secret}b`).toString("base64url"), Buffer.from(secret, "utf16le"),
  ]) {
    expect(search.in(form), form.toString()).toEqual([ROBOT.name]);
  }
  for (const other of ["", ROBOT.hint, secretOf("zQWBuTSOoRi4A9spHcVX5ncnsDkxkJ").slice(22), MARK]) expect(search.in(other)).toEqual([]);
});

/** What the page keeps now, apart from what it shows. */
test.afterEach(async () => {
  if (!page.isClosed() && page.url().startsWith(wire.url)) kept.push(await keptByThePage(page));
});

async function keptByThePage(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const databases = await indexedDB.databases();
    const caches_ = await caches.keys();
    return JSON.stringify([{ ...localStorage }, { ...sessionStorage }, databases, caches_, document.cookie, location.href, history.state, document.title, window.name]);
  });
}

async function signInAs(page: Page, person: { email: string; password: string }): Promise<void> {
  await page.goto("/sign-in");
  await page.getByLabel("E-mail", { exact: true }).fill(person.email);
  await page.getByLabel("Password", { exact: true }).fill(person.password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(page.getByRole("heading", { name: "API tokens", level: 1 })).toBeVisible();
}

const addDialog = (page: Page) => page.getByRole("dialog", { name: "Add API token" });

/** Adds a token in the dialog, sees and copies its secret there, and goes to its page. */
async function add(name: string, who: RegExp): Promise<KnownToken> {
  await page.goto(LIST);
  await live(page);
  await page.getByRole("link", { name: "Add", exact: true }).click();
  await addDialog(page).getByLabel("API token name").fill(name);
  await addDialog(page).getByRole("radio", { name: who }).check();
  await addDialog(page).getByRole("button", { name: "Next" }).click();
  await addDialog(page).getByRole("checkbox", { name: "Billing" }).check();
  await addDialog(page).getByRole("button", { name: "Next" }).click();
  await addDialog(page).getByRole("button", { name: "Add", exact: true }).click();
  await eye(page).click();
  await expect(secretLine(page)).toHaveText(/^lk_[0-9A-Za-z]{36}$/);
  const secret = await secretLine(page).innerText();
  kept.push(await keptByThePage(page));
  await copyButton(page).click();
  await expect.poll(() => clipboard(page)).toBe(secret);
  await addDialog(page).getByRole("link", { name: "View details" }).click();
  await expect(page.getByRole("heading", { name, level: 1 })).toBeVisible();
  const token = { id: page.url().split("/").at(-1) ?? "", name, secret, hint: secret.slice(0, 7) };
  added.push(token);
  return token;
}

test("in the morning an Administrator signs in and adds a token that may be seen always", async () => {
  await signInAs(page, WHO.administrator);
  const token = await add(`${MARK} A`, /^Administrators, whenever they ask/);
  await expectHidden(page, token);
  await eye(page).click();
  await expectShown(page, token);
  await page.reload();
  await expectHidden(page, token);
  await copyButton(page).click();
  await expect(word(page)).toHaveText("Copied");
});

test("then one that may be seen once, and one that nobody may see", async () => {
  const once = await add(`${MARK} B`, /^The first Administrator who asks, once/);
  await eye(page).click();
  await page.getByRole("button", { name: "See it now" }).click();
  await expectShown(page, once);
  await eye(page).click();
  await expect(secretLine(page)).toHaveCount(0);
  await add(`${MARK} C`, /^Nobody/);
  await expect(page.getByText("It is no longer stored, since nobody may see it.")).toBeVisible();
});

test("a token from the provisioning file is shown, copied, edited, disabled and enabled", async () => {
  await page.goto(details(ROBOT.id));
  await expect(eye(page)).toBeEnabled();
  await eye(page).click();
  await expectShown(page, ROBOT);
  await copyButton(page).click();
  await expect.poll(() => clipboard(page)).toBe(ROBOT.secret);
  await eye(page).click();
  await expectHidden(page, ROBOT);
  await page.getByRole("link", { name: "Edit", exact: true }).click();
  await nameField(page).fill("Robot of the canaries");
  await save(page).click();
  await expect(dialog(page)).toBeHidden();
  await expect(page.getByRole("heading", { name: "Robot of the canaries", level: 1 })).toBeVisible();
  for (const action of ["Disable", "Enable"]) {
    await page.getByRole("button", { name: "More actions" }).click();
    await page.getByRole("menuitem", { name: action, exact: true }).click();
    await page.getByRole("dialog").getByRole("button", { name: action, exact: true }).click();
    await expect(page.getByRole("dialog")).toHaveCount(0);
    // What can be done to it next is known once the page has heard of the change.
    await expect(stateInHead(page)).toHaveText(action === "Disable" ? "Disabled" : "Active");
  }
});

test("the audit trail of all this is read and a record copied", async () => {
  await page.goto(`${TRAIL}?object=${ROBOT.id}`);
  await liveTrail(page);
  await expect(records(page).filter({ hasText: "Secret of API token" })).toHaveCount(2);
  for (const name of ["copied", "updated", "created"]) {
    await view(records(page).filter({ hasText: name }).first()).click();
    await record(page).getByRole("button", { name: "Copy JSON" }).click();
    await expect(record(page).getByRole("status").filter({ hasText: "Copied" })).toBeVisible();
    await close(page).click();
    await expect(record(page)).toHaveCount(0);
  }
});

test("things go wrong: calls that are no calls, refusals, a network that fails, a sign-in that ends, a secret in the wrong place", async () => {
  await page.goto(details(ROBOT.id));
  await expect(eye(page)).toBeEnabled();
  const { secret } = ROBOT;
  const statuses = await page.evaluate(async ([secret, id]) => {
    const json = { "content-type": "application/json" };
    const tries: [string, RequestInit][] = [
      ["/fn/reveal_secret", { method: "POST", headers: json, body: `{"id":"${id}","purpose":"Steal"}` }],
      ["/fn/reveal_secret", { method: "POST", headers: json, body: "{" }],
      ["/fn/reveal_secret", { method: "POST", body: "id=x" }],
      ["/fn/reveal_secret", { method: "GET" }],
      ["/fn/get_token", { method: "POST", headers: json, body: JSON.stringify({ id: secret }) }],
      ["/fn/create_token", { method: "POST", headers: json, body: JSON.stringify({ new: { name: secret } }) }],
      ["/fn/confirm_password", { method: "POST", headers: json, body: JSON.stringify({ password: secret }) }],
      ["/public/v1/accounts/api-tokens", { headers: { authorization: `Bearer ${secret}` } }],
    ];
    const statuses = [];
    for (const [path, init] of tries) statuses.push((await fetch(path, init)).status);
    return statuses;
  }, [secret, ROBOT.id] as const);
  for (const status of statuses) expect(status).toBeGreaterThanOrEqual(400);
  const search = page.getByRole("searchbox", { name: "Search tokens by name or id" });
  await search.fill(secret);
  await search.press("Enter");
  await expect(page.getByRole("alert").filter({ hasText: "looks like a token's secret" })).toBeVisible();
  await browser.setOffline(true);
  await eye(page).click();
  await expect(page.getByRole("alert").filter({ hasText: "could not be reached" })).toBeVisible();
  await browser.setOffline(false);
  await eye(page).click();
  await expectShown(page, { ...ROBOT, name: "Robot of the canaries" });
  await browser.clearCookies({ name: "sid" });
  await page.goto(details(ROBOT.id));
  await expect(page.getByRole("heading", { name: "Sign in", level: 1 })).toBeVisible();
});

test("a Viewer and somebody of Operations try in vain", async () => {
  for (const who of ["viewer", "operator"] as const) {
    await signInAs(page, WHO[who]);
    await page.goto(details(ROBOT.id));
    await expect(page.getByText("Only Administrators of Stark Industries can see it.")).toBeVisible();
    const status = await page.evaluate(async (id) => {
      const headers = { "content-type": "application/json" };
      return (await fetch("/fn/reveal_secret", { method: "POST", headers, body: JSON.stringify({ id, purpose: "Show" }) })).status;
    }, ROBOT.id);
    expect(status).toBe(403);
    await live(page);
    await choose(page, "Sign out");
    await expect(page.getByRole("heading", { name: "Sign in", level: 1 })).toBeVisible();
  }
});

test("in the evening the tokens are deleted, and the Administrator signs out", async () => {
  await signInAs(page, WHO.administrator);
  for (const token of [ROBOT, added[0]]) {
    await page.goto(details(token?.id ?? ""));
    await live(page);
    await eye(page).click();
    await expect(secretLine(page)).toHaveText(token?.secret ?? "");
    await page.getByRole("button", { name: "More actions" }).click();
    await page.getByRole("menuitem", { name: "Delete", exact: true }).click();
    const question = page.getByRole("dialog", { name: /Delete API token/ });
    if (token === ROBOT) await question.getByLabel("Type the token's name to delete it").fill("Robot of the canaries");
    await question.getByRole("button", { name: "Delete", exact: true }).click();
    await expect(page.getByRole("heading", { name: "API tokens", level: 1 })).toBeVisible();
  }
  await live(page);
  await choose(page, "Sign out");
  await expect(page).toHaveURL("/sign-in");
  await page.goBack();
  await expect(page.getByRole("heading", { name: "Sign in", level: 1 })).toBeVisible();
});

/** Every secret of the day, under a name that may be printed. */
function secrets(): Search {
  const search = new Search();
  for (const { name, secret } of [...added, ROBOT, { name: "the untouched one", ...UNTOUCHED }]) search.secret(name, secret);
  return search;
}

test("no secret stood in a page, an address, a header or an answer but those to adding a token and to asking for its secret", async () => {
  const search = secrets();
  const answers = new Map<string, string[]>();
  for (const { method, url, requestHead, answerHead, answerBody } of wire.exchanges) {
    const asked = `${method} ${url}`;
    expect(search.in(`${url}\n${answerHead}`), `address and head of the answer: ${asked}`).toEqual([]);
    // One was presented as a program would, by the test itself.
    if (!url.startsWith("/public/")) expect(search.in(requestHead), `head of the request: ${asked}`).toEqual([]);
    const found = search.in(answerBody);
    if (found.length > 0) answers.set(asked, [...(answers.get(asked) ?? []), ...found].sort());
  }
  const [a, b, c] = added.map((token) => token.name);
  expect([...answers.keys()].sort()).toEqual(["POST /fn/create_token", "POST /fn/reveal_secret"]);
  expect(answers.get("POST /fn/create_token")).toEqual([a, b, c]);
  expect(new Set(answers.get("POST /fn/reveal_secret"))).toEqual(new Set([a, b, ROBOT.name]));
  const marked = wire.exchanges.filter(({ answerBody }) => answerBody.includes(MARK));
  expect(marked.length, "the search finds what was there").toBeGreaterThan(10);
});

test("no secret was sent by the browser but where the test put one itself", async () => {
  const search = secrets();
  for (const { method, url, requestBody } of wire.exchanges) {
    if (search.in(requestBody).length > 0) {
      expect(["POST /fn/get_token", "POST /fn/create_token", "POST /fn/confirm_password"]).toContain(`${method} ${url}`);
    }
  }
});

test("the browser kept no secret: not in its console, its storage, or its profile on the disk", async () => {
  const search = secrets();
  expect(search.in(console_.join("\n"))).toEqual([]);
  expect(kept.length).toBeGreaterThan(5);
  expect(search.in(kept.join("\n"))).toEqual([]);
  expect(search.in(JSON.stringify(await browser.storageState()))).toEqual([]);
  await browser.close();
  const files = await filesOf(join(folder, "profile"));
  const found = [...files].filter(([, bytes]) => search.in(bytes).length > 0).map(([path]) => path);
  expect(found).toEqual([]);
  const addresses = [...files.values()].filter((bytes) => bytes.includes(details(ROBOT.id)));
  expect(addresses.length, "the profile was really written").toBeGreaterThan(0);
});

test("the server kept no secret: not in its log, nor in any of its files, open or settled; and what was deleted is gone", async () => {
  const search = secrets();
  for (const { name, email, password } of [WHO.administrator, WHO.viewer, WHO.operator]) search.text(`the password of ${name} (${email})`, password);
  const cookies = wire.exchanges.map(({ requestHead }) => /\bsid=([^;\s]+)/.exec(requestHead)?.[1] ?? "");
  for (const cookie of new Set(cookies.filter((cookie) => cookie !== ""))) search.text("a sign-in's cookie", cookie);
  const whileOpen = await filesOf(server.dataDir);
  await server.stop();
  const settled = await filesOf(server.dataDir);
  expect([...whileOpen.keys()].some((path) => path.endsWith("-wal"))).toBe(true);
  expect([...settled.keys()]).toContain("latchkey.db");
  for (const [when, files] of [["open", whileOpen], ["settled", settled]] as const) {
    for (const [path, bytes] of files) expect(search.in(bytes), `${path}, ${when}`).toEqual([]);
    const marked = [...files.values()].filter((bytes) => bytes.includes(MARK));
    expect(marked.length, "the search finds what is there").toBeGreaterThan(0);
  }
  expect(search.in(provisioned + server.log()), "the log").toEqual([]);
  expect(server.log().split("answered").length, "the requests are really logged").toBeGreaterThan(50);
  expect(sealed.length).toBeGreaterThan(40);
  for (const [path, bytes] of settled) expect(bytes.includes(sealed), `the sealed value in ${path}`).toBe(false);
  const [always, once, never] = added;
  const stored = (await rowsOf(server.dataDir, "SELECT token_id FROM token_secret")).map(([id]) => id);
  expect(stored).toContain(UNTOUCHED.id);
  for (const token of [ROBOT, always, once, never]) expect(stored).not.toContain(token?.id);
  const rows = await rowsOf(server.dataDir, "SELECT status FROM api_token WHERE id IN (?, ?)", [ROBOT.id, always?.id ?? ""]);
  expect(rows).toEqual([["Deleted"], ["Deleted"]]);
});
