# Every target does its own set-up: a clone, Python >= 3.11, make and the package registries are enough.
PYTHON ?= python3
BIN := .venv/bin
RUN_STAMP := .venv/.run-installed
DEV_STAMP := .venv/.dev-installed
BENCH_STAMP := .venv/.bench-installed
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet

.PHONY: setup demo test test-browser test-slow bench audit check lock clean

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
	$(BIN)/python -m pytest -n auto --dist worksteal

# The pages in a real browser, Debian's Chromium; it is installed where it is missing and may be.
test-browser: $(DEV_STAMP) | chromium
	$(BIN)/python -m pytest -m browser tests/browser

.PHONY: chromium libreoffice
chromium:
	command -v chromium > /dev/null || { apt-get update -qq && apt-get install -y -qq chromium fonts-noto-cjk; }

libreoffice:
	command -v soffice > /dev/null || { apt-get update -qq && apt-get install -y -qq libreoffice-writer libreoffice-calc \
		&& apt-get install -y -qq fonts-noto-cjk fonts-wqy-zenhei fonts-wqy-microhei fonts-arphic-uming fonts-arphic-ukai \
		fonts-arphic-gbsn00lp fonts-arphic-gkai00mp fonts-liberation fonts-freefont-ttf fonts-crosextra-caladea fonts-croscore; }

# Slow proofs: every layout of the zoo at length, printed and as office files; scans; kills in mid-harvest; fuzzing.
test-slow: $(DEV_STAMP) | chromium libreoffice
	$(BIN)/python -m pytest -n auto -m slow --timeout 1800
	$(BIN)/python -m tests.zoo.run --documents 20000 --seed 1
	$(BIN)/python -m tests.zoo.printed --documents 200
	$(BIN)/python -m tests.zoo.worded --documents 200
	for dpi in 110 150 200; do $(BIN)/python -m tests.scans.run --reports 20 --seed 1001 --dpi $$dpi --held-out; done
	$(BIN)/python -m tests.nights.faults --runs 40 --seed 1
	$(BIN)/python -m tests.fuzz.run --seconds 300

# Needs a service of known vulnerabilities within reach; fails where there is none.
audit: $(DEV_STAMP)
	$(BIN)/pip-audit --requirement requirements.lock --require-hashes --disable-pip --strict

bench: $(BENCH_STAMP)
	$(BIN)/python -m benchmarks.parse
	$(BIN)/python -m benchmarks.placing
	$(BIN)/python -m benchmarks.harvest
	$(BIN)/python -m benchmarks.pdf
	$(BIN)/python -m benchmarks.ocr
	$(BIN)/python -m benchmarks.dataset
	$(BIN)/python -m benchmarks.site
	$(BIN)/python -m benchmarks.nights
	$(BIN)/python -m benchmarks.reparse
	$(BIN)/python -m benchmarks.national

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
