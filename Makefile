# make        sets up, checks the content, and exports it into build/
# make test   sets up and runs the tests

# The first Python that is new enough; say PYTHON=… for another.
PYTHON ?= $(shell for name in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	$$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$name && break; done)

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -I -m pip --disable-pip-version-check --quiet

.PHONY: all test check slow audit bench lint types layers fix docs examples lock clean

all: $(VENV)/core
	$(BIN)/bmkit validate
	$(BIN)/bmkit export all --out build

PYTEST := $(BIN)/pytest --numprocesses auto --dist worksteal

test: $(VENV)/dev
	$(PYTEST)

# What CI runs: all that fits some minutes.
check: lint types layers test slow

# The tests that `make test` leaves out, each property with more examples.
slow: $(VENV)/dev
	HYPOTHESIS_PROFILE=thorough $(PYTEST) -m "(slow or hypothesis) and not audit"

# All there is, also what is slow by nature; docs/testing.md says what that is.
audit: lint types layers
	HYPOTHESIS_PROFILE=thorough $(PYTEST) -m ""
	$(BIN)/python benchmarks/mutations.py
	$(BIN)/python benchmarks/agreement.py
	$(BIN)/python benchmarks/sealed.py
	$(BIN)/python benchmarks/flood.py
	$(BIN)/python benchmarks/fuzz.py --inputs 100000

lint: $(VENV)/dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check

types: $(VENV)/dev
	$(BIN)/mypy

layers: $(VENV)/dev
	$(BIN)/lint-imports

# What a machine can repair.
fix: $(VENV)/dev
	$(BIN)/ruff check --fix
	$(BIN)/ruff format
	$(BIN)/bmkit fmt

# The pages that are made from the schemas, the rules and the commands.
docs: $(VENV)/dev
	$(BIN)/python docs/make.py

# The expected output of every example, from what bmkit says now: look at the difference before committing it.
examples: $(VENV)/dev
	$(BIN)/pytest -q tests/test_examples.py tests/workflow/test_first_steps.py --rewrite

# The packages that the action and the workflow of a new project install, with their hashes: the newest there are.
LOCK := src/bmkit/project_template/files/requirements.txt
lock: $(VENV)/core
	@$(PIP) install uv
	echo 'hatchling>=1.25' | $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --upgrade --custom-compile-command 'make lock' --output-file $(LOCK) pyproject.toml -

clean:
	rm -rf build $(VENV)

# A stamp each: installing again waits until pyproject.toml is newer.
$(VENV)/core: pyproject.toml
	@test -n "$(PYTHON)" || { echo "bmkit needs Python 3.11 or newer: make PYTHON=/path/to/python" >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "setting up $(VENV)"
	@$(PIP) install --editable .
	@touch $@

$(VENV)/dev: $(VENV)/core
	@echo "setting up $(VENV) for tests"
	@$(PIP) install --editable '.[dev]'
	@touch $@
