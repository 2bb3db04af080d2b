#!/usr/bin/env bash
# Installs what the build and the tests need and this machine does not have yet. Called by `make setup`.
#
#   scripts/setup.sh build   what `make run` needs: the wasm target, cargo-leptos, wasm-bindgen, npm packages
#   scripts/setup.sh test    the same, and what `make test` needs: cargo-nextest, cargo-deny, Chromium, nginx, Python
#                            packages
#   scripts/setup.sh bench   the same, and wrk
#
# Command line tools go to a folder of Latchkey's own ($LATCHKEY_TOOLS), so that no other project's version of
# them is replaced. A tool of the right version that is on PATH already is used as it is.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly CARGO_LEPTOS=0.3.10 # the last that Rust 1.95 builds
readonly NEXTEST=0.9.151 # any other version does as well
readonly CARGO_DENY=0.20.2 # any other version does as well
readonly NODE_MIN=20
readonly PYTHON_MIN=3.12 # what the REST API's public client needs
readonly WASM_TARGET=wasm32-unknown-unknown
readonly TOOLS="${LATCHKEY_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/latchkey/tools}"
readonly CLIENT="${TOOLS%/*}/client" # a virtual environment for the tests of the REST API
export PATH="$TOOLS/bin:$PATH:${CARGO_HOME:-$HOME/.cargo}/bin"

mode="${1:-build}"
case "$mode" in
  build | test | bench) ;;
  *) echo "usage: scripts/setup.sh [build|test|bench]" >&2; exit 2 ;;
esac

say() { printf 'setup: %s\n' "$*"; }
fail() { printf 'setup: %s\n' "$*" >&2; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }

# step WHAT HOW-LONG COMMAND…: says what is done, does it, says how long it took.
step() {
  local what="$1" usual="$2" began=$SECONDS
  shift 2
  say "$what ($usual) …"
  "$@" || fail "$what failed; what the command said stands above."
  say "$what: done in $((SECONDS - began)) s"
  installed=$((installed + 1))
}
installed=0

# version_at_least HAVE WANT: whether a dotted version is WANT or newer.
version_at_least() { [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]; }

# The version that a cargo tool says of itself, or nothing.
version_of() { { "$@" --version 2>/dev/null || true; } | sed -n '1s/^[^0-9]*\([0-9][0-9.]*\).*/\1/p'; }

# cargo_tool NAME VERSION [FLAG…]: a ready-made binary where cargo-binstall is there and finds one, else from source.
cargo_tool() {
  local name="$1" version="$2"
  shift 2
  if have cargo-binstall && cargo binstall --no-confirm --disable-strategies compile --root "$TOOLS" "$name@$version"; then
    return 0
  fi
  # A temporary target folder: what a tool is built from is of no use to the product's own builds.
  env -u CARGO_TARGET_DIR cargo install "$name" --version "$version" --root "$TOOLS" "$@"
}

# debian WHAT PACKAGE…: installs Debian packages, or says what to install by hand.
debian() {
  local what="$1" as_root=()
  shift
  have apt-get || fail "$what is missing. Install it by hand; on Debian its packages are: $*"
  if [ "$(id -u)" != 0 ]; then
    { have sudo && { [ -t 0 ] || sudo -n true 2>/dev/null; }; } \
      || fail "$what is missing, and this user may not install it. Ask for the Debian packages: $*"
    as_root=(sudo)
  fi
  ${as_root[@]+"${as_root[@]}"} apt-get update -qq \
    && ${as_root[@]+"${as_root[@]}"} env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"
}

# The package brings a web server that runs on port 80, now and whenever the machine starts. Nobody asked for that: the
# tests start their own.
quiet_nginx() {
  local as_root=()
  debian nginx nginx-light || return
  if [ "$(id -u)" != 0 ]; then as_root=(sudo); fi
  if [ -d /run/systemd/system ]; then
    ${as_root[@]+"${as_root[@]}"} systemctl disable --quiet --now nginx
  elif [ -s /run/nginx.pid ]; then
    ${as_root[@]+"${as_root[@]}"} service nginx stop
  fi
}

