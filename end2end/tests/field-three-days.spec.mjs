// Seventy-two hours without a network: three days of work, each from a cold start, arrive with the time at which they were written.
//
// The server's clock can't be set, and stays at now. So the tablet's stands three days back, and while it is set up the server's
// answers say that it is three days ago at the server as well: to the tablet both clocks are right. Then there is no network, the
// tablet's clock goes on day by day, and has reached the present when the network is back: from there on nothing is changed in what
// the server says. The commands are those of a tablet that was away for three days, and the server treats them as such.
import { goTo, heading, setUp, unlock } from "../support/tablet.mjs";
import { axeAtBothSizes, expect, open, test } from "../support/test.mjs";

test.use({ untouched: "field-three-days", expectedErrors: [/ERR_INTERNET_DISCONNECTED|Failed to load resource/] });

const DAY = 86_400_000;

/** Ten in the morning in Korea, so many days ago. */
function morning(daysAgo) {
  const day = new Date(Date.now() + 9 * 3_600_000 - daysAgo * DAY).toISOString().slice(0, 10);
  return { day, at: new Date(`${day}T10:00:00+09:00`) };
}

/** The day as the screen's lead tells it. */
function inWords(day, language) {
  const at = new Date(`${day}T00:00:00Z`);
  const part = (options) => new Intl.DateTimeFormat(language, { timeZone: "UTC", ...options }).format(at);
  const [year, month, date] = day.split("-").map(Number);
  const weekday = part({ weekday: "short" });
  return language === "ko" ? `${year}. ${month}. ${date}.(${weekday})` : `${part({ month: "short" })} ${date}, ${year} (${weekday})`;
}

/** What the server says of its clock is moved by so much, until the answer's function is called. */
async function moveServerClock(context, by) {
  const move = async (route) => {
    const answer = await route.fetch();
    const told = await answer.json();
    return route.fulfill({ response: answer, json: { ...told, server_at: new Date(Date.parse(told.server_at) + by).toISOString() } });
  };
  await context.route(/\/api\/sync\/v\d\/(push|pull)/, move);
  return () => context.unroute(/\/api\/sync\/v\d\/(push|pull)/, move);
}

/** Plans a visit at ten past eleven of a day. */
async function plan(page, t, address, day) {
  await goTo(page, t("case.schedule"));
  await page.locator('input[name="on"]').fill(day);
  await page.getByLabel(t("visit.start")).fill("11:10");
  await page.getByRole("button", { name: t("visit.schedule_save"), exact: true }).click();
  await page.waitForURL(`**${address}`);
}

async function note(page, t, body) {
  await page.getByLabel(t("case.note_label")).fill(body);
  await page.getByRole("button", { name: t("case.note_add") }).click();
  await expect(page.locator(".timeline").getByText(body)).toBeVisible();
}

