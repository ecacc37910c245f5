// What is written on a tablet can be read, sent or given up, whatever comes between: a refusal, the lock, a second tab, a clock that is
// wrong, a case that leaves while it is written about.
import { photo, takePhoto } from "../support/pictures.mjs";
import { dump, goTo, heading, hideCase, register, setUp, someCase, unlock, writeNote } from "../support/tablet.mjs";
import { axeAtBothSizes, expect, open, test } from "../support/test.mjs";

test.use({ untouched: "field-nothing-lost", expectedErrors: [/ERR_INTERNET_DISCONNECTED|ERR_FAILED|Failed to load resource/] });

const HOUR = 3_600_000;
const noteOf = (page, t) => page.getByLabel(t("case.note_label"));

/** The page of some case; its address at the desk. */
const someCaseAtDesk = async (page, t) => (await someCase(page, t)).replace("/field", "");

test("what is refused can be read, and what waits for it can be given up", async ({ page, context, signIn, t }) => {
  test.slow();
  await signIn(page, "caseworker");
  await setUp(page, t);
  await context.setOffline(true);
  await register(page, t, "남궁가상");
  await writeNote(page, t, "문틈으로 불빛이 보임");

  // On the way the name becomes one that the server does not take.
  await page.route(/\/api\/sync\/v\d\/push/, async (route) => {
    const push = route.request().postDataJSON();
    for (const { envelope } of push.entries) {
      if (envelope.command.do.verb === "register") envelope.command.do.profile.name = "가".repeat(500);
    }
    await route.continue({ postData: JSON.stringify(push) });
  });
  await goTo(page, t("outbox.title"));
  await context.setOffline(false);
  const [note, registration] = [page.locator(".outbox-line").first(), page.locator(".outbox-line").last()];
  await expect(registration).toContainText(t("outbox.refused"));
  await expect(registration.locator("dd").filter({ hasText: "남궁가상" })).toBeVisible();
  await expect(note).toContainText(t("outbox.waits_for", { what: t("audit.did.neighbor_register") }));
  await expect(note.getByRole("button", { name: t("outbox.withdraw") })).toHaveCount(0);
  await axeAtBothSizes(page);
  await registration.getByRole("button", { name: t("outbox.withdraw") }).click();
  await expect(registration).toContainText(t("outbox.withdrawn"));
  await note.getByRole("button", { name: t("outbox.withdraw") }).click();
  await expect(note).toContainText(t("outbox.withdrawn"));
  await note.getByText(t("outbox.words")).click();
  await expect(note.getByText("문틈으로 불빛이 보임")).toBeVisible();
  await goTo(page, t("nav.my_day"));
  await goTo(page, t("close.title"));
  await expect(page.getByText(t("close.all_sent"))).toBeVisible();
});

test("a note outlives the lock, until it is sent", async ({ page, signIn, t }) => {
  test.slow();
  await signIn(page, "caseworker");
  await setUp(page, t);
  await someCase(page, t);
  const lock = async () => {
    await page.getByRole("button", { name: t("common.open_menu") }).click();
    await page.getByRole("button", { name: t("gate.lock") }).click();
    await unlock(page, t);
  };
  await noteOf(page, t).fill("현관에서 이야기하는 동안 쓴 기록");
  await expect.poll(async () => (await dump(page)).drafts.length).toBe(1);
  expect((await dump(page)).drafts[0]).not.toContain("현관");
  await lock();
  await expect(noteOf(page, t)).toHaveValue("현관에서 이야기하는 동안 쓴 기록");
  await page.getByRole("button", { name: t("case.note_add") }).click();
  await expect(page.locator(".timeline").getByText("현관에서 이야기하는 동안 쓴 기록")).toBeVisible();
  await expect.poll(async () => (await dump(page)).drafts.length).toBe(0);
  await lock();
  await expect(page.locator(".timeline").getByText("현관에서 이야기하는 동안 쓴 기록")).toBeVisible();
  await expect(noteOf(page, t)).toHaveValue("");
});

