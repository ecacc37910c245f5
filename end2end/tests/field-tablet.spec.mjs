// A tablet: set up, locked, used for a day without a network, and in step again afterwards.
import { PIN, asBytes, dump, heading, setUp, someCase, unlock } from "../support/tablet.mjs";
import { expect, axeAtBothSizes, open, test } from "../support/test.mjs";

test.use({ untouched: "field-tablet", expectedErrors: [/ERR_INTERNET_DISCONNECTED|Failed to load resource/] });

/** Puts a readable record into the tablet's database: what `dump` must be able to find. */
const putReadable = (page, text) =>
  page.evaluate(async (text) => {
    const database = await new Promise((done) => {
      const request = indexedDB.open("iut-field");
      request.onsuccess = () => done(request.result);
    });
    const transaction = database.transaction("drafts", "readwrite");
    transaction.objectStore("drafts").put(new TextEncoder().encode(text), "control");
    await new Promise((done) => (transaction.oncomplete = done));
    const away = database.transaction("drafts", "readwrite");
    const found = await new Promise((done) => {
      const request = away.objectStore("drafts").get("control");
      request.onsuccess = () => done(request.result.length);
    });
    database.close();
    return found;
  }, text);

test("a day without a network", async ({ page, context, signIn, t }) => {
  test.slow();
  await signIn(page, "caseworker");
  await setUp(page, t);

  const name = await test.step("cases are there, and searched as one types", async () => {
    await open(page, "/field/cases");
    await unlock(page, t);
    const first = page.locator(".case-link").first();
    await expect(first).toBeVisible();
    return (await first.innerText()).trim();
  });

  await test.step("nothing of it can be read without the PIN", async () => {
    const shelves = await dump(page);
    expect(shelves.dossiers.length).toBeGreaterThan(3);
    const all = Object.values(shelves).flat().join("\n");
    expect(all).not.toContain(asBytes(name));
    expect(all).not.toContain(PIN);
    expect(shelves.vault).toHaveLength(1);
    // The same look finds what is not sealed.
    await putReadable(page, name);
    expect(Object.values(await dump(page)).flat().join("\n")).toContain(asBytes(name));
  });

  await context.setOffline(true);
  const cold = await context.newPage();
  await page.close();

  await test.step("a cold start: locked, then the day", async () => {
    await open(cold, "/field/my-day");
    await unlock(cold, t, "730164");
    await expect(cold.getByText(t("gate.wrong"))).toBeVisible();
    await axeAtBothSizes(cold);
    await unlock(cold, t);
    await expect(heading(cold)).toHaveText(t("nav.my_day"));
    await expect(cold.getByText(t("sync.alone"))).toBeVisible();
    await axeAtBothSizes(cold);
  });

  const address = await test.step("a case is found and written in", async () => {
    await cold.getByRole("link", { name: t("nav.caseload") }).first().click();
    await expect(heading(cold)).toHaveText(t("caseload.title"));
    const link = cold.locator(".case-link", { hasText: name }).first();
    await link.click();
    await expect(heading(cold)).toHaveText(name);
    await cold.getByLabel(t("case.note_label")).fill("네트워크 없이 쓴 기록");
    await cold.getByRole("button", { name: t("case.note_add") }).click();
    await expect(cold.getByRole("main").getByText("네트워크 없이 쓴 기록").first()).toBeVisible();
    await axeAtBothSizes(cold);
    return new URL(cold.url()).pathname.replace("/field", "");
  });

  await test.step("the outbox says what waits", async () => {
    await cold.getByRole("link", { name: t("outbox.title") }).first().click();
    await expect(cold.locator(".outbox-line")).toHaveCount(1);
    await expect(cold.locator(".outbox-line")).toContainText(t("outbox.waiting"));
    await axeAtBothSizes(cold);
  });

  await test.step("another cold start keeps it", async () => {
    await open(cold, `/field${address}`);
    await unlock(cold, t);
    await expect(cold.getByRole("main").getByText("네트워크 없이 쓴 기록").first()).toBeVisible();
  });

  await test.step("back on the network it goes out by itself, and the desk has it", async () => {
    await context.setOffline(false);
    await cold.getByRole("link", { name: t("outbox.title") }).first().click();
    await expect(cold.locator(".outbox-line")).toContainText(t("outbox.applied"));
    await open(cold, address);
    await expect(cold.getByRole("main").getByText("네트워크 없이 쓴 기록").first()).toBeVisible();
  });
});

