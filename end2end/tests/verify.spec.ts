// While a gateway asks about a token without a pause, what an administrator clicks holds for every question that begins
// after the click was answered.
import type { Page } from "@playwright/test";
import { expect, signIn, test } from "../fixtures";
import { details, held } from "../editing";
import { choose, confirm, moreActions, typedName } from "../lives";
import { addToken, fact } from "../secrets";
import { live } from "../steps";

// All questions come from one address, and a quick machine asks more of them than an address may.
test.use({ serverName: "verify", serverEnv: { LATCHKEY_RATE_LIMIT_ADDRESS: "0" } });

const BILLING = "MOD-0478";
/** Questions that are asked after the click was answered. */
const AFTER = 200;

interface Question { began: number; status: number }

/**
 * Asks again and again, four at a time, until so many questions have begun after `until`. Whoever is refused waits until the
 * click was answered, as a gateway that went on without a pause would be told to slow down instead of why it is refused.
 */
class Gateway {
  private readonly asked: Question[] = [];
  private readonly clicked = held();
  private until = Infinity;
  private readonly askers: Promise<void>[];

  constructor(private readonly url: string, private readonly secret: string) {
    this.askers = [0, 1, 2, 3].map(() => this.ask());
  }

  private async ask(): Promise<void> {
    for (let after = 0; after < AFTER / 4; ) {
      const began = performance.now();
      if (began > this.until) after += 1;
      const answer = await fetch(`${this.url}/auth/verify?module=billing`, { headers: { authorization: `Bearer ${this.secret}` } });
      await answer.arrayBuffer();
      this.asked.push({ began, status: answer.status });
      if (answer.status !== 200) await this.clicked.promise;
    }
  }

  /** Waits until it lets requests through. */
  async isOpen(): Promise<void> {
    await expect.poll(() => this.asked.filter(({ status }) => status === 200).length).toBeGreaterThan(20);
  }

  /** What the questions heard that began after `moment`. */
  async after(moment: number): Promise<Set<number>> {
    this.until = moment;
    this.clicked.resolve();
    await Promise.all(this.askers);
    return new Set(this.asked.filter(({ began }) => began > moment).map(({ status }) => status));
  }
}

/** Does it, and says when the server's answer was here. */
async function answered(page: Page, name: string, act: () => Promise<void>): Promise<number> {
  const answer = page.waitForResponse(`**/fn/${name}`).then(async (response) => {
    expect(response.status()).toBe(200);
    await response.finished();
    return performance.now();
  });
  await act();
  return answer;
}

test.beforeEach(async ({ page }) => signIn(page, "administrator"));

for (const action of ["Disable", "Delete"] as const) {
  test(`${action} holds for the next request`, async ({ page, server }) => {
    const { id, name, secret } = await addToken(page, `Hammered until ${action}`, "always", [BILLING]);
    const gateway = new Gateway(server.url, secret);
    await gateway.isOpen();
    // Its use is known, so that deleting asks for its name.
    await page.goto(details(id));
    await expect(fact(page, "Last access")).toContainText("from");
    await live(page);
    await choose(page, moreActions(page), action);
    if (action === "Delete") await typedName(page).fill(name);
    const told = await answered(page, "change_token_status", () => confirm(page, action, name));
    expect(await gateway.after(told)).toEqual(new Set([401]));
  });
}

test("taking a module away holds for the next request", async ({ page, server }) => {
  const { id, secret } = await addToken(page, "Hammered until narrowed", "always", [BILLING]);
  const gateway = new Gateway(server.url, secret);
  await page.goto(details(id, "/edit?step=modules"));
  await live(page);
  await gateway.isOpen();
  await page.getByRole("checkbox", { name: "Billing" }).uncheck();
  const told = await answered(page, "edit_token", () => page.getByRole("button", { name: "Save" }).click());
  expect(await gateway.after(told)).toEqual(new Set([403]));
});

test("Refresh shows the last access, from where and how often", async ({ page, server }) => {
  const { id, secret } = await addToken(page, "Used twice", "always", [BILLING]);
  await page.goto(details(id));
  await live(page);
  await expect(fact(page, "Last access")).toContainText("never");
  for (const status of [200, 403]) {
    const module = status === 200 ? "billing" : "catalog";
    const answer = await fetch(`${server.url}/auth/verify?module=${module}`, { headers: { authorization: `Bearer ${secret}` } });
    expect(answer.status).toBe(status);
  }
  const refresh = page.getByRole("button", { name: "Refresh" });
  await refresh.click();
  await expect(fact(page, "Last access")).toContainText("from 127.0.0.1");
  // In the moment in which a use is being written, its time is known, but it does not count yet.
  await expect(async () => {
    await refresh.click();
    await expect(fact(page, "Last access")).toContainText("from 127.0.0.1, 2 uses", { timeout: 1_000 });
  }).toPass({ timeout: 5_000 });
  await expect(refresh).toBeFocused();
});
