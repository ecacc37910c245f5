// The first load of a caseload that comes in parts: how far it is is said, and a line that breaks costs only what was missing.
import { makeDistrict } from "../support/demo-district.mjs";
import { startIut } from "../support/iut.mjs";
import { PIN, dump, heading } from "../support/tablet.mjs";
import { axeAtBothSizes, expect, open, test as base } from "../support/test.mjs";

const test = base.extend({
  // A caseworker with cases for three parts.
  iut: [
    async ({ untouched: _ }, use) => {
      const { folder, remove } = await makeDistrict("--people", "100", "--caseloads", "240");
      const iut = await startIut(folder);
      await use(iut);
      await iut.stop();
      await remove();
    },
    { scope: "worker", timeout: 240_000 },
  ],
});

test.use({ untouched: "field-first-load", expectedErrors: [/ERR_FAILED|Failed to load resource/] });

const PART = 100;
const PARTS = 3;
const cursors = (requests) => requests.map((address) => new URL(address).searchParams.get("cursor"));

test("the first load says how far it is, and goes on where it broke off", async ({ page, signIn, language, t }) => {
  test.slow();
  await signIn(page, "caseworker");
  await open(page, "/field/my-day");
  await expect(heading(page)).toHaveText(t("gate.set_up_title"));
  // The last part is held, and then its line breaks. The tablet tries again by itself a second later: that waits for the test.
  const asked = [];
  let breakLine, goOn;
  const broken = new Promise((done) => (breakLine = done));
  const whole = new Promise((done) => (goOn = done));
  await page.route(/\/api\/sync\/v\d\/pull/, async (route) => {
    asked.push(route.request().url());
    if (asked.length < PARTS) return route.continue();
    await broken;
    if (asked.length === PARTS) return route.abort();
    await whole;
    return route.continue();
  });
  await page.getByLabel(t("gate.name")).fill("현장 태블릿 1");
  for (const field of ["pin", "pin_again"]) await page.locator(`input[name="${field}"]`).fill(PIN);
  await page.getByRole("button", { name: t("gate.set_up") }).click();

  const said = page.locator(".state-said");
  const total = await test.step("it is said how much is there and how much is missing; one works with what is there", async () => {
    const words = language === "ko" ? /(\d+)명 가운데 (\d+)명/ : /(\d+) of (\d+)/;
    await expect(said).toHaveText(words);
    const total = Math.max(...words.exec(await said.innerText()).slice(1).map(Number));
    expect(total).toBeGreaterThan(2 * PART);
    // It moves from part to part until the one that is held.
    await expect(said).toHaveText(t("sync.loading", { done: 2 * PART, total }));
    await expect(heading(page)).toHaveText(t("nav.my_day"));
    await axeAtBothSizes(page, 3000);
    return total;
  });

  await test.step("the line breaks: what has come stays", async () => {
    breakLine();
    await expect(said).toHaveText(t("sync.alone"));
    expect((await dump(page)).dossiers).toHaveLength(2 * PART);
  });

  await test.step("it goes on from there, not from the beginning", async () => {
    await page.getByRole("link", { name: t("outbox.title") }).first().click();
    await expect(page.getByText(t("sync.never"))).toBeVisible();
    goOn();
    await page.getByRole("button", { name: t("sync.now") }).click();
    await expect(said).toHaveText("");
    await expect.poll(async () => (await dump(page)).dossiers.length).toBe(total);
    await expect(page.getByText(t("sync.never"))).toHaveCount(0);
    const [first, ...later] = cursors(asked);
    expect(first).toBe(null);
    expect(later).not.toContain(null);
    expect(later[PARTS - 1]).toBe(later[PARTS - 2]);
  });
});
