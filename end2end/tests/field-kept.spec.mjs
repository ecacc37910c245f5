// A record is restricted while its worker is in the field without a network: what was written before goes in, what was written after
// is kept, shown to the manager, and stands in its writer's name once the manager takes it over.
import { heading, hideCase, setUp, unlock } from "../support/tablet.mjs";
import { axeAtBothSizes, expect, open, test } from "../support/test.mjs";

test.use({ untouched: "field-kept", expectedErrors: [/ERR_INTERNET_DISCONNECTED|Failed to load resource/] });

test("what comes too late is kept, decided about by those who hold the case, and its writer hears", async ({ page, browser, signIn, t }) => {
  test.slow();
  await signIn(page, "caseworker");
  await setUp(page, t);
  await page.getByRole("link", { name: t("nav.caseload") }).first().click();
  await page.locator(".case-link").first().click();
  const note = page.getByLabel(t("case.note_label"));
  await expect(note).toBeVisible();
  const path = new URL(page.url()).pathname.replace("/field", "");
  const write = async (text) => {
    await note.fill(text);
    await page.getByRole("button", { name: t("case.note_add") }).click();
    await expect(page.getByRole("main").getByText(text).first()).toBeVisible();
  };
  await page.context().setOffline(true);
  await write("가리기 전에 쓴 기록");

  const { desk, office } = await hideCase(browser, page, signIn, t, path);
  await write("가린 줄 모르고 쓴 기록");
  await page.context().setOffline(false);
  await page.getByRole("link", { name: t("outbox.title") }).first().click();
  const lines = page.locator(".outbox-line");
  await expect(lines.first()).toContainText(t("outbox.kept_why"));
  await expect(lines.last()).toContainText(t("outbox.applied"));
  await axeAtBothSizes(page);

  await open(desk, path);
  const kept = desk.getByRole("region", { name: t("kept.title") });
  await expect(kept).toContainText("가린 줄 모르고 쓴 기록");
  await expect(desk.getByText("가리기 전에 쓴 기록")).toBeVisible();
  await axeAtBothSizes(desk);
  await kept.getByRole("button", { name: t("kept.take_over"), exact: true }).click();
  await expect(kept).toHaveCount(0);
  await expect(desk.getByText("가린 줄 모르고 쓴 기록")).toBeVisible();

  // The case is gone from the tablet, and the writer hears what was decided.
  await open(page, "/field/outbox");
  await unlock(page, t);
  await expect(heading(page)).toHaveText(t("outbox.title"));
  await expect(lines.first()).toContainText(t("outbox.applied"));
  await office.close();
});
