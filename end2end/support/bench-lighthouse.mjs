// `make bench`, Lighthouse's part: its mobile profile (a slow phone on 1.6 Mbit/s and 150 ms, as it simulates them) on the shell of
// the field at the first visit and once the tablet keeps it, on My day at a desk, and a look at My day on an open tablet.
// Debian's Chromium, the real binary, a copy of the district in IUT_E2E_DEMO. Prints Markdown.
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import lighthouse, { snapshot } from "lighthouse";
import { chromium } from "playwright-core";
import puppeteer from "puppeteer-core";
import { startIut } from "./iut.mjs";

const PIN = "482913";
/** Single measurements scatter: of so many the one in the middle counts, as Lighthouse's own guide has it. */
const RUNS = 5;
/** What the tablet keeps must stay: it is what is looked at. */
const config = (...onlyCategories) => ({ extends: "lighthouse:default", settings: { onlyCategories, disableStorageReset: true, maxWaitForLoad: 90_000 } });

async function browse(url) {
  const folder = await mkdtemp(join(tmpdir(), "iut-lighthouse-"));
  const context = await chromium.launchPersistentContext(folder, {
    executablePath: process.env.IUT_CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--no-first-run", "--remote-debugging-port=0"],
    baseURL: url,
    locale: "ko-KR",
  });
  const [port] = (await readFile(join(folder, "DevToolsActivePort"), "utf8")).split("\n");
  const close = async () => {
    await context.close();
    await rm(folder, { recursive: true, force: true });
  };
  return { context, port: Number(port), close };
}

const percent = (result, category) => (result.categories[category]?.score == null ? "–" : Math.round(result.categories[category].score * 100));
const seconds = (result, audit) => (result.audits[audit]?.numericValue == null ? "–" : (result.audits[audit].numericValue / 1000).toFixed(1));

function tell(name, result, timed = true) {
  const performance = timed ? percent(result, "performance") : "–";
  const cells = [name, performance, percent(result, "accessibility"), percent(result, "best-practices")];
  cells.push(...["first-contentful-paint", "largest-contentful-paint", "speed-index"].map((audit) => (timed ? seconds(result, audit) : "–")));
  cells.push(timed ? Math.round(result.audits["total-blocking-time"].numericValue) : "–");
  cells.push(timed ? (result.audits["total-byte-weight"].numericValue / 1000).toFixed(0) : "–");
  console.log(`| ${cells.join(" | ")} |`);
  const missed = Object.values(result.categories)
    .filter((category) => category.id !== "performance")
    .flatMap((category) => category.auditRefs)
    .map(({ id }) => result.audits[id])
    .filter((audit) => audit.score !== null && audit.score < 1)
    .map((audit) => `${audit.id}: ${(audit.details?.items ?? []).slice(0, 3).map((item) => item.node?.selector ?? item.description ?? item.source ?? "").join("; ")}`);
  return missed.map((text) => `- ${name}: ${text}`);
}

async function look(port, url, ...categories) {
  const { lhr } = await lighthouse(url, { port, logLevel: "error" }, config(...categories));
  if (lhr.runtimeError) throw new Error(`${url}: ${lhr.runtimeError.message}`);
  return lhr;
}

/** Performance by itself: what looks for source maps goes through the whole program, which counts as time of the page. */
async function visit(port, url, fresh = null) {
  const runs = [];
  for (let run = 0; run < RUNS; run += 1) {
    await fresh?.();
    runs.push(await look(port, url, "performance"));
  }
  runs.sort((one, other) => one.categories.performance.score - other.categories.performance.score);
  const { categories, audits } = runs[(RUNS - 1) / 2];
  const rest = await look(port, url, "accessibility", "best-practices");
  return { categories: { ...rest.categories, ...categories }, audits: { ...rest.audits, ...audits } };
}

/** The next visit is the first. */
async function forget(context, origin) {
  const page = await context.newPage();
  const browser = await context.newCDPSession(page);
  await browser.send("Storage.clearDataForOrigin", { origin, storageTypes: "all" });
  await browser.send("Network.clearBrowserCache");
  await page.close();
}

async function signIn(page, { login, password }) {
  await page.goto("/sign-in");
  await page.fill('input[autocomplete="username"]', login);
  await page.fill('input[autocomplete="current-password"]', password);
  await page.press('input[autocomplete="current-password"]', "Enter");
  await page.waitForURL("**/my-day");
}

async function setUp(page) {
  await page.goto("/field/my-day");
  await page.fill('input[name="name"]', "현장 태블릿");
  await page.fill('input[name="pin"]', PIN);
  await page.fill('input[name="pin_again"]', PIN);
  await page.locator('.gate form button[type="submit"]').click();
  await page.waitForSelector(".state-bar");
  await page.waitForFunction(() => navigator.serviceWorker.controller?.state === "activated");
}

/** My day on an open tablet: it locks when it is loaded, so it is looked at as it stands. */
async function lookAtOpenTablet(context, port, url) {
  const browser = await puppeteer.connect({ browserURL: `http://127.0.0.1:${port}`, defaultViewport: null });
  const page = await browser.newPage();
  await page.goto(`${url}/field/my-day`);
  await page.waitForSelector(".pin-key");
  for (const digit of PIN) await page.keyboard.press(digit);
  await page.waitForSelector(".state-bar");
  const { lhr } = await snapshot(page, { config: config("accessibility", "best-practices") });
  await browser.disconnect();
  return lhr;
}

const iut = await startIut();
const { context, port, close } = await browse(iut.url);
try {
  console.log("| page | performance | accessibility | best practices | first paint s | largest paint s | speed index s | blocked ms | kB |\n|---|---|---|---|---|---|---|---|---|");
  const missed = [];
  missed.push(...tell("field shell, first visit", await visit(port, `${iut.url}/field/my-day`, () => forget(context, iut.url))));
  const page = await context.newPage();
  await signIn(page, iut.logins.find((one) => one.role === "caseworker"));
  await setUp(page);
  await page.goto("about:blank");
  missed.push(...tell("field shell, kept on the tablet", await visit(port, `${iut.url}/field/my-day`)));
  missed.push(...tell("My day, at a desk", await visit(port, `${iut.url}/my-day`)));
  missed.push(...tell("My day, on an open tablet", await lookAtOpenTablet(context, port, iut.url), false));
  if (missed.length) console.log(`\n${missed.join("\n")}`);
} finally {
  await close();
  await iut.stop();
}
