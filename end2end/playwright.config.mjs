// Runs against the real binary in Debian's Chromium; nothing is downloaded. See CONTRIBUTING.md, "Browser tests".
import { defineConfig } from "@playwright/test";

const chromium = {
  executablePath: process.env.IUT_CHROMIUM ?? "/usr/bin/chromium",
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
  ],
};

export default defineConfig({
  testDir: "tests",
  outputDir: "test-results",
  snapshotPathTemplate: "tests/snapshots/{projectName}/{testFileName}/{arg}{ext}",
  globalSetup: "./support/demo-district.mjs",
  // A missing snapshot is a failure, not an invitation: IUT_UPDATE_SNAPSHOTS=1 writes them.
  updateSnapshots: process.env.IUT_UPDATE_SNAPSHOTS ? "all" : "none",
  forbidOnly: true,
  // In CI, on a busy machine, one more try; whatever needed it is named at the end and is to be mended.
  retries: process.env.CI ? 1 : 0,
  workers: Number(process.env.IUT_E2E_WORKERS ?? 2),
  // Upper bounds only, for a busy machine: no test is about time.
  timeout: 240_000,
  expect: { timeout: 30_000 },
  reporter: [["list"], ...(process.env.IUT_E2E_JSON ? [["json", { outputFile: process.env.IUT_E2E_JSON }]] : [])],
  use: {
    launchOptions: chromium,
    headless: true,
    // What is not there after a minute does not come any more.
    actionTimeout: 60_000,
    viewport: { width: 1024, height: 768 },
    timezoneId: "Asia/Seoul",
    contextOptions: { reducedMotion: "reduce" },
    trace: "retain-on-failure",
    screenshot: "only-on-failure",
  },
  projects: [
    { name: "ko", use: { locale: "ko-KR" } },
    { name: "en", use: { locale: "en-US" } },
  ],
});