test("two people change one thing: the one who comes second chooses, and both see the same", async ({ page, browser, signIn, t }) => {
  test.slow();
  await signIn(page, "caseworker");
  await setUp(page, t);
  const address = await someCase(page, t);
  const now = (await page.getByRole("main").locator(".badge").first().textContent()).trim();
  const levels = ["e", "same_day", "three_days", "two_weeks"].map((level) => t(`labels.urgency.${level}`));
  const [mine, theirs] = levels.filter((level) => !now.includes(level));
  await page.context().setOffline(true);

  const judge = async (on, urgency, reason) => {
    await on.getByRole("button", { name: t("case.set_urgency") }).click();
    const dialog = on.getByRole("dialog", { name: t("case.set_urgency") });
    await dialog.getByText(urgency, { exact: true }).click();
    await dialog.getByLabel(t("labels.field.reason")).fill(reason);
    await dialog.locator('button[type="submit"]').click();
    await expect(dialog).toBeHidden();
  };
  await judge(page, mine, "문 앞에 우편물이 쌓임");

  const office = await browser.newContext({ baseURL: new URL(page.url()).origin });
  const desk = await office.newPage();
  await signIn(desk, "manager");
  await open(desk, address.replace("/field", ""));
  await judge(desk, theirs, "이웃의 전화");

  await page.context().setOffline(false);
  await page.getByRole("link", { name: t("outbox.title") }).first().click();
  const line = page.locator(".outbox-line").first();
  await line.getByRole("button", { name: t("outbox.conflict") }).click();
  await expect(page.getByText(t("conflict.title"))).toBeVisible();
  // Who and when, as the timeline tells.
  await expect(line.getByRole("status")).toHaveText(/님이 .+에 바꿨습니다|changed it on/);
  await axeAtBothSizes(page);
  await page.getByRole("radio", { name: t("conflict.mine") }).check();
  await page.getByRole("button", { name: t("conflict.save") }).click();
  await expect(page.locator(".outbox-line")).toHaveCount(2);
  await expect(page.locator(".outbox-line").first()).toContainText(t("outbox.applied"));
  await expect(page.locator(".outbox-line").last()).toContainText(t("outbox.replaced"));

  await open(desk, address.replace("/field", ""));
  await open(page, address);
  await unlock(page, t);
  for (const screen of [desk, page]) {
    await expect(screen.getByRole("main").locator(".badge", { hasText: mine }).first()).toBeVisible();
    // What was not chosen stays to be read.
    await expect(screen.getByText("이웃의 전화")).toBeVisible();
  }
  await office.close();
});

test("ten wrong PINs erase everything", async ({ page, signIn, t }) => {
  test.slow();
  await signIn(page, "caseworker");
  await setUp(page, t);
  await page.reload();
  for (let wrong = 1; wrong < 10; wrong += 1) {
    await unlock(page, t, "730164");
    const said = wrong < 5 ? t("gate.wrong") : t("gate.tries_left", { count: 10 - wrong });
    await expect(page.getByRole("status").filter({ hasText: said })).toBeVisible();
    // Closing the tab gives no try back.
    if (wrong === 7) await page.reload();
  }
  // By keyboard as well.
  await expect(heading(page)).toHaveText(t("gate.unlock_title"));
  await page.keyboard.type("730164");
  await expect(page.getByText(t("gate.erased_pins"))).toBeVisible();
  await axeAtBothSizes(page);
  expect(Object.values(await dump(page)).flat()).toEqual([]);
});

/** The badge in the vault, or null; taken out first when `remove`. */
async function badgeOfVault(remove) {
  const answered = (request) =>
    new Promise((done, failed) => Object.assign(request, { onsuccess: () => done(request.result), onerror: () => failed(request.error) }));
  const database = await answered(indexedDB.open("iut-field"));
  const store = database.transaction("vault", "readwrite").objectStore("vault");
  const record = JSON.parse(await answered(store.get("vault")));
  if (remove) await answered(store.put(JSON.stringify({ ...record, badge: undefined }), "vault"));
  database.close();
  return (remove ? undefined : record.badge) ?? null;
}

/** Shuts a tablet out on the account page. */
async function shutOut(desk, t, name) {
  await open(desk, "/account");
  const line = desk.getByRole("listitem").filter({ hasText: name });
  await line.getByRole("button", { name: t("devices.revoke") }).click();
  await line.getByRole("alert").getByRole("button", { name: t("devices.revoke") }).click();
  await expect(line.getByText(t("devices.revoked"), { exact: true })).toBeVisible();
}

test("a tablet that was shut out erases itself", async ({ page, context, signIn, t }) => {
  await signIn(page, "caseworker");
  await setUp(page, t, "잃어버린 태블릿");
  const desk = await context.newPage();
  await shutOut(desk, t, "잃어버린 태블릿");
  // High enough that no button lies half under the bar: how many tablets the list has depends on the tests before.
  await axeAtBothSizes(desk, 3000);
  await page.bringToFront();
  // The tablet asks when it hears of a network; it may have asked by itself meanwhile.
  await page.evaluate(() => window.dispatchEvent(new Event("online")));
  await expect(page.getByText(t("gate.erased_revoked"))).toBeVisible();
  expect(Object.values(await dump(page)).flat()).toEqual([]);
});

