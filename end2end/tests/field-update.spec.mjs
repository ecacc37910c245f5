// A newer version of the program comes while entries wait on a tablet that has no network: they stay, and go out with it.
import { exchange, makeSecondSite } from "../support/second-site.mjs";
import { heading, setUp, unlock } from "../support/tablet.mjs";
import { expect, open, test } from "../support/test.mjs";

test.use({ untouched: "field-update", expectedErrors: [/ERR_INTERNET_DISCONNECTED|Failed to load resource/] });

const build = (page) => page.locator("html").getAttribute("data-build");

test("a newer version is taken while entries wait, and sends them", async ({ page, context, iut, signIn, t }) => {
  test.slow();
  const second = await makeSecondSite();
  await signIn(page, "caseworker");
  await setUp(page, t);
  await page.getByRole("link", { name: t("nav.caseload") }).first().click();
  await page.locator(".case-link").first().click();
  await expect(page.getByLabel(t("case.note_label"))).toBeVisible();
  const [address, before] = [new URL(page.url()).pathname, await build(page)];

  await test.step("entries are written without a network; the tablet is locked", async () => {
    await context.setOffline(true);
    for (const body of ["옛 버전에서 쓴 기록", "옛 버전에서 쓴 둘째 기록"]) {
      await page.getByLabel(t("case.note_label")).fill(body);
      await page.getByRole("button", { name: t("case.note_add") }).click();
      await expect(page.locator(".timeline").getByText(body)).toBeVisible();
    }
    await page.getByRole("button", { name: t("common.open_menu") }).click();
    await page.getByRole("button", { name: t("gate.lock") }).click();
    await expect(heading(page)).toHaveText(t("gate.unlock_title"));
  });

  try {
    await test.step("a locked tablet hears of the newer version, and sends nothing", async () => {
      await exchange(context, iut, second.env);
      await expect(page.getByText(t("shell.newer"))).toBeVisible();
      await context.setOffline(true);
    });

    await test.step("it is taken, without a network, and the entries wait still", async () => {
      await page.getByRole("button", { name: t("shell.take_newer") }).click();
      await expect(page.locator("html")).not.toHaveAttribute("data-build", before);
      await page.locator("html[data-ready]").waitFor();
      expect(await page.evaluate(() => [...document.styleSheets].map((sheet) => new URL(sheet.href).pathname))).toEqual([
        "/pkg/iut.second.css",
      ]);
      await unlock(page, t);
      await expect(page.locator(".timeline").getByText("옛 버전에서 쓴 기록")).toBeVisible();
      await page.getByRole("link", { name: t("outbox.title") }).first().click();
      await expect(page.locator(".outbox-line").filter({ hasText: t("outbox.waiting") })).toHaveCount(2);
    });

    await test.step("what is written with the newer one joins them, and all go out", async () => {
      await open(page, address);
      await unlock(page, t);
      await page.getByLabel(t("case.note_label")).fill("새 버전에서 쓴 기록");
      await page.getByRole("button", { name: t("case.note_add") }).click();
      await page.getByRole("link", { name: t("outbox.title") }).first().click();
      await expect(page.locator(".outbox-line").filter({ hasText: t("outbox.waiting") })).toHaveCount(3);
      await context.setOffline(false);
      await expect(page.locator(".outbox-line").filter({ hasText: t("outbox.applied") })).toHaveCount(3, { timeout: 30_000 });
    });

    await test.step("the desk has each once", async () => {
      const desk = await context.newPage();
      await open(desk, address.replace("/field", ""));
      for (const body of ["옛 버전에서 쓴 기록", "옛 버전에서 쓴 둘째 기록", "새 버전에서 쓴 기록"]) {
        await expect(desk.locator(".timeline").getByText(body, { exact: true })).toHaveCount(1);
      }
    });
  } finally {
    await context.setOffline(false);
    await iut.halt();
    await iut.again();
    await second.remove();
  }
});