# Prints the path of a Python that is new enough and can make virtual environments, or nothing. A name on PATH proves
# little: pyenv puts one there for every version it knows, whether or not that version is switched on.
find_python() {
  local candidate version
  for candidate in python3.13 python3.12 python3.14 python3 "${PYENV_ROOT:-$HOME/.pyenv}"/versions/*/bin/python3; do
    candidate="$(command -v "$candidate" 2>/dev/null)" || continue
    version="$("$candidate" -c 'import ensurepip, sys, venv; print("%d.%d" % sys.version_info[:2])' 2>/dev/null)" || continue
    if version_at_least "$version" "$PYTHON_MIN"; then
      printf '%s\n' "$candidate"
      return 0
    fi
  done
}

# client_packages PYTHON FOLDER: a virtual environment with the packages of end2end/client/, made from nothing.
client_packages() {
  rm -rf "$2"
  "$1" -m venv "$2" \
    && "$2/bin/python" -m pip install --quiet --disable-pip-version-check --no-input -r end2end/client/requirements.txt
}

# Debian puts it where only root's PATH leads.
find_nginx() { have nginx || [ -x /usr/sbin/nginx ]; }

find_chromium() {
  local candidate
  for candidate in "${CHROMIUM:-}" /usr/bin/chromium chromium chromium-browser google-chrome google-chrome-stable \
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome" /Applications/Chromium.app/Contents/MacOS/Chromium; do
    if [ -n "$candidate" ] && have "$candidate"; then return 0; fi
  done
  return 1
}

# --- What has to be there before ---------------------------------------------------------------------------------

have cargo || fail "Rust is missing. Install it with rustup, then run this again."
{ have node && have npm; } || fail "Node.js $NODE_MIN or newer with npm is missing. Install it, then run this again."
version_at_least "$(node -p process.versions.node)" "$NODE_MIN" || fail "Node.js $(node -v) is too old; $NODE_MIN or newer is needed."
rust_min="$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)"
rust_is="$(version_of rustc)"
[ -n "$rust_is" ] || fail "rustc does not start: see 'rustc --version'."
version_at_least "$rust_is" "$rust_min" || fail "Rust $rust_is is too old; $rust_min or newer is needed (rustup update)."

[ -f Cargo.lock ] || fail "Cargo.lock is missing; it belongs to the repository. Restore it with git."
wasm_bindgen="$(sed -n '/^name = "wasm-bindgen"$/{n;s/^version = "\(.*\)"/\1/p;}' Cargo.lock)"
[ -n "$wasm_bindgen" ] || fail "Cargo.lock names no wasm-bindgen; the command line tool must have the same version."

# --- The build ---------------------------------------------------------------------------------------------------

# The target's own libraries tell whether it is there; asking rustup takes longer and not everybody has it.
if [ ! -d "$(rustc --print target-libdir --target "$WASM_TARGET")" ]; then
  have rustup || fail "The Rust target $WASM_TARGET is missing, and there is no rustup to add it. Install it by hand."
  step "Rust target $WASM_TARGET" "20 MB, seconds" rustup target add "$WASM_TARGET"
fi
if [ "$(version_of cargo-leptos leptos)" != "$CARGO_LEPTOS" ]; then
  step "cargo-leptos $CARGO_LEPTOS" "from source 12 minutes on two cores, once" cargo_tool cargo-leptos "$CARGO_LEPTOS" --locked
fi
if [ "$(version_of wasm-bindgen)" != "$wasm_bindgen" ]; then
  # Not --locked: its lock file names a crate version that is not served everywhere.
  step "wasm-bindgen-cli $wasm_bindgen" "from source 2 minutes on two cores, once" cargo_tool wasm-bindgen-cli "$wasm_bindgen"
fi
# npm's packages: sass and wasm-opt for the build, Playwright and TypeScript for the browser tests.
stamp=end2end/node_modules/.latchkey-stamp
lock="$(cksum <end2end/package-lock.json) node $(node -p process.versions.modules)"
if [ "$(cat "$stamp" 2>/dev/null || true)" != "$lock" ]; then
  step "npm packages of end2end/" "half a minute" npm --prefix end2end ci --no-fund --no-audit --loglevel=error
  printf '%s\n' "$lock" >"$stamp"
fi

# --- The tests ---------------------------------------------------------------------------------------------------

if [ "$mode" != build ]; then
  if [ -z "$(version_of cargo-nextest nextest)" ]; then
    step "cargo-nextest $NEXTEST" "from source 4 minutes on two cores, once" cargo_tool cargo-nextest "$NEXTEST" --locked
  fi
  if [ -z "$(version_of cargo-deny)" ]; then
    # Without its default features: they serve the advisory database, which `make lint` does not ask.
    step "cargo-deny $CARGO_DENY" "from source 3 minutes on two cores, once" cargo_tool cargo-deny "$CARGO_DENY" --locked --no-default-features
  fi
  if ! find_chromium; then
    step "Chromium" "Debian packages, 100 MB, a minute" debian Chromium chromium fonts-liberation
    find_chromium || fail "Chromium was installed, but is nowhere to be found. Set CHROMIUM to its path."
  fi
  # One of the gateways whose samples are tested. The other one, Caddy, is among the Python packages.
  if ! find_nginx; then
    step "nginx" "Debian packages, 2 MB, seconds" quiet_nginx
    find_nginx || fail "nginx was installed, but is nowhere to be found. Put it on PATH."
  fi
  # The public client of the REST API, and what drives it.
  python="$(find_python)"
  [ -n "$python" ] || fail "Python $PYTHON_MIN or newer with its venv module is missing. Install it (on Debian: apt-get \
install python3 python3-venv; else 'pyenv install 3.13'), then run this again."
  stamp="$CLIENT/.latchkey-stamp"
  packages="$(cksum <end2end/client/requirements.txt) $("$python" -c 'import sys; print(sys.executable, sys.version)')"
  if [ "$(cat "$stamp" 2>/dev/null || true)" != "$packages" ]; then
    step "Python packages of end2end/client/" "half a minute" client_packages "$python" "$CLIENT"
    printf '%s\n' "$packages" >"$stamp"
  fi
fi
if [ "$mode" = bench ] && ! have wrk; then
  step "wrk" "Debian package, seconds" debian wrk wrk
fi

if [ "$installed" = 0 ]; then
  say "everything for '$mode' is there"
else
  say "everything for '$mode' is there now, after $SECONDS s"
fi
