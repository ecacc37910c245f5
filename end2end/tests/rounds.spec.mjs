// A manager loads a list of 2,000 people, sees what it would do, applies it and decides about them, one by one and many at once.
import { csv, csvInCp949, inventedName, people, xlsx } from "../support/lists.mjs";
import { ariaSnapshot, axe, axeAtBothSizes, expect, open, test } from "../support/test.mjs";

const DONGS = ["1165051000", "1165052000", "1165066000"];
const PEOPLE = 2000;

/** As both languages write it: 2,000. */
const counted = (number) => number.toLocaleString("en");

const choose = (page, file) => page.locator('input[type="file"]').setInputFiles(file);

/** Loads a list and applies it. */
async function load(page, t, file) {
  await open(page, "/rounds/import");
  await choose(page, file);
  await page.getByRole("button", { name: t("rounds.apply"), exact: true }).click();
  await expect(page.getByText(t("rounds.applied"))).toBeVisible({ timeout: 60_000 });
}

/** The figure under a label of the preview or of the result. */
const figure = (page, label) => page.locator(".figure", { has: page.getByText(label, { exact: true }) }).locator("dd");

test("a list is loaded, previewed, applied and triaged", async ({ page, signIn, t }) => {
  test.setTimeout(180_000);
  const rows = people("2031년 6차", "시험", PEOPLE, DONGS);
  await signIn(page, "manager");
  await open(page, "/rounds/import");
  await axeAtBothSizes(page);
  await ariaSnapshot(page, "import");

  await test.step("the preview says what would happen", async () => {
    await choose(page, csv([...rows, rows[1]]));
    await expect(figure(page, t("rounds.outcome_new"))).toHaveText(counted(PEOPLE), { timeout: 30_000 });
    await expect(figure(page, t("rounds.outcome_duplicate"))).toHaveText("1");
    await expect(page.getByText(t("rounds.rows_read", { count: counted(PEOPLE + 1) }))).toBeVisible();
    await axeAtBothSizes(page);
  });

  await test.step("it is applied", async () => {
    await page.getByRole("button", { name: t("rounds.apply"), exact: true }).click();
    await expect(page.getByText(t("rounds.applied"))).toBeVisible({ timeout: 60_000 });
    await axeAtBothSizes(page);
  });

  await test.step("a case is opened by keyboard, who should be seen first first", async () => {
    await page.getByRole("link", { name: t("rounds.go_triage") }).click();
    const lines = page.getByRole("row");
    await expect(lines).toHaveCount(51);
    await expect(lines.nth(1)).toContainText(t("labels.urgency.same_day"));
    await axeAtBothSizes(page);
    await page.keyboard.press("j");
    await page.keyboard.press("x");
    await expect(page.getByText(t("rounds.picked", { count: 1 }))).toBeVisible();
    await page.getByRole("button", { name: t("rounds.open_cases") }).click();
    const dialog = page.getByRole("dialog", { name: t("rounds.open_cases") });
    await expect(dialog.getByRole("radio", { name: t("labels.urgency.same_day") })).toBeChecked();
    await axe(page);
    await dialog.getByRole("button", { name: t("rounds.open_cases") }).click();
    await expect(page.getByText(t("rounds.cases_opened"))).toBeVisible();
    await expect(page.getByRole("link", { name: inventedName("시험", 0) })).toHaveCount(0);
  });

  const tab = (decision, count) => page.getByRole("link", { name: new RegExp(`^${t(`labels.triage.${decision}`)}\\s*${count}$`) });

  await test.step("no action for one, and taken back", async () => {
    await page.getByRole("checkbox").first().check();
    await page.getByRole("button", { name: t("rounds.no_action") }).click();
    const reasons = page.getByRole("dialog", { name: t("rounds.no_action") });
    await expect(reasons.getByText(t("labels.no_action.not_eligible_for_cash"), { exact: true })).toBeVisible();
    await reasons.getByText(t("labels.no_action.no_need"), { exact: true }).click();
    await axe(page);
    await reasons.getByRole("button", { name: t("common.save") }).click();
    await expect(tab("no_action", 1)).toBeVisible();
    await page.getByRole("button", { name: t("common.undo") }).click();
    await expect(tab("no_action", 0)).toBeVisible();
  });

  await test.step("passed on to another district", async () => {
    await page.getByRole("checkbox").first().check();
    await page.getByRole("button", { name: t("rounds.pass_on") }).click();
    const dialog = page.getByRole("dialog", { name: t("rounds.pass_on") });
    await dialog.getByLabel(t("labels.field.district")).fill("강남구");
    await axe(page);
    await dialog.getByRole("button", { name: t("rounds.pass_on") }).click();
    await expect(tab("passed_on", 1)).toBeVisible();
  });

  await test.step("many cases at once", async () => {
    await page.getByRole("button", { name: t("rounds.pick_all") }).click();
    await expect(page.getByText(t("rounds.picked", { count: 50 }))).toBeVisible();
    await page.getByRole("button", { name: t("rounds.open_cases") }).click();
    const dialog = page.getByRole("dialog", { name: t("rounds.open_cases") });
    await dialog.getByRole("button", { name: t("rounds.open_cases") }).click();
    await expect(tab("case_opened", 51)).toBeVisible();
  });

  await test.step("the list of rounds counts along", async () => {
    await open(page, "/rounds");
    await expect(page.getByRole("row").filter({ hasText: "2031" })).toContainText(`52/${counted(PEOPLE)}`);
    await axeAtBothSizes(page);
  });

  await test.step("the same file again changes nothing", async () => {
    await open(page, "/rounds/import");
    await choose(page, csv([...rows, rows[1]]));
    await page.getByRole("button", { name: t("rounds.apply"), exact: true }).click();
    await expect(page.getByText(t("rounds.nothing_new"))).toBeVisible({ timeout: 60_000 });
  });
});

