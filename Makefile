PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin

.PHONY: demo test lint types train gate bench wheel clean

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

demo: $(BIN)/python  ## install and run the main job on the bundled examples
	$(BIN)/pip install -q -c constraints.txt . && $(BIN)/journeyseo demo

test: $(BIN)/python  ## install what the tests need and run them
	$(BIN)/pip install -q -c constraints.txt -e '.[test]' && $(BIN)/python -m pytest -n auto --dist loadfile

lint:
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/lint-imports

types:
	$(BIN)/mypy

train:  ## retrain the shipped models
	$(BIN)/journeyseo train -o models

gate:  ## check the shipped models against their pinned floors
	$(BIN)/python -m journeyseo.training.gate

bench:
	$(BIN)/python -m benchmarks.speed
	$(BIN)/python -m benchmarks.read

wheel:
	$(BIN)/pip install -q build && $(BIN)/python -m build --wheel

clean:
	rm -rf build dist $(VENV) .mypy_cache .ruff_cache .pytest_cache
