# The only task runner. `make` alone says what there is.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.NOTPARALLEL:
MAKEFLAGS += --no-print-directory

# Where cargo builds. CI clones anew each time, so there the folder lies outside the clone and dependencies are kept.
# The site (target/site) is another matter: cargo-leptos takes `site-root` relative to the workspace, whatever
# CARGO_TARGET_DIR says, and that is where server/ embeds it from.
ifeq ($(strip $(CARGO_TARGET_DIR)),)
  ifeq ($(CI),true)
    CARGO_TARGET_DIR := $(HOME)/.cache/latchkey/target
  else
    CARGO_TARGET_DIR := $(CURDIR)/target
  endif
endif
export CARGO_TARGET_DIR := $(abspath $(CARGO_TARGET_DIR))
BINARY := $(CARGO_TARGET_DIR)/release/latchkey

# sass and wasm-opt come from end2end/, cargo's tools from the folder that scripts/setup.sh installs into.
XDG_CACHE_HOME ?= $(HOME)/.cache
CARGO_HOME ?= $(HOME)/.cargo
export LATCHKEY_TOOLS ?= $(XDG_CACHE_HOME)/latchkey/tools
export PATH := $(CURDIR)/end2end/node_modules/.bin:$(LATCHKEY_TOOLS)/bin:$(PATH):$(CARGO_HOME)/bin

DATA ?= ./data
DEMO_DATA ?= ./data-demo
DEMO_FILE := demo/provision.json

.PHONY: help setup setup-test setup-bench build run demo test lint e2e bench fmt clean

help: ## Say what each task does
	@awk -F ':.*## ' '/^[a-z0-9]+:.*## / { printf "  make %-6s %s\n", $$1, $$2 }' Makefile

setup: ## Install what the build needs and is not there yet
	@scripts/setup.sh build

setup-test:
	@scripts/setup.sh test

setup-bench:
	@scripts/setup.sh bench

build: setup ## Build the release binary latchkey, frontend inside, into cargo's target folder
	@scripts/build.sh

run: build ## Build and serve on http://127.0.0.1:3000 with the data in ./data
	@LATCHKEY_DATA_DIR="$${LATCHKEY_DATA_DIR:-$(DATA)}" exec "$(BINARY)" serve

demo: build ## The same with sample accounts, users and tokens, in ./data-demo
	@node scripts/demo-accounts.mjs $(DEMO_FILE)
	@LATCHKEY_DATA_DIR="$(DEMO_DATA)" LATCHKEY_PROVISION="$(DEMO_FILE)" \
		LATCHKEY_RATE_LIMIT_TOKEN=0 LATCHKEY_RATE_LIMIT_ADDRESS=0 exec "$(BINARY)" serve

test: setup-test lint ## Install what is missing and run every check and every test
	@scripts/test.sh

lint: setup-test ## Check formatting, lints, licences and types
	cargo fmt --all --check
	cargo clippy --locked -p app --features ssr --all-targets -- -D warnings
	cargo clippy --locked -p app --features hydrate --target wasm32-unknown-unknown -- -D warnings
	cargo clippy --locked -p frontend --target wasm32-unknown-unknown -- -D warnings
	cargo clippy --locked -p server --all-targets -- -D warnings
	cargo deny --locked check bans licenses sources
	npm --prefix end2end run --silent types

e2e: setup-test build ## Run the browser tests only; ARGS="edit --headed" goes to Playwright
	@npm --prefix end2end run --silent test -- $(ARGS)

bench: setup-bench build ## Measure speed and size against the goals
	cargo bench --locked --quiet -p server --bench life --bench lists
	@npm --prefix end2end run --silent bench

fmt: ## Format the Rust sources
	cargo fmt --all

clean: ## Remove what was built; data and installed tools stay
	cargo clean
	rm -rf target end2end/node_modules end2end/test-results end2end/playwright-report end2end/pictures
