// A caseworker registers a neighbor, works on the case, and finds it again; two tabs edit one record.
import { ariaSnapshot, axe, axeAtBothSizes, expect, open, test } from "../support/test.mjs";

const DONG = "1165051000";

const nameField = (scope, t) => scope.getByLabel(t("labels.field.name"), { exact: true });
const kept = (page, t) => page.getByText(t("register.draft_saved"), { exact: true });
const registerButton = (page, t) => page.getByRole("button", { name: t("register.submit"), exact: true });

/** Fills in what a record needs at least. */
async function fillIn(page, t, name) {
  await nameField(page, t).first().fill(name);
  await page.getByLabel(t("labels.field.dong")).selectOption(DONG);
  await page.getByRole("radio", { name: t("labels.channel.resident"), exact: true }).check();
}

/** Registers a neighbor with a case of one's own, and stands on its page then. */
async function register(page, t, name) {
  await open(page, "/register");
  await fillIn(page, t, name);
  await registerButton(page, t).click();
  await page.waitForURL(/\/cases\//);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(name);
}

test("a neighbor is registered: faults are told at their fields, the draft outlives a reload", async ({ page, signIn, t }) => {
  await signIn(page, "caseworker");
  await open(page, "/register");
  await axeAtBothSizes(page);
  await ariaSnapshot(page, "register");

  await test.step("everything that is wrong is told at once", async () => {
    await page.getByRole("button", { name: t("register.add_member") }).click();
    await page.locator('[id^="field-members"][id$="birth_year"]').fill("194");
    await registerButton(page, t).click();
    const summary = page.getByRole("alert").filter({ hasText: t("labels.field.learned_from") });
    for (const field of ["name", "dong", "birth_year", "learned_from"]) {
      await expect(summary.getByRole("link", { name: t(`labels.field.${field}`) })).toHaveCount(1);
    }
    await axe(page);
    await summary.getByRole("link", { name: t("labels.field.birth_year") }).click();
    await expect(page.locator('[id^="field-members"][id$="birth_year"]')).toBeFocused();
    await expect(page.locator('[id^="field-members"][id$="birth_year"]')).toHaveAttribute("aria-invalid", "true");
  });

  await test.step("a resident number is refused where it stands, and never kept", async () => {
    await fillIn(page, t, "시험가족");
    await page.locator('[id^="field-members"][id$="birth_year"]').fill("1948");
    await page.getByLabel(t("labels.field.address"), { exact: true }).fill("900101-1234567");
    await registerButton(page, t).click();
    await expect(page.getByLabel(t("labels.field.address"), { exact: true })).toHaveAttribute("aria-invalid", "true");
    await expect(page.getByText(t("register.resident_number"))).toBeVisible();
    await page.getByLabel(t("labels.field.address"), { exact: true }).fill("반포대로 1");
    await expect(page.getByText(t("register.resident_number"))).toHaveCount(0);
    await expect(kept(page, t)).toBeVisible();
  });

  await test.step("the draft is back after a reload, and makes the record", async () => {
    await open(page, "/register");
    await expect(page.getByText(t("register.draft_found"))).toBeVisible();
    await expect(nameField(page, t).first()).toHaveValue("시험가족");
    await expect(page.locator('[id^="field-members"][id$="birth_year"]')).toHaveValue("1948");
    await registerButton(page, t).click();
    await page.waitForURL(/\/cases\//);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("시험가족");
    await expect(page.getByText(t("case.born", { year: 1948 }))).toBeVisible();
    await axeAtBothSizes(page);
    await open(page, "/register");
    await expect(nameField(page, t).first()).toHaveValue("");
  });

  await test.step("somebody who looks the same is shown with the reasons, and judged", async () => {
    await fillIn(page, t, "시험가족");
    const alikes = page.getByRole("region", { name: t("register.alike_title") });
    await expect(alikes.getByText("시험가족", { exact: true })).toBeVisible();
    await axe(page);
    await alikes.getByRole("button", { name: t("register.same"), exact: true }).click();
    await page.waitForURL(/\/cases\//);
    await expect(page.getByText(t("case.ev_recognised"))).toBeVisible();
  });
});

test("a case is worked on", async ({ page, signIn, t }) => {
  test.setTimeout(120_000);
  await signIn(page, "caseworker");
  await register(page, t, "시험사례");
  const timeline = page.getByRole("region", { name: t("case.timeline") });

  await test.step("a note stands in the timeline at once", async () => {
    await page.getByLabel(t("case.note_label")).fill("문 앞에 신문이 쌓여 있음");
    await page.getByRole("button", { name: t("case.note_add") }).click();
    await expect(timeline.getByText("문 앞에 신문이 쌓여 있음")).toBeVisible();
    await expect(page.getByLabel(t("case.note_label"))).toHaveValue("");
  });

  await test.step("the timeline keeps its filter when something new comes", async () => {
    const notes = timeline.getByRole("button", { name: t("case.kind_note"), exact: true });
    await notes.click();
    await page.getByLabel(t("case.note_label")).fill("두 번째 메모");
    await page.getByRole("button", { name: t("case.note_add") }).click();
    await expect(timeline.getByText("두 번째 메모")).toBeVisible();
    await expect(notes).toHaveAttribute("aria-pressed", "true");
    await expect(timeline.getByText(t("case.ev_case_opened"))).toHaveCount(0);
    await timeline.getByRole("button", { name: t("common.all"), exact: true }).click();
    await expect(timeline.getByText(t("case.ev_case_opened"))).toBeVisible();
  });

  await test.step("the urgency changes with a reason", async () => {
    await page.getByRole("button", { name: t("case.set_urgency") }).click();
    const dialog = page.getByRole("dialog", { name: t("case.set_urgency") });
    await dialog.getByRole("radio", { name: t("labels.urgency.same_day") }).check();
    await dialog.getByLabel(t("labels.field.reason")).fill("전기가 끊김");
    await axe(page);
    await dialog.getByRole("button", { name: t("case.set_urgency") }).click();
    await expect(page.getByText(t("case.urgency_set"))).toBeVisible();
    await expect(page.getByText(t("labels.urgency.same_day")).first()).toBeVisible();
  });

  await test.step("a member of the household with an impossible year is told so", async () => {
    await page.getByRole("button", { name: t("case.add_member") }).click();
    const dialog = page.getByRole("dialog", { name: t("case.household") });
    await nameField(dialog, t).fill("시험자녀");
    await dialog.getByLabel(t("labels.field.birth_year")).fill("20225");
    await dialog.getByRole("button", { name: t("common.save"), exact: true }).click();
    await expect(dialog.getByRole("alert").getByRole("link")).toHaveCount(1);
    await dialog.getByLabel(t("labels.field.birth_year")).fill("2012");
    await axe(page);
    await dialog.getByRole("button", { name: t("common.save"), exact: true }).click();
    await expect(page.getByText("시험자녀", { exact: true })).toBeVisible();
  });

  await test.step("on paper stands who printed it, and no button", async () => {
    await page.emulateMedia({ media: "print" });
    await expect(page.getByText(t("common.printed_care"))).toBeVisible();
    await expect(page.locator("main button:visible")).toHaveCount(0);
    await page.emulateMedia({ media: "screen" });
    await expect(page.getByText(t("common.printed_care"))).toBeHidden();
  });

  await test.step("from the case to the person and to the open case again", async () => {
    await page.getByRole("link", { name: t("case.whole_person") }).click();
    await page.waitForURL(/\/neighbors\//);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("시험사례");
    await axeAtBothSizes(page);
    await page.getByRole("link", { name: t("case.go_case") }).click();
    await page.waitForURL(/\/cases\//);
  });
});

test.describe("two tabs edit one record", () => {
  test.use({ expectedErrors: [/409/] });
  test("other fields join, the same field asks", async ({ page, context, signIn, t }) => {
    test.setTimeout(120_000);
    await signIn(page, "caseworker");
    await register(page, t, "시험수정");
    const other = await context.newPage();
    await open(other, new URL(page.url()).pathname);
    const dialog = (tab) => tab.getByRole("dialog", { name: t("case.edit_person") });
    const address = (tab) => dialog(tab).getByLabel(t("labels.field.address"), { exact: true });
    for (const tab of [page, other]) {
      await tab.getByRole("button", { name: t("case.edit_person") }).click();
      await expect(nameField(dialog(tab), t)).toHaveValue("시험수정");
    }
    await address(page).fill("서초대로 1");
    await dialog(page).getByRole("button", { name: t("common.save"), exact: true }).click();
    await expect(dialog(page)).toBeHidden();

    await address(other).fill("서초대로 2");
    await dialog(other).getByLabel(t("labels.field.phone")).fill("010-0000-1234");
    await dialog(other).getByRole("button", { name: t("common.save"), exact: true }).click();
    const choice = other.getByText(t("conflict.title"));
    await expect(choice).toBeVisible();
    await axe(other);
    await other.getByRole("radio", { name: t("conflict.mine") }).check();
    await other.getByRole("button", { name: t("conflict.save") }).click();
    await expect(choice).toHaveCount(0);
    for (const tab of [page, other]) {
      await expect(tab.getByText("서초대로 2")).toBeVisible();
      await expect(tab.getByText("010-0000-1234")).toBeVisible();
    }
  });

  test("what is typed while the page is being loaded again stays", async ({ page, context, signIn, t }) => {
    await signIn(page, "caseworker");
    await register(page, t, "시험입력");
    const other = await context.newPage();
    await open(other, new URL(page.url()).pathname);
    let release;
    const held = new Promise((resolve) => (release = resolve));
    await page.route(/\/api\/case_page/, async (route) => {
      await held;
      await route.continue();
    });
    const asked = page.waitForRequest(/\/api\/case_page/);
    await other.getByLabel(t("case.note_label")).fill("다른 창의 메모");
    await other.getByRole("button", { name: t("case.note_add") }).click();
    await asked;

    await page.getByRole("button", { name: t("case.add_member") }).click();
    const member = page.getByRole("dialog", { name: t("case.household") });
    await nameField(member, t).fill("시험가족");
    const answered = page.waitForResponse(/\/api\/case_page/);
    release();
    await (await answered).finished();
    // The answer is there; two more rounds of the page's own work, and the name must still stand.
    await page.evaluate(() => new Promise((done) => setTimeout(() => requestAnimationFrame(done), 300)));
    await expect(nameField(member, t)).toHaveValue("시험가족");
    await member.getByRole("button", { name: t("common.save"), exact: true }).click();
    await expect(page.getByText("시험가족", { exact: true })).toBeVisible();
    await expect(page.getByText("다른 창의 메모")).toBeVisible();
  });

  test("a judgement and a household member are not written over either", async ({ page, context, signIn, t }) => {
    test.setTimeout(120_000);
    await signIn(page, "caseworker");
    await register(page, t, "시험판단");
    await page.getByRole("button", { name: t("case.add_member") }).click();
    const member = (tab) => tab.getByRole("dialog", { name: t("case.household") });
    await nameField(member(page), t).fill("시험가구원");
    await member(page).getByRole("button", { name: t("common.save"), exact: true }).click();
    await expect(page.getByText("시험가구원", { exact: true })).toBeVisible();
    const other = await context.newPage();
    await open(other, new URL(page.url()).pathname);

    const urgency = (tab) => tab.getByRole("dialog", { name: t("case.set_urgency") });
    const judge = async (tab, word, reason) => {
      await urgency(tab).getByRole("radio", { name: t(`labels.urgency.${word}`) }).check();
      await urgency(tab).getByLabel(t("labels.field.reason")).fill(reason);
      await urgency(tab).getByRole("button", { name: t("case.set_urgency") }).click();
    };
    for (const tab of [page, other]) await tab.getByRole("button", { name: t("case.set_urgency") }).click();
    await judge(page, "same_day", "전기가 끊김");
    await expect(urgency(page)).toBeHidden();
    await judge(other, "two_weeks", "전화를 받음");
    const choice = other.getByText(t("conflict.title"));
    await expect(choice).toBeVisible();
    await axe(other);
    await other.getByRole("radio", { name: t("conflict.theirs") }).check();
    await other.getByRole("button", { name: t("conflict.save") }).click();
    await expect(choice).toHaveCount(0);
    await expect(other.getByText("전화를 받음").first()).toBeVisible();
    await expect(page.getByText("전화를 받음").first()).toBeVisible();

    for (const tab of [page, other]) await tab.getByRole("button", { name: t("case.edit_member") }).click();
    await member(page).getByLabel(t("labels.field.birth_year")).fill("1980");
    await member(page).getByRole("button", { name: t("common.save"), exact: true }).click();
    await expect(member(page)).toBeHidden();
    await member(other).getByLabel(t("labels.field.birth_year")).fill("1981");
    await member(other).getByRole("button", { name: t("common.save"), exact: true }).click();
    await expect(choice).toBeVisible();
    await other.getByRole("radio", { name: t("conflict.mine") }).check();
    await other.getByRole("button", { name: t("conflict.save") }).click();
    await expect(choice).toHaveCount(0);
    for (const tab of [page, other]) await expect(tab.getByText(t("case.born", { year: 1981 }))).toBeVisible();
  });
});

test("cases are found, sorted and kept as a view", async ({ page, signIn, t }) => {
  test.setTimeout(120_000);
  await signIn(page, "caseworker");
  await register(page, t, "표찾기");
  await open(page, "/cases");
  await axeAtBothSizes(page);
  const search = page.getByLabel(t("caseload.search"));
  const found = page.getByRole("row").filter({ has: page.getByRole("link", { name: "표찾기" }) });

  await test.step("by two syllables, by initials, and not by what is not there", async () => {
    await page.keyboard.press("/");
    await expect(search).toBeFocused();
    for (const words of ["찾기", "ㅍㅊㄱ"]) {
      await search.fill(words);
      await expect(found).toHaveCount(1);
      await expect(page.getByRole("row")).toHaveCount(2);
    }
    await search.fill("쀍뷁");
    await expect(page.getByText(t("caseload.none_found"))).toBeVisible();
    await page.getByRole("button", { name: t("caseload.clear_search") }).click();
    await expect(search).toHaveValue("");
    await expect(search).toBeFocused();
    await expect(page.locator(".case-link").nth(1)).toBeVisible();
    expect(page.url()).not.toContain(encodeURIComponent("찾기"));
  });

  await test.step("sorted by name, both ways", async () => {
    const names = () => page.locator(".case-link").allInnerTexts();
    const byName = page.getByRole("columnheader", { name: t("labels.field.name") });
    await byName.getByRole("link").click();
    await expect(byName).toHaveAttribute("aria-sort", "ascending");
    const up = await names();
    await byName.getByRole("link").click();
    await expect(byName).toHaveAttribute("aria-sort", "descending");
    await expect.poll(async () => (await names())[0]).not.toBe(up[0]);
  });

  await test.step("filtered, and kept under a name", async () => {
    await page.getByText(t("caseload.filters"), { exact: true }).click();
    await page.getByLabel(t("caseload.urgency"), { exact: true }).selectOption({ label: t("labels.urgency.two_weeks") });
    await page.waitForURL(/urgency=/);
    await page.getByLabel(t("caseload.view_name")).fill("느긋한 사례");
    await page.getByRole("button", { name: t("caseload.save_view") }).click();
    await expect(page.getByText(t("caseload.view_saved"))).toBeVisible();
    await axe(page);
    await open(page, "/cases");
    await page.getByText(t("caseload.filters"), { exact: true }).click();
    await page.getByRole("link", { name: "느긋한 사례" }).click();
    await page.waitForURL(/urgency=/);
  });
});
