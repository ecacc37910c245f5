#!/usr/bin/env bash
# Installs what the project needs and the machine lacks; what is there is left alone.
#   .ci/tools.sh run    what `make run` and `make dev` need
#   .ci/tools.sh test   what `make test` needs besides
# Needs rustup, Node and npm. Debian packages are installed as root or through sudo.
# Sourcing it only defines the functions and completes PATH.

CARGO_LEPTOS_VERSION=0.3.10 # 0.3.11 needs rustc 1.96
CARGO_DENY_VERSION=0.20.2
IUT_CACHE=${IUT_CACHE:-${HOME:-/root}/.cache/iut}
export IUT_CACHE
END2END=$(cd "$(dirname "${BASH_SOURCE[0]}")/../end2end" && pwd)
NODE_TOOLS=$END2END/node_modules/.bin
export PATH="$NODE_TOOLS:${CARGO_HOME:-${HOME:-/root}/.cargo}/bin:${PATH:+$PATH:}/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin"

say() { printf '%s\n' "$@"; }

fail() {
  printf 'error: %s\n' "$*" >&2
  return 1
}

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif type -P sudo >/dev/null; then
    sudo "$@"
  else
    fail "this needs root or sudo: $*"
  fi
}

# debian_package PACKAGE COMMAND [WHY]: installs PACKAGE when COMMAND is not there. (`type -P` sees programs only, where
# `command -v` would find the function of the same name.)
debian_package() {
  type -P "$2" >/dev/null && return 0
  install_debian "$1" "${3:-}"
}

install_debian() {
  type -P apt-get >/dev/null || { fail "$1 is missing and this is not Debian: install it by hand"; return 1; }
  say "Installing Debian's $1${2:+ ($2)}: up to a minute."
  if [ -z "${IUT_APT_UPDATED:-}" ]; then
    as_root apt-get update -qq || return 1
    IUT_APT_UPDATED=1
  fi
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$1" >/dev/null
}

rust() {
  type -P cargo >/dev/null && type -P rustup >/dev/null || { fail "install rustup first"; return 1; }
  type -P rustfmt >/dev/null || { fail "rustup has no rustfmt"; return 1; }
  rustup target list --installed | grep -qx wasm32-unknown-unknown && return 0
  say "Adding the Rust target wasm32-unknown-unknown: seconds."
  rustup target add wasm32-unknown-unknown
}

node_and_npm() {
  type -P node >/dev/null && type -P npm >/dev/null || { fail "install Node (20 or newer) and npm first"; return 1; }
  node -e 'process.exit(Number(process.versions.node.split(".")[0]) >= 20 ? 0 : 1)' || fail "Node 20 or newer is needed"
}

# installed_version COMMAND: the version that `COMMAND --version` prints, or nothing.
installed_version() { "$1" --version 2>/dev/null | grep -oE '[0-9]+\.[0-9]+\.[0-9]+' | head -n 1; }

# cargo_tool CRATE COMMAND VERSION TIME [FLAGS…]: builds the tool unless that version is there. Another version on
# PATH is left where it is: then ours goes into the cache folder and stands before it on PATH.
cargo_tool() {
  local crate=$1 command=$2 version=$3 time=$4 own
  shift 4
  own=$IUT_CACHE/tools/$crate-$version
  [ -d "$own/bin" ] && PATH="$own/bin:$PATH"
  [ "$(installed_version "$command")" = "$version" ] && return 0
  mkdir -p "$IUT_CACHE"
  (
    flock 9 # a second run waits instead of building the same
    hash -r
    [ "$(installed_version "$command")" = "$version" ] && exit 0
    [ -n "$(installed_version "$command")" ] && set -- "$@" --root "$own"
    say "Building $crate $version: about $time on 2 cores, once."
    # Quick to build matters more here than quick to run.
    CARGO_PROFILE_RELEASE_OPT_LEVEL=1 CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 \
      CARGO_PROFILE_RELEASE_DEBUG=false CARGO_TARGET_DIR="$IUT_CACHE/tools/target" \
      cargo install "$crate" --version "$version" --quiet "$@"
  ) 9>"$IUT_CACHE/tools.lock" || return 1
  [ -d "$own/bin" ] && PATH="$own/bin:$PATH"
  hash -r
}

# locked_version CRATE: its version in Cargo.lock.
locked_version() {
  awk -v name="name = \"$1\"" '$0 == name { getline; gsub(/version = |"/, ""); print; exit }' Cargo.lock
}

cargo_leptos() { cargo_tool cargo-leptos cargo-leptos "$CARGO_LEPTOS_VERSION" "8 minutes" --locked --features no_downloads; }

# The library and this program speak a private protocol: their versions must be equal. Without --locked, because its
# own lock file holds versions that have been withdrawn.
wasm_bindgen() { cargo_tool wasm-bindgen-cli wasm-bindgen "$(locked_version wasm-bindgen)" "2 minutes"; }

cargo_deny() { cargo_tool cargo-deny cargo-deny "$CARGO_DENY_VERSION" "5 minutes" --locked; }

c_compiler() { debian_package build-essential cc "SQLite and the ciphers contain C"; }

# From npm, like the tools of the browser tests and locked with them: Debian's wasm-opt exports the wrong one of the two
# tables of a module.
wasm_opt() {
  [ -x "$NODE_TOOLS/wasm-opt" ] && return 0
  say "Installing binaryen and the browser test tools from npm: seconds."
  (cd "$END2END" && npm ci --ignore-scripts --no-audit --no-fund --prefer-offline --loglevel=error)
}

chromium() { debian_package chromium chromium "the browser tests"; }

postgresql() { compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || debian_package postgresql initdb "the store tests"; }

korean_font() {
  type -P fc-list >/dev/null || install_debian fontconfig || return 1
  fc-list :lang=ko | grep -q . || install_debian fonts-noto-cjk "Korean letters in screenshots"
}

tools_for_run() { rust && node_and_npm && c_compiler && wasm_opt && wasm_bindgen && cargo_leptos; }

tools_for_test() { tools_for_run && postgresql && chromium && korean_font && cargo_deny; }

if [ "${BASH_SOURCE[0]}" = "$0" ]; then
  cd "$(dirname "$0")/.." || exit 1
  case ${1:-run} in
    run) tools_for_run ;;
    test) tools_for_test ;;
    *) fail "unknown: $1 (run or test)" ;;
  esac
fi
