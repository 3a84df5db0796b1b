# Each target sets up what it needs in .venv and .tools of this folder; a machine must have
# Python 3.11 or newer, git and make.

# The first Python on the PATH that is new enough.
PYTHON := $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$python" && break; done)

# Otherwise each of the many Python processes of a test run would compile its modules anew.
unexport PYTHONDONTWRITEBYTECODE

with_python = test -n "$(PYTHON)" || { echo "setup: Python 3.11 or newer is needed, and none is on the PATH" >&2; exit 2; }; \
	PYTHONPATH=tools $(PYTHON) -m
setup = $(with_python) toolchain
run = PYTHONPATH=.:tools:tests:lambda_src .venv/bin/python -m

.PHONY: help
help: ## List the targets.
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-11s %s\n", $$1, $$2 }' Makefile

.PHONY: demo
demo: ## Run the whole system on the local AWS: apply, push, bake, scale out, destroy. KEEP=1 leaves it running.
	@$(setup) demo provider
	@$(run) demo $(if $(KEEP),--keep)

.PHONY: demo-down
demo-down: ## Destroy what `make demo KEEP=1` left running.
	@$(setup) demo provider
	@$(run) demo --down

.PHONY: check
check: ## Run the fast checks: formatting, types, lint, and the tests that need neither Terraform nor a server.
	@$(setup) lint simulator terraform
	@$(run) checks lint unit

.PHONY: test
test: ## Run all checks and tests; ends with a table of where the time went.
	@$(setup) lint checkov simulator provider
	@$(run) checks

.PHONY: generate
generate: ## Write all generated files, except for those that are measured (make permissions, make bench).
	@$(setup) test
	@$(run) generate

.PHONY: structure
structure: ## Count imports, returns and lines of the function's modules against their goals.
	@$(with_python) structure

.PHONY: permissions
permissions: ## Measure what each role is allowed to do and what it uses; writes docs/permissions.md.
	@$(setup) permissions checkov simulator provider
	@WRITE_PERMISSIONS=1 $(run) checks permissions

.PHONY: bench
bench: ## Measure requests, time and memory of a bake and of retention; writes docs/benchmarks.md.
	@$(setup) bench
	@$(run) bench

.PHONY: setup
setup: ## Set up everything that any target needs, for example before working without a network.
	@$(setup)

.PHONY: pin
pin: ## Pin the Python packages again (tools/requirements) after a change of pyproject.toml.
	@$(with_python) toolchain.pins

.PHONY: clean
clean: ## Remove everything that was set up or left behind; destroys a demo that is still running.
	@if test -e .demo/running.json; then $(MAKE) --no-print-directory demo-down; fi
	rm -rf .venv .tools .demo
	find . -type d \( -name .terraform -o -name __pycache__ -o -name '.*_cache' -o -name .hypothesis \) -prune -exec rm -rf {} +
