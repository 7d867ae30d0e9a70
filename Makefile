# Every target sets up what it needs in .venv, and does so again only when a lock file changed.
.DEFAULT_GOAL := help
.PHONY: help demo full test soak lint format bench lock clean

BIN := .venv/bin
UV := $(BIN)/uv
INSTALL := $(UV) pip install --quiet --python $(BIN)/python

# Python packages that are there; a folder without Python in it would stop mypy.
SOURCES := schemas events actors projections runtime
CHECKED := $(foreach folder,$(SOURCES) tests benchmarks,$(if $(wildcard $(folder)/__init__.py),$(folder)))

WORKERS ?= 2
SEEDS ?= 20000
PYTEST_ARGS ?=

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: .venv/.run ## Run the demo: no broker, JVM or GPU needed
	$(BIN)/wakeline demo

full: .venv/.full ## Install everything that is optional: Kafka, Ray, telemetry, models

# Many tests start the program; compiled once, it starts in half the time wherever Python is told
# not to write bytecode by itself.
test: .venv/.dev ## Run every test in parallel, with coverage
	@$(BIN)/python -m compileall -q $(SOURCES)
	@rm -f .coverage .coverage.*
	$(BIN)/python -m pytest -n $(WORKERS) --cov --cov-report=term $(PYTEST_ARGS)

soak: .venv/.dev ## Run what wants hours or more than two cores
	$(BIN)/python -m runtime.hosts.simulated --seeds $(SEEDS)
	$(BIN)/python -m pytest -m soak

lint: .venv/.dev ## Check style, format, types and imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy $(CHECKED)
	$(BIN)/lint-imports

format: .venv/.dev ## Put the code into the shape that lint asks for
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: .venv/.dev ## Run the benchmarks
	$(BIN)/python -m benchmarks

# A lock file holds versions and hashes, and no registry's address. Pins stay as they are
# unless asked: make lock UPGRADE=--upgrade
COMPILE = $(UV) pip compile --quiet --universal --generate-hashes --no-header --no-annotate \
	--no-emit-index-url --no-emit-find-links --python-version $(shell cat .python-version) $(UPGRADE)

lock: .venv/.python ## Resolve the dependencies again into requirements/
	$(COMPILE) --group build -o requirements/build.lock
	$(COMPILE) pyproject.toml -c requirements/build.lock -o requirements/run.lock
	$(COMPILE) pyproject.toml --all-extras -c requirements/build.lock -c requirements/run.lock \
		-o requirements/full.lock
	$(COMPILE) pyproject.toml --all-extras --group dev -c requirements/build.lock \
		-c requirements/full.lock -o requirements/dev.lock

clean: ## Remove caches, reports and build products; .venv stays
	rm -rf build dist htmlcov .coverage .coverage.* .bootstrap
	rm -rf .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find $(SOURCES) tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

# ---------------------------------------------------------------------------------------
# .venv, in three steps. A stamp is newer than what it was made from, or the step runs again.

.venv/.python: .python-version infra/setup-python requirements/build.lock
	infra/setup-python
	@touch $@

.venv/.run: .venv/.python requirements/run.lock pyproject.toml
	@echo "Installing what the program needs into .venv"
	@$(INSTALL) --compile-bytecode --require-hashes -r requirements/run.lock
	@$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

.venv/.full: .venv/.run requirements/full.lock
	@echo "Installing all that is optional into .venv"
	@$(INSTALL) --compile-bytecode --require-hashes -r requirements/full.lock
	@touch $@

.venv/.dev: .venv/.run requirements/dev.lock
	@echo "Installing what the checks need into .venv"
	@$(INSTALL) --compile-bytecode --require-hashes -r requirements/dev.lock
	@touch $@
