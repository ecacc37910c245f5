// `make bench`: times the release build over HTTP with bounded closed loops on loopback: lists, search, a case, recording
// a visit, each as a signed-in caseworker and as the manager of the district, and the import of a list of 20,000 rows.
// Works on a copy of the district in IUT_E2E_DEMO and prints Markdown.
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { Agent, request } from "node:http";
import { cpus, totalmem } from "node:os";
import { join } from "node:path";
import { startIut } from "./iut.mjs";

const REQUESTS = Number(process.env.IUT_BENCH_REQUESTS ?? 2_000);
const WARM_UP = 100;
const IMPORT_ROWS = 20_000;

/** One request; answers status, headers, text and milliseconds until the last byte. */
function ask(url, { method = "GET", headers = {}, body, agent } = {}) {
  return new Promise((resolve, reject) => {
    const began = process.hrtime.bigint();
    const asked = request(url, { method, agent, headers: { "accept-language": "ko", "sec-fetch-site": "same-origin", ...headers } }, (answer) => {
      const parts = [];
      answer.on("data", (part) => parts.push(part));
      answer.on("end", () => {
        const ms = Number(process.hrtime.bigint() - began) / 1e6;
        resolve({ status: answer.statusCode, headers: answer.headers, text: Buffer.concat(parts).toString(), ms });
      });
    });
    asked.on("error", reject);
    asked.end(body);
  });
}

const json = (value) => ({ method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(value) });

/** A UUIDv7: commands carry one. */
function uuid7() {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(Date.now(), 0, 6);
  bytes[6] = (bytes[6] & 0x0f) | 0x70;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  return bytes.toString("hex").replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, "$1-$2-$3-$4-$5");
}

async function signIn(iut, role) {
  const { login, password } = iut.logins.find((one) => one.role === role);
  const answer = await ask(new URL("/api/sign_in", iut.url), {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({ login, password }).toString(),
  });
  const cookies = (answer.headers["set-cookie"] ?? []).map((cookie) => cookie.split(";")[0]);
  if (!cookies.length) throw new Error(`can't sign in as ${role}: ${answer.status} ${answer.text}`);
  return { role, cookie: cookies.join("; ") };
}

