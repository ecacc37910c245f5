// What an administrator does: accounts and roles, teams and dongs, catalogues, settings.
import { axeAtBothSizes, expect, open, test } from "../support/test.mjs";
import { totp } from "../support/totp.mjs";

const saved = (page, t) => expect(page.getByRole("status").getByText(t("common.saved")).first()).toBeVisible();

test("an account is made, gets a role, a password and a way in; the role ends with a reason", async ({ page, browser, iut, language, signIn, t }) => {
  await signIn(page, "administrator");
  await open(page, "/admin/users");
  await axeAtBothSizes(page);
  await page.getByText(t("admin.add_user"), { exact: true }).first().click();
  await page.locator("#field-login").fill("new.worker");
  await page.locator("#field-name").fill("서다온");
  await page.getByRole("button", { name: t("admin.add_user") }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("서다온 (new.worker)");
  await expect(page.getByText(t("admin.no_password"))).toBeVisible();

  await page.locator("#field-role").selectOption("caseworker");
  await page.locator("#field-scope").selectOption({ index: 1 });
  await page.getByRole("button", { name: t("admin.add_grant") }).click();
  await expect(page.getByRole("button", { name: t("admin.end_grant") })).toBeVisible();

  await page.getByRole("button", { name: t("admin.make_link") }).click();
  const link = await page.locator("code").innerText();
  await axeAtBothSizes(page);
  const elsewhere = await browser.newContext({ baseURL: iut.url, locale: language });
  const there = await elsewhere.newPage();
  await open(there, link);
  await there.locator('input[autocomplete="new-password"]').fill("네모난 구름 서랍 항구");
  await there.getByRole("button", { name: t("auth.set_password") }).click();
  await expect(there).toHaveURL(/\/sign-in$/);
  await there.locator('input[autocomplete="username"]').fill("new.worker");
  await there.locator('input[autocomplete="current-password"]').fill("네모난 구름 서랍 항구");
  await there.locator('input[autocomplete="current-password"]').press("Enter");
  await expect(there).toHaveURL(/\/my-day$/);

  await page.getByRole("button", { name: t("admin.rename") }).click();
  await page.locator("#field-name").fill("서다올");
  await page.getByRole("button", { name: t("common.save"), exact: true }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("서다올 (new.worker)");

  await page.getByRole("button", { name: t("admin.end_grant") }).click();
  await page.locator("#field-reason").fill("부서를 옮김");
  await page.getByRole("button", { name: t("admin.end_grant") }).click();
  await expect(page.getByRole("heading", { name: t("admin.history") })).toBeVisible();
  await expect(page.getByText(t("admin.end_reason_line", { reason: "부서를 옮김" }))).toBeVisible();
  await expect(page.getByText(t("admin.no_grants"))).toBeVisible();

  await page.getByRole("button", { name: t("admin.lock"), exact: true }).click();
  await expect(page.getByText(t("admin.lock_lead"))).toBeVisible();
  await page.getByRole("button", { name: t("common.cancel"), exact: true }).click();
  await expect(page.getByText(t("admin.lock_lead"))).toHaveCount(0);
  await page.getByRole("button", { name: t("admin.lock"), exact: true }).click();
  await page.getByRole("button", { name: t("admin.lock_do"), exact: true }).click();
  await expect(page.getByText(t("admin.locked"), { exact: true })).toBeVisible();
  await there.goto("/account");
  await expect(there).toHaveURL(/\/sign-in/);
  await page.getByRole("button", { name: t("common.undo") }).click();
  await expect(page.getByRole("button", { name: t("admin.lock"), exact: true })).toBeVisible();
  await elsewhere.close();
});

test("nobody decides about the own account", async ({ page, signIn, t }) => {
  const { login } = await signIn(page, "administrator");
  await open(page, "/admin/users");
  await page.getByRole("row").filter({ hasText: login }).first().getByRole("link").click();
  await expect(page.getByText(t("admin.own_account"))).toBeVisible();
  await expect(page.getByRole("button", { name: t("admin.lock"), exact: true })).toHaveCount(0);
});

test("a team is added and renamed; a dong is freed and taken back", async ({ page, signIn, t }) => {
  await signIn(page, "administrator");
  await open(page, "/admin/teams");
  await axeAtBothSizes(page);
  await page.getByRole("button", { name: t("admin.add_team") }).click();
  await page.locator("#field-name_ko").fill("가온팀");
  await page.locator("#field-name_en").fill("Gaon team");
  await page.getByRole("button", { name: t("common.save"), exact: true }).click();
  const line = page.getByRole("listitem").filter({ hasText: /가온팀|Gaon team/ });
  await line.getByRole("button", { name: t("admin.rename") }).click();
  await page.locator("#field-name_ko").fill("나래팀");
  await page.locator("#field-name_en").fill("Narae team");
  await page.getByRole("button", { name: t("common.save"), exact: true }).click();
  await expect(page.getByRole("listitem").filter({ hasText: /나래팀|Narae team/ })).toBeVisible();

  const select = page.getByRole("table").getByRole("combobox").first();
  const before = await select.inputValue();
  expect(before).not.toBe("");
  await select.selectOption("");
  await saved(page, t);
  await page.reload();
  await page.locator("html[data-ready]").waitFor();
  await expect(select).toHaveValue("");
  await select.selectOption(before);
  await saved(page, t);
  await page.getByRole("button", { name: t("common.undo") }).click();
  await expect(page.getByText(t("common.undone"))).toBeVisible();
  await expect(select).toHaveValue("");
  await select.selectOption(before);
  await expect(page.getByText(t("common.saved")).first()).toBeVisible();
});

test("a sign is added, then changed into a second version", async ({ page, signIn, t }) => {
  await signIn(page, "administrator");
  await open(page, "/admin/catalogues");
  await axeAtBothSizes(page);
  await page.getByRole("button", { name: t("admin.add_sign") }).click();
  await axeAtBothSizes(page);
  await page.locator("#field-name_ko").fill("창문이 늘 닫혀 있어요");
  await page.locator("#field-name_en").fill("The windows are always shut");
  await page.locator("#field-observers").fill("이웃");
  await page.getByRole("button", { name: t("common.save"), exact: true }).click();
  const line = page.getByRole("listitem").filter({ hasText: /창문이 늘 닫혀 있어요|The windows are always shut/ });
  await expect(line).toContainText(t("labels.urgency.three_days"));
  await line.getByRole("button", { name: new RegExp(t("common.edit")) }).click();
  await page.getByRole("radio", { name: t("labels.urgency.same_day") }).check();
  await page.locator("#field-domain").selectOption("living");
  await page.getByRole("button", { name: t("admin.new_version") }).click();
  await expect(line.getByText(t("admin.versions", { count: 2 }))).toBeVisible();
  await expect(line).toContainText(t("labels.urgency.same_day"));

  await page.getByRole("button", { name: t("admin.add_indicator") }).click();
  await page.locator("#field-name_ko").fill("도서관 이용 중단");
  await page.locator("#field-name_en").fill("Library card unused");
  await page.locator("#field-holder").fill("구립도서관");
  await page.getByRole("button", { name: t("common.save"), exact: true }).click();
  await expect(page.getByRole("listitem").filter({ hasText: /도서관 이용 중단|Library card unused/ })).toBeVisible();
});

test.describe("settings", () => {
  test.use({ expectedErrors: [/422|400/] });
  test("clocks have limits and a history; a role must enrol a second factor", async ({ page, browser, iut, language, signIn, t }) => {
    await signIn(page, "administrator");
    await open(page, "/admin/settings");
    await axeAtBothSizes(page);
    await page.locator("#field-warn_before").fill("99");
    await page.getByRole("button", { name: t("common.save"), exact: true }).click();
    await expect(page.locator("#field-warn_before-error")).toBeVisible();
    await page.locator("#field-warn_before").fill("4");
    await page.getByRole("checkbox", { name: t("labels.role.reporter"), exact: true }).check();
    await page.getByRole("button", { name: t("common.save"), exact: true }).click();
    await saved(page, t);
    await expect(page.getByText(t("admin.warn_before")).filter({ hasText: "4" })).toBeVisible();

    const { login, password } = iut.logins.find((one) => one.role === "reporter");
    const elsewhere = await browser.newContext({ baseURL: iut.url, locale: language });
    const there = await elsewhere.newPage();
    const enter = async () => {
      await open(there, "/sign-in");
      await there.locator('input[autocomplete="username"]').fill(login);
      await there.locator('input[autocomplete="current-password"]').fill(password);
      await there.locator('input[autocomplete="current-password"]').press("Enter");
    };
    await enter();
    await expect(there).toHaveURL(/\/account\/second-factor$/);
    await there.locator("html[data-ready]").waitFor();
    await there.getByRole("button", { name: t("auth.enrol_begin") }).click();
    const secret = await there.locator("code.secret").innerText();
    await axeAtBothSizes(there);
    await there.locator("#field-code").fill(totp(secret));
    await there.getByRole("button", { name: t("auth.enrol_confirm") }).click();
    await expect(there.getByText(t("auth.enrol_done"))).toBeVisible();
    const codes = await there.locator(".backup-codes code").allInnerTexts();
    expect(codes.length).toBeGreaterThan(5);
    await axeAtBothSizes(there);
    await there.getByRole("link", { name: t("auth.codes_kept") }).click();
    await expect(there).toHaveURL(/\/account$/);

    await elsewhere.clearCookies();
    await enter();
    await expect(there).toHaveURL(/\/second-factor$/);
    await there.locator("html[data-ready]").waitFor();
    await axeAtBothSizes(there);
    await there.locator("#field-code").fill(codes[0]);
    await there.getByRole("button", { name: t("common.confirm") }).click();
    await expect(there).toHaveURL(/\/account$/);
    await elsewhere.close();
  });
});
