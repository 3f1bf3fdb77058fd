# Every task a developer runs. `make` alone lists them.
SHELL := /bin/bash
.DEFAULT_GOAL := help

PYTHON ?= python3
UV_VERSION := 0.13.9
PY := .venv/bin/python
RUSH ?=
KILLS ?= 50
# Tests of rules, words and files; those of engines, printers, crashes, hubs and browsers take longer.
SLICES := ordering kitchen guests floor menu staff payments cash devices
FAST := tests/shared tests/golden tests/sync tests/test_tidy.py $(SLICES:%=tests/edge/%)

.PHONY: help setup browser demo check test prove torture web e2e types verify bench flood docs release pictures

help: ## list the targets
	@grep -hE '^[a-z0-9]+:.*##' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-8s %s\n", $$1, $$2}'

# The boot environment holds only uv; the project's own environment is made by it from the lock, every file by its hash.
.boot/bin/uv:
	@echo "· preparing the installer"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed")'
	@$(PYTHON) -m venv .boot
	@.boot/bin/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

.venv/.synced: .boot/bin/uv requirements.lock pyproject.toml
	@echo "· installing what the lock names (a minute on the first run)"
	@test -x .venv/bin/python || .boot/bin/uv venv --quiet --python $(PYTHON) .venv
	@.boot/bin/uv pip sync --quiet --python .venv/bin/python --require-hashes requirements.lock
	@.boot/bin/uv pip install --quiet --python .venv/bin/python --no-deps --no-build-isolation --editable .
	@touch $@

setup: .venv/.synced ## locked Python and web dependencies, git hooks
	@$(PY) -m installer.web build
	@if git rev-parse --git-dir >/dev/null 2>&1; then git config core.hooksPath .githooks; fi

browser: .venv/.synced
	@$(PY) -m installer.browser

demo: .venv/.synced ## the whole system on loopback; RUSH=1 plays a dinner rush
	@$(PY) -m installer.cli demo $(if $(RUSH),--rush)

check: .venv/.synced ## format, lint, types, imports, tidy and fast tests; under a minute
	@.venv/bin/ruff format --check . && .venv/bin/ruff check .
	@.venv/bin/lint-imports --no-cache
	@.venv/bin/mypy
	@$(PY) -m installer.generated --check
	@$(PY) -m installer.reference --check
	@$(PY) -m pytest $(FAST) -m "not slow and not browser"

test: .venv/.synced browser ## every test but the long ones
	@$(PY) -m installer.web build
	@$(PY) -m installer.web check
	@$(PY) -m installer.web test
	@$(PY) -m installer.web size
	@$(PY) -m pytest tests --ignore=tests/e2e -n 2 --dist loadfile
	@$(PY) -m pytest tests/e2e

prove: .venv/.synced ## properties with many examples, simulation with fresh seeds
	@HYPOTHESIS_PROFILE=prove $(PY) -m pytest tests/properties tests/sync tests/simulation

torture: .venv/.synced ## kill -9 an edge in a rush, KILLS=50 times: nothing is lost, nothing done twice
	@KILLS=$(KILLS) $(PY) -m pytest tests/crash -s

web: .venv/.synced ## type-check, unit tests and build of the screens
	@$(PY) -m installer.web check
	@$(PY) -m installer.web test
	@$(PY) -m installer.web build
	@$(PY) -m installer.web size

e2e: .venv/.synced browser ## browser tests on a real edge
	@$(PY) -m installer.web build
	@$(PY) -m pytest tests/e2e

types: .venv/.synced ## vocabulary to TypeScript, reference pages, and frames for the screens' tests
	@$(PY) -m installer.generated
	@$(PY) -m installer.reference
	@$(PY) -m tests.golden.frames_recorder

pictures: .venv/.synced browser ## every screen at every size, of this tree and of BASE (the last commit), and what differs
	@$(PY) -m tests.pictures $(if $(BASE),--base $(BASE)) $(foreach app,$(APP),--app $(app))

verify: .venv/.synced ## replay the demo's logs into fresh tables and compare
	@$(PY) -m installer.cli demo --verify

bench: .venv/.synced ## commands a second and latencies, each against its floor
	@$(PY) -m installer.cli bench

flood: .venv/.synced ## what waiters notice while strangers flood the edge and printers misbehave
	@$(PY) -m installer.cli bench --under-attack --seconds 10

docs: .venv/.synced ## run every example in the docs
	@$(PY) -m pytest tests/docs

release: check ## join the change notes under VERSION, keep a data folder of it; then commit and tag
	@$(PY) -m installer.release $(VERSION) $$(date +%Y-%m-%d)
	@$(PY) -m tests.upgrade.make
