# The two commands are `make run` and `make test`. Everything lives in .venv; nothing is installed outside it.

PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
DATA ?= data
CAPX := .venv/bin/capx --data $(DATA)
# Two processes, a file in one of them; tests/conftest.py says in which order, the longest first.
BOTH := -n 2 --dist loadfile --no-loadscope-reorder
# Python keeps what it has compiled: else every process of a run compiles the house and its tests anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help run test test-all check format bench golden-server lock wheel clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' Makefile

# Data that is new is addressed as it is served, so that the IRIs of its entities lead somewhere; its base stays.
run: export CAPX_BASE := $(or $(CAPX_BASE),$(if $(wildcard $(DATA)),,http://127.0.0.1:$(PORT)))
run: .venv/.runtime ## Serve on http://127.0.0.1:8000 (PORT=, HOST=, DATA= change that); first start makes the data
	@$(CAPX) demo add --first --host $(HOST) --port $(PORT)
	@exec $(CAPX) serve --host $(HOST) --port $(PORT)

test: .venv/.develop ## The quick suite, loopback only: 2 to 4 minutes on two cores
	.venv/bin/pytest $(BOTH) -m "not slow"

test-all: .venv/.develop ## Every suite: crashes, browser, foreign engines; under 30 minutes
	.venv/bin/pytest $(BOTH)

check: .venv/.develop ## Format, lint, types, then the quick suite
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy
	$(MAKE) test

format: .venv/.develop ## Put the code into the house's form
	.venv/bin/ruff format .
	.venv/bin/ruff check --fix .

bench: .venv/.develop ## Measure with 1,000, 10,000 and 100,000 people; prints a table, writes bench-out/ (BENCH="--write": BENCH.md)
	.venv/bin/python -m tests.bench $(BENCH)

golden-server: .venv/.runtime ## An empty Wikibase of the tests in a temporary folder, to try tools against (PORT=8181)
	@exec .venv/bin/python -m tests.houses.golden_server --port $(PORT)

lock: .venv/.develop ## Renew the locked dependencies
	.venv/bin/uv pip compile pyproject.toml --group build --universal --generate-hashes \
	  --python-version 3.11 --no-header --quiet --upgrade --output-file requirements.txt
	.venv/bin/uv pip compile pyproject.toml --group build --group dev --constraints requirements.txt \
	  --universal --generate-hashes --python-version 3.11 --no-header --quiet --upgrade \
	  --output-file requirements-dev.txt

wheel: .venv/.develop ## Build the wheel into dist/
	.venv/bin/uv build --wheel --no-build-isolation --python .venv/bin/python --quiet

clean: ## Remove the environment and what was built; the data stays
	rm -rf .venv build dist bench-out .mypy_cache .ruff_cache .pytest_cache .hypothesis

.venv/bin/pip:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "capx-graph needs Python 3.11 or newer")'
	$(PYTHON) -m venv .venv

.venv/.runtime: requirements.txt pyproject.toml | .venv/bin/pip
	.venv/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	.venv/bin/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

.venv/.develop: .venv/.runtime requirements-dev.txt
	.venv/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@
