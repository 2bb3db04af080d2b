// Without JavaScript the list becomes a file by a plain link.
import { readFile } from "node:fs/promises";
import { expect, signIn, test } from "../fixtures";

test.use({ serverName: "list" });

test("a table of what the list is narrowed to is asked for by a link", async ({ page }) => {
  await signIn(page, "viewer");
  await page.goto("/settings/api-tokens?search=robot&order=name");
  for (const [form, start] of [["CSV", "id,name,"], ["NDJSON", '{"id":"TKN-']] as const) {
    const begun = page.waitForEvent("download");
    await page.getByRole("link", { name: `Export as ${form}`, exact: true }).click();
    const text = await readFile(await (await begun).path(), "utf8");
    expect(text.startsWith(start), text.slice(0, 80)).toBe(true);
    expect(text.match(/TKN-\d{4}-\d{4}/g)).toHaveLength(3);
  }
});
