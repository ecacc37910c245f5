// The shell of the field: it opens without a network, keeps nothing but the program, and changes version as a whole.
import { appendFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "@playwright/test";
import { exchange, makeSecondSite } from "../support/second-site.mjs";
import { axeAtBothSizes, expect, open, test } from "../support/test.mjs";

const fact = (page, name) => page.getByRole("main").getByRole("definition").and(page.locator(`dt:text-is("${name}") + dd`));
const heading = (page) => page.getByRole("heading", { level: 1 });
const build = (page) => page.locator("html").getAttribute("data-build");
const cacheNames = (page) => page.evaluate(() => caches.keys());

/** Opens the field and waits until it would open without a network. */
async function openKept(page, t) {
  await open(page, "/field/about");
  await expect(fact(page, t("shell.kept"))).toHaveText(t("shell.kept_ready"));
  await page.waitForFunction(() => navigator.serviceWorker.controller?.state === "activated");
}

/** What the service worker of the running server is to keep, and its version. */
async function listed(request) {
  const worker = await (await request.get("/field/sw.js")).text();
  const files = JSON.parse(/new Map\((.*)\);/.exec(worker)[1]);
  return { version: /const VERSION = "(\w+)"/.exec(worker)[1], paths: files.map(([path]) => path).sort() };
}

/** Every path in every cache of the origin. */
const cached = (page) =>
  page.evaluate(async () => {
    const keys = await Promise.all((await caches.keys()).map(async (name) => (await caches.open(name)).keys()));
    return keys.flat().map((request) => request.url.slice(location.origin.length)).sort();
  });

test("opens at every address after the browser was started anew, with no network and no server", async ({
  iut,
  t,
  language,
  launchOptions,
}) => {
  const profile = await mkdtemp(join(tmpdir(), "iut-profile-"));
  const errors = [];
  const start = async () => {
    const context = await chromium.launchPersistentContext(profile, { ...launchOptions, locale: language, baseURL: iut.url });
    context.on("weberror", (event) => errors.push(event.error().message));
    return context;
  };
  const first = await start();
  await openKept(await first.newPage(), t);
  await first.close();
  await iut.halt();
  try {
    const cold = await start();
    const page = await cold.newPage();
    await cold.setOffline(true);
    await open(page, "/field/about");
    await expect(heading(page)).toHaveText(t("shell.about"));
    await expect(page.locator("html")).toHaveAttribute("lang", language);
    await expect(page.getByRole("banner").getByText(t("shell.offline"), { exact: true })).toBeVisible();
    await expect(fact(page, t("shell.network"))).toHaveText(t("shell.network_off"));
    await expect(fact(page, t("shell.kept"))).toHaveText(t("shell.kept_ready"));
    // The font of the program is there too: of its three parts those that the texts need.
    expect(await page.evaluate(() => document.fonts.ready.then(() => document.fonts.check('16px "Iut Sans"', "이웃")))).toBe(true);
    for (const path of ["/field", "/field/", "/field/cases/x?y=1"]) {
      await open(page, path);
      await expect(heading(page)).toHaveText(t("gate.set_up_title"));
    }
    await open(page, "/field/a.b");
    await expect(heading(page)).toHaveText(t("errors.not_found_title"));
    await expect(page).toHaveURL(/\/field\/a\.b$/);
    await cold.close();
  } finally {
    await iut.again();
    await rm(profile, { recursive: true, force: true });
  }
  expect(errors).toEqual([]);
});

test("keeps the listed files and nothing else, whatever else was looked at", async ({ page, request, signIn, t }) => {
  await openKept(page, t);
  await signIn(page, "caseworker");
  for (const path of ["/my-day", "/cases", "/calendar"]) {
    await open(page, path);
    expect(await page.evaluate(() => navigator.serviceWorker.controller)).toBe(null);
  }
  await open(page, "/field/about");
  await open(page, "/field/cases/x");
  await page.evaluate(() => Promise.all(["/healthz", "/readyz", "/sign-in", "/fonts/OFL.txt"].map((path) => fetch(path))));
  const { version, paths } = await listed(request);
  expect(await cacheNames(page)).toEqual([`iut-field-${version}`]);
  expect(await cached(page)).toEqual(paths);
  expect(await build(page)).toBe(version);
  // What is kept as the page is what a stranger gets.
  const kept = await page.evaluate(async () => (await caches.match("/field")).text());
  expect(kept).toBe(await (await request.get("/field", { headers: { cookie: "" } })).text());
});

test.describe("without a server", () => {
  test.use({ expectedErrors: [/ERR_CONNECTION_REFUSED|status of 401/] });
  test("what is not on the list is asked of the network only", async ({ page, iut, t }) => {
    await openKept(page, t);
    await iut.halt();
    try {
      const ask = (path) => page.evaluate((path) => fetch(path).then(({ status }) => status, () => "no network"), path);
      expect(await ask("/icon.svg")).toBe(200);
      for (const path of ["/events", "/healthz", "/api/districts", "/sign-in", "/fonts/OFL.txt", "/icon.svg?2"]) {
        expect(await ask(path), path).toBe("no network");
      }
    } finally {
      await iut.again();
    }
  });
});

test.describe("a new version", () => {
  let second;
  test.beforeEach(async () => {
    second = await makeSecondSite();
  });
  test.afterEach(() => second.remove());

  const bar = (page, t) => page.getByText(t("shell.newer"));
  const styles = (page) => page.evaluate(() => [...document.styleSheets].map((sheet) => new URL(sheet.href).pathname));

  test("waits until somebody takes it, and then is there as a whole", async ({ page, context, request, iut, t }) => {
    await openKept(page, t);
    const before = await build(page);
    const other = await context.newPage();
    await open(other, "/field/about");
    try {
      await exchange(context, iut, second.env);
      await expect(bar(page, t)).toBeVisible();
      await expect(bar(other, t)).toBeVisible();
      await axeAtBothSizes(page);
      // Whoever does not want it yet stays with the old one, loaded anew too.
      await page.reload();
      await expect(bar(page, t)).toBeVisible();
      expect(await build(page)).toBe(before);
      expect(await styles(page)).not.toContain("/pkg/iut.second.css");

      await page.getByRole("button", { name: t("shell.take_newer") }).click();
      await expect(page.locator("html")).not.toHaveAttribute("data-build", before);
      await page.locator("html[data-ready]").waitFor();
      await expect(bar(page, t)).toHaveCount(0);
      const { version, paths } = await listed(request);
      expect(await build(page)).toBe(version);
      await expect(fact(page, t("shell.version"))).toContainText(version);
      expect(await styles(page)).toEqual(["/pkg/iut.second.css"]);
      expect(await cacheNames(page)).toEqual([`iut-field-${version}`]);
      expect(await cached(page)).toEqual(paths);

      // The other tab goes on with what it has loaded, and is told.
      expect(await build(other)).toBe(before);
      await other.getByRole("button", { name: t("shell.take_newer") }).click();
      await expect(other.locator("html")).toHaveAttribute("data-build", version);
      await other.locator("html[data-ready]").waitFor();
      await expect(bar(other, t)).toHaveCount(0);
    } finally {
      await context.setOffline(false);
      await iut.halt();
      await iut.again();
    }
  });

  test("of which a file is not what it should be is not taken, and the old one goes on", async ({ page, context, iut, t }) => {
    await openKept(page, t);
    const [before, names] = [await build(page), await cacheNames(page)];
    try {
      await iut.halt();
      await iut.again(second.env);
      await appendFile(second.style, "\n.third { color: red }\n");
      const end = await page.evaluate(async () => {
        const registration = await navigator.serviceWorker.getRegistration("/field");
        const tried = new Promise((resolve) => {
          registration.addEventListener("updatefound", () => {
            const worker = registration.installing;
            worker.addEventListener("statechange", () => resolve(worker.state));
          });
        });
        await registration.update();
        return tried;
      });
      expect(end).toBe("redundant");
      expect(await cacheNames(page)).toEqual(names);
      await iut.halt();
      const cold = await context.newPage();
      await open(cold, "/field/about");
      expect(await build(cold)).toBe(before);
      await expect(bar(cold, t)).toHaveCount(0);
      await iut.again();
    } catch (error) {
      await iut.again().catch(() => undefined);
      throw error;
    }
  });
});

test("begins anew when its page and its script are of two versions", async ({ page }) => {
  let asked = 0;
  await page.route("**/field/start.js", async (route) => {
    asked += 1;
    const answer = await route.fetch();
    const text = await answer.text();
    return route.fulfill({ response: answer, body: asked === 1 ? text.replace(/=== "\w+"/, '=== "another"') : text });
  });
  await open(page, "/field/about");
  expect(asked).toBe(2);
});

test.describe("a program that does not come", () => {
  test.use({ expectedErrors: [/ERR_FAILED|Failed to fetch/] });
  test("is said, in both languages", async ({ page }) => {
    await page.route("**/*.wasm", (route) => route.abort());
    await page.goto("/field/about");
    await expect(page.getByRole("alert")).toContainText("열지 못했습니다");
    await expect(page.getByRole("alert")).toContainText("could not be opened");
    await expect(page.getByText("Opening Iut")).toBeHidden();
  });
});

test("shows itself in the language and colours of the device, and in those that are chosen", async ({ page, t, language }) => {
  await open(page, "/field/about");
  await expect(page.locator("html")).toHaveAttribute("lang", language);
  await expect(heading(page)).toHaveText(t("shell.about"));
  const [other, name] = language === "ko" ? ["en", "English"] : ["ko", "한국어"];
  await page.getByRole("banner").getByRole("button", { name }).click();
  await expect(page.locator("html")).toHaveAttribute("lang", other);
  await page.reload();
  await expect(page.locator("html")).toHaveAttribute("lang", other);
  await page.getByRole("banner").getByRole("button", { name: language === "ko" ? "한국어" : "English" }).click();
  await page.getByRole("button", { name: t("common.open_menu") }).click();
  await page.getByRole("dialog").getByRole("button", { name: t("nav.theme_dark") }).click();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await page.keyboard.press("Escape");
  await axeAtBothSizes(page);
  await page.reload();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
});

test("can be read and used by everybody", async ({ page, t }) => {
  await open(page, "/field/cases/x");
  await axeAtBothSizes(page);
  await page.getByRole("button", { name: t("common.open_menu") }).click();
  await axeAtBothSizes(page);
  await page.getByRole("dialog").getByRole("link", { name: t("shell.about") }).click();
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(page).toHaveURL(/\/field\/about$/);
  await expect(page.locator("#main")).toBeFocused();
  await axeAtBothSizes(page);
  await page.getByRole("banner").getByRole("link").click();
  await expect(page).toHaveURL(/\/field\/my-day$/);
  // "Back" does not end at `/field`, which only leads on.
  await open(page, "/field/about");
  await open(page, "/field");
  await expect(page).toHaveURL(/\/field\/my-day$/);
  await page.goBack();
  await expect(page).toHaveURL(/\/field\/about$/);
});

test("says how safe what is stored is, and asks for more", async ({ page, context, iut, t }) => {
  await openKept(page, t);
  await expect(fact(page, t("shell.opened"))).toHaveText(t("shell.opened_browser"));
  await expect(fact(page, t("shell.space_use"))).toHaveText(/\d+(\.\d)? [kMGT]B/);
  await expect(fact(page, t("shell.safety"))).toHaveText(t("shell.not_lasting"));
  const ask = page.getByRole("button", { name: t("shell.make_lasting") });
  await ask.click();
  await expect(page.getByText(t("shell.refused"))).toBeVisible();
  const browser = await context.newCDPSession(page);
  const { browserContextId } = (await browser.send("Target.getTargetInfo")).targetInfo;
  await browser.send("Browser.grantPermissions", { origin: iut.url, permissions: ["durableStorage"], browserContextId });
  await ask.click();
  await expect(fact(page, t("shell.safety"))).toHaveText(t("shell.lasting"));
  await expect(ask).toHaveCount(0);
});

test("tells whoever has no cases that a tablet is not for them, before anything is typed", async ({ page, signIn, t }) => {
  await signIn(page, "administrator");
  await open(page, "/field/my-day");
  await expect(page.getByText(t("gate.no_cases_do"))).toBeVisible();
  await expect(page.locator('input[name="pin"]')).toHaveCount(0);
  await axeAtBothSizes(page);
  await page.getByRole("link", { name: t("shell.desk") }).click();
  await expect(page).toHaveURL(/\/admin\/users$/);
});
