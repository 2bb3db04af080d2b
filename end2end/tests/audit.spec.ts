// The audit trail, as a page and as the tab of a token, and a record in its dialog.
import { WHO, axe, expect, signIn, test, tokensOf } from "../fixtures";
import { COLLEAGUE, dialog, expectMarked, mark, nameField, saveAndSee, signInAs } from "../editing";
import { live, tabTo } from "../steps";
import { addToken, allowClipboard, call, clipboard, fact } from "../secrets";
import { TRAIL, close, edit, given as every, ids, liveTrail, record, records, step, told, trailOf, view } from "../audit";

test.use({ serverName: "audit" });

const FACTS = ["Record", "Date", "Event", "Object", "Outcome", "Actor", "Signed in by", "Address", "User agent", "Request"];

test("what is done to a token stands in its tab, newest first, with who did it and when", async ({ page }) => {
  await signIn(page, "administrator");
  const token = await addToken(page, "Much happens to it");
  await edit(page, token.id, 1, { name: "Much has happened to it" });
  await step(page, token.id, "Disable");
  await step(page, token.id, "Enable");
  expect((await call(page, "reveal_secret", { id: token.id, purpose: "Show" })).status).toBe(200);
  expect((await call(page, "note_secret_copied", { id: token.id })).status).toBe(200);
  await page.goto(trailOf(token.id));
  await liveTrail(page);
  await expect(page.getByRole("navigation", { name: "Parts of the token" }).getByRole("link", { name: "Audit trail" })).toHaveAttribute(
    "aria-current", "page",
  );
  await expect(page.getByRole("columnheader")).toHaveText(["Date", "Event", "Summary", "Actor", "Actions"]);
  const expected = [
    ["Secret copied", "platform.accounts.token.copied", 'Secret of API token "Much has happened to it" copied'],
    ["Secret shown", "platform.accounts.token.revealed", 'Secret of API token "Much has happened to it" shown'],
    ["API token enabled", "platform.accounts.token.enabled", 'API token "Much has happened to it" enabled'],
    ["API token disabled", "platform.accounts.token.disabled", 'API token "Much has happened to it" disabled'],
    ["API token updated", "platform.accounts.token.updated", 'API token "Much has happened to it" updated: name'],
    ["API token added", "platform.accounts.token.created", 'API token "Much happens to it" created'],
  ];
  await expect(records(page)).toHaveCount(expected.length);
  for (const [index, [event, key, summary]] of expected.entries()) {
    const cells = records(page).nth(index).getByRole("cell");
    await expect(cells.nth(1)).toHaveText(`${event}${key}`);
    await expect(cells.nth(2)).toHaveText(summary ?? "");
    await expect(cells.nth(3)).toContainText(`${WHO.administrator.name}${WHO.administrator.id}`);
    const at = await cells.nth(0).locator("time").getAttribute("datetime");
    expect(Math.abs(Date.now() - Date.parse(at ?? ""))).toBeLessThan(60_000);
  }
  await expect(page.getByText("Refused")).toHaveCount(0);
  await axe(page);
});

test("the page is reached from the navigation, and shows every kind of object with links to the tokens", async ({ page }) => {
  await signIn(page, "administrator");
  const token = await addToken(page, "Seen on the page");
  await live(page);
  await page.getByRole("navigation", { name: "Settings" }).getByRole("link", { name: "Audit trail" }).click();
  await expect(page).toHaveURL(TRAIL);
  await expect(page).toHaveTitle("Audit trail · Latchkey");
  await expect(page.getByRole("heading", { name: "Audit trail", level: 1 })).toBeVisible();
  await expect(page.getByRole("navigation", { name: "Settings" }).getByRole("link", { name: "Audit trail" })).toHaveAttribute("aria-current", "page");
  await expect(page.getByRole("columnheader")).toHaveText(["Date", "Object", "Event", "Summary", "Actor", "Actions"]);
  const added = records(page).filter({ hasText: token.id });
  await expect(added.getByRole("cell").nth(1)).toHaveText(`${token.name}API token ${token.id}`);
  const signedIn = records(page).filter({ hasText: `${WHO.administrator.name} signed in` }).first();
  await expect(signedIn.getByRole("cell").nth(1)).toContainText(/Session [0-9a-f]{16}$/);
  await expect(signedIn.getByRole("cell").nth(1).getByRole("link")).toHaveCount(0);
  await axe(page);
  await added.getByRole("link", { name: token.name }).click();
  await expect(page.getByRole("heading", { name: token.name, level: 1 })).toBeVisible();
  await page.goBack();
  await expect(page).toHaveURL(TRAIL);
  await expect(added).toBeVisible();
});

