// The screens whose words hang on no data are kept as they read aloud.
import { ariaSnapshot, expect, leadsTo, open, test } from "../support/test.mjs";

// A page that is refused says so in the console.
test.use({ untouched: true, expectedErrors: [/status of 403/] });

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
