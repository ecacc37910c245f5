// The server is lost and comes back from a backup: a tablet sends again what it had sent since, and shows what the server has.
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { goTo, heading, register, setUp, someCase, writeNote } from "../support/tablet.mjs";
import { expect, open, test } from "../support/test.mjs";

test.use({ untouched: "field-restored", expectedErrors: [/ERR_INTERNET_DISCONNECTED|Failed to load resource/] });

const [before, after, latest] = ["백업 전에 쓴 기록", "백업 뒤에 쓴 기록", "서버가 없을 때 쓴 기록"];

/** Runs a command of the program to its end. */
async function run(iut, ...words) {
  const [code] = await once(iut.run(...words), "exit");
  expect(code, words.join(" ")).toBe(0);
}

test("what was sent since the backup comes back from the tablet", async ({ page, context, iut, signIn, t }) => {
  test.slow();
  const outboxShows = async (count) => {
    await goTo(page, t("outbox.title"));
    await expect(page.locator(".outbox-line")).toHaveCount(count);
    await expect(page.locator(".outbox-line").filter({ hasText: t("outbox.applied") })).toHaveCount(count, { timeout: 30_000 });
  };
  await writeFile(join(iut.folder, "passphrase.txt"), "시험용 백업 암호\n");
  await signIn(page, "caseworker");
  await setUp(page, t);
  const address = await someCase(page, t);

  await test.step("one note is in the backup, one and a registration are not", async () => {
    await writeNote(page, t, before);
    await outboxShows(1);
    await run(iut, "backup", "iut.age", "--passphrase-file", "passphrase.txt");
    await page.goBack();
    await writeNote(page, t, after);
    await register(page, t, "남궁가상");
    await outboxShows(3);
  });

  await test.step("the server is lost, and something is written about whom it will not know", async () => {
    await context.setOffline(true);
    await iut.halt();
    await page.goBack();
    await expect(heading(page)).toHaveText("남궁가상");
    await writeNote(page, t, latest);
    await run(iut, "restore", "iut.age", "--passphrase-file", "passphrase.txt", "--force");
    await iut.again();
    await context.setOffline(false);
  });

  await test.step("the tablet has sent everything, in order, and shows each once", async () => {
    await outboxShows(4);
    await page.goBack();
    await expect(heading(page)).toHaveText("남궁가상");
    await expect(page.locator(".timeline").getByText(latest, { exact: true })).toHaveCount(1);
  });

  await test.step("the desk has it", async () => {
    const desk = await context.newPage();
    await open(desk, address.replace("/field", ""));
    for (const body of [before, after]) {
      await expect(desk.locator(".timeline").getByText(body, { exact: true })).toHaveCount(1);
    }
    await open(desk, "/cases");
    await expect(desk.getByText("남궁가상").first()).toBeVisible();
  });
});
