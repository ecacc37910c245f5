// The main job of the field: plan a series, see what it clashes with, move it by hand and by form, record what happened.
import { axe, axeAtBothSizes, expect, open, test } from "../support/test.mjs";

/** High enough that nothing lies half under the bars that stay in their place: what is there is a matter of scrolling. */
const TALL = 3000;

/** The Korean day of an instant, as an input wants it. */
const koreanDay = (at) => new Date(at.getTime() + 9 * 3_600_000).toISOString().slice(0, 10);

const addDays = (day, days) => new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);

/** A day one week before a Christmas that is still to come: the second and third visit of a weekly series are holidays. */
function weekBeforeChristmas() {
  const today = koreanDay(new Date());
  const year = Number(today.slice(0, 4));
  return today < `${year}-12-16` ? `${year}-12-18` : `${year + 1}-12-18`;
}

/** The address of a case of the signed-in worker: that of a visit in a week near this one. */
async function someCase(page) {
  for (const days of [0, 7, -7, 14, -14, -21, 21]) {
    await open(page, `/calendar?week=${addDays(koreanDay(new Date()), days)}`);
    await expect(page.locator(".week")).toBeVisible();
    const visit = page.locator('a[href^="/visits/"]').first();
    if (await visit.count()) {
      await open(page, await visit.getAttribute("href"));
      return page.locator('main a[href^="/cases/"]').first().getAttribute("href");
    }
  }
  throw new Error("the demo worker has no visits");
}

/** Opens the form with a day and a time filled in. */
async function planAt(page, t, path, day, time) {
  await open(page, `${path}/visits/new`);
  await page.locator('input[name="on"]').fill(day);
  await page.getByLabel(t("visit.start")).fill(time);
}

/** A visit in the week that is shown. */
const visitAt = (page, day, time) => page.locator(`[data-day="${day}"] [data-visit]`, { hasText: time });

const choose = (page, name) => page.getByRole("radio", { name, exact: true }).check();

// The move that comes too late is answered with a conflict.
test.use({ expectedErrors: [/status of 409/] });

