# Two commands do everything on a fresh machine with Python 3.11 and make: `make run` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUNTIME ?= python3.13
ARCHITECTURE ?= arm64
CLI_HOME ?= $(HOME)/.local/share/farsync
CLI_BIN ?= $(HOME)/.local/bin
JSONATA := build/reference_jsonata/is-ready
SITE := $(VENV)/site-is-ready

export PATH := $(CURDIR)/$(BIN):$(PATH)
export SAM_CLI_TELEMETRY := 0
export NO_MKDOCS_2_WARNING := 1
export AWS_DEFAULT_REGION ?= ap-northeast-2
export RUNTIME ARCHITECTURE

.PHONY: help install-cli run sandbox check test unit coverage pr lint security format type validate mutants bench bench-scale bench-polling bench-forks cost chaos model nasty-replies outage jsonata build deploy package deploy-check schedules deploy-schedules start-missed lock docs docs-site docs-serve clean

help: ## Every target
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | sort

run: $(VENV)/sandbox-is-ready ## Set up, then run real jobs on both clouds in the sandbox (CLOUD=huawei: only there)
	@farsync-sandbox run $(if $(CLOUD),--cloud $(CLOUD)) $(OPTIONS)

sandbox: $(VENV)/sandbox-is-ready ## Serve the whole sandbox until Ctrl-C (OPTIONS=--json for machines)
	@farsync-sandbox up $(OPTIONS)

check: $(VENV)/sandbox-is-ready ## Check a real account, read-only: make check CONNECTION=file.json
	@test -n "$(CONNECTION)" || { echo "CONNECTION is missing; try: make check CONNECTION=my-connection.json"; exit 2; }
	@python -m tools.check_connection "$(CONNECTION)" $(OPTIONS)

install-cli: ## Install the `farsync` command for you: CLI_HOME has its packages, CLI_BIN the command
	@echo "==> Installing into $(CLI_HOME), pinned by hash"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] not in {(3, 11), (3, 12), (3, 13)})' || \
	  { echo "farsync needs Python 3.11 to 3.13; name one with: make PYTHON=python3.12 install-cli"; exit 2; }
	@$(PYTHON) -m venv $(CLI_HOME) && mkdir -p $(CLI_BIN) && rm -rf build/lib
	@$(CLI_HOME)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements/cli.txt
	@$(CLI_HOME)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation ./cli .
	@rm -rf build/lib
	@ln -sf $(CLI_HOME)/bin/farsync $(CLI_BIN)/farsync && $(CLI_BIN)/farsync --version
	@echo "Next: farsync use --stack farsync (with $(CLI_BIN) on your PATH)"

test: $(VENV)/checks-are-ready $(JSONATA) $(SITE) ## Every test
	@echo "==> Testing (a few minutes; -x stops at the first failure: make test OPTIONS=-x)"
	@pytest --numprocesses 3 --dist loadscope --no-loadscope-reorder $(OPTIONS)

unit: $(VENV)/checks-are-ready ## The tests of the layer, without the whole sandbox (a minute or two)
	@pytest --numprocesses 3 tests/unit $(OPTIONS)

coverage: $(VENV)/checks-are-ready ## How much of the layer the tests of `make unit` run, branches included (about two minutes)
	@mkdir -p build && coverage erase
	@coverage run -m pytest --numprocesses 3 tests/unit --ignore tests/unit/test_architecture.py $(OPTIONS)
	@coverage combine --quiet
	@echo "branch coverage of the layer by tests/unit: $$(coverage report --precision=1 --format=total) %"

pr: lint type validate unit ## What to run before you ask for a review

lint: $(VENV)/checks-are-ready ## Style and layers
	@ruff check .
	@ruff format --check .

security: $(VENV)/checks-are-ready ## Code and template: known weaknesses, least privilege, safe settings
	@bandit --quiet --recursive layers functions --severity-level low
	@pytest tests/template

format: $(VENV)/checks-are-ready ## Write the style
	@ruff check --fix-only --quiet .
	@ruff format --quiet .

type: $(VENV)/checks-are-ready ## mypy --strict
	@mypy