test("a tab that nobody looks at does not lock the one that is written in", async ({ page, context, signIn, t }) => {
  test.slow();
  await context.clock.install();
  await signIn(page, "caseworker");
  await setUp(page, t);
  const other = await context.newPage();
  await open(other, "/field/outbox");
  await unlock(other, t);
  await expect(other.getByText(t("outbox.empty"))).toBeVisible();
  // Of both tabs.
  const pass = (minutes) => context.clock.fastForward(minutes * 60_000);
  await page.bringToFront();
  await pass(4);
  await page.keyboard.press("Shift");
  // The browser takes a moment to tell the other tab, which is not a moment for a clock that jumps.
  const touched = (tab) => tab.evaluate(() => localStorage.getItem("iut-field-touched"));
  const last = await touched(page);
  await expect.poll(() => touched(other)).toBe(last);
  await pass(3);
  await expect(heading(page)).toHaveText(t("nav.my_day"));
  await expect(heading(other)).toHaveText(t("outbox.title"));
  await pass(6);
  await expect(heading(page)).toHaveText(t("gate.unlock_title"));
  await expect(heading(other)).toHaveText(t("gate.unlock_title"));
});

test("with a wrong clock a contact is recorded at the time at which it was", async ({ page, context, signIn, t }) => {
  test.slow();
  await context.clock.install({ time: Date.now() + 3 * HOUR });
  await signIn(page, "caseworker");
  await setUp(page, t);
  const path = await someCaseAtDesk(page, t);
  await open(page, `/field${path}/visits/record`);
  await unlock(page, t);
  for (const name of [t("labels.visit_kind.phone"), t("visit.met")]) await page.getByRole("radio", { name, exact: true }).check();
  await page.getByLabel(t("visit.note")).fill("전화로 안부를 물음");
  const before = Date.now();
  await page.getByRole("button", { name: t("visit.save"), exact: true }).click();
  await page.waitForURL("**/field/my-day");
  await goTo(page, t("outbox.title"));
  await expect(page.locator(".outbox-line")).toContainText(t("outbox.applied"));
  const desk = await context.newPage();
  await open(desk, path);
  const entry = desk.locator(".timeline-item").filter({ hasText: "전화로 안부를 물음" }).first();
  await expect(entry).toBeVisible();
  const times = await entry.locator("time").evaluateAll((all) => all.map((one) => Date.parse(one.dateTime)));
  expect(times.some((time) => Math.abs(time - before) < HOUR)).toBe(true);
});

test("a case that leaves while it is written about takes nothing with it", async ({ page, browser, signIn, t }) => {
  test.slow();
  await signIn(page, "caseworker");
  await setUp(page, t);
  const path = await someCaseAtDesk(page, t);
  const bytes = await photo(page);
  // The first part of what is taken does not get through.
  const stop = (route) => (route.request().method() === "POST" ? route.abort() : route.continue());
  await page.route("**/attachments**", stop);
  const dialog = await takePhoto(page, t, bytes, "문 앞에 쌓인 우편물");
  await dialog.getByRole("button", { name: t("attachment.save") }).click();
  await expect(dialog).toBeHidden();
  await noteOf(page, t).fill("쓰고 있던 기록");
  const people = (await dump(page)).dossiers.length;
  const { desk, office } = await hideCase(browser, page, signIn, t, path);
  await expect(desk.getByText("문 앞에 쌓인 우편물")).toBeVisible();

  await page.bringToFront();
  await expect.poll(async () => (await dump(page)).pending.length).toBe(1);
  await page.evaluate(() => window.dispatchEvent(new Event("online")));
  await expect.poll(async () => (await dump(page)).dossiers.length).toBe(people - 1);
  await expect(noteOf(page, t)).toHaveValue("쓰고 있던 기록");
  await page.getByRole("button", { name: t("case.note_add") }).click();
  await goTo(page, t("outbox.title"));
  await expect(page.locator(".outbox-line").first()).toContainText(t("outbox.kept_why"));
  await page.unroute("**/attachments**", stop);
  await page.getByRole("button", { name: t("sync.now") }).click();
  await expect.poll(async () => (await dump(page)).pending.length).toBe(0);
  expect((await dump(page)).files).toEqual([]);

  await open(desk, path);
  await expect(desk.getByRole("region", { name: t("kept.title") })).toContainText("쓰고 있던 기록");
  const small = desk.locator("img.attachment-small");
  await small.scrollIntoViewIfNeeded();
  await expect.poll(() => small.evaluate((image) => image.naturalWidth)).toBeGreaterThan(0);
  await office.close();
});
