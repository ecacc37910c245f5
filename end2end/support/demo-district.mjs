// Makes the demo district once, before all tests. Every worker works on a copy of it (see `iut.mjs`).
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { binary, environment } from "./iut.mjs";

/** Runs before the first test; what it returns runs after the last. */
export default async function makeDemoDistrict() {
  const folder = await mkdtemp(join(tmpdir(), "iut-demo-"));
  const { stdout } = await promisify(execFile)(binary(), ["demo", "--seed", "1", "--people", "300", "--json"], {
    cwd: folder,
    env: environment(),
    maxBuffer: 16 * 1024 * 1024,
  });
  await writeFile(join(folder, "demo.json"), stdout, { mode: 0o600 });
  // Playwright hands the environment on to its workers.
  process.env.IUT_E2E_DEMO = folder;
  return () => rm(folder, { recursive: true, force: true });
}
