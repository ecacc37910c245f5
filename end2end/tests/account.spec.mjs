// The way in and one's own account.
import { ariaSnapshot, axe, axeAtBothSizes, expect, open, test } from "../support/test.mjs";

const loginField = (page) => page.locator('input[autocomplete="username"]');
const passwordField = (page) => page.locator('input[autocomplete="current-password"]');

test("asks for name and password and says no without saying why", async ({ page, t }) => {
  await open(page, "/account");
  await expect(page).toHaveURL(/\/sign-in\?next=\/account$/);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(t("auth.title"));
  await axeAtBothSizes(page);
  await ariaSnapshot(page, "sign-in");
});

test.describe("with a wrong password or a name that nobody has", () => {
  test.use({ expectedErrors: [/401/] });
  test("keeps what was typed and says the same", async ({ page, t, iut }) => {
    for (const login of [iut.logins.find((one) => one.role === "caseworker").login, "nobody-at-all"]) {
      await open(page, "/sign-in");
      await loginField(page).fill(login);
      await passwordField(page).fill("not the password");
      await page.getByRole("button", { name: t("auth.submit") }).click();
      await expect(page.getByRole("alert")).toContainText(t("errors.sign_in_failed"));
      await expect(loginField(page)).toHaveValue(login);
    }
    await axe(page);
  });
});

test("keeps what is typed before the program is there", async ({ page }) => {
  let letGo;
  const held = new Promise((resolve) => {
    letGo = resolve;
  });
  await page.route("**/*.wasm", async (route) => {
    await held;
    await route.continue();
  });
  await page.goto("/sign-in");
  await loginField(page).fill("early.bird");
  letGo();
  await page.locator("html[data-ready]").waitFor();
  await expect(loginField(page)).toHaveValue("early.bird");
});

test("shows the own account, its roles and this session", async ({ page, t, signIn }) => {
  await signIn(page, "caseworker");
  await open(page, "/account");
  await expect(page.getByRole("heading", { name: t("account.roles") })).toBeVisible();
  await expect(page.getByText(t("account.this_session"), { exact: true })).toBeVisible();
  await axeAtBothSizes(page);
  for (const path of ["/account/password", "/account/second-factor"]) {
    await open(page, path);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await axeAtBothSizes(page);
  }
});

test.describe("changing the password", () => {
  test.use({ expectedErrors: [/40[01]|422/] });
  test("needs the old one and signs in with the new one", async ({ page, t, signIn }) => {
    const { login, password } = await signIn(page, "job_coach");
    const fresh = "네모난 구름 서랍 항구";
    await open(page, "/account/password");
    const change = async (old) => {
      await passwordField(page).fill(old);
      await page.locator('input[autocomplete="new-password"]').fill(fresh);
      await page.getByRole("button", { name: t("auth.set_password") }).click();
    };
    await change("not the password");
    await expect(page.getByRole("alert")).toBeVisible();
    await change(password);
    await expect(page).toHaveURL(/\/account$/);
    await page.context().clearCookies();
    await open(page, "/sign-in");
    await loginField(page).fill(login);
    await passwordField(page).fill(fresh);
    await passwordField(page).press("Enter");
    await expect(page).toHaveURL(/\/account$/);
  });
});

test("keeps language and colours with the account", async ({ page, browser, iut, language, signIn }) => {
  const other = language === "ko" ? "en" : "ko";
  const [kept, name, dark] = other === "en" ? ["en", "English", "Dark"] : ["ko", "한국어", "어둡게"];
  const person = await signIn(page, "partner_staff");
  await open(page, "/account");
  await page.getByRole("main").getByRole("button", { name }).click();
  await expect(page.locator("html")).toHaveAttribute("lang", kept);
  const stored = page.waitForResponse((answer) => answer.url().includes("/api/execute") && answer.ok());
  await page.getByRole("main").getByRole("button", { name: dark }).click();
  await stored;
  await axeAtBothSizes(page);

  const elsewhere = await browser.newContext({ baseURL: iut.url, locale: language });
  const there = await elsewhere.newPage();
  await open(there, "/sign-in");
  await loginField(there).fill(person.login);
  await passwordField(there).fill(person.password);
  await passwordField(there).press("Enter");
  await expect(there).toHaveURL(/\/account$/);
  await expect(there.locator("html")).toHaveAttribute("lang", kept);
  await expect(there.locator("html")).toHaveAttribute("data-theme", "dark");
  await elsewhere.close();
});

test("signs out from the menu", async ({ page, t, signIn }) => {
  await signIn(page, "auditor");
  await page.locator("html[data-ready]").waitFor();
  await page.locator(".user-button").click();
  await page.getByRole("button", { name: t("nav.sign_out") }).click();
  await expect(page).toHaveURL(/\/sign-in/);
  await page.goto("/account");
  await expect(page).toHaveURL(/\/sign-in/);
});
