// `make bench`: times the pages of the release build over HTTP, as a signed-in caseworker, with bounded closed loops on
// loopback. Works on a copy of the district in IUT_E2E_DEMO and prints Markdown.
import { readFileSync } from "node:fs";
import { Agent, get } from "node:http";
import { cpus, totalmem } from "node:os";
import { chromium } from "@playwright/test";
import { startIut } from "./iut.mjs";

const REQUESTS = 2_000;
const WARM_UP = 100;

/** Signs in with a browser; answers the cookie header and the pages worth timing: the navigation and one case. */
async function signIn(iut) {
  const person = iut.logins.find((login) => login.role === "caseworker");
  const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
  try {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(iut.url);
    await page.locator('input[autocomplete="username"]').fill(person.login);
    await page.locator('input[autocomplete="current-password"]').fill(person.password);
    await page.locator('input[autocomplete="current-password"]').press("Enter");
    await page.locator('input[autocomplete="current-password"]').waitFor({ state: "detached" });
    const links = (selector) => page.locator(selector).evaluateAll((found) => found.map((link) => link.getAttribute("href")));
    const pages = new Set((await links('nav a[href^="/"]')).filter((path) => !path.includes("#")));
    for (const path of [...pages]) {
      await page.goto(iut.url + path);
      const [aCase] = (await links('main a[href^="/cases/"]')).filter((link) => /[0-9a-f-]{36}/.test(link));
      if (aCase) {
        pages.add(aCase);
        break;
      }
    }
    const cookies = await context.cookies();
    return { cookie: cookies.map(({ name, value }) => `${name}=${value}`).join("; "), pages: [...pages] };
  } finally {
    await browser.close();
  }
}

function request(url, options) {
  return new Promise((resolve, reject) => {
    const began = process.hrtime.bigint();
    get(url, options, (answer) => {
      answer.resume();
      answer.on("end", () => {
        if (answer.statusCode !== 200) reject(new Error(`${url.pathname} answered ${answer.statusCode}`));
        else resolve(Number(process.hrtime.bigint() - began) / 1e6);
      });
    }).on("error", reject);
  });
}

async function measure(url, cookie, connections) {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const options = { agent, headers: { cookie, "accept-language": "ko" } };
  for (let count = 0; count < WARM_UP; count += 1) await request(url, options);
  let left = REQUESTS;
  const times = [];
  const loop = async () => {
    while (left > 0) {
      left -= 1;
      times.push(await request(url, options));
    }
  };
  const began = performance.now();
  await Promise.all(Array.from({ length: connections }, loop));
  const seconds = (performance.now() - began) / 1000;
  agent.destroy();
  times.sort((a, b) => a - b);
  const at = (share) => times[Math.min(times.length - 1, Math.floor(times.length * share))].toFixed(1);
  return `${at(0.5)} | ${at(0.95)} | ${at(0.99)} | ${(REQUESTS / seconds).toFixed(0)}`;
}

const iut = await startIut();
try {
  const { cookie, pages } = await signIn(iut);
  console.log(`${cpus().length} cores (${cpus()[0].model}), ${(totalmem() / 2 ** 30).toFixed(0)} GiB; the load comes from the same machine.\n`);
  console.log("| page | connections | median ms | p95 ms | p99 ms | requests/s |\n|---|---|---|---|---|---|");
  for (const path of ["/healthz", ...pages]) {
    const name = path.replace(/[0-9a-f-]{36}/, "{id}");
    for (const connections of [1, 8]) {
      console.log(`| ${name} | ${connections} | ${await measure(new URL(path, iut.url), cookie, connections)} |`);
    }
  }
  const status = readFileSync(`/proc/${iut.pid}/status`, "utf8");
  console.log(`\nMost memory of the server: ${(Number(/VmHWM:\s+(\d+)/.exec(status)[1]) / 1000).toFixed(0)} MB.`);
} finally {
  await iut.stop();
}
