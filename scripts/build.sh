#!/usr/bin/env bash
# Builds the release binary `latchkey`, site embedded, into cargo's target folder. Called by `make build`.
#
# cargo-leptos empties the site folder and builds it anew each time, which makes the server compile again too. So
# the stamp holds a sum of everything that goes in and the size and date of what came out; the same again: done.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

export PATH="$PWD/scripts/build-tools:$PATH"
target="${CARGO_TARGET_DIR:-target}"
binary="$target/release/latchkey"

# Variables of this name replace the flags in .cargo/config.toml, without which the frontend is a third larger.
for flags in RUSTFLAGS CARGO_ENCODED_RUSTFLAGS CARGO_BUILD_RUSTFLAGS; do
  case "${!flags:---cfg erase_components}" in
    *erase_components*) ;;
    *) echo "build: $flags is set and hides the flags of .cargo/config.toml; add '--cfg erase_components' to it" >&2; exit 2 ;;
  esac
done
stamp=target/.latchkey-build

sum() { if command -v sha256sum >/dev/null; then sha256sum; else shasum -a 256; fi; }
inputs() {
  {
    rustc --version
    cat Cargo.toml Cargo.lock .cargo/config.toml rust-toolchain.toml end2end/package-lock.json scripts/build.sh scripts/build-tools/wasm-opt
    printf '%s' "${RUSTFLAGS:-}" "$PWD"
    find app frontend server style -type f ! -path 'server/tests/*' -print0 | LC_ALL=C sort -z | xargs -0 cksum
  } | sum
}
# What came out, as the file system tells it: another clone that shares the target folder puts its own binary there.
# shellcheck disable=SC2012  # `stat` has other flags on other systems; these paths are our own.
outputs() { ls -lnT "$binary" target/site/pkg/* 2>/dev/null || ls -ln --time-style=full-iso "$binary" target/site/pkg/*; }

inputs="$(inputs)"
if [ -x "$binary" ] && [ "$(cat "$stamp" 2>/dev/null || true)" = "$inputs $(outputs)" ]; then
  echo "build: nothing changed, $binary is up to date"
else
  echo "build: frontend and server, release (about 6 minutes on two cores from nothing, half a minute after an edit) …"
  began=$SECONDS
  rm -f "$stamp"
  cargo leptos build --release --precompress --cargo-locked
  printf '%s %s\n' "$inputs" "$(outputs)" >"$stamp"
  echo "build: done in $((SECONDS - began)) s: $binary"
fi
node scripts/frontend-size.mjs
