// `make bench`, the tablet's part: caseworkers with 500, 5,000 and 10,000 open cases load them for the first time and hear of
// changes, on loopback and over a slow line; at 10,000 search, open, write and send. Real Chromium, the real binary, a copy of
// the district in IUT_BENCH_FIELD. Prints Markdown.
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { startIut } from "./iut.mjs";
import { FIELD, startLink } from "./link.mjs";

process.env.IUT_E2E_DEMO = process.env.IUT_BENCH_FIELD;
const PIN = "482913";
const CHANGED = 20;
const WAITING = 500;
const TYPED = ["김", "김민", "김민서", "ㄱ", "ㄱㅁ", "ㄱㅁㅅ", "이", "이서", "ㅂㅈ", "박지우", "ㅊ", "최", "민서", "서연", "ㅎ", "한"];
const { caseloads } = JSON.parse(readFileSync(join(process.env.IUT_BENCH_FIELD, "demo.json"), "utf8"));

function uuid7() {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(Date.now(), 0, 6);
  bytes[6] = (bytes[6] & 0x0f) | 0x70;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  return bytes.toString("hex").replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, "$1-$2-$3-$4-$5");
}

const note = (id, body) => ({
  op_id: uuid7(),
  base_rev: null,
  made_at: new Date().toISOString(),
  command: { aggregate: "case", do: { verb: "add_note", id: uuid7(), case: id, body } },
});

const seconds = (ms) => (ms / 1000).toFixed(1);
const mb = (bytes) => (bytes / 1e6).toFixed(2);
const share = (times, of) => times.toSorted((a, b) => a - b)[Math.min(times.length - 1, Math.floor(times.length * of))].toFixed(1);
const spread = (times) => `median ${share(times, 0.5)} ms, p95 ${share(times, 0.95)} ms`;

/** A browser of its own: what it takes of memory is this tablet's. */
async function browse(url) {
  const browser = await chromium.launch({
    executablePath: process.env.IUT_CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--no-first-run"],
  });
  const context = await browser.newContext({ baseURL: url, locale: "ko-KR", timezoneId: "Asia/Seoul", viewport: { width: 1024, height: 768 } });
  const page = await context.newPage();
  page.setDefaultTimeout(600_000);
  page.on("pageerror", (error) => console.error(`uncaught: ${error.message}`));
  return { browser, context, page };
}

/** Waits for whatever the tablet is doing with the server, which began after `since`; answers when it had ended. */
const inStep = (page, since) =>
  page.evaluate(async (since) => {
    for (;;) {
      const pulls = performance.getEntriesByType("resource").filter((one) => one.name.includes("/pull") && one.startTime >= since);
      const said = document.querySelector(".state-said");
      if (pulls.length && said && said.textContent === "") {
        const ended = performance.now();
        const sum = (key) => pulls.reduce((all, one) => all + one[key], 0);
        return {
          ms: ended - pulls[0].startTime,
          parts: pulls.length,
          sent: sum("transferSize"),
          plain: sum("decodedBodySize"),
        };
      }
      await new Promise((done) => setTimeout(done, 5));
    }
  }, since);

async function signIn(page, login, password) {
  await page.goto("/sign-in");
  await page.fill('input[autocomplete="username"]', login);
  await page.fill('input[autocomplete="current-password"]', password);
  await page.press('input[autocomplete="current-password"]', "Enter");
  await page.waitForURL("**/my-day");
}

/** Sets a tablet up and loads everything. */
async function firstLoad(page, link, pace) {
  await page.goto("/field/my-day");
  await page.locator('input[name="pin"]').first().waitFor();
  // The program is kept before the line gets slow: it is not what is measured here.
  await page.waitForFunction(() => navigator.serviceWorker.controller?.state === "activated");
  await page.evaluate(() => performance.setResourceTimingBufferSize(5_000));
  await page.fill('input[name="name"]', "현장 태블릿");
  await page.fill('input[name="pin"]', PIN);
  await page.fill('input[name="pin_again"]', PIN);
  link.set(pace);
  await page.locator('.gate form button[type="submit"]').click();
  return inStep(page, 0);
}

