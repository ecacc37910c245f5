// What an auditor does: find rows, check the seals, sign off a month, take out a file.
import { readFile } from "node:fs/promises";
import { axeAtBothSizes, expect, open, test } from "../support/test.mjs";

test("rows are found by what was done, by whom and when", async ({ page, signIn, t }) => {
  await signIn(page, "auditor");
  await open(page, "/audit/access");
  await axeAtBothSizes(page);
  await page.getByLabel(t("audit.action"), { exact: true }).selectOption("visit.record");
  await page.getByRole("button", { name: t("common.search"), exact: true }).click();
  await expect(page).toHaveURL(/action=visit\.record/);
  const rows = page.getByRole("table").locator("tbody tr");
  await expect(rows.first()).toContainText(t("audit.did.visit_record"));
  await expect(rows.filter({ hasNotText: t("audit.did.visit_record") })).toHaveCount(0);
  await expect(page.getByLabel(t("audit.action"), { exact: true })).toHaveValue("visit.record");

  const person = rows.first().getByRole("link").nth(1);
  const name = await person.innerText();
  await person.click();
  await expect(page).toHaveURL(/neighbor=\d+/);
  await expect(rows.filter({ hasNotText: name })).toHaveCount(0);

  await page.getByLabel(t("audit.from"), { exact: true }).fill("2000-01-01");
  await page.getByLabel(t("audit.to"), { exact: true }).fill("2000-01-02");
  await page.getByRole("button", { name: t("common.search"), exact: true }).click();
  await expect(page.getByText(t("audit.empty"))).toBeVisible();
  await page.getByRole("link", { name: t("common.clear") }).click();
  await expect(page).toHaveURL(/\/audit\/access$/);
  await expect(rows.first()).toBeVisible();
});

test("the trail is whole", async ({ page, signIn, t }) => {
  await signIn(page, "auditor");
  await open(page, "/audit/trail");
  await axeAtBothSizes(page);
  await page.getByRole("button", { name: t("audit.check_now") }).click();
  await expect(page.getByText(t("audit.whole"))).toBeVisible();
});

test("a month is signed off once", async ({ page, signIn, t }) => {
  await signIn(page, "auditor");
  await open(page, "/audit/review");
  await axeAtBothSizes(page);
  await page.getByLabel(t("audit.finding")).fill("이상 없음");
  await page.getByRole("button", { name: t("audit.sign_off") }).click();
  await expect(page.getByText(t("audit.was_whole"))).toBeVisible();
  await expect(page.getByRole("main").getByText("이상 없음")).toBeVisible();
  await expect(page.getByRole("button", { name: t("audit.sign_off") })).toHaveCount(0);
  await page.getByRole("navigation", { name: t("audit.months") }).getByRole("link").first().click();
  await expect(page.getByText(t("audit.not_over"))).toBeVisible();
});

test.describe("taking out a file", () => {
  test.use({ expectedErrors: [/422|400/] });
  test("needs a reason, which stays on record", async ({ page, signIn, t }) => {
    await signIn(page, "auditor");
    await open(page, "/audit/access?action=sign_in");
    await page.getByText(t("audit.export"), { exact: true }).click();
    const make = page.getByRole("button", { name: t("audit.make_file") });
    await make.click();
    await expect(page.locator("#field-purpose-error")).toBeVisible();
    await page.locator("#field-purpose").fill("정기 점검 자료");
    const [file] = await Promise.all([page.waitForEvent("download"), make.click()]);
    expect(file.suggestedFilename()).toBe("trail.csv");
    const text = await readFile(await file.path(), "utf8");
    expect(text.startsWith(`\ufeff"${t("audit.when")}"`)).toBe(true);
    expect(text).toContain(t("audit.did.sign_in"));
    await open(page, "/audit/access?action=export");
    await expect(page.getByRole("table").locator("tbody tr").first()).toContainText("정기 점검 자료");
  });
});
