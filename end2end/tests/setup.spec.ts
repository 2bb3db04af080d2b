// First start: the one-time address, its form, and everything else before it.
import type { Page } from "@playwright/test";
import { axe, expect, test } from "../fixtures";
import { send } from "../steps";

const ADA = { name: "Ada Lovelace", email: "ada@example.com", password: "brass wheels turn slowly", account: "Analytical" };

async function fill(page: Page, values: typeof ADA): Promise<void> {
  await page.getByLabel("Your name").fill(values.name);
  await page.getByLabel("E-mail").fill(values.email);
  await page.getByLabel("Password").fill(values.password);
  await page.getByLabel("Account name").fill(values.account);
}

test("the printed address leads to a form that signs the first administrator in, and then to nothing", async ({
  page,
  freshServer,
  expectConsole,
}) => {
  const address = await freshServer.setupUrl();
  await page.goto(address);
  await expect(page).toHaveTitle("Set up · Latchkey");
  await expect(page.getByRole("heading", { name: "Set up Latchkey", level: 1 })).toBeVisible();
  await axe(page);
  await fill(page, ADA);
  expect(await send(page, "Set up")).toBe(303);
  await expect(page).toHaveURL(`${freshServer.url}/settings/api-tokens`);
  await expect(page.getByRole("heading", { name: "No API tokens yet" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Analytical, Ada Lovelace: your menu" })).toBeVisible();
  await axe(page);

  expectConsole(/status of 404/);
  const again = await page.goto(address);
  expect(again?.status()).toBe(404);
  await expect(page.getByText("Latchkey is set up already. Sign in instead.")).toBeVisible();
  await axe(page);
  await page.getByRole("link", { name: "Go to the start page" }).click();
  await expect(page.getByRole("heading", { name: "API tokens", level: 1 })).toBeVisible();
});

test("the administrator signs in again later with the same e-mail address and password", async ({ page, visitor, freshServer }) => {
  await page.goto(await freshServer.setupUrl());
  await fill(page, ADA);
  await send(page, "Set up");
  const later = await visitor();
  await later.goto(freshServer.url);
  await later.getByLabel("E-mail").fill("ADA@example.com");
  await later.getByLabel("Password").fill(ADA.password);
  await send(later, "Sign in");
  await expect(later.getByRole("heading", { name: "API tokens", level: 1 })).toBeVisible();
});

test("what is missing is pointed at before anything is sent", async ({ page, freshServer }) => {
  await page.goto(await freshServer.setupUrl());
  await page.getByRole("button", { name: "Set up", exact: true }).click();
  await expect(page.getByLabel("Your name")).toBeFocused();
  await fill(page, { ...ADA, email: "ada" });
  await page.getByRole("button", { name: "Set up", exact: true }).click();
  await expect(page.getByLabel("E-mail")).toBeFocused();
});

test("wrong fields are explained beside them, and what was typed stays", async ({ page, freshServer, expectConsole }) => {
  expectConsole(/status of 422/);
  await page.goto(await freshServer.setupUrl());
  const wrong = { name: "A".repeat(201), email: `${"a".repeat(250)}@example.com`, password: "short", account: "Ana\u200blytical" };
  await fill(page, wrong);
  expect(await send(page, "Set up")).toBe(422);
  await expect(page.getByRole("alert")).toContainText("Nothing was saved");
  const explained = [
    ["Your name", wrong.name, "Your name has 201 characters, 1 more than the 200 allowed. Shorten it."],
    ["E-mail", wrong.email, "This is not an e-mail address. Enter one like name@example.com."],
    ["Password", "", "The password is too short. Use at least 12 characters; 15 or more are better."],
    ["Account name", wrong.account, /invisible or direction-changing character/],
  ] as const;
  for (const [label, typed, message] of explained) {
    const field = page.getByLabel(label);
    await expect(field).toHaveValue(typed);
    await expect(field).toHaveAttribute("aria-invalid", "true");
    await expect(field).toHaveAccessibleDescription(message);
  }
  await axe(page);

  await fill(page, { ...ADA, password: "ada lovelace 1" });
  expect(await send(page, "Set up")).toBe(422);
  await expect(page.getByLabel("Your name")).not.toHaveAttribute("aria-invalid");
  await expect(page.getByLabel("Password")).toHaveAccessibleDescription(/easy to guess/);
  await page.getByLabel("Password").fill(ADA.password);
  expect(await send(page, "Set up")).toBe(303);
  await expect(page.getByRole("heading", { name: "No API tokens yet" })).toBeVisible();
});

test("markup in a name is shown as it was typed", async ({ page, freshServer }) => {
  await page.goto(await freshServer.setupUrl());
  await fill(page, { ...ADA, name: `Ada "<b>Byron</b>" & Co`, account: "<script>alert(1)</script>" });
  expect(await send(page, "Set up")).toBe(303);
  await expect(page.getByRole("button", { name: `<script>alert(1)</script>, Ada "<b>Byron</b>" & Co: your menu` })).toBeVisible();
});

test("a wrong code opens nothing and says how to get the right one", async ({ page, freshServer, expectConsole }) => {
  expectConsole(/status of 403/);
  const address = new URL(await freshServer.setupUrl());
  const code = address.searchParams.get("code") ?? "";
  const other = code.slice(0, -2) + (code.endsWith("AA") ? "BB" : "AA");
  for (const search of ["", "?code=", "?code=wrong", `?code=${other}`, `?code=${code}x`, "?code=%00"]) {
    const answer = await page.goto(`${freshServer.url}/setup${search}`);
    expect(answer?.status(), search).toBe(403);
    await expect(page.getByRole("heading", { name: "Not allowed" })).toBeVisible();
    await expect(page.getByText("Start Latchkey again; it prints a new one.")).toBeVisible();
  }
  await axe(page);
  expect((await page.goto(address.href))?.status(), "the right one still works").toBe(200);
});

test("whoever is second at the form is told that Latchkey is set up already", async ({ page, visitor, freshServer, expectConsole }) => {
  expectConsole(/status of 404/);
  const address = await freshServer.setupUrl();
  const late = await visitor();
  await page.goto(address);
  await late.goto(address);
  await fill(page, ADA);
  await fill(late, { ...ADA, email: "eve@example.com" });
  expect(await send(page, "Set up")).toBe(303);
  expect(await send(late, "Set up")).toBe(404);
  await expect(late.getByText("Latchkey is set up already. Sign in instead.")).toBeVisible();
});

test("before set-up every other page says that Latchkey is not set up yet", async ({ page, freshServer, expectConsole }) => {
  expectConsole(/status of 503/);
  const token = "/settings/api-tokens/TKN-1234-1234";
  const paths = ["/", "/sign-in", "/settings/api-tokens", token, `${token}/edit`, "/profile/sign-ins", "/help/edit-api-token", "/x"];
  for (const path of paths) {
    const answer = await page.goto(freshServer.url + path);
    expect(answer?.status(), path).toBe(503);
    await expect(page.getByText("Latchkey is not set up yet. Open the address that the server printed")).toBeVisible();
  }
  await axe(page);
});