test("a caseworker plans, moves and records visits", async ({ page, browser, baseURL, language, t, signIn }) => {
  test.slow();
  await signIn(page, "caseworker");
  const path = await someCase(page);
  const first = weekBeforeChristmas();
  const week = `/calendar?week=${first}`;

  await test.step("plan a weekly series that skips holidays", async () => {
    await planAt(page, t, path, first, "06:10");
    await choose(page, t("labels.frequency.week"));
    await expect(page.locator(".preview-row")).toHaveCount(4);
    await expect(page.locator(".preview-skipped")).toHaveCount(2);
    await expect(page.locator(".preview-skipped").first()).toContainText("기독탄신일");
    await axeAtBothSizes(page, TALL);
    await page.getByRole("button", { name: t("visit.schedule_save_many", { count: 2 }) }).click();
    await page.waitForURL(`**${path}`);
  });

  await test.step("a clash is told, not forbidden", async () => {
    await planAt(page, t, path, first, "06:20");
    await expect(page.locator(".clash").first()).toContainText("06:10–06:40");
    await page.getByLabel(t("visit.start")).fill("05:10");
    await expect(page.locator(".clash")).toHaveCount(0);
  });

  await test.step("the plan survives a reload until it is sent", async () => {
    const kept = page.waitForResponse((answer) => answer.url().includes("visits/draft"));
    await page.getByLabel(t("visit.purpose")).fill("안부 확인");
    expect((await kept).ok()).toBe(true);
    await page.reload();
    await page.locator("html[data-ready]").waitFor();
    await expect(page.getByLabel(t("visit.purpose"))).toHaveValue("안부 확인");
    await expect(page.getByLabel(t("visit.start"))).toHaveValue("05:10");
    await page.getByRole("button", { name: t("visit.schedule_save"), exact: true }).click();
    await page.waitForURL(`**${path}`);
    await open(page, `${path}/visits/new`);
    await expect(page.getByLabel(t("visit.purpose"))).toHaveValue("");
  });

  await test.step("move to another day and hour by dragging, and take it back", async () => {
    await page.setViewportSize({ width: 1280, height: 1000 });
    await open(page, week);
    const visit = visitAt(page, first, "06:10");
    const target = page.locator(`[data-day="${addDays(first, -1)}"]`);
    await visit.dragTo(target.locator('[data-hour="8"]'));
    await expect(target.locator("[data-visit]", { hasText: "08:10–08:40" })).toBeVisible();
    await page.getByRole("button", { name: t("common.undo") }).click();
    await expect(visit).toBeVisible();
  });

  await test.step("move by form, with a warning where it clashes", async () => {
    await visitAt(page, first, "06:10").getByRole("button").click();
    const dialog = page.getByRole("dialog", { name: t("calendar.change") });
    await dialog.getByLabel(t("visit.start")).fill("05:20");
    await expect(dialog.locator(".clash")).toContainText("05:10–05:40");
    await axeAtBothSizes(page, TALL);
    await dialog.getByLabel(t("visit.start")).fill("07:20");
    await expect(dialog.locator(".clash")).toHaveCount(0);
    await dialog.getByRole("button", { name: t("calendar.save") }).click();
    await expect(visitAt(page, first, "07:20–07:50")).toBeVisible();
    await axeAtBothSizes(page, TALL);
  });

  await test.step("whoever moves what somebody else has just moved sees both and chooses", async () => {
    const other = await page.context().newPage();
    await open(other, week);
    await visitAt(page, first, "07:20").getByRole("button").click();
    const mine = page.getByRole("dialog", { name: t("calendar.change") });
    await visitAt(other, first, "07:20").getByRole("button").click();
    const theirs = other.getByRole("dialog", { name: t("calendar.change") });
    await theirs.getByLabel(t("visit.start")).fill("07:40");
    await theirs.getByRole("button", { name: t("calendar.save") }).click();
    await expect(visitAt(other, first, "07:40–08:10")).toBeVisible();
    await other.close();
    await mine.getByLabel(t("visit.start")).fill("07:00");
    await mine.getByRole("button", { name: t("calendar.save") }).click();
    await expect(mine.getByText(t("calendar.conflict_title"))).toBeVisible();
    await expect(mine.getByText("07:40–08:10")).toBeVisible();
    await axe(page);
    await mine.getByRole("button", { name: t("calendar.use_mine") }).click();
    await expect(visitAt(page, first, "07:00–07:30")).toBeVisible();
  });

  await test.step("cancel with a reason, and take it back", async () => {
    await visitAt(page, first, "05:10").getByRole("button").click();
    await page.getByRole("dialog").getByRole("link", { name: t("calendar.cancel_visit") }).click();
    await page.waitForURL("**/visits/*");
    await page.getByRole("button", { name: t("visit.save_cancel") }).click();
    await expect(page.locator(".error-summary")).toContainText(t("labels.field.cancel"));
    await axeAtBothSizes(page, TALL);
    await choose(page, t("labels.cancel.weather"));
    await page.getByRole("button", { name: t("visit.save_cancel") }).click();
    await page.waitForURL("**/my-day");
    await page.getByRole("button", { name: t("common.undo") }).click();
    await expect(page.getByText(t("visit.planned_again"))).toBeVisible();
    await open(page, week);
    await expect(visitAt(page, first, "05:10")).toBeVisible();
  });

  await test.step("a manager's open page shows the record without a reload; it takes two presses", async () => {
    const desk = await browser.newContext({ baseURL, locale: language, timezoneId: "Asia/Seoul" });
    const manager = await desk.newPage();
    await signIn(manager, "manager");
    const ownWeek = await page.locator('.week-links a[href*="worker="]').first().getAttribute("href");
    const worker = new URL(ownWeek, baseURL).searchParams.get("worker");
    await open(manager, `/calendar?worker=${worker}&week=${first}`);
    const seen = visitAt(manager, first, "07:00–07:30");
    await expect(seen).toBeVisible();
    await expect(seen.getByText(t("visit.met"), { exact: true })).toHaveCount(0);
    await visitAt(page, first, "07:00").getByRole("link").click();
    await page.getByRole("button", { name: t("visit.shortcut_met") }).click();
    await axeAtBothSizes(page, TALL);
    await page.getByRole("button", { name: t("visit.save"), exact: true }).click();
    await page.waitForURL("**/my-day");
    await expect(seen.getByText(t("labels.visit_state.met"), { exact: true })).toBeVisible();
    await desk.close();
  });

  await test.step("what was recorded is shown, and a note can be added", async () => {
    await open(page, week);
    await visitAt(page, first, "07:00").getByRole("link").click();
    await expect(page.getByRole("heading", { name: t("visit.what_was_recorded") })).toBeVisible();
    await expect(page.getByText(t("labels.seen_with.neighbor"), { exact: true })).toBeVisible();
    await page.locator('textarea[name="body"]').fill("다음에는 오후에 오기로 했습니다");
    await page.getByRole("button", { name: t("visit.add_note_save") }).click();
    await expect(page.getByText(t("visit.note_saved"))).toBeVisible();
    await axeAtBothSizes(page, TALL);
  });

  await test.step("record that nobody was home, with a draft that survives a reload and the next visit in one press", async () => {
    await open(page, `/calendar?week=${addDays(first, 21)}`);
    await visitAt(page, addDays(first, 21), "06:10").getByRole("link").click();
    const kept = page.waitForResponse((answer) => answer.url().includes("visits/draft"));
    await page.getByRole("button", { name: t("visit.shortcut_missed") }).click();
    expect((await kept).ok()).toBe(true);
    await page.reload();
    await page.locator("html[data-ready]").waitFor();
    await expect(page.getByRole("radio", { name: t("labels.not_met.nobody_home"), exact: true })).toBeChecked();
    await expect(page.getByRole("heading", { name: t("visit.next") })).toBeVisible();
    await axeAtBothSizes(page, TALL);
    await page.getByRole("button", { name: t("visit.save_with_next") }).click();
    await page.waitForURL("**/my-day");
    await expect(page.getByText(t("visit.recorded_with_next"))).toBeVisible();
  });

  await test.step("my day shows a visit of today", async () => {
    await planAt(page, t, path, koreanDay(new Date()), "23:25");
    await page.getByRole("button", { name: t("visit.schedule_save"), exact: true }).click();
    await page.waitForURL(`**${path}`);
    await open(page, "/my-day");
    const visit = page.locator(".visit-item", { hasText: "23:25" });
    await expect(visit).toBeVisible();
    await axeAtBothSizes(page, TALL);
    await visit.locator(".visit-case").click();
    await page.waitForURL(`**${path}`);
  });
});

