// A tablet: set up, locked, used for a day without a network, and in step again afterwards.
import { expect, axeAtBothSizes, open, test } from "../support/test.mjs";

test.use({ untouched: true, expectedErrors: [/ERR_INTERNET_DISCONNECTED|Failed to load resource/] });

const PIN = "482913";
const heading = (page) => page.getByRole("heading", { level: 1 });

async function setUp(page, t, name = "현장 태블릿 1") {
  await open(page, "/field/my-day");
  await expect(heading(page)).toHaveText(t("gate.set_up_title"));
  await page.getByLabel(t("gate.name")).fill(name);
  await page.locator(`input[name="pin"]`).fill(PIN);
  await page.locator(`input[name="pin_again"]`).fill(PIN);
  await page.getByRole("button", { name: t("gate.set_up") }).click();
  await expect(heading(page)).toHaveText(t("nav.my_day"));
  // The program itself is kept before the network goes.
  await page.waitForFunction(() => navigator.serviceWorker.controller?.state === "activated");
}

async function unlock(page, t, pin = PIN) {
  await expect(heading(page)).toHaveText(t("gate.unlock_title"));
  for (const digit of pin) await page.getByRole("button", { name: digit, exact: true }).click();
}

/** Everything in the tablet's database, as text. */
const dump = (page) =>
  page.evaluate(async () => {
    const database = await new Promise((done, failed) => {
      const request = indexedDB.open("iut-field");
      request.onsuccess = () => done(request.result);
      request.onerror = () => failed(request.error);
    });
    const all = (name) =>
      new Promise((done) => {
        const store = database.transaction(name).objectStore(name);
        const [keys, values] = [store.getAllKeys(), store.getAll()];
        values.onsuccess = () => done(keys.result.map((key, at) => [key, values.result[at]]));
      });
    const text = (value) => (value instanceof Uint8Array ? new TextDecoder("latin1").decode(value) : String(value));
    const shelves = {};
    for (const name of database.objectStoreNames) shelves[name] = (await all(name)).map(([key, value]) => `${key}: ${text(value)}`);
    database.close();
    return shelves;
  });

/** Latin1, as `dump` reads bytes. */
const asBytes = (text) => Buffer.from(text, "utf8").toString("latin1");

test("a day without a network", async ({ page, context, signIn, t }) => {
  test.slow();
  await signIn(page, "caseworker");
  await setUp(page, t);

  const name = await test.step("cases are there, and searched as one types", async () => {
    await open(page, "/field/cases");
    await unlock(page, t);
    const first = page.locator(".case-link").first();
    await expect(first).toBeVisible();
    return (await first.innerText()).trim();
  });

  await test.step("nothing of it can be read without the PIN", async () => {
    const shelves = await dump(page);
    expect(shelves.dossiers.length).toBeGreaterThan(3);
    const all = Object.values(shelves).flat().join("\n");
    expect(all).not.toContain(asBytes(name));
    expect(all).not.toContain(PIN);
    expect(shelves.vault).toHaveLength(1);
  });

  await context.setOffline(true);
  const cold = await context.newPage();
  await page.close();

  await test.step("a cold start: locked, then the day", async () => {
    await open(cold, "/field/my-day");
    await unlock(cold, t, "730164");
    await expect(cold.getByText(t("gate.wrong"))).toBeVisible();
    await axeAtBothSizes(cold);
    await unlock(cold, t);
    await expect(heading(cold)).toHaveText(t("nav.my_day"));
    await expect(cold.getByText(t("sync.alone"))).toBeVisible();
    await axeAtBothSizes(cold);
  });

  const address = await test.step("a case is found and written in", async () => {
    await cold.getByRole("link", { name: t("nav.caseload") }).first().click();
    await expect(heading(cold)).toHaveText(t("caseload.title"));
    const link = cold.locator(".case-link", { hasText: name }).first();
    await link.click();
    await expect(heading(cold)).toHaveText(name);
    await cold.getByLabel(t("case.note_label")).fill("네트워크 없이 쓴 기록");
    await cold.getByRole("button", { name: t("case.note_add") }).click();
    await expect(cold.getByRole("main").getByText("네트워크 없이 쓴 기록").first()).toBeVisible();
    await axeAtBothSizes(cold);
    return new URL(cold.url()).pathname.replace("/field", "");
  });

  await test.step("the outbox says what waits", async () => {
    await cold.getByRole("link", { name: t("outbox.title") }).first().click();
    await expect(cold.locator(".outbox-line")).toHaveCount(1);
    await expect(cold.locator(".outbox-line")).toContainText(t("outbox.waiting"));
    await axeAtBothSizes(cold);
  });

  await test.step("another cold start keeps it", async () => {
    await open(cold, `/field${address}`);
    await unlock(cold, t);
    await expect(cold.getByRole("main").getByText("네트워크 없이 쓴 기록").first()).toBeVisible();
  });

  await test.step("back on the network it goes out by itself, and the desk has it", async () => {
    await context.setOffline(false);
    await cold.getByRole("link", { name: t("outbox.title") }).first().click();
    await expect(cold.locator(".outbox-line")).toContainText(t("outbox.applied"));
    await open(cold, address);
    await expect(cold.getByRole("main").getByText("네트워크 없이 쓴 기록").first()).toBeVisible();
  });
});
