// A newer version of the program, for a server that is exchanged while tablets hold the one before.
import { appendFile, cp, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { environment } from "./iut.mjs";

/** A second site: the same program with another style sheet. */
export async function makeSecondSite() {
  const folder = await mkdtemp(join(tmpdir(), "iut-site-"));
  const { LEPTOS_SITE_ROOT, LEPTOS_HASH_FILE_NAME } = environment();
  const [site, hashes] = [join(folder, "site"), join(folder, "hash.txt")];
  await cp(LEPTOS_SITE_ROOT, site, { recursive: true });
  const first = await readFile(LEPTOS_HASH_FILE_NAME, "utf8");
  const css = /^css: (.*)$/m.exec(first)[1];
  const style = join(site, "pkg/iut.second.css");
  await rename(join(site, `pkg/iut.${css}.css`), style);
  await appendFile(style, "\n.second { color: red }\n");
  await writeFile(hashes, first.replace(css, "second"));
  const env = { LEPTOS_SITE_ROOT: site, LEPTOS_HASH_FILE_NAME: hashes };
  return { env, style, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** The server is another one when the network is back. */
export async function exchange(context, iut, env) {
  await context.setOffline(true);
  await iut.halt();
  await iut.again(env);
  await context.setOffline(false);
}
