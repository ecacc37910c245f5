// The way in and one's own account.
import { axe, expect, test } from "../support/test.mjs";

test("asks for name and password and says no without saying why", async ({ page, t }) => {
  await page.goto("/account");
  await expect(page).toHaveURL(/\/sign-in\?next=\/account$/);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(t("auth.title"));
  await axe(page);
});

test.describe("with a wrong password", () => {
  test.use({ expectedErrors: [/401/] });
  test("keeps what was typed and says what to do", async ({ page, t, iut }) => {
    await page.goto("/sign-in");
    await page.waitForLoadState("networkidle");
    await page.locator('input[autocomplete="username"]').fill(iut.logins[0].login);
    await page.locator('input[autocomplete="current-password"]').fill("not the password");
    await page.getByRole("button", { name: t("auth.submit") }).click();
    await expect(page.getByRole("alert")).toContainText(t("errors.sign_in_failed"));
    await expect(page.locator('input[autocomplete="username"]')).toHaveValue(iut.logins[0].login);
    await axe(page);
  });
});

test("shows the own account, its roles and this session", async ({ page, t, signIn }) => {
  await signIn(page, "caseworker");
  await page.goto("/account");
  await expect(page.getByRole("heading", { name: t("account.roles") })).toBeVisible();
  await expect(page.getByText(t("account.this_session"))).toBeVisible();
  await axe(page);
  for (const path of ["/account/password", "/account/second-factor"]) {
    await page.goto(path);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await axe(page);
  }
});

test("signs out", async ({ page, t, signIn }) => {
  await signIn(page, "auditor");
  await page.goto("/account");
  await page.evaluate(() => fetch("/sign-out", { method: "POST" }));
  await page.goto("/account");
  await expect(page).toHaveURL(/\/sign-in/);
});
