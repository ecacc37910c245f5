// A tab that is busy with the server when another tab writes: it must not miss what was written.
import { setUp, unlock } from "../support/tablet.mjs";
import { expect, open, test } from "../support/test.mjs";

test.use({ untouched: "field-tabs", expectedErrors: [/ERR_FAILED|Failed to load resource/] });

test("what another tab writes while this one is getting in step is shown afterwards", async ({ page, context, signIn, t }) => {
  test.slow();
  await signIn(page, "caseworker");
  await setUp(page, t);
  const other = await context.newPage();
  await open(other, "/field/outbox");
  await unlock(other, t);
  await expect(other.getByText(t("outbox.empty"))).toBeVisible();
  await expect(other.locator(".state-said")).toHaveText("");
  let release;
  const held = new Promise((done) => (release = done));
  await other.route(/sync\/v\d\/pull/, async (route) => {
    await held;
    await route.continue();
  });
  await page.route(/sync\/v\d\/push/, (route) => route.abort());
  await other.getByRole("button", { name: t("sync.now") }).click();
  await expect(other.locator(".state-said")).toHaveText(t("sync.working"));
  await page.bringToFront();
  await page.getByRole("link", { name: t("nav.caseload") }).first().click();
  await page.locator(".case-link").first().click();
  await page.getByLabel(t("case.note_label")).fill("다른 탭에서 쓴 기록");
  await page.getByRole("button", { name: t("case.note_add") }).click();
  await expect(page.locator(".timeline").getByText("다른 탭에서 쓴 기록")).toBeVisible();
  await other.bringToFront();
  release();
  await expect(other.locator(".state-said")).toHaveText("");
  await expect(other.locator(".outbox-line")).toHaveCount(1);
});
