// The main job of the field: plan a series, see what it clashes with, move it by hand and by form, record what happened.
import { axe, expect, test } from "../support/test.mjs";

const WIDTHS = [360, 1280];

/** The Korean day of an instant, as an input wants it. */
const koreanDay = (at) => new Date(at.getTime() + 9 * 3_600_000).toISOString().slice(0, 10);

const addDays = (day, days) => new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);

/** A day one week before a Christmas that is still to come: the second and third visit of a weekly series are holidays. */
function weekBeforeChristmas() {
  const today = koreanDay(new Date());
  const year = Number(today.slice(0, 4));
  return today < `${year}-12-16` ? `${year}-12-18` : `${year + 1}-12-18`;
}

const open = async (page, path) => {
  await page.goto(path);
  await page.locator("html[data-ready]").waitFor();
};

/** Expects that axe finds nothing on the page as it is, on a phone and on a desk. */
async function axeOnBoth(page) {
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 900 });
    await axe(page);
  }
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
  await page.getByLabel(t("visit.date")).fill(day);
  await page.getByLabel(t("visit.start")).fill(time);
}

const choose = (page, name) => page.getByRole("radio", { name, exact: true }).check();

test("a caseworker plans, moves and records visits", async ({ page, t, signIn }) => {
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
    await axeOnBoth(page);
    await page.getByRole("button", { name: t("visit.schedule_save_many", { count: 2 }) }).click();
    await page.waitForURL(`**${path}`);
  });

  await test.step("a clash is told, not forbidden", async () => {
    await planAt(page, t, path, first, "06:20");
    await expect(page.locator(".clash").first()).toContainText("06:10–06:40");
    await page.getByLabel(t("visit.start")).fill("05:10");
    await expect(page.locator(".clash")).toHaveCount(0);
  });

  await test.step("move to another day by dragging, and take it back", async () => {
    await page.setViewportSize({ width: 1280, height: 900 });
    await open(page, week);
    const visit = page.locator(`[data-day="${first}"] [data-visit]`, { hasText: "06:10" });
    const target = page.locator(`[data-day="${addDays(first, -1)}"]`);
    await visit.dragTo(target);
    await expect(target.locator("[data-visit]", { hasText: "06:10" })).toBeVisible();
    await page.getByRole("button", { name: t("common.undo") }).click();
    await expect(visit).toBeVisible();
  });

  await test.step("move by form", async () => {
    const visit = page.locator(`[data-day="${first}"] [data-visit]`, { hasText: "06:10" });
    await visit.getByRole("button").click();
    const dialog = page.getByRole("dialog", { name: t("calendar.change") });
    await dialog.getByLabel(t("visit.start")).fill("07:20");
    await axe(page);
    await dialog.getByRole("button", { name: t("calendar.save") }).click();
    await expect(page.locator(`[data-day="${first}"] [data-visit]`, { hasText: "07:20–07:50" })).toBeVisible();
    await axeOnBoth(page);
  });

  await test.step("record that somebody was met: four presses", async () => {
    await page.locator(`[data-day="${first}"] [data-visit]`, { hasText: "07:20" }).getByRole("link").click();
    await choose(page, t("visit.met"));
    await choose(page, t("labels.seen_with.neighbor"));
    await axeOnBoth(page);
    await page.getByRole("button", { name: t("visit.save"), exact: true }).click();
    await page.waitForURL("**/my-day");
  });

  await test.step("what was recorded is shown, and a note can be added", async () => {
    await open(page, week);
    await page.locator(`[data-day="${first}"] [data-visit]`, { hasText: "07:20" }).getByRole("link").click();
    await expect(page.getByRole("heading", { name: t("visit.what_was_recorded") })).toBeVisible();
    await expect(page.getByText(t("labels.seen_with.neighbor"), { exact: true })).toBeVisible();
    await page.getByLabel(t("labels.field.body")).fill("다음에는 오후에 오기로 했습니다");
    await page.getByRole("button", { name: t("visit.add_note_save") }).click();
    await expect(page.getByText(t("visit.note_saved"))).toBeVisible();
    await axeOnBoth(page);
  });

  await test.step("record that nobody was home, with a draft that survives a reload and the next visit in one press", async () => {
    await open(page, `/calendar?week=${addDays(first, 21)}`);
    await page.locator(`[data-day="${addDays(first, 21)}"] [data-visit]`, { hasText: "06:10" }).getByRole("link").click();
    await choose(page, t("visit.not_met"));
    const kept = page.waitForResponse((answer) => answer.url().includes("visits/draft"));
    await choose(page, t("labels.not_met.nobody_home"));
    expect((await kept).ok()).toBe(true);
    await page.reload();
    await page.locator("html[data-ready]").waitFor();
    await expect(page.getByRole("radio", { name: t("labels.not_met.nobody_home"), exact: true })).toBeChecked();
    await expect(page.getByRole("heading", { name: t("visit.next") })).toBeVisible();
    await axeOnBoth(page);
    await page.getByRole("button", { name: t("visit.save_with_next") }).click();
    await page.waitForURL("**/my-day");
    await expect(page.getByText(t("visit.recorded_with_next"))).toBeVisible();
  });

  await test.step("my day shows a visit of today", async () => {
    await planAt(page, t, path, koreanDay(new Date()), "23:25");
    await page.getByRole("button", { name: t("visit.schedule_save"), exact: true }).click();
    await page.waitForURL(`**${path}`);
    await open(page, "/my-day");
    await expect(page.locator(".visit-row", { hasText: "23:25" })).toBeVisible();
    await axeOnBoth(page);
  });
});

test("an unplanned contact is recorded from the case", async ({ page, t, signIn }) => {
  await signIn(page, "caseworker");
  await open(page, `${await someCase(page)}/visits/record`);
  await choose(page, t("labels.visit_kind.phone"));
  await page.getByRole("button", { name: t("visit.save"), exact: true }).click();
  await expect(page.locator(".error-summary")).toContainText(t("labels.field.outcome"));
  await choose(page, t("visit.met"));
  await axeOnBoth(page);
  await page.getByRole("button", { name: t("visit.save"), exact: true }).click();
  await page.waitForURL("**/my-day");
});
