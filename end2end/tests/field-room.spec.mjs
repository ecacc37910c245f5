// No room left on the tablet: it says so, keeps what it has, writes nothing by halves, and goes on once there is room.
//
// The browser itself refuses here: its quota for this origin is made small, and other files take it up. (Chromium promises a
// database some of the room it had seen before, for half a minute: a quota that is made small later is not felt at once. So it is
// small from the start.)
import { photo, takePhoto } from "../support/pictures.mjs";
import { dump, heading, setUp, unlock } from "../support/tablet.mjs";
import { axeAtBothSizes, expect, open, test } from "../support/test.mjs";

test.use({ untouched: "field-room", expectedErrors: [/ERR_INTERNET_DISCONNECTED|Failed to load resource/] });

const QUOTA = 60_000_000;

/** Fills the origin with other files until the browser takes not even 100 bytes more; answers why, or what came of the last. */
const fillUp = (page) =>
  page.evaluate(async (quota) => {
    const database = await new Promise((done) => {
      const request = indexedDB.open("ballast");
      request.onupgradeneeded = () => request.result.createObjectStore("all", { autoIncrement: true });
      request.onsuccess = () => done(request.result);
    });
    const put = (size) =>
      new Promise((done) => {
        const bytes = new Uint8Array(size);
        for (let at = 0; at < size; at += 65_536) crypto.getRandomValues(bytes.subarray(at, at + 65_536));
        const transaction = database.transaction("all", "readwrite");
        transaction.objectStore("all").put(bytes);
        transaction.oncomplete = () => done("kept");
        transaction.onabort = () => done(transaction.error.name);
      });
    let [end, left] = ["kept", 2 * quota];
    for (const size of [1_000_000, 20_000, 100]) {
      do [end, left] = [await put(size), left - size];
      while (end === "kept" && left > 0);
    }
    database.close();
    return end;
  }, QUOTA);

/** The other files are deleted. */
const makeRoom = (page) =>
  page.evaluate(
    () =>
      new Promise((done, failed) => {
        const request = indexedDB.deleteDatabase("ballast");
        request.onsuccess = () => done();
        request.onerror = () => failed(request.error);
      }),
  );

/** What must not change when there is no room: what was written, and its files. */
async function kept(page) {
  const { outbox, pending, files } = await dump(page);
  return { outbox, pending, files };
}