test("three days without a network arrive as they were written", async ({ page, context, signIn, language, t }) => {
  test.slow();
  const days = [3, 2, 1].map(morning);
  await context.clock.install({ time: days[0].at });
  const letServerBe = await moveServerClock(context, days[0].at - Date.now());
  await signIn(page, "caseworker");
  await setUp(page, t);
  await expect(page.locator(".state-said")).toHaveText("");
  await goTo(page, t("nav.caseload"));
  const link = page.locator(".case-link").first();
  const name = (await link.innerText()).trim();
  await link.click();
  await expect(heading(page)).toHaveText(name);
  const address = new URL(page.url()).pathname;
  await context.setOffline(true);
  await letServerBe();
  for (const { day } of days) await plan(page, t, address, day);

  let tablet = page;
  const visits = (on) => on.locator(".visit-row").filter({ hasText: name }).filter({ hasText: "11:10" });
  for (const [at, { day, at: start }] of days.entries()) {
    await test.step(`day ${at + 1}: a cold start, My day of that day, a visit and a note`, async () => {
      await tablet.close();
      await context.clock.setSystemTime(start);
      tablet = await context.newPage();
      await open(tablet, "/field/my-day");
      await unlock(tablet, t);
      await expect(tablet.locator(".page-lead").first()).toContainText(inWords(day, language));
      await expect(tablet.getByText(t("sync.clock_off"))).toHaveCount(0);
      const today = tablet.getByRole("region", { name: t("my_day.today") });
      await expect(visits(today)).toHaveCount(1);
      await visits(today).click();
      await tablet.getByRole("button", { name: t("visit.shortcut_met") }).click();
      await tablet.getByLabel(t("visit.note")).fill(`${at + 1}일째 방문`);
      await tablet.getByRole("button", { name: t("visit.save"), exact: true }).click();
      await tablet.waitForURL("**/field/my-day");
      await open(tablet, address);
      await unlock(tablet, t);
      await note(tablet, t, `${at + 1}일째 저녁에 쓴 기록`);
    });
    await test.step(`day ${at + 1}: a tablet that nobody touches locks itself`, async () => {
      await tablet.clock.fastForward("06:00");
      await expect(heading(tablet)).toHaveText(t("gate.unlock_title"));
      await expect(tablet.getByText(`${at + 1}일째 저녁에 쓴 기록`)).toHaveCount(0);
    });
  }

  await test.step("the fourth morning: nothing was lost, and all of it waits", async () => {
    await tablet.close();
    await context.clock.setSystemTime(Date.now());
    tablet = await context.newPage();
    await open(tablet, "/field/outbox");
    await unlock(tablet, t);
    const lines = tablet.locator(".outbox-line");
    await expect(lines.filter({ hasText: t("outbox.waiting") })).toHaveCount(9);
    // The newest first, each with its day.
    const told = (await lines.allInnerTexts()).map((text) => days.findIndex(({ day }) => text.includes(inWords(day, language))));
    expect(told).toEqual([2, 2, 1, 1, 0, 0, 0, 0, 0]);
    await axeAtBothSizes(tablet, 3000);
  });

  await test.step("back on the network everything arrives", async () => {
    await context.setOffline(false);
    await expect(tablet.locator(".outbox-line").filter({ hasText: t("outbox.applied") })).toHaveCount(9, { timeout: 60_000 });
    await expect(tablet.getByText(t("sync.clock_off"))).toHaveCount(0);
  });

  await test.step("the desk's timeline tells of the three days, with the hours at which it was written", async () => {
    const desk = await context.newPage();
    await open(desk, address.replace("/field", ""));
    for (const [at, { day }] of days.entries()) {
      const section = desk.locator(".timeline-day").filter({ has: desk.locator(`.timeline-date time[datetime="${day}"]`) });
      const item = section.locator(".timeline-item").filter({ hasText: `${at + 1}일째 저녁에 쓴 기록` });
      // Ten in Korea is one in the world's time.
      await expect(item.locator("time")).toHaveAttribute("datetime", new RegExp(`^${day}T01:`));
      await expect(section.locator(".timeline-item").filter({ hasText: `${at + 1}일째 방문` })).toHaveCount(1);
    }
    const order = (await desk.locator(".timeline-text").allInnerTexts()).join("\n").match(/\d일째 저녁/g);
    expect(order).toEqual(["3일째 저녁", "2일째 저녁", "1일째 저녁"]);
  });
});

test("a tablet whose clock is wrong is told, and what it writes has the server's time", async ({ page, context, signIn, t }) => {
  test.slow();
  const ahead = 3 * 3_600_000;
  await context.clock.install({ time: Date.now() + ahead });
  await signIn(page, "caseworker");
  await setUp(page, t);
  await expect(page.getByText(t("sync.clock_off"))).toBeVisible();
  await axeAtBothSizes(page);
  await goTo(page, t("nav.caseload"));
  await page.locator(".case-link").first().click();
  await expect(page.getByLabel(t("case.note_label"))).toBeVisible();
  const address = new URL(page.url()).pathname;
  await context.setOffline(true);
  await note(page, t, "시계가 틀린 태블릿의 기록");
  await context.setOffline(false);
  await expect(page.locator(".state-count")).toHaveCount(0);

  const desk = await context.newPage();
  await open(desk, address.replace("/field", ""));
  const item = desk.locator(".timeline-item").filter({ hasText: "시계가 틀린 태블릿의 기록" });
  const told = Date.parse(await item.locator("time").getAttribute("datetime"));
  // Nearer to the server's clock than to the tablet's; how long this test takes does not matter.
  expect(Math.abs(told - Date.now())).toBeLessThan(ahead / 2);

  await test.step("set right, it is not told any more", async () => {
    await context.clock.setSystemTime(Date.now());
    await page.bringToFront();
    await page.getByRole("link", { name: t("outbox.title") }).first().click();
    await page.getByRole("button", { name: t("sync.now") }).click();
    await expect(page.getByText(t("sync.clock_off"))).toHaveCount(0);
  });
});