/** Some of its cases change at a desk; the tablet hears of it. */
async function delta(page, iut, cookie, cases) {
  for (const id of cases.slice(0, CHANGED)) {
    const answer = await fetch(new URL("/api/execute", iut.url), {
      method: "POST",
      headers: { "content-type": "application/json", cookie, "sec-fetch-site": "same-origin" },
      body: JSON.stringify({ envelope: note(id, "사무실에서 통화한 내용을 적어 둡니다.") }),
    });
    if (!answer.ok) throw new Error(`execute answered ${answer.status}: ${await answer.text()}`);
  }
  const since = await page.evaluate(() => {
    const now = performance.now();
    window.dispatchEvent(new Event("online"));
    return now;
  });
  return inStep(page, since);
}

/** Some own cases of whoever is signed in. */
async function ownCases(iut, cookie) {
  const answer = await fetch(new URL("/api/case_list", iut.url), {
    method: "POST",
    headers: { "content-type": "application/json", cookie, "sec-fetch-site": "same-origin" },
    body: JSON.stringify({ query: {}, after: null }),
  });
  if (!answer.ok) throw new Error(`case_list answered ${answer.status}: ${await answer.text()}`);
  return (await answer.json()).rows.map((row) => row.id);
}

async function unlock(page) {
  await page.locator(".pin-key").first().waitFor();
  for (const digit of PIN.slice(0, -1)) await page.keyboard.press(digit);
  return page.evaluate(async (last) => {
    const began = performance.now();
    window.dispatchEvent(new KeyboardEvent("keydown", { key: last, bubbles: true }));
    while (!document.querySelector(".case-link")) await new Promise((done) => setTimeout(done, 2));
    return performance.now() - began;
  }, PIN.at(-1));
}

/** Does something in the page and answers after how many ms the page had changed for the last time. */
const settled = (page, act, value) =>
  page.evaluate(
    async ([act, value]) => {
      let last;
      const watch = new MutationObserver(() => (last = performance.now()));
      watch.observe(document.querySelector("main"), { subtree: true, childList: true, characterData: true, attributes: true });
      const began = performance.now();
      if (act === "type") {
        const box = document.querySelector("#caseload-search");
        box.value = value;
        box.dispatchEvent(new InputEvent("input", { bubbles: true }));
      } else {
        document.querySelectorAll(".case-link")[value].click();
      }
      while (last === undefined || performance.now() - last < 400) {
        if (last === undefined && performance.now() - began > 10_000) throw new Error(`nothing changed: ${act} ${value}`);
        await new Promise((done) => setTimeout(done, 20));
      }
      watch.disconnect();
      return last - began;
    },
    [act, value],
  );

/** How long the page's thread was at work, in ms. */
async function atWork(session, act) {
  const total = async () => {
    const { metrics } = await session.send("Performance.getMetrics");
    return metrics.find((one) => one.name === "TaskDuration").value * 1000;
  };
  const before = await total();
  await act();
  return (await total()) - before;
}

/** Private memory of the page's process, with the browser's own part in it. (No `waitForSelector` here: the handles that it answers
 * keep every page that was ever looked at in memory.) */
async function memory(page, context, browser) {
  const tab = await context.newCDPSession(page);
  await tab.send("HeapProfiler.collectGarbage");
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  const sizes = processInfo
    .filter((one) => one.type === "renderer")
    .map((one) => readFileSync(`/proc/${one.id}/smaps_rollup`, "utf8"))
    .map((text) => ["Private_Clean", "Private_Dirty"].reduce((all, key) => all + Number(new RegExp(`${key}:\\s+(\\d+)`).exec(text)[1]) * 1024, 0));
  return `${(Math.max(...sizes) / 1e6).toFixed(0)} MB`;
}

/** Writes notes without a network, then sends them. */
async function writeAndSend(page, context) {
  await context.setOffline(true);
  const writing = [];
  for (let round = 0; writing.length < WAITING; round += 1) {
    await page.locator(".case-link").nth(round).click();
    await page.locator('textarea[name="body"]').first().waitFor();
    writing.push(
      ...(await page.evaluate(async (count) => {
        const times = [];
        for (let nth = 0; nth < count; nth += 1) {
          const box = document.querySelector('textarea[name="body"]');
          const body = `네트워크 없이 쓴 ${nth + 1}번째 기록입니다. 다음 주에 다시 찾아가기로 했습니다.`;
          box.value = body;
          box.dispatchEvent(new InputEvent("input", { bubbles: true }));
          const began = performance.now();
          box.form.requestSubmit();
          while (document.querySelector('textarea[name="body"]').value !== "") await new Promise((done) => setTimeout(done, 1));
          times.push(performance.now() - began);
        }
        return times;
      }, 20)),
    );
    await page.goBack();
    await page.locator("#caseload-search").first().waitFor();
  }
  await page.evaluate(() => performance.clearResourceTimings());
  const since = await page.evaluate(() => performance.now());
  await context.setOffline(false);
  const all = await inStep(page, since);
  const pushed = await page.evaluate(() => {
    const pushes = performance.getEntriesByType("resource").filter((one) => one.name.includes("/push"));
    return { ms: pushes.at(-1).responseEnd - pushes[0].startTime, batches: pushes.length };
  });
  const left = await page.locator(".state-count").count();
  return { writing, pushed, all, left };
}

