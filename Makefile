# Everything one does here, each as one command. Python 3.11+ and Node 20+ are all it needs: no root, no server. What is
# needed besides goes into .venv and node_modules, and again when the files that list it have changed.

PYTHON ?= python3
BIN := .venv/bin
DEMO := .venv/demo.stamp
DEV := .venv/dev.stamp
NODE := node_modules/.package-lock.json

.PHONY: help demo demo-reset test quick whole faults fuzz lint types extensions format lock check-python check-node

help: ## these lines
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 13

# Python is all the demo needs: without Node it shows in place of an extension how to build them.
demo: $(DEMO) ## the app, and a store on this machine to try it in; Ctrl-C stops it
	@if command -v node >/dev/null && [ -d node_modules/esbuild ]; then \
	  npm run --silent bundle || echo "The extensions are not built; the demo goes on without them." >&2; fi
	@exec $(BIN)/python -m devstore.demo

demo-reset: $(DEMO) ## forget everything the demo keeps
	@$(BIN)/python -m devstore.demo forget

# The browser is looked for first: finding none is a failure, and should not take ten minutes to say so.
test: $(DEV) ## everything: style, types, extensions, then the tests on SQLite and PostgreSQL
	@CHROMIUM="$$($(BIN)/python -m tests.setup.chromium)" || exit 1; export CHROMIUM; \
	  $(MAKE) --no-print-directory lint types extensions && $(BIN)/pytest -n logical --maxprocesses 4 --dist worksteal

quick: $(DEV) ## what a change breaks first, on SQLite, in about a minute
	@$(BIN)/pytest -q -x -k "not postgresql" -m "not slow and not faults and not whole" --ignore tests/browser

whole: $(DEV) ## in full length what `make test` runs a slice of: guesses at the look-up, sums of returns, killed refunds
	@$(BIN)/pytest -m whole

faults: $(DEV) ## kill and stop real processes in every way we know, on both databases, and count
	@$(BIN)/python -m tests.faults

fuzz: $(DEV) ## 100,000 mutated calls at every entrance, on both databases
	@$(BIN)/python -m tests.fuzz

lint: $(DEV)
	@$(BIN)/ruff format --check --quiet . && $(BIN)/ruff check --quiet .

types: $(DEV)
	@$(BIN)/mypy

extensions: $(NODE) ## bundle the extensions, for the store on this machine, and test them
	@npm test --silent

format: $(DEV) ## lay out the Python files and mend what can be mended
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format .

lock: $(DEV) ## pin what the requirement files bring along
	@$(BIN)/python -m tests.setup.lock

$(DEMO): requirements.txt devstore/requirements.txt | check-python
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install -qq --disable-pip-version-check -r devstore/requirements.txt
	@touch $@

$(DEV): requirements-dev.txt $(DEMO)
	$(BIN)/python -m pip install -qq --disable-pip-version-check -r requirements-dev.txt
	@touch $@

$(NODE): package.json package-lock.json | check-node
	npm ci --no-audit --no-fund --loglevel error
	@touch $@

check-python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or later is needed: make PYTHON=/path/to/python3" >&2; exit 1; }

check-node:
	@node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' || \
	  { echo "Node 20 or later is needed, for the extensions and their tests" >&2; exit 1; }
