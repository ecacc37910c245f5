// What stands around every page: the start page, menus, the keyboard.
import { axe, expect, open, test } from "../support/test.mjs";

const HOMES = { caseworker: "/my-day", manager: "/team", auditor: "/audit/access", administrator: "/admin/users" };

for (const [role, home] of Object.entries(HOMES)) {
  test(`the start page of a ${role}`, async ({ page, signIn }) => {
    await signIn(page, role);
    await expect(page).toHaveURL(new RegExp(`${home}$`));
    await open(page, "/account");
    await page.locator(".brand a").click();
    await expect(page).toHaveURL(new RegExp(`${home}$`));
    await expect(page.getByRole("main").getByRole("heading", { level: 1 })).toBeVisible();
    expect(await page.locator('a[href*="gallery"]').count()).toBe(0);
  });
}

test("the keyboard skips to the content and goes on from it after a page change", async ({ page, signIn, t }) => {
  await signIn(page, "administrator");
  await open(page, "/admin/users");
  await page.keyboard.press("Tab");
  const skip = page.getByRole("link", { name: t("nav.skip") });
  await expect(skip).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.locator("#main")).toBeFocused();
  await page.getByRole("navigation", { name: t("nav.main") }).getByRole("link", { name: t("nav.teams") }).press("Enter");
  await expect(page).toHaveURL(/\/admin\/teams$/);
  await expect(page.locator("#main")).toBeFocused();
});

test("the account menu closes when it has led somewhere", async ({ page, signIn, t }) => {
  await signIn(page, "administrator");
  await page.locator("html[data-ready]").waitFor();
  await page.locator(".user-button").click();
  const menu = page.locator("#user-menu");
  await expect(menu).toBeVisible();
  await menu.getByRole("link", { name: t("nav.account") }).click();
  await expect(page).toHaveURL(/\/account$/);
  await expect(menu).toBeHidden();
});

test("a phone has tabs and one menu", async ({ page, signIn, t }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await signIn(page, "auditor");
  await page.locator("html[data-ready]").waitFor();
  const tabs = page.getByRole("navigation", { name: t("nav.tabs") });
  await expect(page.locator(".top-bar .menu-button")).toBeHidden();
  await tabs.getByRole("button", { name: t("nav.menu") }).click();
  const menu = page.getByRole("dialog", { name: t("nav.menu") });
  await expect(menu).toBeVisible();
  await axe(page);
  await page.keyboard.press("Escape");
  await expect(menu).toBeHidden();
  await expect(tabs.getByRole("button", { name: t("nav.menu") })).toBeFocused();
  await tabs.getByRole("button", { name: t("nav.menu") }).click();
  await menu.getByRole("link", { name: t("nav.account") }).click();
  await expect(page).toHaveURL(/\/account$/);
  await expect(menu).toBeHidden();
});

test("high contrast and dark pass axe", async ({ page, signIn, t }) => {
  await signIn(page, "administrator");
  for (const theme of ["theme_dark", "theme_contrast", "theme_system"]) {
    await open(page, "/account");
    await page.getByRole("main").getByRole("button", { name: t(`nav.${theme}`) }).click();
    for (const path of ["/admin/users", "/admin/catalogues"]) {
      await open(page, path);
      await axe(page);
    }
  }
});

test.describe("an address that leads nowhere", () => {
  test.use({ expectedErrors: [/404/] });
  test("says so inside the one frame", async ({ page, signIn, t }) => {
    await signIn(page, "administrator");
    await open(page, "/admin/users/01900000-0000-7000-8000-000000000000");
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(t("errors.not_found_title"));
    expect(await page.getByRole("main").count()).toBe(1);
    await page.getByRole("link", { name: t("errors.go_home") }).click();
    await expect(page).toHaveURL(/\/admin\/users$/);
  });
});