test("without room nothing is lost and nothing is written by halves", async ({ page, context, iut, signIn, t }) => {
  test.slow();
  const keeper = await context.newPage();
  const browser = await context.newCDPSession(keeper);
  await browser.send("Storage.overrideQuotaForOrigin", { origin: iut.url, quotaSize: QUOTA });
  await signIn(page, "caseworker");
  await setUp(page, t);
  await page.getByRole("link", { name: t("nav.caseload") }).first().click();
  await page.locator(".case-link").last().click();
  await expect(page.getByLabel(t("case.note_label"))).toBeVisible();
  const address = new URL(page.url()).pathname;
  const taken = await photo(page);
  await context.setOffline(true);
  const shown = (on, caption) => on.locator(".timeline-item").filter({ hasText: caption }).locator("img.attachment-small");
  const noted = page.locator(".timeline").getByText("자리가 있을 때 쓴 기록");
  const write = async (body) => {
    await page.getByLabel(t("case.note_label")).fill(body);
    await page.getByRole("button", { name: t("case.note_add") }).click();
  };
  await write("자리가 있을 때 쓴 기록");
  await expect(noted).toBeVisible();
  const first = await takePhoto(page, t, taken, "첫 사진");
  await first.getByRole("button", { name: t("attachment.save") }).click();
  await expect(first).toBeHidden();
  await expect(shown(page, "첫 사진")).toHaveCount(1);
  const before = await kept(page);
  expect(before.outbox).toHaveLength(2);
  expect(before.pending).toHaveLength(1);

  const full = page.getByText(t("errors.no_room"));
  const dialog = await test.step("a photo for which there is no room: it is said, and the form stays", async () => {
    expect(await fillUp(page)).toBe("QuotaExceededError");
    const dialog = await takePhoto(page, t, taken, "둘째 사진");
    await dialog.getByRole("button", { name: t("attachment.save") }).click();
    await expect(dialog.getByText(t("errors.no_room"))).toBeVisible();
    await axeAtBothSizes(page);
    await expect(dialog.getByLabel(t("attachment.caption"))).toHaveValue("둘째 사진");
    await expect(dialog.locator("img")).toBeVisible();
    expect(await kept(page)).toEqual(before);
    return dialog;
  });

  await test.step("once there is room, the same press keeps it", async () => {
    await makeRoom(page);
    await dialog.getByRole("button", { name: t("attachment.save") }).click();
    await expect(dialog).toBeHidden();
    await expect(shown(page, "둘째 사진")).toHaveCount(1);
    expect((await kept(page)).outbox).toHaveLength(3);
  });

  await test.step("a long note for which there is no room stays on the screen", async () => {
    expect(await fillUp(page)).toBe("QuotaExceededError");
    const now = await kept(page);
    const long = "자리가 없을 때 쓴 긴 기록. ".repeat(500).trim();
    await write(long);
    await expect(full).toBeVisible();
    await expect(page.getByLabel(t("case.note_label"))).toHaveValue(long);
    expect(await kept(page)).toEqual(now);
    await makeRoom(page);
    await page.getByRole("button", { name: t("case.note_add") }).click();
    await expect(page.getByLabel(t("case.note_label"))).toHaveValue("");
    await expect(full).toHaveCount(0);
  });

  await test.step("a full tablet, cold, counts wrong PINs all the same, and opens with the right one", async () => {
    const now = await kept(page);
    expect(await fillUp(page)).toBe("QuotaExceededError");
    await open(page, address);
    for (let wrong = 1; wrong <= 6; wrong += 1) {
      await unlock(page, t, "730164");
      const said = wrong < 5 ? t("gate.wrong") : t("gate.tries_left", { count: 10 - wrong });
      await expect(page.getByRole("status").filter({ hasText: said })).toBeVisible();
      // Closing the tab gives no try back.
      if (wrong === 5) await page.reload();
    }
    await unlock(page, t);
    await expect(noted).toBeVisible();
    for (const caption of ["첫 사진", "둘째 사진"]) await expect(shown(page, caption)).toHaveCount(1);
    expect(await kept(page)).toEqual(now);
  });

  await test.step("what waits goes out though the tablet has no room to note that it did", async () => {
    await context.setOffline(false);
    await page.getByRole("link", { name: t("outbox.title") }).first().click();
    await page.getByRole("button", { name: t("sync.now") }).click();
    await expect(page.locator(".state-said")).toHaveText(t("gate.full"));
    await keeper.bringToFront();
    await open(keeper, address.replace("/field", ""));
    await expect(keeper.getByText("자리가 있을 때 쓴 기록")).toBeVisible();
    await page.bringToFront();
    await makeRoom(page);
  });

  await test.step("then everything goes out, once", async () => {
    await page.getByRole("link", { name: t("outbox.title") }).first().click();
    await expect(heading(page)).toHaveText(t("outbox.title"));
    await page.getByRole("button", { name: t("sync.now") }).click();
    await expect(page.locator(".outbox-line").filter({ hasText: t("outbox.applied") })).toHaveCount(4, { timeout: 60_000 });
    await expect.poll(async () => (await dump(page)).pending.length, { timeout: 60_000 }).toBe(0);
    await keeper.bringToFront();
    await open(keeper, address.replace("/field", ""));
    for (const caption of ["첫 사진", "둘째 사진"]) await expect(shown(keeper, caption)).toHaveCount(1);
  });
});
