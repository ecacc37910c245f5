# Iut (이웃). `make run` and `make test` are all that a newcomer needs; `make help` lists the rest.

PORT ?= 3000
# Empty: the embedded SQLite file data/iut.db. PostgreSQL: make run DATABASE_URL=postgres://user@host/name
DATABASE_URL ?=
PEOPLE ?= 10000

SHELL := /bin/bash
export PORT DATABASE_URL

SOURCES := $(shell find app server migrations style -type f -not -path '*/tests/*' 2>/dev/null) \
	Cargo.toml Cargo.lock rust-toolchain.toml .cargo/config.toml
BUILT := target/release/.iut-built

.PHONY: help run build demo dev test bench fmt tools
.DEFAULT_GOAL := help

help: ## list the targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 16
	@echo "  Variables: PORT (now $(PORT)), DATABASE_URL (empty: data/iut.db), PEOPLE (for bench: $(PEOPLE))"

run: tools $(BUILT) ## build what changed, make the demo district on first start, serve on 127.0.0.1:PORT
	@.ci/serve.sh

build: tools $(BUILT) ## the release: target/release/iut, target/release/hash.txt and target/site

$(BUILT): $(SOURCES)
	@echo "Building the release: about 25 minutes on 2 cores the first time, then only what changed."
	@. .ci/tools.sh && CARGO_TARGET_DIR=$(CURDIR)/target cargo leptos build --release --precompress --cargo-locked
	@touch $@

demo: tools $(BUILT) ## load the demo district into DATABASE_URL
	@.ci/serve.sh demo

dev: tools ## rebuild and reload while you edit
	@. .ci/tools.sh && LEPTOS_SITE_ADDR=127.0.0.1:$(PORT) cargo leptos watch

test: ## everything that must hold; ends with one summary
	@.ci/test.sh

bench: tools $(BUILT) ## measure the release on a demo district of PEOPLE neighbors, tablets, and with Lighthouse
	@.ci/bench.sh $(PEOPLE)

fmt: ## format the Rust code
	@. .ci/tools.sh && rust && cargo fmt --all

tools:
	@.ci/tools.sh run