validate: $(VENV)/checks-are-ready ## Template and state machines
	@cfn-lint template.yaml operations.yaml examples/slack.yaml
	@sam validate --lint
	@python -m tools.lint_state_machines
	@python -m tools.export_event_schema --check
	@python -m tools.export_openapi --check
	@python -m tools.print_fault_matrix --check
	@python -m tools.print_statuses --check

mutants: $(VENV)/checks-are-ready ## Mutation testing (OPTIONS=signing: one group only, OPTIONS=chosen: faults chosen by hand); prints every change that no test notices
	@python -m tools.mutants $(OPTIONS)

bench: $(VENV)/checks-are-ready ## Every measurement, as ratios taken in one run, then bench-scale; fails when one misses its limit
	@missed=0; python -m benchmarks || missed=1; \
	  python -m benchmarks.closing || missed=1; \
	  python -m benchmarks.scale --runs $(or $(RUNS),1000) || missed=1; \
	  python -m benchmarks.poll_rate --runs $(or $(RUNS),1000) || missed=1; exit $$missed

bench-scale: $(VENV)/checks-are-ready ## Many runs at once: aborted, at a provider that throttles, polled all the time: make bench-scale RUNS=1000
	@python -m benchmarks.closing --runs $(or $(RUNS),1000)
	@python -m benchmarks.scale --runs $(or $(RUNS),1000)
	@python -m benchmarks.poll_rate --runs $(or $(RUNS),1000)

cost: $(VENV)/checks-are-ready ## What a run costs, and how late its end is detected, beside other ways
	@python -m benchmarks.cost

bench-polling: $(VENV)/checks-are-ready ## When to poll, against hindsight: make bench-polling TRACE=log.swf.gz (docs/dev/polling.md)
	@python -m benchmarks.polling $(if $(TRACE),--trace "$(TRACE)") $(OPTIONS)

bench-forks: $(VENV)/checks-are-ready ## What a crash does to a chain of messages: send the next, or hide the same
	@python -m benchmarks.forks $(OPTIONS)

chaos: $(VENV)/checks-are-ready ## Everything goes wrong at once, checked from outside: make chaos RUNS=2000 SEED=7 DUMP=folder
	@python -m tests.chaos --runs $(or $(RUNS),2000) $(if $(SEED),--seed $(SEED)) $(if $(DUMP),--dump "$(DUMP)")

outage: $(VENV)/checks-are-ready ## Both providers away for six hours by a fast clock, with an abort, a deadline and a start inside (three minutes)
	@python -m tests.outage $(if $(HOURS),--hours $(HOURS))

model: $(VENV)/checks-are-ready ## Millions of interleavings without AWS, checked against the promises: make model STEPS=3000000 SEED=7 (OPTIONS=--undo: without each rule)
	@python -m tests.model --steps $(or $(STEPS),3000000) $(if $(SEED),--seed $(SEED)) $(if $(TRACE),--trace $(TRACE)) $(OPTIONS)

nasty-replies: $(VENV)/checks-are-ready ## Replies of providers that are documented but nasty, and all that we make of them: make nasty-replies EXAMPLES=1000000 SEED=7
	@python -m tests.nasty_replies --examples $(or $(EXAMPLES),1000000) $(if $(SEED),--seed $(SEED)) $(OPTIONS)

jsonata: $(VENV)/checks-are-ready $(JSONATA) ## Every expression of every state machine, on the sandbox's JSONata and on the reference
	@python -m tools.reference_jsonata

build: $(VENV)/checks-are-ready ## Build for Lambda: make build RUNTIME=python3.13 ARCHITECTURE=arm64
	@find layers functions -name __pycache__ -prune -exec rm -rf {} +
	@sam build --parameter-overrides Runtime=$(RUNTIME) Architecture=$(ARCHITECTURE)

# A parameter that is not named keeps its value in the stack, or its default in a new one.
deploy: build ## Deploy into your account: make deploy STACK=farsync REGION=ap-northeast-2 PARAMETERS="LogLevel=DEBUG" (GUIDED=1 asks)
	@sam deploy $(if $(GUIDED),--guided,--stack-name $(or $(STACK),farsync) --resolve-s3 --no-fail-on-empty-changeset) \
	  $(if $(REGION),--region $(REGION)) --capabilities CAPABILITY_IAM \
	  --parameter-overrides Runtime=$(RUNTIME) Architecture=$(ARCHITECTURE) $(PARAMETERS) $(OPTIONS)

