# Every target does its own set-up: a clone, Python >= 3.11, make and the package registries are enough.
PYTHON ?= python3
BIN := .venv/bin
RUN_STAMP := .venv/.run-installed
DEV_STAMP := .venv/.dev-installed
BENCH_STAMP := .venv/.bench-installed
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet

.PHONY: setup demo test test-slow bench check lock clean

setup: $(RUN_STAMP)

$(BIN)/python:
	$(PYTHON) -m venv .venv

$(RUN_STAMP): requirements.lock pyproject.toml | $(BIN)/python
	$(PIP) --require-hashes -r requirements.lock
	$(PIP) --no-deps --no-build-isolation --editable .
	touch $@

$(DEV_STAMP): requirements-dev.lock $(RUN_STAMP)
	$(PIP) --require-hashes -r requirements-dev.lock
	touch $@

$(BENCH_STAMP): requirements-bench.lock $(DEV_STAMP)
	$(PIP) --require-hashes -r requirements-bench.lock
	touch $@

demo: setup
	$(BIN)/nianbao demo

test: $(DEV_STAMP)
	$(BIN)/python -m pytest -n auto

# Slow proofs: every layout of the zoo at length, kills in mid-harvest, fuzzing.
test-slow: $(DEV_STAMP)
	$(BIN)/python -m pytest -n auto -m slow --timeout 1800
	$(BIN)/python -m tests.zoo.run --documents 20000 --seed 1
	$(BIN)/python -m tests.fuzz.run --seconds 300

bench: $(BENCH_STAMP)
	$(BIN)/python -m benchmarks.parse
	$(BIN)/python -m benchmarks.placing
	$(BIN)/python -m benchmarks.harvest

check: $(DEV_STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# Needs uv on the PATH; the lock files carry versions and hashes, and no index.
lock:
	uv pip compile pyproject.toml --extra all --group build --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 --upgrade --quiet --output-file requirements.lock
	uv pip compile pyproject.toml --extra all --group build --group dev --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 --constraint requirements.lock --quiet --output-file requirements-dev.lock
	uv pip compile pyproject.toml --extra all --group build --group dev --group bench --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 --constraint requirements-dev.lock --quiet --output-file requirements-bench.lock

clean:
	rm -rf .venv data/harvest .pytest_cache .mypy_cache .ruff_cache dist
