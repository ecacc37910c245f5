#!/usr/bin/env bash
# Everything that must hold, in stages; `make test` and CI run it without arguments. Later stages run though an earlier
# one failed, and one line at the end sums up.
#   .ci/test.sh fmt clippy      only these stages (see `stages` below)
# With CI=true, build results and packages are kept in $IUT_CACHE (default ~/.cache/iut), outside the clone.
set -u
cd "$(dirname "$0")/.." || exit 1
. .ci/tools.sh

export CARGO_TERM_COLOR=${CARGO_TERM_COLOR:-never} INSTA_UPDATE=no
if [ "${CI:-}" = true ]; then
  export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$IUT_CACHE/target} npm_config_cache=$IUT_CACHE/npm CARGO_INCREMENTAL=0
fi
target=$(realpath -m "${CARGO_TARGET_DIR:-target}")
# Beside the site of `make run`, so that tests do not change what a running server serves.
export IUT_BINARY=$target/debug/iut LEPTOS_SITE_ROOT=$target/site-test LEPTOS_HASH_FILE_NAME=$target/site-test.txt
logs=$target/test-logs
mkdir -p "$logs"

# limit TIME COMMAND…: in CI a test that hangs must not take the summary with it.
limit() {
  if [ "${CI:-}" = true ]; then timeout --kill-after=30 "$@"; else shift && "$@"; fi
}

stages='tools fmt house_rules locales clippy clippy_wasm rust_tests wasm browser deny'

tools() { .ci/tools.sh test; }

fmt() { cargo fmt --all --check; }

house_rules() { .ci/house-rules.sh; }

locales() { node .ci/locales.mjs; }

# The wasm entry stays out of native builds: with it, leptos would be built for the server and the browser at once.
clippy() { cargo clippy --workspace --exclude frontend --all-targets --locked -- -D warnings; }

# Folder and profile are those in which cargo-leptos builds the wasm: the macros are built once.
clippy_wasm() {
  cargo clippy -p frontend --target wasm32-unknown-unknown --target-dir "$target/front" --profile wasm-release --locked -- -D warnings
}

rust_tests() { limit 40m .ci/postgres.sh cargo test --workspace --exclude frontend --locked --no-fail-fast; }

# `cargo test` has built the binary; only its wasm, styles and assets are missing. The wasm is the one that ships: a debug
# build is thirty times its size, which every page of every test would load.
wasm() {
  [ -x "$IUT_BINARY" ] || cargo build -p server --bin iut --locked || return 1
  cargo leptos build --release --frontend-only --cargo-locked && .ci/wasm-size.mjs "$LEPTOS_SITE_ROOT"
}

browser() {
  ls "$LEPTOS_SITE_ROOT"/pkg/*.wasm >/dev/null 2>&1 || { fail "there is no wasm to test: see the stage before"; return 1; }
  cd end2end || return 1
  npm ci --ignore-scripts --no-audit --no-fund --prefer-offline --loglevel=error &&
    IUT_E2E_JSON=$logs/browser.json limit 42m node node_modules/@playwright/test/cli.js test
  local result=$?
  [ -f "$logs/browser.json" ] && ../.ci/second-tries.mjs "$logs/browser.json"
  return "$result"
}

deny() {
  cargo deny --locked --log-level error check --hide-inclusion-graph bans licenses sources || return 1
  if [ -n "${IUT_ADVISORIES:-}" ]; then
    cargo deny check advisories
  else
    say "Advisories are not checked: their database comes from the network. IUT_ADVISORIES=1 checks them."
  fi
}

heading() {
  case $1 in
    tools) say "Tools" ;;
    fmt) say "Formatting" ;;
    house_rules) say "House rules" ;;
    locales) say "Texts: the same keys, one Korean voice" ;;
    clippy) say "Clippy, native" ;;
    clippy_wasm) say "Clippy, wasm" ;;
    rust_tests) say "Rust tests on SQLite and PostgreSQL" ;;
    wasm) say "Wasm for the browser tests" ;;
    browser) say "Browser tests" ;;
    deny) say "Dependencies: bans, licences, sources" ;;
  esac
}

# counts STAGE RESULT: prints "passed failed" as the stage's own test runner counted, or one check for the stage.
counts() {
  local passed=0 failed=0
  case $1 in
    rust_tests)
      read -r passed failed < <(awk '/^test result:/ { passed += $4; failed += $6 } END { print passed + 0, failed + 0 }' "$logs/$1.log")
      ;;
    browser)
      [ -f "$logs/browser.json" ] && read -r passed failed < <(node -e '
        const { stats } = JSON.parse(require("fs").readFileSync(process.argv[1], "utf8"));
        console.log(stats.expected + stats.flaky, stats.unexpected)' "$logs/browser.json")
      ;;
    *) [ "$2" = 0 ] && passed=1 ;;
  esac
  [ "$2" != 0 ] && [ "$failed" = 0 ] && failed=1
  echo "$passed $failed"
}

total_passed=0 total_failed=0 report=
rm -f "$logs/browser.json"
for stage in ${*:-$stages}; do
  [[ " $stages " == *" $stage "* ]] || { fail "no stage $stage; there are: $stages"; exit 2; }
  say "" "== $(heading "$stage")"
  began=$SECONDS
  "$stage" 2>&1 </dev/null | tee "$logs/$stage.log"
  result=${PIPESTATUS[0]}
  read -r passed failed < <(counts "$stage" "$result")
  total_passed=$((total_passed + passed)) total_failed=$((total_failed + failed))
  line=$(printf '%-44s %5d passed %4d failed %6d s' "$(heading "$stage")" "$passed" "$failed" $((SECONDS - began)))
  say "-- $line"
  report+=$line$'\n'
done

say "" "== Summary, after $((SECONDS / 60)) min $((SECONDS % 60)) s" "$report"
say "$total_passed passed, $total_failed failed"
[ "$total_failed" = 0 ]
