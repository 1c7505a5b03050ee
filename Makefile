# What each target does: make help. Settings are given as `make up NAME=value` or in the environment.

.DEFAULT_GOAL := help
.PHONY: help up down demo status logs raw test test-docker lint bench postman reindex verify rotate backup restore clean lock environment environment-dev environment-quix

PYTHON_VENV := .venv/bin/python
STACK_COMMAND := $(PYTHON_VENV) -m stack
# On engines in containers: what the log and the index promise, and a worker between them.
CONTAINER_TESTS := tests/event_log tests/video_index/test_elasticsearch.py tests/processor tests/provisioning
UV := uv pip compile --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 --quiet

help: ## Show what there is to make
	@echo "make TARGET [SETTING=value ...]"
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-11s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

up: environment ## Start the product in the background [STACK=docker|native|embedded DATA_DIR= API_PORT= ...]
	@$(STACK_COMMAND) up $(ARGS)

demo: environment ## Start it on simulated videos, with data of their own [CATALOGUE=file.jsonl.gz STACK= ...]
	@$(STACK_COMMAND) demo $(ARGS)

down: environment ## Stop what runs; data are kept [DATA_DIR=]
	@$(STACK_COMMAND) down

status: environment ## Show the parts, their addresses, and how they are [DATA_DIR=]
	@$(STACK_COMMAND) status || [ $$? -eq 3 ]

logs: environment ## Follow the logs [PART=name DATA_DIR=]
	@$(STACK_COMMAND) logs $(PART) $(ARGS)

raw: environment ## Follow the raw feed: key, tab, search result as YouTube sent it; on Docker headers first [DATA_DIR=]
	@$(STACK_COMMAND) raw

test: environment-dev ## Run the tests; real engines are downloaded where they can run [ARGS="-k words"]
	@$(PYTHON_VENV) -m pytest -n 2 --dist worksteal $(ARGS)

test-docker: environment-dev ## Build the images and run the tests that need Docker; the engines' tests as well, in containers [ARGS=]
	@$(PYTHON_VENV) -m pytest tests/docker -m docker $(ARGS)
	@TEST_ENGINES=containers $(PYTHON_VENV) -m pytest -n 2 --dist worksteal -m "kafka or elasticsearch" $(CONTAINER_TESTS) $(ARGS)

lint: environment-dev ## Check style, format and types
	@$(PYTHON_VENV) -m ruff check .
	@$(PYTHON_VENV) -m ruff format --check .
	@$(PYTHON_VENV) -m mypy

bench: environment-dev environment-quix ## Measure speed and memory, and print tables [ARGS="search freshness processor"]
	@$(PYTHON_VENV) -m benchmarks $(ARGS)

postman: environment ## Write the Postman collection anew from the API's own documentation
	@$(PYTHON_VENV) -m query_api.postman docs/topicreel.postman_collection.json

reindex: environment ## Make the index anew from the log while the stack runs [ARGS="--roll-back | --remove-old" DATA_DIR=]
	@$(STACK_COMMAND) reindex $(ARGS)

verify: environment ## Compare the index with the log, while the stack runs [DATA_DIR=]
	@$(STACK_COMMAND) verify $(ARGS)

rotate: environment ## Encrypt stored secrets with the first key of ENCRYPTION_KEY [DATA_DIR=]
	@$(STACK_COMMAND) rotate $(ARGS)

backup: environment ## Write a backup while the stack runs [BACKUP_DIR= DATA_DIR=]
	@$(STACK_COMMAND) backup $(ARGS)

restore: environment ## Bring a backup back into a stack that is stopped [FROM=file STACK= DATA_DIR= ARGS=--overwrite]
	@$(STACK_COMMAND) restore $(FROM) $(ARGS)

clean: environment ## Stop the stacks and remove their data [DATA_DIR= FORCE=1]
	@$(STACK_COMMAND) clean
	@rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis

lock: ## Pin the newest versions of all dependencies anew (needs uv)
	@command -v uv >/dev/null || { echo "error: make lock needs uv: pip install uv" >&2; exit 1; }
	$(UV) --upgrade --output-file requirements.lock pyproject.toml
	$(UV) --upgrade --group dev --output-file requirements-dev.lock --constraint requirements.lock pyproject.toml
	$(UV) --upgrade --output-file benchmarks/quix.lock benchmarks/quix.in

environment:
	@sh stack/environment.sh requirements.lock

environment-dev:
	@sh stack/environment.sh requirements-dev.lock

# Quix Streams, which the processor is measured beside, needs other versions of the same packages.
environment-quix:
	@sh stack/environment.sh benchmarks/quix.lock .venv-quix
