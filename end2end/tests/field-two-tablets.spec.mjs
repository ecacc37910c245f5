// Two tablets of one worker in two browsers, both without a network, write into the same case.
import { goTo, heading, setUp, someCase, unlock, writeNote } from "../support/tablet.mjs";
import { axeAtBothSizes, expect, open, test } from "../support/test.mjs";

test.use({ untouched: "field-two-tablets", expectedErrors: [/ERR_INTERNET_DISCONNECTED|Failed to load resource/] });


/** Changes what is written of a person, on the page of the case. */
async function edit(page, t, values) {
  await page.getByRole("button", { name: t("case.edit_person") }).click();
  const dialog = page.getByRole("dialog", { name: t("case.edit_person") });
  for (const [field, value] of Object.entries(values)) {
    await dialog.getByLabel(t(`labels.field.${field}`), { exact: true }).fill(value);
  }
  await dialog.getByRole("button", { name: t("common.save"), exact: true }).click();
  await expect(dialog).toBeHidden();
}

/** The newest line of the outbox, once it says so. */
async function expectNewest(page, t, words) {
  await goTo(page, t("outbox.title"));
  await expect(page.locator(".outbox-line").first()).toContainText(words, { timeout: 30_000 });
}

/** Gets both tablets in step, and stands on the case with each. */
async function inStep(tablets, t, address) {
  for (const page of tablets) {
    await goTo(page, t("outbox.title"));
    await page.getByRole("button", { name: t("sync.now") }).click();
    await expect(page.locator(".state-said")).toHaveText("");
    await open(page, address);
    await unlock(page, t);
    await expect(page.getByRole("button", { name: t("case.edit_person") })).toBeVisible();
  }
}

test("two tablets join what they wrote, ask where it is the same, and end alike", async ({ page, browser, baseURL, language, signIn, t }) => {
  test.slow();
  await signIn(page, "caseworker");
  await setUp(page, t, "현장 태블릿 1");
  const elsewhere = await browser.newContext({ baseURL, locale: language, timezoneId: "Asia/Seoul", reducedMotion: "reduce" });
  const second = await elsewhere.newPage();
  await signIn(second, "caseworker");
  await setUp(second, t, "현장 태블릿 2");
  await goTo(page, t("nav.caseload"));
  await page.locator(".case-link").first().click();
  await expect(page.getByRole("button", { name: t("case.edit_person") })).toBeVisible();
  const [address, tablets] = [new URL(page.url()).pathname, [page, second]];
  await open(second, address);
  await unlock(second, t);
  const contexts = [page.context(), elsewhere];
  const network = (on) => Promise.all(contexts.map((context) => context.setOffline(!on)));
  const shows = async (words) => {
    for (const tablet of tablets) for (const text of words) await expect(tablet.getByRole("main").getByText(text).first()).toBeVisible();
  };

  await test.step("two notes and two other fields: both stay", async () => {
    await network(false);
    await edit(page, t, { address: "서초대로 1" });
    await writeNote(page, t, "첫째 태블릿에서 쓴 기록");
    await edit(second, t, { phone: "010-0000-1234" });
    await writeNote(second, t, "둘째 태블릿에서 쓴 기록");
    await contexts[0].setOffline(false);
    await expectNewest(page, t, t("outbox.applied"));
    await contexts[1].setOffline(false);
    await expectNewest(second, t, t("outbox.applied"));
    await expect(second.locator(".outbox-line").last()).toContainText(t("outbox.merged"));
    await expect(second.locator(".outbox-line").filter({ hasText: t("outbox.conflict") })).toHaveCount(0);
    await inStep(tablets, t, address);
    await shows(["서초대로 1", "010-0000-1234", "첫째 태블릿에서 쓴 기록", "둘째 태블릿에서 쓴 기록"]);
  });

  await test.step("the same field: the one who comes second is asked, and nothing is written over before", async () => {
    await network(false);
    await edit(page, t, { address: "반포대로 11" });
    await edit(second, t, { address: "반포대로 22" });
    await contexts[0].setOffline(false);
    await expectNewest(page, t, t("outbox.applied"));
    await contexts[1].setOffline(false);
    await expectNewest(second, t, t("outbox.conflict"));
    const desk = await contexts[1].newPage();
    await open(desk, address.replace("/field", ""));
    await expect(desk.getByText("반포대로 11").first()).toBeVisible();
    await expect(desk.getByText("반포대로 22")).toHaveCount(0);
    await desk.close();
  });

  await test.step("it writes a third, and both tablets have it", async () => {
    const line = second.locator(".outbox-line").first();
    await line.getByRole("button", { name: t("outbox.conflict") }).click();
    for (const address of ["반포대로 11", "반포대로 22"]) await expect(line.getByText(address).first()).toBeVisible();
    await line.getByRole("radio", { name: t("conflict.third") }).check();
    await line.getByLabel(t("conflict.third_value")).fill("반포대로 33");
    await axeAtBothSizes(second, 3000);
    await line.getByRole("button", { name: t("conflict.save") }).click();
    await expect(second.locator(".outbox-line").first()).toContainText(t("outbox.applied"), { timeout: 30_000 });
    await expect(second.locator(".outbox-line").nth(1)).toContainText(t("outbox.replaced"));
    await inStep(tablets, t, address);
    await shows(["반포대로 33"]);
    // Everything that is told of the case is the same on both.
    const whole = (tablet) => tablet.getByRole("main").locator(".timeline-head").allInnerTexts();
    expect(await whole(second)).toEqual(await whole(page));
  });

  await test.step("the ledger is closed: nothing waits, nothing asks", async () => {
    for (const tablet of tablets) {
      await expect(tablet.locator(".state-count")).toHaveCount(0);
      await expect(heading(tablet)).toBeVisible();
    }
  });
  await elsewhere.close();
});

