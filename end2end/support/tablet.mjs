// A tablet in the browser: setting it up, unlocking it, and looking into its database from outside.
import { expect, open } from "./test.mjs";

export const PIN = "482913";
export const heading = (page) => page.getByRole("heading", { level: 1 });

/** Sets this browser up as a tablet. */
export async function setUp(page, t, name = "현장 태블릿 1") {
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

/** Types a PIN on the keys of the screen. */
export async function unlock(page, t, pin = PIN) {
  await expect(heading(page)).toHaveText(t("gate.unlock_title"));
  for (const digit of pin) await page.getByRole("button", { name: digit, exact: true }).click();
}

export const goTo = (page, name) => page.getByRole("link", { name }).first().click();

/** Opens the first case of the tablet's caseload; its address. */
export async function someCase(page, t) {
  await goTo(page, t("nav.caseload"));
  await page.locator(".case-link").first().click();
  await expect(page.getByLabel(t("case.note_label"))).toBeVisible();
  return new URL(page.url()).pathname;
}

/** Registers a neighbor with what a record needs at least, and stands on their case then; its address. */
export async function register(page, t, name) {
  await goTo(page, t("nav.register"));
  await page.getByLabel(t("labels.field.name"), { exact: true }).first().fill(name);
  await page.getByLabel(t("labels.field.dong")).selectOption({ index: 1 });
  await page.getByRole("radio", { name: t("labels.channel.resident"), exact: true }).check();
  await page.getByRole("button", { name: t("register.submit"), exact: true }).click();
  await page.waitForURL(/\/field\/cases\//);
  await expect(heading(page)).toHaveText(name);
  return new URL(page.url()).pathname;
}

/** Writes a note on the case that is open. */
export async function writeNote(page, t, body) {
  await page.getByLabel(t("case.note_label")).fill(body);
  await page.getByRole("button", { name: t("case.note_add") }).click();
  await expect(page.locator(".timeline").getByText(body)).toBeVisible();
}

/** A manager at a desk hides a case from everybody else, so that it leaves the tablet; their page and its browser context. */
export async function hideCase(browser, page, signIn, t, path) {
  const office = await browser.newContext({ baseURL: new URL(page.url()).origin });
  const desk = await office.newPage();
  await signIn(desk, "manager");
  await open(desk, path);
  await desk.getByRole("button", { name: t("case.restrict"), exact: true }).first().click();
  const dialog = desk.getByRole("dialog", { name: t("case.restrict") });
  await expect(dialog.getByRole("checkbox").first()).toBeVisible();
  for (const box of await dialog.getByRole("checkbox", { checked: true, disabled: false }).all()) await box.uncheck();
  await dialog.getByRole("button", { name: t("case.restrict"), exact: true }).click();
  await expect(desk.getByText(t("case.restricted"))).toBeVisible();
  return { desk, office };
}

/** Everything in the tablet's database, as text. */
export const dump = (page) =>
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
    // Byte by byte: a decoder for text would turn some bytes into others.
    const text = (value) =>
      value instanceof Uint8Array ? Array.from(value, (byte) => String.fromCharCode(byte)).join("") : JSON.stringify(value);
    const shelves = {};
    for (const name of database.objectStoreNames) shelves[name] = (await all(name)).map(([key, value]) => `${key}: ${text(value)}`);
    database.close();
    return shelves;
  });

/** As `dump` shows the bytes of a text. */
export const asBytes = (text) => String.fromCharCode(...new TextEncoder().encode(text));
