#!/usr/bin/env bash
# Runs a command with a PostgreSQL of its own:   .ci/postgres.sh cargo test -p store
# The server lives in a temporary folder, listens on a free loopback port, keeps nothing safe (no fsync) and ends with
# the command. The command finds it in IUT_TEST_PG; its user may create databases. Every test makes its own.
set -u
. "$(dirname "$0")/tools.sh"

[ $# -gt 0 ] || { fail "usage: $0 COMMAND…"; exit 1; }
postgresql || exit 1

# Debian keeps each version in a folder of its own, off PATH.
newest=$(compgen -G '/usr/lib/postgresql/*/bin/initdb' | sort -V | tail -n 1)
bin=$(dirname "${newest:-$(readlink -f "$(type -P initdb)")}")
home=$(mktemp -d "${TMPDIR:-/tmp}/iut-pg.XXXXXX")
password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')

# PostgreSQL refuses to run as root.
owner=
if [ "$(id -u)" = 0 ]; then
  owner=nobody
  id -u postgres >/dev/null 2>&1 && owner=postgres
  chmod 700 "$home" && chown "$owner" "$home"
fi
as_owner() {
  if [ -n "$owner" ]; then (cd "$home" && runuser -u "$owner" -- "$@"); else "$@"; fi
}

stop() {
  as_owner "$bin/pg_ctl" -D "$home/data" -m immediate -w stop >/dev/null 2>&1
  rm -rf "$home"
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

printf '%s' "$password" >"$home/password"
chmod 600 "$home/password"
[ -n "$owner" ] && chown "$owner" "$home/password"
# Not the locale C: pg_trgm would find no Korean letters.
as_owner "$bin/initdb" -D "$home/data" -U iut --encoding=UTF8 --locale=C.UTF-8 --auth=scram-sha-256 \
  --pwfile="$home/password" --no-sync >"$home/initdb.log" 2>&1 || { cat "$home/initdb.log" >&2; exit 1; }

start() {
  port=$(node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close() })')
  as_owner "$bin/pg_ctl" -D "$home/data" -l "$home/log" -w -t 60 start >/dev/null -o "-p $port -h 127.0.0.1 -k $home \
    -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=300 -c shared_buffers=128MB \
    -c max_wal_size=2GB -c timezone=UTC"
}
# Somebody else may take the free port in between.
start || start || start || { cat "$home/log" >&2; exit 1; }

export IUT_TEST_PG="postgres://iut:$password@127.0.0.1:$port/postgres"
letters=$("$bin/psql" -XqAt -v ON_ERROR_STOP=1 "$IUT_TEST_PG" -c 'CREATE EXTENSION pg_trgm' -c "SELECT cardinality(show_trgm('가나다'))") ||
  exit 1
[ "$letters" -gt 0 ] || { fail "pg_trgm finds no Korean letters: wrong locale"; exit 1; }

"$@"
