// The main job, from a list of 2,000 people to a recorded visit, by two people: the manager's page follows what the caseworker
// does without being loaded again.
import { csv, inventedName, people } from "../support/lists.mjs";
import { axe, expect, open, test } from "../support/test.mjs";

/** Dongs of the manager's team in the demo district. */
const DONGS = ["1165051000", "1165052000"];
const PEOPLE = 2000;
const NEIGHBOR = inventedName("여정", 0);

/** Today's day in Korea and a time just past, as inputs want them. */
function justNow() {
  const [day, time] = new Date(Date.now() + 9 * 3_600_000).toISOString().split("T");
  const minutes = Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
  const past = Math.max(minutes - 20, 0);
  const two = (number) => String(number).padStart(2, "0");
  return { day, time: `${two(Math.floor(past / 60))}:${two(past % 60)}` };
}

const ownName = async (page, t) => {
  await open(page, "/account");
  return page.locator("dt").filter({ has: page.getByText(t("labels.field.name"), { exact: true }) }).locator("xpath=following-sibling::dd[1]").innerText();
};

test("from a list to a recorded visit", async ({ page: manager, browser, baseURL, locale, signIn, t }) => {
  test.setTimeout(240_000);
  const context = await browser.newContext({ baseURL, locale, timezoneId: "Asia/Seoul", reducedMotion: "reduce" });
  const worker = await context.newPage();
  const errors = [];
  context.on("weberror", (event) => errors.push(event.error().message));
  await signIn(manager, "manager");
  await signIn(worker, "caseworker");
  const name = await ownName(worker, t);

  await test.step("the manager loads a list of 2,000 people", async () => {
    await open(manager, "/rounds/import");
    await manager.locator('input[type="file"]').setInputFiles(csv(people("2035-1", "여정", PEOPLE, DONGS)));
    await manager.getByRole("button", { name: t("rounds.apply"), exact: true }).click({ timeout: 30_000 });
    await expect(manager.getByText(t("rounds.applied"))).toBeVisible({ timeout: 60_000 });
  });

  await test.step("and opens a case for the person to see first", async () => {
    await manager.getByRole("link", { name: t("rounds.go_triage") }).click();
    await manager.getByRole("row", { name: NEIGHBOR }).getByRole("checkbox").check();
    await manager.getByRole("button", { name: t("rounds.open_cases") }).click();
    const dialog = manager.getByRole("dialog", { name: t("rounds.open_cases") });
    await dialog.getByRole("button", { name: t("rounds.open_cases") }).click();
    await expect(manager.getByText(t("rounds.cases_opened"))).toBeVisible();
  });

  await test.step("the caseworker registers a neighbor", async () => {
    await open(worker, "/register");
    await worker.getByLabel(t("labels.field.name"), { exact: true }).fill("새이웃님");
    await worker.getByLabel(t("labels.field.dong")).selectOption(DONGS[0]);
    await worker.getByRole("radio", { name: t("labels.channel.resident"), exact: true }).check();
    await worker.getByRole("button", { name: t("register.submit"), exact: true }).click();
    await worker.waitForURL(/\/(cases|neighbors)\//);
    await expect(worker.getByRole("heading", { level: 1, name: "새이웃님" })).toBeVisible();
  });

  await open(manager, "/team");
  const waiting = manager.getByRole("region", { name: t("team.queue") }).getByRole("row", { name: NEIGHBOR });
  const load = manager.getByRole("region", { name: t("team.loads") }).getByRole("row", { name });
  const visits = async () => (await load.getByRole("cell").last().innerText()).trim();
  const [done, all] = (await visits()).split(" / ").map(Number);
  const path = await waiting.getByRole("link").getAttribute("href");

  await test.step("the manager gives the case to the caseworker, who sees it at once", async () => {
    await open(worker, "/my-day");
    await waiting.getByRole("checkbox").check();
    const choice = manager.getByLabel(t("team.assign_to"), { exact: true });
    const label = (await choice.getByRole("option").allInnerTexts()).find((text) => text.startsWith(name));
    await choice.selectOption({ label });
    await manager.getByRole("button", { name: t("team.assign", { count: 1 }) }).click();
    await expect(waiting).toHaveCount(0);
    await expect(worker.locator(`a[href^="${path}"]`).first()).toBeVisible();
  });

  await test.step("the caseworker plans a visit", async () => {
    const { day, time } = justNow();
    await open(worker, `${path}/visits/new`);
    await worker.locator('input[name="on"]').fill(day);
    await worker.locator('input[name="window"]').fill(time);
    await worker.getByRole("button", { name: t("visit.schedule_save"), exact: true }).click();
    await worker.waitForURL(`**${path}`);
    await expect.poll(visits).toBe(`${done} / ${all + 1}`);
  });

  await test.step("and records it; the manager's open page shows it", async () => {
    await worker.locator('main a[href^="/visits/"]').first().click();
    await worker.getByRole("radio", { name: t("visit.met"), exact: true }).check();
    await worker.getByRole("radio", { name: t("labels.seen_with.neighbor"), exact: true }).check();
    await worker.getByRole("button", { name: t("visit.save"), exact: true }).click();
    await expect(worker.getByText(t("visit.recorded"))).toBeVisible();
    await expect.poll(visits).toBe(`${done + 1} / ${all + 1}`);
  });
  await axe(manager);
  expect(errors).toEqual([]);
  await context.close();
});
