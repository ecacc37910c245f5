// A manager loads a list of 2,000 people, sees what it would do, applies it and decides about the first of them.
import { axe, expect, test } from "../support/test.mjs";

const DONGS = ["1165051000", "1165052000", "1165066000"];
const PEOPLE = 2000;

// Nobody in it exists: the names are numbered.
function list(rows = PEOPLE) {
  const syllables = [..."가나다라마바사아자차카타파하"];
  const name = (n) => `${syllables[n % 14]}${syllables[Math.floor(n / 14) % 14]}${syllables[Math.floor(n / 196) % 14]}시험`;
  const row = (n) => `2031년 6차,${name(n)},${1930 + (n % 70)},여,,${DONGS[n % 3]},,${n === 0 ? "I01;I02;I17" : "I05"},`;
  const lines = Array.from({ length: rows }, (_, n) => row(n));
  return ["차수,성명,출생연도,성별,연락처,행정동코드,주소,위기정보,비고", ...lines, row(1)].join("\n");
}

const file = (text) => ({ name: "list.csv", mimeType: "text/csv", buffer: Buffer.from(text) });

async function hydrated(page) {
  await page.waitForLoadState("networkidle");
}

test("a list is loaded, previewed, applied and triaged", async ({ page, signIn, t }) => {
  test.setTimeout(120_000);
  await signIn(page, "manager");
  await page.goto("/rounds/import");
  await hydrated(page);
  await axe(page);

  await page.locator('input[type="file"]').setInputFiles(file(list()));
  const apply = page.getByRole("button", { name: t("rounds.apply"), exact: true });
  await expect(apply).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText(t("rounds.rows_read", { count: PEOPLE + 1 }))).toBeVisible();
  await expect(page.getByText(t("rounds.outcome_new"), { exact: true }).first()).toBeVisible();
  await axe(page);

  await apply.click();
  await expect(page.getByText(t("rounds.applied"))).toBeVisible({ timeout: 60_000 });
  await axe(page);

  await page.getByRole("link", { name: t("rounds.go_triage") }).click();
  const rows = page.getByRole("row");
  await expect(rows).toHaveCount(51);
  // Who should be seen first stands first.
  await expect(rows.nth(1)).toContainText(t("labels.urgency.same_day"));
  await axe(page);

  await page.keyboard.press("j");
  await page.keyboard.press("x");
  await expect(page.getByText(t("rounds.picked", { count: 1 }))).toBeVisible();
  await page.getByRole("button", { name: t("rounds.open_cases") }).click();
  const dialog = page.getByRole("dialog", { name: t("rounds.open_cases") });
  await expect(dialog.getByRole("radio", { name: t("labels.urgency.same_day") })).toBeChecked();
  await axe(page);
  await dialog.getByRole("button", { name: t("rounds.open_cases") }).click();
  await expect(page.getByText(t("rounds.cases_opened"))).toBeVisible();

  await page.getByRole("checkbox").first().check();
  await page.getByRole("button", { name: t("rounds.no_action") }).click();
  const reasons = page.getByRole("dialog", { name: t("rounds.no_action") });
  await expect(reasons.getByText(t("labels.no_action.not_eligible_for_cash"), { exact: true })).toBeVisible();
  await reasons.getByText(t("labels.no_action.no_need"), { exact: true }).click();
  await reasons.getByRole("button", { name: t("common.save") }).click();
  await expect(page.getByText(t("rounds.decided_toast"))).toBeVisible();
  await page.getByRole("button", { name: t("common.undo") }).click();
  await page.goto("/rounds");
  await expect(page.getByRole("row").nth(1)).toContainText(`1/${PEOPLE}`);
  await axe(page);
});

test("a file with faults is told row by row and changes nothing", async ({ page, signIn, t }) => {
  await signIn(page, "manager");
  await page.goto("/rounds/import");
  await hydrated(page);
  const bad = `${list(1)}\n2031-6,,1950,여,,1165051000,,I05,\n2031-6,나쁜행,1950,여,,1165051000,,I05,900101-1234567`;
  await page.locator('input[type="file"]').setInputFiles(file(bad));
  await expect(page.getByText(t("rounds.faults_title", { count: 2 })).first()).toBeVisible();
  await expect(page.getByText("900101")).toHaveCount(0);
  await expect(page.getByRole("button", { name: t("rounds.apply"), exact: true })).toHaveCount(0);
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: t("rounds.faults_download") }).click();
  expect((await download).suggestedFilename()).toBe("errors.csv");
  await axe(page);
});

test("pairs of records stand side by side", async ({ page, signIn, t }) => {
  await signIn(page, "manager");
  await page.goto("/links");
  await hydrated(page);
  await expect(page.getByRole("heading", { level: 1, name: t("nav.links") })).toBeVisible();
  await axe(page);
});