async function atWorkWithTenThousand(page, context, browser) {
  const session = await context.newCDPSession(page);
  await session.send("Performance.enable");
  await page.goto("/field/cases");
  console.log(`- From the last digit of the PIN to the list: ${seconds(await unlock(page))} s.`);
  await inStep(page, 0);
  console.log(`- Memory of the tab: ${await memory(page, context, browser)}.`);
  const nobody = [];
  // The page says the same of two in a row that find nobody: somebody is found in between.
  for (const text of ["없는", "없는사", "없는사람", "ㅃㅃ", "ㅃㅃㅃ"]) {
    nobody.push(await settled(page, "type", text));
    await settled(page, "type", "김");
  }
  console.log(`- A key in the search that finds nobody among all: ${spread(nobody)}.`);
  await settled(page, "type", "");
  const [typed, busy] = [[], []];
  for (const text of TYPED) busy.push(await atWork(session, async () => typed.push(await settled(page, "type", text))));
  console.log(`- A key in the search, until the list stands: ${spread(typed)}; the page's thread was at work for ${spread(busy)}.`);
  await settled(page, "type", "");
  const opened = [];
  for (let nth = 0; nth < 20; nth += 1) {
    opened.push(await settled(page, "open", nth));
    await page.goBack();
    await page.locator(".case-link").first().waitFor();
  }
  console.log(`- Opening a case, until its page stands: ${spread(opened)}.`);
  const { writing, pushed, all, left } = await writeAndSend(page, context);
  console.log(`- Writing a note without a network: ${spread(writing)}.`);
  console.log(`- ${writing.length} waiting entries sent in ${pushed.batches} batches in ${seconds(pushed.ms)} s, ${left} left; what changed came back in ${seconds(all.ms)} s.`);
  console.log(`- Memory of the tab after all that: ${await memory(page, context, browser)}.`);
}

const iut = await startIut();
const link = await startLink(iut.url);
try {
  console.log(`${cpus().length} cores (${cpus()[0].model}), ${(totalmem() / 2 ** 30).toFixed(0)} GiB; browser, server and line on the same machine.\n`);
  const { password } = iut.logins.find((one) => one.role === "caseworker");
  const wanted = (process.env.IUT_BENCH_CASES ?? "").split(",").map(Number).filter(Boolean);
  console.log("| open cases | line | first load s | parts | MB sent | MB plain | cases/s | 20 changes s | kB sent |\n|---|---|---|---|---|---|---|---|---|");
  const lines = [["1.6 Mbit/s, 150 ms", FIELD], ["loopback", undefined]];
  const paces = lines.filter(([name]) => name.startsWith(process.env.IUT_BENCH_LINE ?? ""));
  for (const { login, cases } of caseloads.filter((one) => !wanted.length || wanted.includes(one.cases))) {
    for (const [name, pace] of paces) {
      const { browser, context, page } = await browse(link.url);
      try {
        link.set(undefined);
        await signIn(page, login, password);
        const first = await firstLoad(page, link, pace);
        const cookie = (await context.cookies()).map((one) => `${one.name}=${one.value}`).join("; ");
        const own = await ownCases(iut, cookie);
        const then = await delta(page, iut, cookie, own);
        const rate = (cases / first.ms) * 1000;
        console.log(
          `| ${cases} | ${name} | ${seconds(first.ms)} | ${first.parts} | ${mb(first.sent)} | ${mb(first.plain)} | ${rate.toFixed(0)} | ${seconds(then.ms)} | ${(then.sent / 1000).toFixed(1)} |`,
        );
        if (cases === caseloads.at(-1).cases && !pace) {
          console.log(`\nMemory of the server: ${/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${iut.pid}/status`, "utf8"))[1] / 1000} MB at most. With ${cases} cases:\n`);
          await atWorkWithTenThousand(page, context, browser);
        }
      } finally {
        await browser.close();
      }
    }
  }
} finally {
  link.close();
  await iut.stop();
}
