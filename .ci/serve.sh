#!/usr/bin/env bash
# Serves the release build; on first start it makes the demo district. `.ci/serve.sh demo` only loads the demo district
# into DATABASE_URL. Demo people are never added to a database that was there before.
set -euo pipefail
cd "$(dirname "$0")/.."
. .ci/tools.sh

[ -n "${DATABASE_URL:-}" ] || unset DATABASE_URL
address=127.0.0.1:${PORT:-3000}
export LEPTOS_OUTPUT_NAME=iut LEPTOS_SITE_ROOT=target/site LEPTOS_SITE_PKG_DIR=pkg LEPTOS_HASH_FILES=true
export LEPTOS_ENV=PROD LEPTOS_SITE_ADDR=$address
iut=target/release/iut
logins=data/demo-logins.txt
loading=data/.demo-loading

# An interrupted load leaves the mark, so that the next start begins again from nothing.
make_demo_district() {
  say "Making the demo district: under a minute, once."
  mkdir -p data && chmod 700 data
  touch "$loading"
  rm -f data/iut.db data/iut.db-wal data/iut.db-shm
  (umask 077 && "$iut" demo | tee "$logins")
  rm "$loading"
}

if [ "${1:-}" = demo ]; then
  exec "$iut" demo
fi
if [ -z "${DATABASE_URL:-}" ]; then
  if [ ! -e data/iut.db ] || [ -e "$loading" ]; then
    make_demo_district
  else
    "$iut" migrate
    if [ -f "$logins" ]; then cat "$logins"; fi
  fi
else
  "$iut" migrate
  say "The demo district is not loaded into DATABASE_URL by itself: make demo."
fi
say "" "Iut is at http://$address (Ctrl+C ends it)" ""
exec "$iut" serve
