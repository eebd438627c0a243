# Everything a person needs: `make demo` to see it, `make test` to check it. `make help` lists the rest.
PYTHON ?= python3
VENV   := .venv
PY     := $(VENV)/bin/python
SEED   := $(shell od -An -N4 -tu4 /dev/urandom | tr -d ' ')
SEEDS   = --randomly-seed=$(SEED) --hypothesis-seed=$(SEED)
N      := 20

.PHONY: help demo tour test test-repeat soak audit bench lint types format lock reference screenshots clean

help:            ## list the targets
	@grep -E '^[a-z-]+: .*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*##/  -/'

$(VENV)/.ready: requirements-dev.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; set PYTHON=...")'
	$(PYTHON) -m venv $(VENV)
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

demo: $(VENV)/.ready  ## a Slack workspace of your own with the bot in it; Ctrl-C stops it
	$(PY) -m bot demo

tour: $(VENV)/.ready  ## the same, played by itself with a moved clock
	$(PY) -m bot tour

test: $(VENV)/.ready lint types  ## everything CI checks: lint, types, tests
	$(PY) -m pytest -n 5 $(SEEDS) --ignore tests/browser
	@if $(PY) -m tests.browser.chromium; then $(PY) -m pytest -n 2 $(SEEDS) tests/browser; fi

test-repeat: $(VENV)/.ready  ## the tests N times in a row with other seeds, beside two busy processes, until one is red
	$(PY) -m tests.repeat $(N)

soak: $(VENV)/.ready  ## kill the desk at every moment there is, play 200 random stories, and try anything at every door (half an hour)
	SOAK=1 $(PY) -m pytest -n 2 tests/integration/engine tests/plays tests/fuzz tests/scenarios/test_review_night.py

audit: $(VENV)/.ready  ## how old the lock is, and whether anything in it has a known weakness
	$(PY) -m tests.audit

bench: $(VENV)/.ready  ## how fast the desk is, beside the field and beside itself
	$(PY) -m tests.benchmarks
	$(PY) -m tests.benchmarks.bench_engine

lint: $(VENV)/.ready  ## ruff: rules and format
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .

types: $(VENV)/.ready  ## mypy, strict
	$(PY) -m mypy

format: $(VENV)/.ready  ## let ruff mend what it can
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

lock: $(VENV)/.ready  ## work the lock files out anew from pyproject.toml (no hosts are recorded)
	$(PY) -m pip install --quiet uv
	$(PY) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --custom-compile-command "make lock" --extra plot -o requirements.lock pyproject.toml
	$(PY) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --custom-compile-command "make lock" --group dev --extra plot --extra page -o requirements-dev.lock pyproject.toml

reference: $(VENV)/.ready  ## write the tables of docs/ anew from the code
	$(PY) -m tests.reference

screenshots: $(VENV)/.ready  ## take the pictures of docs/screenshots anew (needs a Chromium)
	$(PY) -m tests.browser.screenshots

clean:           ## remove the environment and what the demo left
	rm -rf $(VENV) .sandbox .pytest_cache .mypy_cache .ruff_cache