test("a locked tablet that was shut out erases itself without its PIN", async ({ page, browser, signIn, t }) => {
  await signIn(page, "caseworker");
  await setUp(page, t, "잠긴 태블릿");
  await open(page, "/field/my-day");
  await expect(heading(page)).toHaveText(t("gate.unlock_title"));
  const office = await browser.newContext({ baseURL: new URL(page.url()).origin });
  const desk = await office.newPage();
  await signIn(desk, "caseworker");
  await shutOut(desk, t, "잠긴 태블릿");
  await page.bringToFront();
  // The browser does not let it erase at first: it says so, and erases when asked again.
  await page.evaluate(() => {
    const clear = IDBObjectStore.prototype.clear;
    IDBObjectStore.prototype.clear = function refused() {
      IDBObjectStore.prototype.clear = clear;
      throw new DOMException("no", "UnknownError");
    };
  });
  await page.evaluate(() => window.dispatchEvent(new Event("online")));
  await expect(page.getByText(t("gate.broken"))).toBeVisible();
  expect((await dump(page)).vault).toHaveLength(1);
  await page.getByRole("button", { name: t("common.retry") }).click();
  await expect(page.getByText(t("gate.erased_revoked"))).toBeVisible();
  expect(Object.values(await dump(page)).flat()).toEqual([]);
  await open(desk, "/account");
  await expect(desk.getByRole("listitem").filter({ hasText: "잠긴 태블릿" })).toContainText(t("devices.wiped"));
  await office.close();
});

test.describe("whatever else is answered", () => {
  test.use({ expectedErrors: [/Failed to load resource|ERR_FAILED/] });
  test("a locked tablet keeps what it has, and one from before gets a badge", async ({ page, signIn, t }) => {
    await signIn(page, "caseworker");
    await setUp(page, t);
    // As it was set up before there were badges.
    const vault = () => page.evaluate(badgeOfVault, false);
    await page.evaluate(badgeOfVault, true);
    expect(await vault()).toBeNull();
    await open(page, "/field/outbox");
    await unlock(page, t);
    await expect(page.getByText(t("outbox.empty"))).toBeVisible();
    expect(await vault()).toHaveLength(86);
    let asked = 0;
    const answers = [
      (route) => route.fulfill({ status: 401, json: { code: "unauthenticated" } }),
      (route) => route.fulfill({ status: 429, json: { code: "too_many", seconds: 10 } }),
      (route) => route.fulfill({ status: 503, body: "" }),
      (route) => route.fulfill({ status: 401, body: "device_revoked" }),
      (route) => route.abort(),
    ];
    await page.route("**/standing", (route) => answers[asked++ % answers.length](route));
    await open(page, "/field/outbox");
    await expect(heading(page)).toHaveText(t("gate.unlock_title"));
    for (let times = 1; times <= answers.length; times += 1) {
      await expect.poll(() => asked).toBeGreaterThanOrEqual(times);
      await page.evaluate(() => window.dispatchEvent(new Event("online")));
    }
    await unlock(page, t);
    await expect(page.getByText(t("outbox.empty"))).toBeVisible();
  });
});

test("two tabs of one tablet know of each other", async ({ page, context, signIn, t }) => {
  await signIn(page, "caseworker");
  await setUp(page, t);
  const other = await context.newPage();
  await open(other, "/field/outbox");
  await unlock(other, t);
  await expect(other.getByText(t("outbox.empty"))).toBeVisible();
  await page.getByRole("link", { name: t("nav.caseload") }).first().click();
  await page.locator(".case-link").first().click();
  await page.getByLabel(t("case.note_label")).fill("다른 탭에서 쓴 기록");
  await page.getByRole("button", { name: t("case.note_add") }).click();
  await expect(other.locator(".outbox-line")).toHaveCount(1);
  await page.getByRole("button", { name: t("common.open_menu") }).click();
  await page.getByRole("button", { name: t("gate.lock") }).click();
  await expect(heading(page)).toHaveText(t("gate.unlock_title"));
  await expect(heading(other)).toHaveText(t("gate.unlock_title"));
});

