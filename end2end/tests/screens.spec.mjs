// Every screen of every role, in every theme: axe finds nothing, and nothing scrolls sideways.
import { axe, axeAtBothSizes, expect, leadsTo, open, test } from "../support/test.mjs";

// Themes have nothing to do with language: the dark and the high-contrast one are looked at in Korean only.
const THEMES = { ko: ["dark", "contrast"], en: [] };

/** High enough that nothing lies half under the bars that stay in their place: what is there is a matter of scrolling. */
const TALL = 3000;

const SCREENS = {
  caseworker: ["/my-day", "/cases", "/cases?name=없는사람", "/calendar", "/register", "/rounds", "/links", "/account", "/account/password", "/account/second-factor"],
  manager: ["/team", "/cases", "/cases?closed=1", "/calendar", "/rounds", "/rounds/import", "/links"],
  administrator: ["/admin/users", "/admin/teams", "/admin/catalogues", "/admin/settings"],
  auditor: ["/audit/access", "/audit/trail", "/audit/review"],
  job_coach: ["/account", "/cases"],
};

/** Screens about one thing that the role's lists lead to. */
const OF_ONE_THING = {
  caseworker: async (page) => {
    const one = await leadsTo(page, "/cases", "/cases/");
    const neighbor = await leadsTo(page, one, "/neighbors/");
    return [one, neighbor, `${one}/visits/new`, `${one}/visits/record`, await leadsTo(page, "/rounds", "/rounds/")];
  },
  manager: async (page) => [await leadsTo(page, "/cases", "/cases/"), await leadsTo(page, "/rounds", "/rounds/")],
  administrator: async (page) => [await leadsTo(page, "/admin/users", "/admin/users/")],
};

// A job coach asks for the caseload on purpose: it is refused with 403, which the browser writes down. And other tests change
// passwords, languages and names.
test.use({ untouched: true, expectedErrors: [/status of 403/] });

/** Changes the theme and waits for two frames, so that no colour is on its way any more; not for ever, where none is drawn. */
const wear = (theme) =>
  new Promise((done) => {
    document.documentElement.dataset.theme = theme;
    requestAnimationFrame(() => requestAnimationFrame(done));
    setTimeout(done, 1_000);
  });

// Each role stands for itself.
test.describe.configure({ mode: "parallel" });

for (const [role, screens] of Object.entries(SCREENS)) {
  test(`axe finds nothing on the screens of a ${role}`, async ({ page, language, signIn }) => {
    test.setTimeout(600_000);
    await signIn(page, role);
    const more = (await OF_ONE_THING[role]?.(page)) ?? [];
    for (const screen of [...screens, ...more]) {
      await test.step(screen, async () => {
        await open(page, screen);
        await expect(page.locator(".skeleton")).toHaveCount(0);
        await axeAtBothSizes(page, TALL);
        for (const theme of THEMES[language]) {
          await page.evaluate(wear, theme);
          await axe(page);
        }
      });
    }
  });
}
