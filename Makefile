# Every target does its own set-up: Python 3.11 or later, its venv module and make are enough.
PYTHON := $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin

.PHONY: test lint fast check lock clean

test: lint fast

lint: .venv/ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

fast: .venv/ready
	$(BIN)/pytest -n 2 -m "not check and not long"

check: .venv/ready
	$(BIN)/pytest -n 2 -m "check and not long"

.venv/ready: pyproject.toml requirements/lock.txt
	@test -n "$(PYTHON)" || { echo "Broadsheet needs Python 3.11 or later: apt install python3 python3-venv"; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check -c requirements/lock.txt -e '.[dev]'
	touch $@

lock: .venv/ready
	$(BIN)/pip install --quiet --upgrade -e '.[dev]'
	$(BIN)/pip freeze --exclude-editable > requirements/lock.txt

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis dist