test("CP949 and XLSX say what UTF-8 says", async ({ page, signIn, t }) => {
  test.setTimeout(120_000);
  const rows = people("2032-6", "형식", PEOPLE, DONGS);
  await signIn(page, "manager");
  for (const file of [csv(rows), csvInCp949(rows), xlsx(rows)]) {
    await open(page, "/rounds/import");
    await choose(page, file);
    await expect(figure(page, t("rounds.outcome_new"))).toHaveText(counted(PEOPLE), { timeout: 30_000 });
    await expect(page.getByRole("cell", { name: inventedName("형식", 1) }).or(page.getByRole("rowheader", { name: inventedName("형식", 1) }))).toBeVisible();
  }
});

test("a file with faults is told row by row and changes nothing", async ({ page, signIn, t }) => {
  await signIn(page, "manager");
  await open(page, "/rounds/import");
  const good = people("2033-6", "나쁜", 1, DONGS)[0];
  const nameless = good.with(1, "");
  const numbered = good.with(8, "900101-1234567");
  await choose(page, csv([good, nameless, numbered]));
  await expect(page.getByText(t("rounds.faults_title", { count: 2 })).first()).toBeVisible();
  await expect(page.getByRole("row").nth(1)).toContainText("3");
  await expect(page.getByRole("row").nth(1)).toContainText(t("labels.field.name"));
  await expect(page.getByRole("row").nth(2)).toContainText(t("labels.field.note"));
  await expect(page.getByText("900101")).toHaveCount(0);
  await expect(page.getByRole("button", { name: t("rounds.apply"), exact: true })).toHaveCount(0);
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: t("rounds.faults_download") }).click();
  expect((await download).suggestedFilename()).toBe("errors.csv");
  await axeAtBothSizes(page);
});

test("what is no list, and what is too big, is told so", async ({ page, signIn, t }) => {
  await signIn(page, "manager");
  await open(page, "/rounds/import");
  await choose(page, { name: "photo.csv", mimeType: "text/csv", buffer: Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0]) });
  await expect(page.getByText(t("rounds.faults_title", { count: 1 })).first()).toBeVisible();
  await page.getByRole("button", { name: t("rounds.other_file") }).click();
  await choose(page, { name: "big.csv", mimeType: "text/csv", buffer: Buffer.alloc(21 * 1024 * 1024, "x") });
  await expect(page.getByText(t("errors.too_large"))).toBeVisible();
  await axeAtBothSizes(page);
  // The way on is still there.
  await choose(page, csv(people("2033-6", "괜찮", 3, DONGS)));
  await expect(figure(page, t("rounds.outcome_new"))).toHaveText("3");
});

test("a person decides whether two records are one", async ({ page, signIn, t }) => {
  test.setTimeout(120_000);
  await signIn(page, "manager");
  const [one, other] = people("2034-1", "한쌍", 2, DONGS);
  await load(page, t, csv([one, other]));
  // The same name and birth year in another dong: likely, not certain.
  await load(page, t, csv([one, other].map((row) => row.with(0, "2034-2").with(5, DONGS[2]))));
  await page.getByRole("link", { name: t("rounds.links_open") }).click();
  const pair = (n) => page.getByRole("region", { name: inventedName("한쌍", n) });
  await expect(pair(0)).toBeVisible();
  await axeAtBothSizes(page);

  await pair(0).getByRole("button", { name: t("rounds.different") }).click();
  await expect(page.getByText(t("rounds.kept_apart"))).toBeVisible();
  await expect(pair(0)).toHaveCount(0);
  await page.getByRole("button", { name: t("common.undo") }).click();
  await expect(pair(0)).toBeVisible();

  await pair(1).getByRole("button", { name: t("rounds.same") }).click();
  await expect(page.getByText(t("rounds.merged"))).toBeVisible();
  await expect(pair(1)).toHaveCount(0);
});
