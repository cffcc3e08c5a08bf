# The commands of the project. Only git, make and a Python 3 are needed: `make demo` brings the rest.
SHELL := /bin/sh
PY := .venv/bin/python
export PYTHONPATH := platform
export PYTHONUNBUFFERED := 1

.DEFAULT_GOAL := help
.PHONY: help ready demo demo-stop demo-reset test check fix bench vendor messages openapi lock

help: ## Show the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-11s %s\n", $$1, $$2 }' Makefile

ready: # uv, the locked packages and .venv; at once when nothing changed
	@for python in python3 python /usr/bin/python3; do \
	  if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 7))' >/dev/null 2>&1; then \
	    exec "$$python" .make/bootstrap.py; fi; done; \
	echo "No Python 3.7 or newer answers to python3: install one (Debian: apt-get install python3)." >&2; exit 1

demo: ready ## Run everything on this machine; PORT=8001 for another port, Ctrl-C stops
	@exec $(PY) -m sportello.demo run --with-parent

demo-stop: ready ## Stop the demo that runs, from another window
	@exec $(PY) -m sportello.demo stop

demo-reset: ready ## Stop the demo and throw its data away
	@exec $(PY) -m sportello.demo reset

test: ready ## Run all the tests; ARGS="tests/billing -k month" for some
	@.make/system.sh
	@$(PY) .make/conformance.py
	@exec $(PY) -m pytest -n 2 $(ARGS)

check: ready ## Linters, types, architecture, migrations, templates, translations
	@exec $(PY) .make/check.py $(ARGS)

fix: ready ## Format the code and repair what the linter can
	@$(PY) -m ruff format .
	@$(PY) -m ruff check --fix .

bench: ready ## Print the ratios of docs/performance.md
	@exec $(PY) -m tests.bench $(ARGS)

vendor: ready ## Build static/vendor again: the front-end library (needs Node.js), the marks of SPID and CIE
	@cd .make/vendor && npm ci && node build.mjs
	@rm -rf .cache/identity
	@PATH=".tools/uv/bin:$$PATH" uv pip install --quiet --no-deps --target .cache/identity spid-cie-oidc==1.6.3
	@$(PY) .make/vendor/identity.py .cache/identity

messages: ready ## Collect the sentences to translate and compile the translations
	@exec $(PY) .make/messages.py

openapi: ready ## Write docs/openapi.json after a change of the API
	@exec $(PY) .make/openapi.py

lock: ready ## Resolve the dependencies again after a change of pyproject.toml
	@PATH=".tools/uv/bin:$$PATH" uv lock