test.describe("without an answer", () => {
  test.use({ expectedErrors: [/Failed to load resource/] });

  test("an unplanned contact is recorded from the case, once, even when its answer is lost", async ({ page, t, signIn }) => {
    await signIn(page, "caseworker");
    const path = await someCase(page);
    await open(page, `${path}/visits/record`);
    await choose(page, t("labels.visit_kind.phone"));
    await page.getByRole("button", { name: t("visit.save"), exact: true }).click();
    await expect(page.locator(".error-summary")).toContainText(t("labels.field.outcome"));
    await choose(page, t("visit.met"));
    await page.getByLabel(t("visit.note")).fill("다음 주에 다시 전화하기로 함");
    await axeAtBothSizes(page, TALL);

    const sent = [];
    await page.route("**/api/execute", async (route) => {
      sent.push(route.request().postDataJSON().envelope.op_id);
      // The first arrives, but the tablet never hears of it.
      const answer = await route.fetch();
      return sent.length === 1 ? route.abort("connectionreset") : route.fulfill({ response: answer });
    });
    const save = page.getByRole("button", { name: t("visit.save"), exact: true });
    await save.click();
    await expect(page.locator(".error-summary .banner")).toBeVisible();
    await expect(page.getByLabel(t("visit.note"))).toHaveValue("다음 주에 다시 전화하기로 함");
    await save.click();
    await page.waitForURL("**/my-day");
    await expect(page.getByText(t("visit.recorded"))).toBeVisible();
    expect(sent).toHaveLength(2);
    expect(sent[1]).toBe(sent[0]);
    await open(page, path);
    await expect(page.getByText("다음 주에 다시 전화하기로 함")).toHaveCount(1);
  });
});
