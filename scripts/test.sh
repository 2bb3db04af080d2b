#!/usr/bin/env bash
# Runs every test and ends with one line that sums them up. Called by `make test`, after the linters.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

logs="$(mktemp -d)"
trap 'rm -rf "$logs"' EXIT

# The runners print as they do without this script; a copy is kept for the sum.
cargo nextest run --locked -p app --features ssr 2>&1 | tee "$logs/app"
cargo nextest run --locked -p server 2>&1 | tee "$logs/server"
# nextest does not run the examples in documentation; compiling for none would only take time.
for package in app server; do
  if grep -rqE '^\s*//[/!]\s*```' "$package/src"; then
    features=()
    if [ "$package" = app ]; then features=(--features ssr); fi
    cargo test --locked --doc -p "$package" ${features[@]+"${features[@]}"} 2>&1 | tee "$logs/doc-$package"
  fi
done
scripts/build.sh
# The REST API, as its public client reads it; without leaving compiled files in the tree.
tools="${LATCHKEY_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/latchkey/tools}"
PYTHONDONTWRITEBYTECODE=1 "${tools%/*}/client/bin/python" -m pytest end2end/client 2>&1 | tee "$logs/client"
npm --prefix end2end run --silent test 2>&1 | tee "$logs/browser"
node scripts/count-passed.mjs "$logs"