test("View details shows everything that is known of a change, before and after, and closes onto the page as it was", async ({ page, server }) => {
  await signIn(page, "administrator");
  const token = await addToken(page, "Robot of the old kind");
  await edit(page, token.id, 1, { name: "Robot of the new kind", description: "Runs at night.", modules: ["MOD-1756"] });
  await page.goto(`${TRAIL}?object=${token.id}`);
  await liveTrail(page);
  const row = records(page).first();
  await mark(row);
  const id = (await ids(page))[0] ?? "";
  await view(row).click();
  await expect(page).toHaveURL(`${TRAIL}?object=${token.id}&record=${id}`);
  await expect(record(page).getByRole("heading", { name: "Audit record" })).toBeFocused();
  await expect(record(page).getByRole("term")).toHaveText(FACTS);
  await expect(told(page, "Record")).toHaveText(id);
  await expect(told(page, "Event")).toHaveText("API token updatedplatform.accounts.token.updated");
  await expect(told(page, "Object")).toHaveText(`Robot of the new kindAPI token ${token.id}`);
  await expect(told(page, "Outcome")).toHaveText("Done");
  await expect(told(page, "Actor")).toHaveText(`${WHO.administrator.name}${WHO.administrator.id}`);
  await expect(told(page, "Signed in by")).toHaveText("Browser sign-in");
  await expect(told(page, "Address")).toHaveText("127.0.0.1");
  await expect(told(page, "User agent")).toHaveText(await page.evaluate(() => navigator.userAgent));
  await expect(told(page, "Date")).toContainText(/\d\d:\d\d\s*\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  const request = await told(page, "Request").innerText();
  expect(server.log(), "the log knows the request by the same id").toContain(request);

  const given = every.map((module) => `${module.id} ${module.name}`).join(", ");
  const changes = record(page).getByRole("table", { name: "Changes" });
  await expect(changes.getByRole("columnheader")).toHaveText(["Field", "Before", "After"]);
  const name = changes.getByRole("row").filter({ hasText: "Name" });
  await expect(name.getByRole("cell")).toHaveText(["Robot of the old kind", "Robot of the new kind"]);
  await expect(name.getByRole("deletion")).toHaveText("old");
  await expect(name.getByRole("insertion")).toHaveText("new");
  await expect(changes.getByRole("row").filter({ hasText: "Description" }).getByRole("cell")).toHaveText(["—nothing", "Runs at night."]);
  await expect(changes.getByRole("row").filter({ hasText: "Modules" }).getByRole("cell")).toHaveText([
    given, `MOD-1756 Access Management, ${given}`,
  ]);
  const json = JSON.parse(await record(page).getByRole("region", { name: "The record as JSON" }).innerText()) as Record<string, unknown>;
  expect(json).toMatchObject({
    id, event: "platform.accounts.token.updated", outcome: "done", address: "127.0.0.1", requestId: request, account: WHO.administrator.account,
    object: { type: "Token", id: token.id, name: "Robot of the new kind", revision: 2 },
    actor: { type: "user", id: WHO.administrator.id, name: WHO.administrator.name },
  });
  await axe(page);

  await close(page).click();
  await expect(record(page)).toHaveCount(0);
  await expect(page).toHaveURL(`${TRAIL}?object=${token.id}`);
  await expectMarked(row);
  await expect(view(row)).toBeFocused();
  await page.goForward();
  await expect(told(page, "Record")).toHaveText(id);
});

test("a record is opened, read, and closed by keyboard alone", async ({ page }) => {
  await signIn(page, "administrator");
  const token = await addToken(page, "Read by keyboard");
  await page.goto(trailOf(token.id));
  await liveTrail(page);
  await tabTo(page, view(records(page).first()));
  await page.keyboard.press("Enter");
  await expect(record(page).getByRole("heading", { name: "Audit record" })).toBeFocused();
  await expect(told(page, "Object")).toBeVisible();
  await page.keyboard.press("Tab");
  await expect(record(page).getByRole("link", { name: "Help, in a new tab" })).toBeFocused();
  for (const name of ["Copy summary", "Copy details"]) {
    await page.keyboard.press("Tab");
    await expect(record(page).getByRole("button", { name })).toBeFocused();
  }
  await page.keyboard.press("Tab");
  await expect(told(page, "Object").getByRole("link")).toBeFocused();
  await page.keyboard.press("Tab");
  await expect(record(page).getByRole("button", { name: "Copy JSON" })).toBeFocused();
  await page.keyboard.press("Tab");
  await expect(record(page).getByRole("region", { name: "The record as JSON" }), "what scrolls can be reached").toBeFocused();
  await page.keyboard.press("Tab");
  await expect(close(page)).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(record(page)).toHaveCount(0);
  await expect(view(records(page).first())).toBeFocused();
  await page.keyboard.press("Enter");
  await tabTo(page, close(page));
  await page.keyboard.press("Enter");
  await expect(record(page)).toHaveCount(0);
  await expect(page).toHaveURL(trailOf(token.id));
});

test("Back closes a record, and Forward opens it again", async ({ page }) => {
  await signIn(page, "administrator");
  await page.goto(TRAIL);
  await liveTrail(page);
  const row = records(page).first();
  await mark(row);
  await view(row).click();
  await expect(told(page, "Record")).toBeVisible();
  await page.goBack();
  await expect(record(page)).toHaveCount(0);
  await expect(page).toHaveURL(TRAIL);
  await expectMarked(row);
  await page.goForward();
  await expect(told(page, "Record")).toBeVisible();
});

test("summary, details and JSON are copied as they stand there, and each copying is said", async ({ page, server }) => {
  await allowClipboard(page, server.url);
  await signIn(page, "administrator");
  const token = await addToken(page, "To be copied");
  await edit(page, token.id, 1, { name: "Copied" });
  await page.goto(trailOf(token.id));
  await liveTrail(page);
  await view(records(page).first()).click();
  const copy = async (what: string) => {
    const button = record(page).getByRole("button", { name: `Copy ${what}` });
    await button.click();
    await expect(button.locator("xpath=following-sibling::*[@role='status']")).toHaveText("Copied");
  };
  await copy("summary");
  expect(await clipboard(page)).toBe('API token "Copied" updated: name');
  await copy("details");
  await axe(page);
  const id = await told(page, "Record").innerText();
  const details = await clipboard(page);
  const lines = [
    `Record: ${id}`, "Event: API token updated platform.accounts.token.updated", `Object: Token Copied ${token.id}`, "Outcome: Done",
    `Actor: ${WHO.administrator.name} ${WHO.administrator.id}`, "Signed in by: Browser sign-in", "Address: 127.0.0.1", "Name: To be copied → Copied",
  ];
  for (const line of lines) expect(details.split("\n")).toContain(line);
  await copy("JSON");
  const json = await clipboard(page);
  expect(json).toBe(await record(page).getByRole("region", { name: "The record as JSON" }).innerText());
  expect(JSON.parse(json)).toMatchObject({ id, changes: [{ field: "name", before: "To be copied", after: "Copied" }] });
});

test("the address of a record is shared with a colleague, and is the same after a reload", async ({ page, visitor }) => {
  await signIn(page, "administrator");
  const token = await addToken(page, "Shared");
  await page.goto(`${TRAIL}?object=${token.id}`);
  await liveTrail(page);
  await view(records(page).first()).click();
  await expect(told(page, "Record")).toBeVisible();
  const [id, address] = [await told(page, "Record").innerText(), page.url()];
  await page.reload();
  await expect(told(page, "Record")).toHaveText(id);
  await live(page);
  await axe(page);
  await close(page).click();
  await expect(record(page)).toHaveCount(0);
  await expect(page).toHaveURL(`${TRAIL}?object=${token.id}`);

  const other = await visitor();
  await signInAs(other, COLLEAGUE);
  await other.goto(address);
  await expect(told(other, "Record")).toHaveText(id);
  await expect(told(other, "Object")).toContainText("Shared");
  await live(other);
  await told(other, "Object").getByRole("link").click();
  await expect(other.getByRole("heading", { name: "Shared", level: 1 })).toBeVisible();
  await expect(record(other)).toHaveCount(0);
});

test("the address of another account's record, of none and of nonsense is the same answer, on the page and in a tab", async ({
  page, visitor, expectConsole,
}) => {
  expectConsole(/status of 404/);
  const vendor = await visitor();
  await signIn(vendor, "vendor");
  await vendor.goto(TRAIL);
  const foreign = (await ids(vendor))[0] ?? "";
  expect(foreign).toMatch(/^AUD-/);
  await signIn(page, "administrator");
  const answers = new Set<string>();
  for (const id of [foreign, "AUD-0000-0000-0000-0001", "AUD-1", "%3Cb%3E", ""]) {
    const { status, text } = await call(page, "get_audit_record", { id: decodeURIComponent(id) });
    expect(status, id).toBe(404);
    answers.add(text.replace(/"request_id":"[^"]*"/, ""));
    const sent = await page.request.get(`${TRAIL}?record=${id}`, { headers: { accept: "text/html" } });
    expect(sent.status(), id).toBe(404);
  }
  expect(answers.size).toBe(1);
  for (const address of [`${TRAIL}?record=${foreign}`, `${TRAIL}?record=AUD-1`, `${trailOf("TKN-1234-1234")}&record=${foreign}`]) {
    await page.goto(address);
    await expect(record(page).getByRole("heading", { name: "Not found" }), address).toBeVisible();
    await expect(record(page).getByText("This does not exist, or it belongs to another account.")).toBeVisible();
    await expect(record(page).getByRole("term")).toHaveCount(0);
  }
  await live(page);
  await axe(page);
  await close(page).click();
  await expect(record(page)).toHaveCount(0);
  await expect(page.getByRole("heading", { name: "Robot 1", level: 1 })).toBeVisible();
});

test("a token of another account has no trail here", async ({ page, expectConsole }) => {
  expectConsole(/status of 404/);
  await signIn(page, "administrator");
  const foreign = tokensOf("vendor")[0]?.id ?? "";
  expect((await page.goto(trailOf(foreign)))?.status()).toBe(404);
  await expect(page.getByRole("heading", { name: "Not found" }).first()).toBeVisible();
  expect((await call(page, "list_token_audit", { id: foreign, query: NOTHING_ASKED })).status).toBe(404);
  await page.goto(`${TRAIL}?object=${foreign}`);
  await expect(page.getByRole("heading", { name: "No match" })).toBeVisible();
});

const NOTHING_ASKED = { cursor: "Newest", object: "", actor: "", event: "", from: "", to: "" };

test("what was refused is marked, with why", async ({ page, visitor, expectConsole }) => {
  expectConsole(/status of 403/);
  await signIn(page, "administrator");
  const token = await addToken(page, "Wanted by a Viewer");
  const viewer = await visitor();
  await signIn(viewer, "viewer");
  const tries = [
    ["change_token_status", { id: token.id, action: "Delete" }, `Deleting the API token "${token.name}" refused`],
    ["reveal_secret", { id: token.id, purpose: "Show" }, `Showing the secret of API token "${token.name}" refused`],
  ] as const;
  for (const [name, body] of tries) expect((await call(viewer, name, body)).status).toBe(403);
  await page.goto(trailOf(token.id));
  await liveTrail(page);
  for (const [, , summary] of tries) {
    const row = records(page).filter({ hasText: summary });
    await expect(row).toContainText("Refused");
    await expect(row).toContainText(WHO.viewer.name);
    await view(row).click();
    await expect(told(page, "Outcome")).toHaveText("Refused");
    await expect(told(page, "Reason")).toHaveText("Not allowed");
    await expect(told(page, "Actor")).toContainText(WHO.viewer.id);
    await axe(page);
    await close(page).click();
    await expect(record(page)).toHaveCount(0);
  }
  await expect(page.getByText("Refused", { exact: true })).toHaveCount(2);
});

test("a wrong password at the door stands in the trail of the person's account", async ({ page, visitor, unlock, expectConsole }) => {
  expectConsole(/status of 401/);
  const stranger = await visitor();
  await stranger.goto("/sign-in");
  await stranger.getByLabel("E-mail").fill(WHO.administrator.email);
  await stranger.getByLabel("Password").fill("a guess that is wrong");
  await stranger.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(stranger.getByRole("alert")).toBeVisible();
  await unlock("administrator");
  await signIn(page, "administrator");
  await page.goto(`${TRAIL}?event=platform.accounts.session.refused`);
  await expect(records(page).first()).toContainText("Refused");
  await view(records(page).first()).click();
  await expect(told(page, "Outcome")).toHaveText("Refused");
  await expect(record(page)).not.toContainText("a guess that is wrong");
});

test("names with quotes, markup, right-to-left text and emoji stand there as they are", async ({ page }) => {
  await signIn(page, "administrator");
  const names = ['"Jarvis" <b>v2</b> & friends', "بوابة الدفع – المتجر", "👩‍🚀".repeat(40), "<script>alert(1)</script>", "x".repeat(200)];
  for (const name of names) {
    const token = await addToken(page, name);
    await edit(page, token.id, 1, { name: `${name.slice(0, 150)} 2`.normalize("NFC") });
    await page.goto(`${TRAIL}?object=${token.id}`);
    await liveTrail(page);
    await expect(records(page).last()).toContainText(`API token "${name}" created`);
    await view(records(page).first()).click();
    await expect(record(page).getByRole("table", { name: "Changes" }).getByRole("row").filter({ hasText: "Name" }).getByRole("cell").first()).toHaveText(name);
    await expect(record(page).getByRole("insertion").last()).toContainText("2");
  }
  await axe(page);
});

test("records of what was done by the operator's people and by Latchkey itself say so", async ({ page, visitor }) => {
  await signIn(page, "administrator");
  const token = await addToken(page, "Disabled by Operations");
  const operator = await visitor();
  await signIn(operator, "operator");
  await step(operator, token.id, "Disable");
  await page.goto(trailOf(token.id));
  await expect(records(page).first()).toContainText(`${WHO.operator.name}${WHO.operator.id}`);
  await page.goto(trailOf("TKN-1234-3316"));
  await liveTrail(page);
  await expect(records(page).last().getByRole("cell").nth(3)).toHaveText(/Latchkey$/);
  await view(records(page).last()).click();
  await expect(told(page, "Actor")).toHaveText("Latchkey");
  await expect(told(page, "Signed in by")).toHaveText("Not needed: Latchkey itself");
  await expect(told(page, "Address")).toHaveText("Unknown");
});

test("Refresh shows what was recorded meanwhile, and an edit over the tab is in it at once", async ({ page, visitor }) => {
  await signIn(page, "administrator");
  const token = await addToken(page, "Watched");
  await page.goto(trailOf(token.id));
  await liveTrail(page);
  await expect(records(page)).toHaveCount(1);
  const other = await visitor();
  await signInAs(other, COLLEAGUE);
  await step(other, token.id, "Disable");
  await expect(records(page), "nothing changes by itself").toHaveCount(1);
  await page.getByRole("button", { name: "Refresh", exact: true }).click();
  await expect(records(page)).toHaveCount(2);
  await expect(records(page).first()).toContainText(COLLEAGUE);
  await page.getByRole("link", { name: "Edit", exact: true }).click();
  await expect(dialog(page)).toBeVisible();
  await nameField(page).fill("Watched and edited");
  await saveAndSee(page);
  await expect(records(page)).toHaveCount(3);
  await expect(records(page).first()).toContainText('API token "Watched and edited" updated: name');
  await expect(page).toHaveURL(trailOf(token.id));
});

test("the trail of a deleted token stays on the page, and in the tab for Operations", async ({ page, visitor, expectConsole }) => {
  expectConsole(/status of 404/);
  await signIn(page, "administrator");
  const token = await addToken(page, "Gone for good");
  await step(page, token.id, "Delete");
  await page.goto(`${TRAIL}?object=${token.id}`);
  await expect(records(page)).toHaveCount(2);
  await expect(records(page).first()).toContainText('API token "Gone for good" deleted');
  expect((await page.goto(trailOf(token.id)))?.status()).toBe(404);
  const operator = await visitor();
  await signIn(operator, "operatorViewer");
  await operator.goto(trailOf(token.id));
  await expect(records(operator)).toHaveCount(2);
  await expect(fact(operator, "Account")).toContainText("Stark Industries");
});

test("a trail or a record that cannot be fetched says so, and is fetched again on a click", async ({ page, expectConsole }) => {
  expectConsole(/Failed to load resource/);
  await signIn(page, "administrator");
  await page.goto(TRAIL);
  await liveTrail(page);
  await page.route("**/fn/list_audit", (route) => route.abort());
  await page.getByRole("button", { name: "Refresh", exact: true }).click();
  await expect(page.getByRole("alert")).toContainText("Latchkey could not be reached.");
  await axe(page);
  await page.unroute("**/fn/list_audit");
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(records(page)).not.toHaveCount(0);
  await page.route("**/fn/get_audit_record", (route) => route.abort());
  await view(records(page).first()).click();
  await expect(record(page).getByRole("alert")).toContainText("Latchkey could not be reached.");
  await axe(page);
  await page.unroute("**/fn/get_audit_record");
  await record(page).getByRole("button", { name: "Try again" }).click();
  await expect(told(page, "Record")).toBeVisible();
});
