# Everything here needs Python 3.11+ (with venv), git and make. `uv` is used where it is present.

PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && { echo "$$p"; break; }; done)
UV ?= $(shell command -v uv 2>/dev/null)

VENV := .venv
BIN := $(VENV)/bin
DONE := $(VENV)/.done

ifneq ($(UV),)
PIP_INSTALL := $(UV) pip install --quiet --python $(BIN)/python
else
PIP_INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check
endif

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help install demo test-fast test soak lint messages bench bench-answers requirements clean

help: ## this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  \1\t/' | expand -t 18

install: $(DONE)/project $(DONE)/postgres $(DONE)/test ## everything into .venv: the service, PostgreSQL's driver, what tests and lint need

demo: $(DONE)/project ## the desk of Postojna with sample data in the browser; needs no account
	@$(BIN)/starting-point demo

test-fast: $(DONE)/project $(DONE)/test ## before each commit: no browser, no PostgreSQL
	@$(BIN)/python -m pytest -n 2 --dist worksteal -m "not browser and not postgres and not soak and not slow"

test: install ## all tests, on SQLite and PostgreSQL, with bounded counts
	@$(BIN)/python -m pytest -n 2 --dist worksteal -m "not soak"

soak: install ## the long counts: kills, replays, cuts
	@$(BIN)/python -m pytest -m soak

lint: install ## ruff, mypy, import contracts
	@failed=0; for check in "ruff check ." "ruff format --check ." mypy lint-imports; do \
		echo "$$check"; $(BIN)/$$check || failed=1; done; exit $$failed

messages: $(DONE)/project ## extract the sentences, update and check the catalogs
	@$(BIN)/python -m bot.messages

bench: install $(DONE)/bench ## speed of a full turn, beside small baseline bots
	@$(BIN)/python -m bench

QUESTIONS ?= $(wildcard ../shared/eval/questions-dev.jsonl)
bench-answers: install $(DONE)/bench ## how often questions find their topic (QUESTIONS=file.jsonl; else own ones held back)
	@$(BIN)/python -m bench.answers $(if $(QUESTIONS),--file $(QUESTIONS))

requirements: $(BIN)/python ## write requirements/*.txt anew from pyproject.toml (UPGRADE=1: newest versions)
	@$(BIN)/python tools/lock.py $(if $(UPGRADE),--upgrade)

clean: ## remove what `make` made; data stays
	@rm -rf $(VENV) .cache dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

$(BIN)/python:
ifeq ($(PYTHON),)
	@echo "Python 3.11 or newer is needed, and none was found." >&2; exit 1
endif
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
		echo "Could not make $(VENV). On Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }

# One mark for each requirements file that has been installed: a second `make demo` installs nothing.
$(DONE)/%: requirements/%.txt | $(BIN)/python
	@echo "installing $< …"
	@$(PIP_INSTALL) --require-hashes -r $<
	@mkdir -p $(DONE) && touch $@

# Last, without dependencies and isolation: everything it needs, the build backend too, was just installed by hash.
# Then the matcher learns the answers once; a start only reads what was learnt.
$(DONE)/project: pyproject.toml $(DONE)/run
	@$(PIP_INSTALL) --no-deps --no-build-isolation --editable .
	@echo "learning the answers …"
	@$(BIN)/starting-point content learn
	@mkdir -p $(DONE) && touch $@
