import { expect, signIn, test } from "../fixtures";

test("an administrator signs in and sees the API tokens", async ({ page }) => {
  await signIn(page, "administrator");
  await expect(page.getByRole("heading", { name: "API tokens", level: 1 })).toBeVisible();
});
