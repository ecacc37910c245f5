// Makes the demo district once, before all tests; and others for tests that need one of their own. Every worker works on a copy of it (see `iut.mjs`).
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { binary, environment } from "./iut.mjs";

/** Makes a district in a folder of its own; answers the folder and what takes it away. */
export async function makeDistrict(...options) {
  const folder = await mkdtemp(join(tmpdir(), "iut-demo-"));
  const { stdout } = await promisify(execFile)(binary(), ["demo", "--seed", "1", ...options, "--json"], {
    cwd: folder,
    env: environment(),
    maxBuffer: 16 * 1024 * 1024,
  });
  await writeFile(join(folder, "demo.json"), stdout, { mode: 0o600 });
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** Runs before the first test; what it returns runs after the last. */
export default async function makeDemoDistrict() {
  const { folder, remove } = await makeDistrict("--people", "300");
  // Playwright hands the environment on to its workers.
  process.env.IUT_E2E_DEMO = folder;
  return remove;
}
