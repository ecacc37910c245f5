// What every browser test imports: `test` with a running server and a strict page, `expect`, and the helpers.
import { readFileSync } from "node:fs";
import AxeBuilder from "@axe-core/playwright";
import { test as base, expect } from "@playwright/test";
import { startIut } from "./iut.mjs";

export { expect };

export const test = base.extend({
  // Whether these tests need a district in which no other test did anything: test.use({ untouched: true }) in a file.
  untouched: [false, { scope: "worker", option: true }],

  // The server of this worker.
  iut: [
    // Asking for `untouched` gives the two kinds of files workers of their own.
    async ({ untouched: _ }, use) => {
      const iut = await startIut();
      await use(iut);
      await iut.stop();
    },
    { scope: "worker", timeout: 120_000 },
  ],

  baseURL: async ({ iut }, use) => use(iut.url),

  // The language of this project's run: "ko" or "en".
  language: async ({}, use, testInfo) => use(testInfo.project.name),

  // t("nav.skip") is the screen's own text in this run's language.
  t: async ({ language }, use) => {
    const texts = JSON.parse(readFileSync(new URL(`../../app/locales/${language}.json`, import.meta.url), "utf8"));
    await use((key, values = {}) => {
      const text = key.split(".").reduce((tree, part) => tree?.[part], texts);
      if (typeof text !== "string") throw new Error(`no text ${key} in ${language}.json`);
      return text.replace(/\{\{\s*(\w+)[^}]*\}\}/g, (_, name) => String(values[name]));
    });
  },

  // Errors that a test provokes on purpose: test.use({ expectedErrors: [/…/] }).
  expectedErrors: [[], { option: true }],

  // Fails a test whose pages log an error, panic, break the content security policy or ask another origin.
  strictPages: [
    async ({ context, baseURL, expectedErrors }, use) => {
      const found = [];
      context.on("weberror", (event) => found.push(`uncaught: ${event.error().message}`));
      context.on("console", (message) => {
        if (message.type() === "error") found.push(`console: ${message.text()}`);
      });
      context.on("request", (request) => {
        const { protocol, origin } = new URL(request.url());
        if (protocol.startsWith("http") && origin !== baseURL) found.push(`another origin: ${request.url()}`);
      });
      await use();
      expect(found.filter((text) => !expectedErrors.some((pattern) => pattern.test(text)))).toEqual([]);
    },
    { auto: true },
  ],

  // signIn(page, "caseworker"): as the first demo person of that role.
  signIn: async ({ iut }, use) =>
    use(async (page, role) => {
      const person = iut.logins.find((login) => login.role === role);
      if (!person) throw new Error(`the demo district has no login for ${role}`);
      await page.goto("/");
      await page.locator('input[autocomplete="username"]').fill(person.login);
      const password = page.locator('input[autocomplete="current-password"]');
      await password.fill(person.password);
      await password.press("Enter");
      await expect(password).toHaveCount(0);
      return person;
    }),
});

const AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** Expects that axe finds nothing on the page; a failure names the rule, its help and the elements. */
export async function axe(page) {
  const { violations } = await new AxeBuilder({ page }).withTags(AXE_TAGS).analyze();
  const found = violations.map(({ id, help, nodes }) => ({ id, help, elements: nodes.map((node) => node.target.join(" ")) }));
  expect(found).toEqual([]);
}

/**
 * Expects that the page's main part reads as its kept aria snapshot, one per language. What changes from day to day
 * (dates, counts) stands in the snapshot as a /pattern/.
 */
export async function ariaSnapshot(page, name) {
  await expect(page.getByRole("main")).toMatchAriaSnapshot({ name: `${name}.aria.yml` });
}

/** The address behind the first link whose address begins so. */
export async function leadsTo(page, from, start) {
  await open(page, from);
  const link = page.getByRole("main").locator(`a[href^="${start}"]`).first();
  await expect(link).toBeAttached();
  return (await link.getAttribute("href")).split("#")[0];
}

/** [`axe`] on a desk screen and on a phone; nothing may scroll sideways. */
export async function axeAtBothSizes(page, height = 900) {
  for (const width of [1280, 360]) {
    await page.setViewportSize({ width, height });
    await axe(page);
    const sideways = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(sideways, `scrolls sideways at ${width}`).toBe(0);
  }
  await page.setViewportSize({ width: 1280, height: 900 });
}

/** Goes to a page and waits until its program has loaded. */
export async function open(page, path) {
  await page.goto(path);
  await page.locator("html[data-ready]").waitFor();
}
