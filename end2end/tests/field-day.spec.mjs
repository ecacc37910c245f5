// A whole day of a caseworker without a network, from a cold start of the browser to the desk that has all of it in the evening.
import { photo, takePhoto, writeOn } from "../support/pictures.mjs";
import { goTo, heading, register, setUp, someCase, unlock } from "../support/tablet.mjs";
import { axeAtBothSizes, expect, open, test } from "../support/test.mjs";

test.use({ untouched: "field-day", expectedErrors: [/ERR_INTERNET_DISCONNECTED|Failed to load resource/] });

const NEIGHBOR = "남궁가상";
const WRITTEN = {
  met: "문 앞까지 나와 차를 내어 주심",
  missed: "불은 켜져 있으나 대답이 없음",
  note: "다음 주에 주민센터에 함께 가기로 함",
};
/** Registered, two visits planned and recorded, a note, a photo, a signature. */
const ENTRIES = 8;

const koreanDay = (at = new Date()) => new Date(at.getTime() + 9 * 3_600_000).toISOString().slice(0, 10);
const heads = (page) => page.locator(".timeline-head").allInnerTexts();

/** Some case of one's own with its whole timeline, as the desk tells it. */
async function caseAtDesk(page, t) {
  await open(page, "/cases");
  const link = page.locator(".case-link").first();
  const name = (await link.innerText()).trim();
  await link.click();
  await expect(heading(page)).toHaveText(name);
  const more = page.getByRole("button", { name: t("common.more"), exact: true });
  while (await more.count()) {
    const before = (await heads(page)).length;
    await more.click();
    await expect.poll(async () => (await heads(page)).length).toBeGreaterThan(before);
  }
  return { name, told: await heads(page) };
}

/** Plans a visit of today from the page of a case. */
async function plan(page, t, time) {
  await page.getByRole("link", { name: t("case.schedule"), exact: true }).click();
  await page.locator('input[name="on"]').fill(koreanDay());
  await page.getByLabel(t("visit.start")).fill(time);
  await page.getByRole("button", { name: t("visit.schedule_save"), exact: true }).click();
  await page.waitForURL(/\/field\/cases\/[^/]+$/);
  await expect(page.getByRole("main").getByText(time).first()).toBeVisible();
}

/** Opens a visit of the neighbor from the day. */
async function openVisit(page, t, time) {
  await goTo(page, t("nav.my_day"));
  await page.locator(".visit-row").filter({ hasText: NEIGHBOR }).filter({ hasText: time }).click();
  await expect(heading(page)).toHaveText(NEIGHBOR);
  return new URL(page.url()).pathname.replace("/field", "");
}

const save = async (page, name) => {
  await page.getByRole("button", { name, exact: true }).click();
  await page.waitForURL("**/field/my-day");
};

