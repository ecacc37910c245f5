#!/usr/bin/env bash
# The house rules that a search can check. Prints every place that breaks one.
set -u
cd "$(dirname "$0")/.." || exit 1
# A file, because `forbid` stands at the end of pipes, where a variable would be lost.
broken=$(mktemp)
trap 'rm -f "$broken"' EXIT

# forbid RULE: reads the places from standard input.
forbid() {
  local places
  places=$(cat)
  [ -z "$places" ] && return 0
  printf '%s:\n%s\n\n' "$1" "$places"
  echo broken >>"$broken"
}

code=('*.rs' '*.mjs' '*.js' '*.ts')
data=('*.csv' '*.json' '*.geojson' '*.sql' '*.snap' '*.txt' '*.md' '*.toml' '*.yml' '*.html' '*.css')

git grep -nIE '(^|[^0-9])[0-9]{6}-?[1-8][0-9]{6}([^0-9]|$)' -- "${data[@]}" ':!*.lock' ':!*-lock.json' |
  grep -E '[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])-[1-8]' | cut -d: -f1,2 |
  forbid "Something like a resident registration number in a data file"
git grep -nE '#\[ignore|\b(test|it|describe)\.(skip|only|fixme)\(' -- "${code[@]}" | forbid "A test that is skipped"
git grep -nE 'todo!\(|unimplemented!\(|#!?\[allow\(' -- '*.rs' | forbid "Unfinished code, or allow instead of expect"
git grep -nE '^(sea-orm|sqlx|rusqlite)\b' -- app server/Cargo.toml | grep Cargo.toml | forbid "A database crate outside store and migrations"
git grep -nE '(url\(|src=|@import )[ "'\'']*(https?:)?//' -- style app/src app/public | forbid "Something loaded from another origin"
grep -n '"resolved"' end2end/package-lock.json | forbid "A download address in package-lock.json"
grep -nE '^source = "git\+' Cargo.lock | forbid "A dependency from a repository"
git ls-files -z -- '*.rs' '*.css' '*.mjs' | xargs -0r wc -l | awk '$2 != "total" && $1 > 800 { print }' |
  forbid "A file over 800 lines (aim under 400)"
git ls-files -z | xargs -0r du -k 2>/dev/null | awk '$1 > 2048 { print }' | forbid "A file over 2 MiB"

[ -s "$broken" ] && exit 1
echo "kept"
