#!/usr/bin/env node
// Prints the size of the wasm under a site folder as browsers get it. The budget is 450 kB in brotli.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync } from "node:zlib";

const folder = join(process.argv[2], "pkg");
const kB = (bytes) => `${(bytes / 1000).toFixed(0)} kB`;
for (const name of readdirSync(folder).filter((file) => file.endsWith(".wasm"))) {
  const bytes = readFileSync(join(folder, name));
  console.log(`wasm: ${kB(bytes.length)}, in brotli ${kB(brotliCompressSync(bytes).length)} of 450 kB`);
}