package: build ## Write a template and its files that deploy without Python: build/package (docs/install.md)
	@rm -rf build/package
	@python -m tools.package_stack .aws-sam/build/template.yaml build/package Runtime=$(RUNTIME) Architecture=$(ARCHITECTURE)

deploy-check: $(VENV)/checks-are-ready ## Build, deploy to an emulator of AWS on this machine, use and delete (one to three minutes)
	@find layers functions -name __pycache__ -prune -exec rm -rf {} +
	@python -m tools.deploy_check

schedules: $(VENV)/checks-are-ready ## Check schedules and write their stack: make schedules FILE=schedules.yaml
	@python -m tools.write_schedules $(or $(FILE),schedules.yaml) build/schedules.template.json
	@cfn-lint build/schedules.template.json

deploy-schedules: schedules ## Deploy them beside farsync: make deploy-schedules STACK=farsync SCHEDULES=farsync-schedules
	@sam deploy --template-file build/schedules.template.json --stack-name $(or $(SCHEDULES),farsync-schedules) \
	  --capabilities CAPABILITY_IAM --resolve-s3 --no-fail-on-empty-changeset \
	  --parameter-overrides FarsyncStack=$(or $(STACK),farsync) $(PARAMETERS) $(OPTIONS)

start-missed: $(VENV)/checks-are-ready ## Start what schedules have missed: make start-missed QUEUE=url (OPTIONS=--show: only shows it)
	@test -n "$(QUEUE)" || { echo "QUEUE is missing; it is the output MissedQueueUrl of the schedules' stack"; exit 2; }
	@python -m tools.start_missed "$(QUEUE)" $(OPTIONS)

lock: $(VENV)/checks-are-ready ## Pin the requirements again, to their newest versions
	@tools/lock_requirements.sh

docs: $(VENV)/checks-are-ready ## Write the generated parts of docs/ again
	@python -m tools.export_event_schema
	@python -m tools.export_openapi
	@python -m tools.print_fault_matrix
	@python -m tools.print_statuses
	@python -m benchmarks.cost --write

docs-site: $(SITE) ## Build docs/ as a site into build/site; a broken link or anchor fails
	@mkdocs build --strict && echo "open build/site/index.html"

docs-serve: $(SITE) ## Serve docs/ as a site on this machine, until Ctrl-C
	@mkdocs serve

clean: ## Remove all that was made here
	@rm -rf $(VENV) .aws-sam .sandbox build .mypy_cache .ruff_cache .pytest_cache .hypothesis *.egg-info
	@find . -name __pycache__ -prune -exec rm -rf {} +

$(VENV)/bin/python:
	@echo "==> Making a virtual environment in $(VENV)"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] not in {(3, 11), (3, 12), (3, 13)})' || \
	  { echo "farsync needs Python 3.11 to 3.13; name one with: make PYTHON=python3.12 ..."; exit 2; }
	@$(PYTHON) -m venv $(VENV)

$(VENV)/sandbox-is-ready: requirements/sandbox.txt pyproject.toml cli/pyproject.toml | $(VENV)/bin/python
	@echo "==> Installing what the sandbox needs, pinned by hash (about half a minute)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r $<
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable . --editable cli
	@touch $@

$(VENV)/checks-are-ready: requirements/checks.txt $(VENV)/sandbox-is-ready
	@echo "==> Installing what the checks need, pinned by hash (about a minute)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r $<
	@touch $@

$(SITE): requirements/docs.txt $(VENV)/sandbox-is-ready
	@echo "==> Installing what the site of the documents needs, pinned by hash"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r $<
	@touch $@

$(JSONATA): tools/reference_jsonata/package-lock.json requirements/node.txt | $(VENV)/bin/python
	@echo "==> Installing the reference JSONata, pinned by hash, and Node.js where there is none"
	@command -v npm >/dev/null || \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements/node.txt
	@mkdir -p $(@D) && cp tools/reference_jsonata/package.json tools/reference_jsonata/package-lock.json $(@D)
	@npm ci --loglevel=error --no-audit --no-fund --ignore-scripts --prefix $(@D)
	@touch $@
