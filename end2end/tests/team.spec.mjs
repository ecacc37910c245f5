// A manager spreads what waits over the team, takes it back, and hands a case from one worker to another, who answers.
import { axeAtBothSizes, expect, open, test } from "../support/test.mjs";

/** Registers a neighbor with a case that nobody has; answers the name. */
async function queueCase(page, t, name) {
  await open(page, "/register");
  await page.getByLabel(t("labels.field.name"), { exact: true }).fill(name);
  await page.getByLabel(t("labels.field.dong")).selectOption("1165051000");
  await page.getByRole("radio", { name: t("labels.channel.resident"), exact: true }).check();
  await page.getByRole("button", { name: t("register.submit"), exact: true }).click();
  await page.waitForURL(/\/(cases|neighbors)\//);
}

const queue = (page, t) => page.getByRole("region", { name: t("team.queue") });
const loads = (page, t) => page.getByRole("region", { name: t("team.loads") });
const waits = (page, t, name) => queue(page, t).getByRole("row", { name });
/** How many cases a worker has, as the board says. */
const casesOf = async (page, t, worker) =>
  Number(await loads(page, t).getByRole("row", { name: worker }).getByRole("cell").nth(1).innerText());

test("cases are assigned, spread as suggested, and taken back", async ({ page, signIn, t }) => {
  test.setTimeout(120_000);
  await signIn(page, "manager");
  for (const name of ["배정하나", "배정두울", "배정세엣"]) await queueCase(page, t, name);
  await open(page, "/team");
  await axeAtBothSizes(page);
  const worker = await loads(page, t).getByRole("row").nth(1).getByRole("link").innerText();
  const before = await casesOf(page, t, worker);

  await test.step("one, to a worker that the manager chooses", async () => {
    await waits(page, t, "배정하나").getByRole("checkbox").check();
    const choice = page.getByLabel(t("team.assign_to"), { exact: true });
    const label = (await choice.getByRole("option").allInnerTexts()).find((text) => text.startsWith(worker));
    await choice.selectOption({ label });
    await page.getByRole("button", { name: t("team.assign", { count: 1 }) }).click();
    await expect(page.getByText(t("team.assigned", { count: 1 }))).toBeVisible();
    await expect(waits(page, t, "배정하나")).toHaveCount(0);
    await expect.poll(() => casesOf(page, t, worker)).toBe(before + 1);
  });

  await test.step("taken back", async () => {
    await page.getByRole("button", { name: t("common.undo") }).click();
    await expect(waits(page, t, "배정하나")).toBeVisible();
    await expect.poll(() => casesOf(page, t, worker)).toBe(before);
  });

  await test.step("all, as suggested, with the reasons", async () => {
    await page.getByRole("button", { name: t("team.select_all") }).click();
    await page.getByRole("button", { name: t("team.suggest") }).click();
    await expect(page.getByText(t("team.suggestion"), { exact: true })).toBeVisible();
    await expect(waits(page, t, "배정하나")).toContainText("(");
    await axeAtBothSizes(page);
    await page.getByRole("button", { name: t("team.take_suggestion") }).click();
    await expect(queue(page, t).getByText(t("team.queue_empty"), { exact: true })).toBeVisible();
  });

  await test.step("a worker leads to the worker's cases", async () => {
    await loads(page, t).getByRole("link", { name: worker }).click();
    await page.waitForURL(/\/cases\?.*worker=/);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  });
});

test("a case is offered to another worker, who rejects and then accepts it", async ({ page, browser, baseURL, locale, signIn, t }) => {
  test.setTimeout(120_000);
  await signIn(page, "manager");
  await queueCase(page, t, "넘길사람");
  const path = new URL(page.url()).pathname;
  const context = await browser.newContext({ baseURL, locale });
  const receiver = await context.newPage();
  await signIn(receiver, "caseworker");
  await open(receiver, "/account");
  const name = await receiver.locator("dt").filter({ has: receiver.getByText(t("labels.field.name"), { exact: true }) }).locator("xpath=following-sibling::dd[1]").innerText();
  await open(receiver, "/my-day");

  const offer = async () => {
    await open(page, path);
    await page.getByRole("button", { name: t("case.transfer"), exact: true }).first().click();
    const dialog = page.getByRole("dialog", { name: t("case.transfer") });
    const choice = dialog.getByLabel(t("case.transfer_to"));
    await expect(choice.getByRole("option", { name })).toHaveCount(1);
    await choice.selectOption({ label: name });
    await dialog.getByRole("textbox").fill("가까운 동을 맡고 있어서");
    await dialog.getByRole("button", { name: t("case.transfer"), exact: true }).click();
    await expect(page.getByText(t("case.transferred"))).toBeVisible();
    await open(page, "/team");
  };
  const transfers = page.getByRole("region", { name: t("team.transfers") });

  await offer();
  await expect(transfers).toContainText("넘길사람");
  await axeAtBothSizes(page);
  // The receiver's open page shows it without a reload.
  const asked = receiver.getByRole("listitem").filter({ hasText: "넘길사람" });
  await asked.getByRole("button", { name: t("my_day.reject"), exact: true }).click();
  const dialog = receiver.getByRole("dialog", { name: t("my_day.reject_title") });
  await dialog.getByRole("textbox").fill("지금은 맡은 사례가 많습니다");
  await dialog.getByRole("button", { name: t("my_day.reject"), exact: true }).click();
  await expect(receiver.getByText(t("my_day.rejected"))).toBeVisible();
  await expect(transfers.getByText("넘길사람")).toHaveCount(0);

  await offer();
  await asked.getByRole("button", { name: t("my_day.accept"), exact: true }).click();
  await expect(receiver.getByText(t("my_day.accepted"))).toBeVisible();
  await expect(transfers.getByText("넘길사람")).toHaveCount(0);
  await expect(queue(page, t).getByText("넘길사람")).toHaveCount(0);
  await context.close();
});

test("a manager restricts a record: it disappears for those who are not named, and comes back", async ({ page, browser, baseURL, locale, signIn, t }) => {
  test.setTimeout(120_000);
  await signIn(page, "manager");
  await queueCase(page, t, "가릴사람");
  const path = new URL(page.url()).pathname;
  const context = await browser.newContext({ baseURL, locale });
  const other = await context.newPage();
  await signIn(other, "caseworker");
  await open(other, path);
  await expect(other.getByRole("heading", { level: 1 })).toHaveText("가릴사람");

  const restrict = async () => {
    await page.getByRole("button", { name: t("case.restrict"), exact: true }).first().click();
    const dialog = page.getByRole("dialog", { name: t("case.restrict") });
    await expect(dialog.getByRole("checkbox").first()).toBeVisible();
    return dialog;
  };
  const dialog = await restrict();
  await axeAtBothSizes(page);
  // Whoever restricts a record stays among those named.
  await expect(dialog.getByRole("checkbox", { disabled: true })).toBeChecked();
  await dialog.getByRole("button", { name: t("case.restrict"), exact: true }).click();
  await expect(page.getByText(t("case.restricted"))).toBeVisible();

  // The other's open screen lets go of it, without a reload; what it asked for is not there any more.
  await expect(other.getByRole("heading", { name: "가릴사람" })).toHaveCount(0);
  await expect(other.getByText(t("errors.not_found"))).toBeVisible();

  await restrict();
  await dialog.getByRole("button", { name: t("case.restrict_lift") }).click();
  await expect(page.getByText(t("case.restricted"))).toHaveCount(0);
  await open(other, path);
  await expect(other.getByRole("heading", { level: 1 })).toHaveText("가릴사람");
  await context.close();
});
