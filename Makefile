# `make demo` and `make test` set up what they need in .venv and .tools of this folder;
# a machine has to bring Python 3.11 or newer, git and make.

# The first Python on the PATH that is new enough.
PYTHON := $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$python" && break; done)

run := PYTHONPATH=.:tools:tests:lambda_src .venv/bin/python -m

.PHONY: help
help: ## What can be made.
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' Makefile

.PHONY: demo
demo: setup ## The whole system on a local AWS: apply, push, bake, scale out, take down. KEEP=1 leaves it running.
	@$(run) demo $(if $(KEEP),--keep)

.PHONY: demo-down
demo-down: setup ## Take down what `make demo KEEP=1` left running.
	@$(run) demo --down

.PHONY: test
test: setup ## All checks and tests.
	@$(run) checks

.PHONY: lint
lint: setup ## Formatting, types and lint.
	@$(run) checks lint

.PHONY: unit
unit: setup ## Unit tests.
	@$(run) checks unit

.PHONY: bench
bench: setup ## Requests, time and memory of a bake and of retention; draws docs/retention.svg.
	@$(run) bench

.PHONY: permissions
permissions: setup ## What the roles may do and what of it they use; writes docs/permissions.md.
	@WRITE_PERMISSIONS=1 $(run) checks permissions

.PHONY: setup
setup:
	@test -n "$(PYTHON)" || { echo "setup: Python 3.11 or newer is needed, and none is on the PATH" >&2; exit 2; }
	@$(PYTHON) tools/toolchain.py

.PHONY: clean
clean: ## Remove what was set up and left behind; a demo that is still running is taken down first.
	@if test -e .demo/running.json; then $(MAKE) --no-print-directory demo-down; fi
	rm -rf .venv .tools .demo
	find . -type d \( -name .terraform -o -name __pycache__ -o -name '.*_cache' -o -name .hypothesis \) -prune -exec rm -rf {} +
