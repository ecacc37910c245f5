#!/usr/bin/env bash
# Measures the release build on a demo district of the given number of neighbors (default 10,000), which it keeps in
# target/bench for the next time. Prints tables for docs/performance.md.
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
.ci/wasm-size.mjs target/site
