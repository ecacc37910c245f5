// Several tabs of one tablet: what one writes while another is busy, turns at the server; and what wakes a tab.
import { heading, setUp, unlock } from "../support/tablet.mjs";
import { expect, open, test } from "../support/test.mjs";

test.use({ untouched: "field-tabs", expectedErrors: [/ERR_FAILED|ERR_INTERNET_DISCONNECTED|Failed to load resource/] });

/** A second tab of the tablet, open at the outbox. */
async function openOutbox(context, t) {
  const tab = await context.newPage();
  await open(tab, "/field/outbox");
  await unlock(tab, t);
  return tab;
}

/** Holds what a tab pulls until the answer is called. */
async function holdPulls(tab) {
  let release;
  const held = new Promise((done) => (release = done));
  await tab.route(/sync\/v\d\/pull/, async (route) => {
    await held;
    await route.continue();
  });
  return release;
}

/** What a tab asks of the server from now on. */
async function watchSync(tab) {
  const sent = [];
  await tab.route(/sync\/v\d\//, (route) => {
    sent.push(new URL(route.request().url()).pathname);
    return route.continue();
  });
  return sent;
}

async function openACase(page, t) {
  await page.getByRole("link", { name: t("nav.caseload") }).first().click();
  await page.locator(".case-link").first().click();
}

/** Sets the tablet up in `page`, at a case, while another tab has its turn at the server: until `release` is called. */
async function behindAnotherTab(page, context, t) {
  await setUp(page, t);
  const other = await openOutbox(context, t);
  await expect(other.locator(".state-said")).toHaveText("");
  const release = await holdPulls(other);
  const sent = await watchSync(page);
  await other.getByRole("button", { name: t("sync.now") }).click();
  await expect(other.locator(".state-said")).toHaveText(t("sync.working"));
  await page.bringToFront();
  await openACase(page, t);
  return { sent, release };
}

async function note(page, t, body) {
  await page.getByLabel(t("case.note_label")).fill(body);
  await page.getByRole("button", { name: t("case.note_add") }).click();
}

test("what another tab writes while this one is getting in step is shown afterwards", async ({ page, context, signIn, t }) => {
  test.slow();
  await signIn(page, "caseworker");
  await setUp(page, t);
  const other = await openOutbox(context, t);
  await expect(other.getByText(t("outbox.empty"))).toBeVisible();
  await expect(other.locator(".state-said")).toHaveText("");
  const release = await holdPulls(other);
  await page.route(/sync\/v\d\/push/, (route) => route.abort());
  await other.getByRole("button", { name: t("sync.now") }).click();
  await expect(other.locator(".state-said")).toHaveText(t("sync.working"));
  await page.bringToFront();
  await openACase(page, t);
  await note(page, t, "다른 탭에서 쓴 기록");
  await expect(page.locator(".timeline").getByText("다른 탭에서 쓴 기록")).toBeVisible();
  await other.bringToFront();
  release();
  await expect(other.locator(".state-said")).toHaveText("");
  await expect(other.locator(".outbox-line")).toHaveCount(1);
});

test("two tabs of a tablet take turns at the server", async ({ page, context, signIn, t }) => {
  test.slow();
  await signIn(page, "caseworker");
  const { sent, release } = await behindAnotherTab(page, context, t);
  await note(page, t, "기다리는 동안 쓴 기록");
  await expect(page.locator(".timeline").getByText("기다리는 동안 쓴 기록")).toBeVisible();
  await expect(page.locator(".state-said")).toHaveText(t("sync.working"));
  expect(sent).toEqual([]);
  release();
  await page.getByRole("link", { name: t("outbox.title") }).first().click();
  await expect(page.locator(".outbox-line")).toContainText(t("outbox.applied"));
  expect(sent.some((path) => path.endsWith("/push"))).toBe(true);
});

test("a tab that is locked while it waits for its turn sends nothing", async ({ page, context, signIn, t }) => {
  test.slow();
  await signIn(page, "caseworker");
  const { sent, release } = await behindAnotherTab(page, context, t);
  await note(page, t, "잠긴 뒤에 보낼 기록");
  await expect(page.locator(".timeline").getByText("잠긴 뒤에 보낼 기록")).toBeVisible();
  await page.getByRole("button", { name: t("common.open_menu") }).click();
  await page.getByRole("button", { name: t("gate.lock") }).click();
  await expect(heading(page)).toHaveText(t("gate.unlock_title"));
  release();
  const turns = () => page.evaluate(async () => Object.values(await navigator.locks.query()).flat().length);
  await expect.poll(turns).toBe(0);
  // Locked, it may ask whether it was shut out.
  expect(sent.filter((path) => !path.endsWith("/standing"))).toEqual([]);
  await unlock(page, t);
  await page.getByRole("link", { name: t("outbox.title") }).first().click();
  await expect(page.locator(".outbox-line")).toContainText(t("outbox.applied"));
});

test("the browser's own sync wakes an open tablet once there is a network", async ({ page, context, iut, signIn, t }) => {
  test.slow();
  // Nothing else wakes it: neither the network's coming back nor a clock.
  await page.addInitScript(() => {
    addEventListener("online", (event) => event.stopImmediatePropagation());
    window.setInterval = () => 0;
  });
  const browser = await context.newCDPSession(page);
  const worker = new Promise((done) => {
    browser.on("ServiceWorker.workerRegistrationUpdated", ({ registrations }) => {
      const found = registrations.find((one) => one.scopeURL.startsWith(iut.url) && !one.isDeleted);
      if (found) done(found.registrationId);
    });
  });
  await browser.send("ServiceWorker.enable");
  await signIn(page, "caseworker");
  await setUp(page, t);
  await openACase(page, t);
  await expect(page.getByLabel(t("case.note_label"))).toBeVisible();
  await context.setOffline(true);
  await note(page, t, "연결되면 보낼 기록");
  await expect(page.locator(".state-said")).toHaveText(t("sync.alone"));
  await context.setOffline(false);
  await browser.send("ServiceWorker.dispatchSyncEvent", {
    origin: iut.url,
    registrationId: await worker,
    tag: "iut-outbox",
    lastChance: false,
  });
  await page.getByRole("link", { name: t("outbox.title") }).first().click();
  await expect(page.locator(".outbox-line")).toContainText(t("outbox.applied"));
});
