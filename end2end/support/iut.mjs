// Starts and stops the real `iut` binary for one worker: own folder, own copy of the demo district, own port.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdtemp, open, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const repository = resolve(dirname(fileURLToPath(import.meta.url)), "../..");

/** The binary under test: `IUT_BINARY`, or the one that `cargo test` builds. */
export const binary = () => process.env.IUT_BINARY ?? join(repository, "target/debug/iut");

/** The environment of the binary; `port` only for serving. The database is the embedded one in the current folder. */
export function environment(port) {
  const { DATABASE_URL, ...inherited } = process.env;
  return {
    ...inherited,
    LEPTOS_OUTPUT_NAME: "iut",
    LEPTOS_SITE_ROOT: process.env.LEPTOS_SITE_ROOT ?? join(repository, "target/site-test"),
    LEPTOS_SITE_PKG_DIR: "pkg",
    LEPTOS_HASH_FILES: "true",
    LEPTOS_HASH_FILE_NAME: process.env.LEPTOS_HASH_FILE_NAME ?? join(repository, "target/site-test.txt"),
    LEPTOS_ENV: "PROD",
    ...(port && { LEPTOS_SITE_ADDR: `127.0.0.1:${port}`, IUT_METRICS_ADDR: "127.0.0.1:0" }),
  };
}

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

async function waitUntilHealthy(url, child) {
  for (let tries = 0; tries < 600; tries += 1) {
    if (child.exitCode !== null) throw new Error(`iut serve ended with ${child.exitCode}`);
    const answer = await fetch(`${url}/healthz`).catch(() => undefined);
    if (answer?.ok) return;
    await sleep(100);
  }
  throw new Error("iut serve did not become healthy within a minute");
}

async function stop(child) {
  if (child.exitCode !== null) throw new Error(`iut serve had ended with ${child.exitCode} before it was told to`);
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  const late = sleep(20_000, undefined, { ref: false }).then(() => child.kill("SIGKILL"));
  const [code, signal] = await Promise.race([ended, late.then(() => ended)]);
  if (code !== 0) throw new Error(`iut serve did not stop properly on SIGTERM: ${signal ?? code}`);
}

/**
 * Starts a server on a fresh copy of the demo district, or of another.
 *
 * @returns {Promise<{url: string, folder: string, pid: number, logins: {role: string, login: string, password: string}[],
 *   run: (...args: string[]) => import("node:child_process").ChildProcess, halt: () => Promise<void>,
 *   again: (env?: Record<string, string>) => Promise<void>, stop: () => Promise<void>}>} `halt` stops it until `again`,
 *   which may change its environment; the database and the port stay.
 */
export async function startIut(district = process.env.IUT_E2E_DEMO) {
  const folder = await mkdtemp(join(tmpdir(), "iut-e2e-"));
  await cp(district, folder, { recursive: true });
  const { logins } = JSON.parse(await readFile(join(folder, "demo.json"), "utf8"));
  const port = await freePort();
  const log = await open(join(folder, "server.log"), "w");
  const options = { cwd: folder, env: environment(port), stdio: ["ignore", log.fd, log.fd] };
  const url = `http://127.0.0.1:${port}`;
  let child;
  const serve = async (env = {}) => {
    child = spawn(binary(), ["serve"], { ...options, env: { ...options.env, ...env } });
    await once(child, "spawn");
    await waitUntilHealthy(url, child);
  };
  const finish = async () => {
    await log.close();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await serve();
  } catch (error) {
    child.kill("SIGKILL");
    const said = await readFile(join(folder, "server.log"), "utf8");
    await finish();
    throw new Error(`${error.message}\n${said.slice(-4000)}`);
  }
  return {
    url,
    folder,
    get pid() {
      return child.pid;
    },
    logins,
    run: (...args) => spawn(binary(), args, { ...options, stdio: ["ignore", "pipe", "pipe"] }),
    halt: () => stop(child),
    again: serve,
    stop: () => stop(child).finally(finish),
  };
}
