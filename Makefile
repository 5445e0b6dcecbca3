# Two commands do everything on a fresh machine: `make run` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.ready

PROBLEMS ?= $(shell ls src/telic/problems/library | grep -v _ | paste -sd,)
SECONDS ?= 60

.PHONY: run test lint types contracts check bench peers records format clean system
.DEFAULT_GOAL := run

run: $(STAMP)  ## evolve circle-packing-26 for a minute: no key, no configuration
	$(BIN)/telic run circle-packing-26 --seconds 60 --no-target
	@printf '\ntelic is in %s; to use it by name: . %s/activate\n' $(BIN) $(BIN)

test: $(STAMP)  ## the whole test suite
	$(BIN)/python -m pytest -n 2 --dist loadgroup

lint: $(STAMP)  ## style
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(STAMP)  ## strict types
	$(BIN)/pyright

contracts: $(STAMP)  ## import directions
	$(BIN)/lint-imports

check: lint types contracts test  ## everything that CI checks

bench: $(STAMP)  ## speed, each figure beside its limit or a peer's
	$(BIN)/python benchmarks/engine.py

peers: $(STAMP)  ## beside OpenEvolve, ShinkaEvolve, GEPA and hill climbing, from PyPI into .peers/
	$(BIN)/python benchmarks/peers/run.py

records: $(STAMP)  ## look for better records, verify all stored ones: PROBLEMS=a,b SECONDS=60
	$(BIN)/python scripts/records.py compute --problems "$(PROBLEMS)" --seconds $(SECONDS)
	$(BIN)/python scripts/records.py verify
	$(BIN)/python scripts/records.py page

format: $(STAMP)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

$(STAMP): pyproject.toml scripts/setup.sh
	@PYTHON="$(PYTHON)" VENV="$(VENV)" sh scripts/setup.sh
	@touch $(STAMP)

clean:
	rm -rf $(VENV) .pytest_cache .ruff_cache .import_linter_cache .hypothesis
