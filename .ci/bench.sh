#!/usr/bin/env bash
# Measures the release build on a demo district of the given number of neighbors (default 10,000), then tablets with up to
# 10,000 cases and what Lighthouse says. Keeps the districts in target/bench for the next time. Prints tables for
# docs/performance.md.
set -euo pipefail
cd "$(dirname "$0")/.."
. .ci/tools.sh
chromium
(cd end2end && npm ci --ignore-scripts --no-audit --no-fund --prefer-offline --loglevel=error >/dev/null)
people=${1:-10000}
folder=target/bench/$people
if [ ! -f "$folder/demo.json" ]; then
  say "Making a district of $people neighbors, once." >&2
  rm -rf "$folder" && mkdir -p "$folder"
  iut=$PWD/target/release/iut
  (cd "$folder" && env -u DATABASE_URL "$iut" demo --people "$people" --seed 1 --json >demo.part && mv demo.part demo.json)
fi
export IUT_BINARY=$PWD/target/release/iut LEPTOS_SITE_ROOT=$PWD/target/site LEPTOS_HASH_FILE_NAME=$PWD/target/release/hash.txt
IUT_E2E_DEMO=$PWD/$folder node end2end/support/bench.mjs
field=target/bench/field
if [ ! -f "$field/demo.json" ]; then
  say "Making caseloads of 500, 5,000 and 10,000, once." >&2
  rm -rf "$field" && mkdir -p "$field"
  (cd "$field" && env -u DATABASE_URL "$IUT_BINARY" demo --people 300 --seed 1 --caseloads 500,5000,10000 --json >demo.part && mv demo.part demo.json)
fi
say "" "Tablets:" ""
IUT_BENCH_FIELD=$PWD/$field node end2end/support/bench-field.mjs
say "" "Lighthouse:" ""
IUT_E2E_DEMO=$PWD/$field node end2end/support/bench-lighthouse.mjs
.ci/wasm-size.mjs target/site
