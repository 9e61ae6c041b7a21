# Two commands matter: `make demo` and `make test`. The rest are their parts.
PYTHON ?= python3
VENV ?= .venv
UV ?= uv
BIN = $(VENV)/bin
# A worker a core; a file's tests stay together, since they share what they build.
PYTEST = $(BIN)/pytest -n auto --dist loadfile

.PHONY: demo test test-core check bench bundle lock ready-base ready-dev ready-bench machine images

demo: ready-base                ## install, build the demo, start it, print address and sign-in
	$(BIN)/jiceng demo

test: ready-dev machine test-core  ## everything: checks, SQLite, browser, PostgreSQL
	# Pages are walked on PostgreSQL by the browser, below; here what lies under them.
	JICENG_TEST_ON=postgres tools/with-postgres $(PYTEST) -m "database and not browser" --ignore tests/web
	$(PYTEST) -m browser
	JICENG_TEST_ON=postgres tools/with-postgres $(PYTEST) -m browser --ignore tests/journeys/test_accessible.py

test-core: ready-dev check      ## what needs neither a browser nor PostgreSQL
	$(PYTEST) -m "not browser"

check: ready-dev                ## style, types, floors, law, migrations, ids of refusals
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/jiceng law check
	$(BIN)/python -m django makemigrations --check --dry-run --settings=tests.settings
	$(BIN)/python tools/check-refusals

bench: ready-bench              ## every figure the README claims; see bench/README.md
	PYTHONPATH=. $(BIN)/python bench/run.py

images: ready-dev machine       ## the pictures in the README, from a running demo
	$(BIN)/python tools/take-pictures

bundle: ready-base              ## wheels for a machine without a network: ./bundle
	rm -rf bundle && mkdir bundle
	$(BIN)/python -m pip wheel -q --require-hashes -r requirements/base.txt -w bundle
	$(BIN)/python -m pip wheel -q --no-deps . -w bundle
	@echo '离线包在 ./bundle。在没有网络的电脑上：pip install --no-index --find-links bundle jiceng && jiceng demo'

lock:                           ## hashed requirement files, without index or host addresses
	$(UV) pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-header --no-annotate -q -o requirements/base.txt
	$(UV) pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes --no-header --no-annotate -q -o requirements/dev.txt
	$(UV) pip compile pyproject.toml --group dev --group bench -c requirements/dev.txt --universal --python-version 3.11 --generate-hashes --no-header --no-annotate -q -o requirements/bench.txt

ready-base: $(VENV)/.ready-base
ready-dev: $(VENV)/.ready-dev
ready-bench: $(VENV)/.ready-bench
machine:
	tools/machine

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo '需要 Python 3.11 或更高版本（PYTHON=... 可指定）'; exit 1; }
	@$(PYTHON) -c 'import ensurepip' || { echo '需要 venv 模块（Debian：apt-get install python3-venv）'; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.ready-base: $(VENV)/bin/python requirements/base.txt pyproject.toml
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/base.txt
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps -e .
	@touch $@

$(VENV)/.ready-dev: $(VENV)/bin/python requirements/dev.txt pyproject.toml
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/dev.txt
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps -e .
	@touch $@ $(VENV)/.ready-base

$(VENV)/.ready-bench: $(VENV)/bin/python requirements/bench.txt pyproject.toml
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/bench.txt
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps -e .
	@touch $@
