# `make help` lists the targets. Everything lives in .venv, made from hash-locked requirements.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check --quiet
# most of what is installed is never imported: Python compiles the rest when it is
INSTALL := $(PIP) install --no-compile
# tests wait for leases and processes more than they compute
JOBS   ?= 3
# of the simulation and of `make chaos`: how many, and on which database
SEEDS      ?= 1000
DELIVERIES ?= 1000
DB         ?= both
# of `make reliability`
CASE       ?= all
PLATFORM   ?= facebook

.DEFAULT_GOAL := help
.PHONY: help setup run test check lint types layers unit long simulate bench chaos reliability lock clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-11s %s\n", $$1, $$2}'

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Vocero needs Python 3.11 or newer")'
	@$(PYTHON) -m venv $(VENV)

$(VENV)/run.stamp: requirements/build.txt requirements/run.txt pyproject.toml | $(BIN)/python
	@echo "Installing what Vocero runs on (once)…"
	@$(INSTALL) --require-hashes -r requirements/build.txt
	@$(INSTALL) --require-hashes -r requirements/run.txt
	@$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

# dev.txt holds all of build.txt and run.txt: one run of pip for the three
$(VENV)/dev.stamp: requirements/build.txt requirements/run.txt requirements/dev.txt pyproject.toml | $(BIN)/python
	@echo "Installing what Vocero and the tests need (once)…"
	@$(INSTALL) --require-hashes -r requirements/dev.txt
	@$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $(VENV)/run.stamp $@

setup: $(VENV)/dev.stamp ## install everything into .venv

run: $(VENV)/run.stamp ## rehearsal ("modo ensayo"): sandbox, sample week, worker; nothing leaves this machine
	@$(BIN)/vocero run

# the types are looked at while the tests run; mypy says what it found as soon as it knows
test: setup lint layers ## install, then lint, layers, types and tests: some minutes
	@$(BIN)/mypy & types=$$!; trap 'kill $$types 2>/dev/null' INT TERM; \
	$(MAKE) --no-print-directory unit; unit=$$?; \
	wait $$types || { echo "mypy found errors: they are above, among the tests"; exit 1; }; exit $$unit

check: test long ## all that CI runs

lint:
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types:
	$(BIN)/mypy

layers:
	$(BIN)/lint-imports

unit:
	$(BIN)/pytest -n $(JOBS) --dist worksteal -m "not long"

long: setup ## the tests that take long: processes killed at every step, simulated schedules, hostile platforms
	$(BIN)/pytest -n $(JOBS) --dist worksteal -m long

simulate: setup ## seeded schedules of the engine: SEEDS=10000 [DB=sqlite|postgresql], or one again: SEED=123
	$(BIN)/python -m tests.simulation $(if $(SEED),--seed $(SEED),--seeds $(SEEDS)) --db $(DB)

bench: setup ## measure it beside its baselines (minutes; BENCH="--quick --only help" for less)
	@$(BIN)/python -m tests.bench $(BENCH)

chaos: setup ## seven hostile platforms, workers that are killed: DELIVERIES=1000 SEED=7 DB=sqlite|postgresql
	$(BIN)/python -m tests.chaos --deliveries $(DELIVERIES) --seed $(or $(SEED),7) --database $(DB:both=sqlite)

reliability: setup ## a case of docs/reliability.md on this machine: CASE=accept-then-timeout PLATFORM=facebook
	$(BIN)/python -m tests.reliability $(CASE) --platform $(PLATFORM)

lock: ## write the hash-locked requirements anew (needs uv)
	sh requirements/lock.sh

clean: ## remove .venv and what runs left behind
	rm -rf $(VENV) var build *.egg-info