/** Times `make()`, which answers [address, options], on some connections at once. */
async function measure(iut, who, connections, make) {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const once = async () => {
    const [path, options = {}] = make();
    const answer = await ask(new URL(path, iut.url), { ...options, agent, headers: { ...options.headers, cookie: who.cookie } });
    if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}: ${answer.text.slice(0, 200)}`);
    return answer.ms;
  };
  for (let count = 0; count < WARM_UP; count += 1) await once();
  let left = REQUESTS;
  const times = [];
  const loop = async () => {
    while (left > 0) {
      left -= 1;
      times.push(await once());
    }
  };
  const began = performance.now();
  await Promise.all(Array.from({ length: connections }, loop));
  const seconds = (performance.now() - began) / 1000;
  agent.destroy();
  times.sort((a, b) => a - b);
  const at = (share) => times[Math.min(times.length - 1, Math.floor(times.length * share))].toFixed(1);
  return `${at(0.5)} | ${at(0.95)} | ${at(0.99)} | ${(REQUESTS / seconds).toFixed(0)}`;
}

/** The cases of a list, as the server function gives them. */
async function cases(iut, who, query) {
  const answer = await ask(new URL("/api/case_list", iut.url), {
    ...json({ query, after: null }),
    headers: { "content-type": "application/json", cookie: who.cookie },
  });
  if (answer.status !== 200) throw new Error(`case_list answered ${answer.status}: ${answer.text.slice(0, 200)}`);
  return JSON.parse(answer.text).rows;
}

function recorded(id) {
  const at = new Date(Date.now() - 60_000).toISOString();
  const command = {
    aggregate: "visit",
    do: {
      verb: "record_unplanned",
      id: uuid7(),
      case: id,
      kind: "home",
      at,
      outcome: { outcome: "met", face_to_face: "neighbor" },
      signs: [],
      note: "안색이 좋아졌습니다. 다음 주에 다시 찾아가기로 했습니다.",
    },
  };
  return json({ envelope: { op_id: uuid7(), base_rev: null, made_at: new Date().toISOString(), command } });
}

const memory = (pid) => {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const megabytes = (key) => (Number(new RegExp(`${key}:\\s+(\\d+)`).exec(status)[1]) / 1000).toFixed(0);
  return `${megabytes("VmRSS")} MB, at most ${megabytes("VmHWM")} MB`;
};

/** A list of invented people in the demo district. */
function list() {
  const family = "김이박최정강조윤장임한오서신권황안송류홍".split("");
  const given = "민서지우하은도윤시아예준수빈유진현우가온나래다솜라온마루".split("");
  const dongs = ["1165051000", "1165053000", "1165054000", "1165055000", "1165056000"];
  const rows = Array.from({ length: IMPORT_ROWS }, (_, nth) => {
    // Every row is somebody else: names repeat only after 20 × 28 × 28 rows, phones never.
    const name = family[nth % 20] + given[Math.floor(nth / 20) % given.length] + given[Math.floor(nth / 560) % given.length];
    const phone = `010-${2000 + Math.floor(nth / 10_000)}-${String(nth % 10_000).padStart(4, "0")}`;
    return `2026-6,${name},${1930 + ((nth * 13) % 80)},,${phone},${dongs[nth % dongs.length]},,I01;I05,`;
  });
  return ["round,name,birth_year,sex,phone,dong_code,address,indicators,note", ...rows].join("\n");
}

async function importList(iut) {
  const file = join(iut.folder, "list.csv");
  await writeFile(file, list());
  const began = performance.now();
  const child = iut.run("import", "round", file, "--json");
  let [said, complained, most] = ["", "", 0];
  child.stdout.on("data", (part) => (said += part));
  child.stderr.on("data", (part) => (complained += part));
  const watch = setInterval(() => {
    try {
      most = Math.max(most, Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"))[1]) / 1000);
    } catch {
      // It has just ended.
    }
  }, 20);
  const code = await new Promise((resolve) => child.on("close", resolve));
  clearInterval(watch);
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  if (code !== 0) throw new Error(`the import ended with ${code}: ${complained.slice(0, 300)} ${said.slice(0, 300)}`);
  const { rows, new: fresh, matched, to_confirm } = JSON.parse(said);
  return `${rows} rows (${fresh} new, ${matched} known, ${to_confirm} to confirm) in ${seconds} s, at most ${most.toFixed(0)} MB in the command.`;
}

const iut = await startIut();
try {
  console.log(`${cpus().length} cores (${cpus()[0].model}), ${(totalmem() / 2 ** 30).toFixed(0)} GiB; the load comes from the same machine.\n`);
  const idle = memory(iut.pid);
  const [worker, manager] = [await signIn(iut, "caseworker"), await signIn(iut, "manager")];
  const own = (await cases(iut, worker, {})).map((row) => row.id);
  const team = (await cases(iut, manager, {})).map((row) => row.id);
  const next = (ids) => {
    let turn = 0;
    return () => ids[turn++ % ids.length];
  };
  const [ownCase, teamCase, recordCase] = [next(own), next(team), next(own)];
  const work = [
    ["(nothing: /healthz)", worker, () => ["/healthz"]],
    ["caseworker: my day", worker, () => ["/my-day"]],
    ["caseworker: caseload", worker, () => ["/cases"]],
    ["caseworker: search ㄱ", worker, () => ["/api/case_list", json({ query: { name: "ㄱ" }, after: null })]],
    ["caseworker: a case", worker, () => [`/cases/${ownCase()}`]],
    ["caseworker: week", worker, () => ["/calendar"]],
    ["caseworker: record a visit", worker, () => ["/api/execute", recorded(recordCase())]],
    ["manager: team", manager, () => ["/team"]],
    ["manager: caseload", manager, () => ["/cases"]],
    ["manager: closed cases", manager, () => ["/cases?closed=1"]],
    ["manager: search 김민", manager, () => ["/api/case_list", json({ query: { name: "김민" }, after: null })]],
    ["manager: search ㄱㅁㅅ, closed", manager, () => ["/api/case_list", json({ query: { name: "ㄱㅁㅅ", closed: true }, after: null })]],
    ["manager: a case", manager, () => [`/cases/${teamCase()}`]],
    ["manager: look-alikes while registering", manager, () => ["/api/look_alikes", json({ draft: { name: "김민서", birth_year: 1960, phone: null, dong: null, address: null } })]],
  ];
  console.log("| what | connections | median ms | p95 ms | p99 ms | requests/s |\n|---|---|---|---|---|---|");
  for (const [name, who, make] of work) {
    for (const connections of [1, 8]) {
      const line = await measure(iut, who, connections, make).catch((error) => `${error.message}`);
      console.log(`| ${name} | ${connections} | ${line} |`);
    }
  }
  console.log(`\nMemory of the server: ${idle} before the first request; ${memory(iut.pid)} after all.`);
  console.log(`\nImport: ${await importList(iut)}`);
} finally {
  await iut.stop();
}