test("everything of a day can be done without a network, and the desk has it afterwards", async ({ page, context, signIn, t }) => {
  test.slow();
  await signIn(page, "caseworker");
  const known = await caseAtDesk(page, t);
  await setUp(page, t);
  await context.setOffline(true);
  const cold = await context.newPage();
  await page.close();

  await test.step("a cold start: the PIN, then the day", async () => {
    await open(cold, "/field/my-day");
    await unlock(cold, t);
    await expect(heading(cold)).toHaveText(t("nav.my_day"));
    await expect(cold.getByText(t("sync.alone"))).toBeVisible();
  });

  await test.step("the own caseload is searched", async () => {
    await goTo(cold, t("nav.caseload"));
    const [search, links] = [cold.locator("#caseload-search"), cold.locator(".case-link")];
    await expect(links.first()).toBeVisible();
    const all = await links.count();
    await search.fill("쀍뷁");
    await expect(cold.getByText(t("caseload.none_found"))).toBeVisible();
    await search.fill(known.name);
    await expect(links.first()).toHaveText(known.name);
    expect(await links.count()).toBeLessThan(all);
  });

  await test.step("a case has its whole timeline, as the desk tells it", async () => {
    await cold.locator(".case-link").first().click();
    await expect(heading(cold)).toHaveText(known.name);
    expect(known.told.length).toBeGreaterThan(2);
    await expect.poll(() => heads(cold)).toEqual(known.told);
  });

  const address = await test.step("a neighbor is registered", async () => {
    const path = await register(cold, t, NEIGHBOR);
    return path.replace("/field", "");
  });

  const [met, missed] = await test.step("visits are planned for them, and recorded", async () => {
    await plan(cold, t, "22:30");
    await plan(cold, t, "23:25");
    const met = await openVisit(cold, t, "22:30");
    await cold.getByRole("button", { name: t("visit.shortcut_met") }).click();
    await cold.getByLabel(t("visit.note")).fill(WRITTEN.met);
    await cold.locator(".sign-details summary").click();
    await cold.locator(".signs-groups input").nth(0).check();
    await cold.locator(".signs-groups input").nth(1).check();
    // High enough that nothing lies half under the bars that stay in their place.
    await axeAtBothSizes(cold, 6000);
    await save(cold, t("visit.save"));
    const missed = await openVisit(cold, t, "23:25");
    await cold.getByRole("button", { name: t("visit.shortcut_missed") }).click();
    await cold.getByLabel(t("visit.note")).fill(WRITTEN.missed);
    await save(cold, t("visit.save_only"));
    return [met, missed];
  });

  await test.step("a note, a photo and a signature", async () => {
    await open(cold, `/field${address}`);
    await unlock(cold, t);
    await cold.getByLabel(t("case.note_label")).fill(WRITTEN.note);
    await cold.getByRole("button", { name: t("case.note_add") }).click();
    await expect(cold.locator(".timeline").getByText(WRITTEN.note)).toBeVisible();
    const taken = await takePhoto(cold, t, await photo(cold), "우편함");
    await taken.getByRole("button", { name: t("attachment.save") }).click();
    await expect(taken).toBeHidden();
    await cold.getByRole("button", { name: t("attachment.sign") }).click();
    const dialog = cold.getByRole("dialog", { name: t("attachment.signature_title") });
    await writeOn(cold, dialog.getByRole("img", { name: t("attachment.pad") }));
    await dialog.getByLabel(t("attachment.signature_caption")).fill("방문 상담 동의");
    await dialog.getByRole("button", { name: t("attachment.save") }).click();
    await expect(dialog).toBeHidden();
    await expect(cold.locator("img.attachment-small")).toHaveCount(2);
  });

  await test.step("the day is closed: both visits are done, nothing has arrived yet", async () => {
    await goTo(cold, t("nav.my_day"));
    await goTo(cold, t("close.title"));
    const done = cold.getByRole("region", { name: t("close.done") }).locator(".visit-item").filter({ hasText: NEIGHBOR });
    await expect(done).toHaveCount(2);
    await expect(done.filter({ hasText: t("labels.visit_state.met") }).first()).toBeVisible();
    const sent = cold.getByRole("region", { name: t("close.sent_title") });
    await expect(sent.getByText(t("close.waiting", { count: ENTRIES }))).toBeVisible();
    await expect(sent.getByText(t("close.files", { count: 2 }))).toBeVisible();
    await expect(sent.getByText(t("close.all_sent"))).toHaveCount(0);
  });

  const lines = cold.locator(".outbox-line");
  await test.step("after another cold start the outbox says of each that it waits", async () => {
    await open(cold, "/field/outbox");
    await unlock(cold, t);
    await expect(lines).toHaveCount(ENTRIES);
    await expect(lines.filter({ hasText: t("outbox.waiting") })).toHaveCount(ENTRIES);
    await expect(lines.filter({ hasText: NEIGHBOR })).toHaveCount(ENTRIES);
  });

  await test.step("back on the network each is applied, without anybody doing anything", async () => {
    await context.setOffline(false);
    await expect(lines.filter({ hasText: t("outbox.applied") })).toHaveCount(ENTRIES, { timeout: 60_000 });
    await expect(cold.getByText(t("attachment.on_the_way"))).toHaveCount(0);
    await axeAtBothSizes(cold, 3000);
    await open(cold, "/field/close");
    await unlock(cold, t);
    await expect(cold.getByText(t("close.all_sent"))).toBeVisible({ timeout: 60_000 });
  });

  const desk = await context.newPage();
  await test.step("the desk shows the neighbor, the note, the photo and the signature", async () => {
    await open(desk, address);
    await expect(heading(desk)).toHaveText(NEIGHBOR);
    const timeline = desk.getByRole("region", { name: t("case.timeline") });
    for (const words of Object.values(WRITTEN)) await expect(timeline.getByText(words)).toHaveCount(1);
    await expect(timeline.getByText(t("case.ev_registered"))).toHaveCount(1);
    await expect(desk.locator("img.attachment-small")).toHaveCount(2);
    await desk.locator("img.attachment-small").last().scrollIntoViewIfNeeded();
    const widths = () => desk.locator("img.attachment-small").evaluateAll((all) => all.map((one) => one.naturalWidth));
    await expect.poll(async () => (await widths()).every((width) => width > 0)).toBe(true);
  });

  await test.step("and what became of each visit", async () => {
    const fact = (name) => desk.locator(`.visit-facts div:has(dt:text-is("${name}")) dd`);
    await open(desk, met);
    await expect(desk.getByText(WRITTEN.met)).toBeVisible();
    await expect(fact(t("visit.face_to_face"))).toHaveText(t("labels.seen_with.neighbor"));
    await expect(fact(t("visit.signs"))).toHaveText(/\S · \S/);
    await open(desk, missed);
    await expect(desk.getByText(WRITTEN.missed)).toBeVisible();
    await expect(fact(t("visit.not_met_reason"))).toHaveText(t("labels.not_met.nobody_home"));
  });
});

test("is told to get in step now", async ({ page, context, signIn, t }) => {
  test.slow();
  await context.clock.install();
  await signIn(page, "caseworker");
  await setUp(page, t);
  const address = await someCase(page, t);
  await goTo(page, t("outbox.title"));
  await expect(page.getByText(t("outbox.empty"))).toBeVisible();

  const desk = await context.newPage();
  await open(desk, address.replace("/field", ""));
  await desk.getByLabel(t("case.note_label")).fill("사무실에서 적은 기록");
  await desk.getByRole("button", { name: t("case.note_add") }).click();
  await expect(desk.locator(".timeline").getByText("사무실에서 적은 기록")).toBeVisible();
  await desk.close();

  // The tablet's timers stand still: what it hears from here on, it hears because it was told to ask.
  await page.bringToFront();
  await page.clock.pauseAt(await page.evaluate(() => Date.now() + 1_000));
  const answered = page.waitForResponse(/\/api\/sync\/v\d\/pull/);
  await page.getByRole("button", { name: t("sync.now") }).click();
  expect((await (await answered).json()).dossiers).toHaveLength(1);
  await expect(page.locator(".state-said")).toHaveText("");
  await page.goBack();
  await expect(page.locator(".timeline").getByText("사무실에서 적은 기록")).toBeVisible();
});
