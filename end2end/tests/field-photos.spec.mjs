// Photos and signatures: taken without a network, sealed on the tablet, sent in parts, and seen at the desk.
import { WHERE, photo, takePhoto, writeOn } from "../support/pictures.mjs";
import { PIN, asBytes, dump, heading, setUp, someCase, unlock } from "../support/tablet.mjs";
import { expect, axeAtBothSizes, open, test } from "../support/test.mjs";

test.use({ untouched: "field-photos", expectedErrors: [/ERR_INTERNET_DISCONNECTED|Failed to load resource/] });

test("a photo and a signature without a network, seen at the desk afterwards", async ({ page, context, browser, signIn, t }) => {
  test.slow();
  await signIn(page, "caseworker");
  await setUp(page, t);
  const address = await someCase(page, t);
  const taken = await photo(page);
  expect(taken.includes(WHERE)).toBe(true);
  expect(taken.length).toBeGreaterThan(300_000);
  await context.setOffline(true);

  await test.step("a photo", async () => {
    const dialog = await takePhoto(page, t, taken, "우편물이 쌓인 문 앞");
    await axeAtBothSizes(page);
    await dialog.getByRole("button", { name: t("attachment.save") }).click();
    await expect(dialog).toBeHidden();
    await expect(page.locator("img.attachment-small")).toHaveCount(1);
    await expect(page.getByText("우편물이 쌓인 문 앞")).toBeVisible();
  });

  await test.step("a signature; an empty one is not taken", async () => {
    await page.getByRole("button", { name: t("attachment.sign") }).click();
    const dialog = page.getByRole("dialog", { name: t("attachment.signature_title") });
    const pad = dialog.getByRole("img", { name: t("attachment.pad") });
    await dialog.getByRole("button", { name: t("attachment.save") }).click();
    await expect(dialog).toBeVisible();
    await writeOn(page, pad);
    await dialog.getByLabel(t("attachment.signature_caption")).fill("방문 상담 동의");
    await axeAtBothSizes(page);
    await dialog.getByRole("button", { name: t("attachment.save") }).click();
    await expect(dialog).toBeHidden();
    await expect(page.locator("img.attachment-small")).toHaveCount(2);
  });

  await test.step("sealed on the tablet", async () => {
    const shelves = await dump(page);
    expect(shelves.pending).toHaveLength(2);
    expect(shelves.files.length).toBeGreaterThan(4);
    const all = Object.values(shelves).flat().join("\n");
    for (const readable of ["JFIF", "PNG\r\n", "IHDR", WHERE, asBytes("우편물이"), PIN]) expect(all).not.toContain(readable);
  });

  const cold = await context.newPage();
  await page.close();
  await test.step("a cold start shows both, and the outbox says that they wait", async () => {
    await open(cold, address);
    await unlock(cold, t);
    await expect(cold.locator("img.attachment-small")).toHaveCount(2);
    await cold.locator("button.attachment").first().click();
    await expect(cold.locator("img.attachment-whole")).toBeVisible();
    await cold.getByRole("link", { name: t("outbox.title") }).first().click();
    await expect(cold.locator(".outbox-line")).toHaveCount(2);
    await expect(cold.getByText(t("attachment.on_the_way"))).toHaveCount(2);
    await axeAtBothSizes(cold);
  });

  await test.step("with a network they go out by themselves, and nothing of them is left but the small pictures", async () => {
    await context.setOffline(false);
    await expect(cold.locator(".outbox-line").filter({ hasText: t("outbox.applied") })).toHaveCount(2);
    await expect.poll(async () => (await dump(cold)).pending.length, { timeout: 60_000 }).toBe(0);
    expect((await dump(cold)).files).toHaveLength(2);
    await expect(cold.getByText(t("attachment.on_the_way"))).toHaveCount(0);
  });

  const desk = await context.newPage();
  await test.step("at the desk they are seen, and say nothing of where", async () => {
    await open(desk, address.replace("/field", ""));
    await expect(desk.locator("img.attachment-small")).toHaveCount(2);
    const sizes = () => desk.locator("img.attachment-small").evaluateAll((all) => all.map((one) => one.naturalWidth));
    await desk.locator("img.attachment-small").last().scrollIntoViewIfNeeded();
    await expect.poll(async () => (await sizes()).every((width) => width > 0)).toBe(true);
    await axeAtBothSizes(desk);
    for (const link of await desk.locator("a.attachment").all()) {
      const answer = await desk.request.get(await link.getAttribute("href"));
      expect(answer.status()).toBe(200);
      expect(answer.headers()["content-type"]).toMatch(/^image\/(jpeg|png)$/);
      expect(answer.headers()["cache-control"]).toBe("no-store");
      const bytes = await answer.body();
      expect(bytes.includes(WHERE) || bytes.includes("Exif")).toBe(false);
    }
  });

  await test.step("taken off at the desk with a reason, it goes from both", async () => {
    const href = await desk.locator("a.attachment").first().getAttribute("href");
    await desk.getByRole("button", { name: t("attachment.remove") }).first().click();
    await desk.getByLabel(t("attachment.remove_reason")).fill("다른 집 문이었음");
    await desk.getByRole("button", { name: t("attachment.remove") }).first().click();
    await expect(desk.locator("a.attachment")).toHaveCount(1);
    await expect(desk.getByText("다른 집 문이었음")).toBeVisible();
    expect((await desk.request.get(href)).status()).toBe(404);
    await cold.bringToFront();
    await cold.getByRole("button", { name: t("sync.now") }).click();
    await open(cold, address);
    await unlock(cold, t);
    await expect(cold.getByText("다른 집 문이었음")).toBeVisible();
    await expect(cold.locator("img.attachment-small")).toHaveCount(1);
  });

  await test.step("whoever may not see the case sees no photo of it", async () => {
    const href = await desk.locator("a.attachment").getAttribute("href");
    const elsewhere = await browser.newContext({ baseURL: new URL(desk.url()).origin });
    const stranger = await elsewhere.newPage();
    expect((await stranger.request.get(href)).status()).toBe(401);
    await signIn(stranger, "auditor");
    expect((await stranger.request.get(href)).status()).toBe(404);
    await elsewhere.close();
  });
});