test("a visit that was moved twice without a network passes over no move of the desk", async ({ page, browser, baseURL, language, signIn, t }) => {
  test.slow();
  const day = `${new Date().getFullYear() + 1}-05-12`;
  const week = `/calendar?week=${day}`;
  const visitAt = (screen, time) => screen.locator(`[data-day="${day}"] [data-visit]`, { hasText: time });
  const move = async (screen, from, to) => {
    await visitAt(screen, from).getByRole("button").click();
    const dialog = screen.getByRole("dialog", { name: t("calendar.change") });
    await dialog.getByLabel(t("visit.start")).fill(to);
    await dialog.getByRole("button", { name: t("calendar.save") }).click();
    await expect(visitAt(screen, to)).toBeVisible();
  };
  await signIn(page, "caseworker");
  await setUp(page, t);
  const address = await someCase(page, t);
  await open(page, `${address}/visits/new`);
  await unlock(page, t);
  await page.locator('input[name="on"]').fill(day);
  await page.getByLabel(t("visit.start")).fill("06:10");
  await page.getByRole("button", { name: t("visit.schedule_save"), exact: true }).click();
  await page.waitForURL(`**${address}`);
  await expectNewest(page, t, t("outbox.applied"));

  await open(page, `/field${week}`);
  await unlock(page, t);
  await expect(visitAt(page, "06:10")).toBeVisible();
  await page.context().setOffline(true);
  await move(page, "06:10", "07:20");
  await move(page, "07:20", "08:30");
  const office = await browser.newContext({ baseURL, locale: language, timezoneId: "Asia/Seoul", reducedMotion: "reduce" });
  const desk = await office.newPage();
  await signIn(desk, "caseworker");
  await open(desk, week);
  await move(desk, "06:10", "10:00");

  await page.context().setOffline(false);
  await expectNewest(page, t, t("outbox.conflict"));
  const [second, first] = [page.locator(".outbox-line").first(), page.locator(".outbox-line").nth(1)];
  await expect(first).toContainText(t("outbox.conflict"));
  await desk.reload();
  await expect(visitAt(desk, "10:00")).toBeVisible();

  await first.getByRole("button", { name: t("outbox.withdraw") }).click();
  await second.getByRole("button", { name: t("outbox.conflict") }).click();
  await expect(second.getByText("10:00").first()).toBeVisible();
  await axeAtBothSizes(page, 3000);
  await expect(second).not.toContainText("{");
  await second.getByRole("radio", { name: t("conflict.third") }).check();
  await second.getByLabel(t("conflict.third_value")).fill(`${day}T09:40`);
  await second.getByRole("button", { name: t("conflict.save") }).click();
  await expectNewest(page, t, t("outbox.applied"));
  await desk.reload();
  await expect(visitAt(desk, "09:40–10:10")).toBeVisible();
  await office.close();
});
