# Every target does its own set-up: Python 3.11 or later, its venv module and make are enough for test and demo;
# check and bench fetch nginx and wget by apt as well, and keep other projects' tools out of .venv, in .build/.
PYTHON := $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
PIP := pip install --quiet --disable-pip-version-check
PEERS := scrapy warcio httpx trio
VALIDATORS := cdxj-indexer wacz pywb

.PHONY: test demo picture lint fast check long bench score train compiled lock clean

test: lint fast

demo: .venv/ready
	$(BIN)/broadsheet demo

# The picture of the README, from the demo's own output.
picture: .venv/ready
	$(BIN)/python -m tests.picture docs/demo.svg

lint: .venv/ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/mypy hatch_build.py
	$(BIN)/lint-imports

fast: .venv/ready
	$(BIN)/pytest -n 2 -m "not check and not long"

check: compiled .build/validators/ready
	.ci/need nginx
	$(BIN)/pytest -n 2 --dist loadfile -m "check and not long"

long: .venv/ready .build/validators/ready
	.ci/need nginx
	$(BIN)/pytest -m long

bench: compiled .build/peers/ready
	.ci/need nginx wget
	$(BIN)/python -m tests.bench
	$(BIN)/python -m tests.bench.fetching

score: compiled
	OPENBLAS_NUM_THREADS=1 $(BIN)/python -m tests.score --last .build/score.jsonl

# Extraction as machine code, from the sources as they are now (.venv/ready made it once): edited sources run interpreted.
compiled: .venv/ready
	$(BIN)/python hatch_build.py

.venv/ready: pyproject.toml requirements/lock.txt
	@test -n "$(PYTHON)" || { echo "Broadsheet needs Python 3.11 or later: apt install python3 python3-venv"; exit 1; }
	@echo "Setting up .venv: a minute or two, most of it to compile extraction"
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/$(PIP) -c requirements/lock.txt -e '.[dev]'
	@touch $@

.build/%/ready: requirements/%.txt | .venv/ready
	$(PYTHON) -m venv --clear .build/$*
	.build/$*/bin/$(PIP) -r $<
	@touch $@

# The learnt parts of extraction, from the ground truth of the corpus alone: seeded, the same data give the same files.
train: .venv/ready
	OPENBLAS_NUM_THREADS=1 $(BIN)/python -m tests.train
	OPENBLAS_NUM_THREADS=1 $(BIN)/python -m tests.train.kinds

# Newer releases of everything, tried in fresh environments: run the tests before you commit what it writes.
lock:
	for kind in lock peers validators; do $(PYTHON) -m venv --clear .build/$$kind; done
	.build/lock/bin/$(PIP) -e '.[dev]'
	.build/peers/bin/$(PIP) $(PEERS)
	.build/validators/bin/$(PIP) $(VALIDATORS)
	for kind in lock peers validators; do \
		.build/$$kind/bin/pip freeze --exclude-editable > requirements/$$kind.txt; done

clean:
	rm -rf sites/generic/native .venv .build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache dist
