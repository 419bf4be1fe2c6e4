# Everything a fresh clone needs: git, make and Python 3.11, 3.12 or 3.13. Each goal sets up what it needs by itself.
#
#   make demo | test | lint | bench | clean | requirements | docs-errors | docs-commands
#
# QR=1 lets everything in the demo cross by light, and shows it. PYTHON=python3.13 chooses the interpreter, VENV=.venv-3.13 another place for the environment.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory --no-builtin-rules

PYTHON ?=
VENV ?= .venv
COSE_VENV := .venv-cose
TOOLS_VENV := .venv-tools
BIN := $(VENV)/bin
READY := $(VENV)/.ready
COSE_READY := $(COSE_VENV)/.ready
export PIP_DISABLE_PIP_VERSION_CHECK := 1

MEMBERS := shared online offline
MEMBER_FILES := $(MEMBERS:%=%/pyproject.toml)

# The versions that the tests run on. Of newer ones a dependency has no wheels yet: 3.14 lacks coincurve.
define find_python
found=; seen=; \
for candidate in $(if $(PYTHON),"$(PYTHON)",python3 python3.13 python3.12 python3.11); do \
  version=$$("$$candidate" -c 'import ensurepip, sys, venv; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) || continue; \
  case $$version in 3.11 | 3.12 | 3.13) found=$$candidate; break ;; *) seen="$$seen $$candidate is $$version." ;; esac; \
done; \
if [ -z "$$found" ]; then \
  echo "Coldtusk is tested with Python 3.11, 3.12 and 3.13, and runs on no other. None with venv is here$(if $(PYTHON), at $(PYTHON))." >&2; \
  [ -z "$$seen" ] || echo "Found:$$seen" >&2; \
  echo "On Debian: apt install python3 python3-venv. For one in another place: make PYTHON=/path/to/python3.13 demo" >&2; \
  exit 1; \
fi
endef

# Exactly the pinned wheels: nothing is resolved and nothing is built, so that a new release on the index changes nothing.
INSTALL := -m pip install --quiet --require-hashes --no-deps --only-binary :all: -r

.PHONY: help demo test lint bench clean requirements docs-errors docs-commands setup

help:
	@sed -n 's/^#   make /make /p' Makefile

setup: $(READY)

# The stamp is written last: a setup that was interrupted starts anew.
$(READY): requirements/dev.txt $(MEMBER_FILES)
	@$(find_python); \
	echo "== setting up $(VENV) with $$("$$found" --version)"; \
	rm -f $@; \
	"$$found" -m venv --clear $(VENV); \
	$(BIN)/python $(INSTALL) requirements/dev.txt; \
	$(BIN)/python -m pip install --quiet --no-deps --no-index --no-build-isolation $(MEMBERS:%=-e ./%); \
	touch $@

$(COSE_READY): requirements/cose-oracle.txt
	@$(find_python); \
	echo "== setting up $(COSE_VENV), the independent COSE library"; \
	rm -f $@; \
	"$$found" -m venv --clear $(COSE_VENV); \
	$(COSE_VENV)/bin/python $(INSTALL) requirements/cose-oracle.txt; \
	touch $@

demo: $(READY)
	@$(BIN)/python tests/demo/run.py $(if $(QR),--qr)

test: $(READY) $(COSE_READY)
	@mkdir -p build/coverage
	@rm -f build/coverage/*
	@echo "== tests, and branch coverage of coldtusk_shared and coldtusk_offline"
	@$(BIN)/python -m pytest -n 3 --dist loadfile --cov --cov-report=term-missing

lint: $(READY)
	@echo "== ruff check"; $(BIN)/ruff check .
	@echo "== ruff format"; $(BIN)/ruff format --check .
	@echo "== mypy"; $(BIN)/mypy
	@echo "== import contracts"; $(BIN)/lint-imports --no-logo --cache-dir build/import-linter

bench: $(READY)
	@mkdir -p build
	@$(BIN)/python tests/bench/run.py

docs-errors: $(READY)
	@$(BIN)/python tests/boundary/error_codes.py docs/errors.md

docs-commands: $(READY)
	@$(BIN)/python tests/boundary/service_commands.py docs/manual/service-commands.md

# Compiled from the members' dependencies and the groups of the root pyproject.toml; versions stay unless UPGRADE=--upgrade.
COMPILE = $(TOOLS_VENV)/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
  --no-header --no-annotate --no-strip-extras --no-emit-package coldtusk-shared $(UPGRADE)
requirements: $(TOOLS_VENV)/.ready
	$(COMPILE) offline/pyproject.toml -o requirements/offline.txt
	$(COMPILE) online/pyproject.toml -o requirements/online.txt
	$(COMPILE) online/pyproject.toml offline/pyproject.toml --group pyproject.toml:dev -o requirements/dev.txt
	$(COMPILE) --group pyproject.toml:cose-oracle -o requirements/cose-oracle.txt
	$(COMPILE) --group pyproject.toml:tools -o requirements/tools.txt

$(TOOLS_VENV)/.ready: requirements/tools.txt
	@$(find_python); \
	rm -f $@; \
	"$$found" -m venv --clear $(TOOLS_VENV); \
	$(TOOLS_VENV)/bin/python $(INSTALL) requirements/tools.txt; \
	touch $@

clean:
	rm -rf .venv .venv-* build .coverage* .hypothesis .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
	find shared online offline tests -name __pycache__ -type d -prune -exec rm -rf {} +