test("the PIN is changed by whoever knows it", async ({ page, signIn, t }) => {
  test.slow();
  await signIn(page, "caseworker");
  await setUp(page, t);
  const before = await dump(page);
  await page.getByRole("button", { name: t("common.open_menu") }).click();
  await page.getByRole("link", { name: t("gate.change_title") }).click();
  await expect(heading(page)).toHaveText(t("gate.change_title"));
  const change = async (former, pin, again = pin) => {
    await page.locator(`input[name="pin_former"]`).fill(former);
    await page.locator(`input[name="pin"]`).fill(pin);
    await page.locator(`input[name="pin_again"]`).fill(again);
    await page.getByRole("button", { name: t("gate.change"), exact: true }).click();
  };
  const wrong = async () => JSON.parse(JSON.parse((await dump(page)).vault[0].replace(/^vault: /, ""))).wrong;

  await test.step("one that anybody would try first, or typed in two ways, costs no try", async () => {
    await change(PIN, "123456");
    await expect(page.locator(`input[name="pin"]`)).toHaveAttribute("aria-invalid", "true");
    await change(PIN, "730164", "730165");
    await expect(page.locator(`input[name="pin_again"]`)).toHaveAttribute("aria-invalid", "true");
    expect(await wrong()).toBe(0);
  });

  await test.step("a wrong one counts, as at the lock", async () => {
    await change("590218", "730164");
    await expect(page.getByText(t("gate.former_wrong"))).toBeVisible();
    expect(await wrong()).toBe(1);
    await axeAtBothSizes(page);
  });

  await test.step("then only the new one opens what was kept", async () => {
    await change(PIN, "730164");
    await expect(page.getByText(t("gate.changed"))).toBeVisible();
    expect(await wrong()).toBe(0);
    expect((await dump(page)).dossiers).toEqual(before.dossiers);
    await page.reload();
    await unlock(page, t, PIN);
    await expect(page.getByText(t("gate.wrong"))).toBeVisible();
    await unlock(page, t, "730164");
    await expect(heading(page)).toHaveText(t("gate.change_title"));
  });
});

test("the day is closed", async ({ page, context, signIn, t }) => {
  test.slow();
  await signIn(page, "caseworker");
  await setUp(page, t);
  await page.getByRole("link", { name: t("close.title") }).click();
  await expect(heading(page)).toHaveText(t("close.title"));
  await expect(page.getByText(t("close.all_sent"))).toBeVisible();
  await axeAtBothSizes(page);

  await context.setOffline(true);
  await page.getByRole("link", { name: t("nav.caseload") }).first().click();
  await page.locator(".case-link").first().click();
  await page.getByLabel(t("case.note_label")).fill("저녁에 쓴 기록");
  await page.getByRole("button", { name: t("case.note_add") }).click();
  await expect(page.getByRole("main").getByText("저녁에 쓴 기록").first()).toBeVisible();
  await page.getByRole("link", { name: t("nav.my_day") }).first().click();
  await page.getByRole("link", { name: t("close.title") }).click();
  await expect(page.getByRole("paragraph").filter({ hasText: t("close.waiting", { count: 1 }) })).toBeVisible();
  await expect(page.getByText(t("close.all_sent"))).toBeHidden();
  await axeAtBothSizes(page);

  await context.setOffline(false);
  await expect(page.getByText(t("close.all_sent"))).toBeVisible();
});

test("an open visit is one press from being moved or cancelled", async ({ page, signIn, t }) => {
  test.slow();
  await signIn(page, "caseworker");
  await setUp(page, t);
  await open(page, "/field/close");
  await unlock(page, t);
  await page.getByRole("link", { name: t("close.move_it") }).first().click();
  await expect(page.getByRole("dialog")).toBeVisible();
  await page.goBack();
  await expect(heading(page)).toHaveText(t("close.title"));
  await page.getByRole("link", { name: t("close.cancel"), exact: true }).first().click();
  await expect(page.locator(`input[name="outcome"]:checked`)).toHaveValue("cancel");
});

test("a case is a link away from the other side", async ({ page, context, signIn, t }) => {
  test.slow();
  await signIn(page, "caseworker");
  await setUp(page, t);
  await page.getByRole("link", { name: t("nav.caseload") }).first().click();
  const link = page.locator(".case-link").first();
  const name = (await link.innerText()).trim();
  await link.click();
  await expect(heading(page)).toHaveText(name);
  await context.setOffline(true);
  await expect(page.getByRole("link", { name: t("shell.open_desk") })).toBeHidden();
  await context.setOffline(false);
  await page.getByRole("link", { name: t("shell.open_desk") }).click();
  await page.waitForURL(/\/cases\//);
  expect(new URL(page.url()).pathname).toMatch(/^\/cases\//);
  await expect(heading(page)).toHaveText(name);
  await page.getByRole("link", { name: t("shell.open_field") }).click();
  await page.waitForURL(/\/field\/cases\//);
  await unlock(page, t);
  await expect(heading(page)).toHaveText(name);
});
