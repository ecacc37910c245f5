// Every screen of every role, in every theme: axe finds nothing, and nothing scrolls sideways. The screens whose
// words hang on no data are also kept as they read aloud.
import { ariaSnapshot, axe, axeAtBothSizes, expect, open, test } from "../support/test.mjs";

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

/** The address behind the first link whose address begins so. */
async function leadsTo(page, from, start) {
  await open(page, from);
  const link = page.getByRole("main").locator(`a[href^="${start}"]`).first();
  await expect(link).toBeAttached();
  return (await link.getAttribute("href")).split("#")[0];
}

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

// A job coach asks for the caseload on purpose: it is refused with 403, which the browser writes down.
test.use({ expectedErrors: [/status of 403/] });

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
          await page.evaluate((theme) => (document.documentElement.dataset.theme = theme), theme);
          await axe(page);
        }
      });
    }
  });
}

const KEPT = {
  caseworker: { "/account/password": "password" },
  manager: { "/rounds/import": "import" },
  administrator: { "/admin/settings": "settings", "/admin/teams": "teams", "/admin/catalogues": "catalogues" },
  auditor: { "/audit/trail": "trail-check" },
  job_coach: { "/cases": "refused" },
};

for (const [role, screens] of Object.entries(KEPT)) {
  test(`the screens of a ${role} read aloud as kept`, async ({ page, signIn }) => {
    await signIn(page, role);
    for (const [screen, name] of Object.entries(screens)) {
      await test.step(screen, async () => {
        await open(page, screen);
        await expect(page.locator(".skeleton")).toHaveCount(0);
        await ariaSnapshot(page, name);
      });
    }
  });
}

test("the form of a visit reads aloud as kept", async ({ page, signIn }) => {
  await signIn(page, "caseworker");
  const one = await leadsTo(page, "/cases", "/cases/");
  await open(page, `${one}/visits/record`);
  await expect(page.locator(".skeleton")).toHaveCount(0);
  await ariaSnapshot(page, "record-contact");
});
