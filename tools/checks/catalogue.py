"""The checks, found in the repository: a new module or test needs no entry."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from toolchain import ROOT

LINT, UNIT, BEHAVIOURS, BAKES, TERRAFORM, INTEGRATION, PERMISSIONS = GROUPS = (
    "lint",
    "unit",
    "behaviours",
    "bakes",
    "terraform",
    "integration",
    "permissions",
)


@dataclass(frozen=True)
class Check:
    """Commands that run one after the other until one fails.

    Attributes:
        name: how the report calls it.
        group: one of `GROUPS`.
        folder: where the commands run.
    """

    name: str
    group: str
    folder: Path
    commands: tuple[tuple[str, ...], ...]


def cores() -> int:
    """The processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def at_once() -> int:
    """How many checks run side by side.

    Few: tests have workers of their own, and Terraform with its provider takes 1 GB.
    """
    return 1 + cores()


def catalogue(copy: Path) -> list[Check]:
    """All checks, the longest ones first.

    Args:
        copy: a copy of the repository; Terraform runs there.
    """
    return [
        # Both mostly wait, for Terraform's provider and the local AWS, so they come first, and
        # what only computes runs in their pauses.
        pytest(INTEGRATION, workers=2 * cores()),
        pytest(PERMISSIONS, workers=2),
        pytest(BAKES, "--dist=loadgroup", workers=cores()),
        pytest(BEHAVIOURS, workers=cores()),
        terraform_test(copy),
        in_repository("mypy", "mypy", "--no-error-summary"),
        pytest(UNIT, workers=0),
        in_repository("ruff check", "ruff", "check", "--quiet"),
        in_repository("ruff format", "ruff", "format", "--check", "--quiet", "--diff"),
        in_repository("shellcheck", "shellcheck", *shell_scripts(copy)),
        Check(
            "terraform fmt", LINT, copy, (("terraform", "fmt", "-check", "-diff", "-recursive"),)
        ),
    ]


def in_repository(name: str, *command: str) -> Check:
    return Check(name, LINT, ROOT, (command,))


def pytest(group: str, *options: str, workers: int) -> Check:
    """The tests in the folder named after their group; without workers, in one process."""
    usual = (f"--numprocesses={workers}", "--no-header", "--color=no")
    command = ("pytest", f"tests/{group}", *usual, *options)
    return Check(f"{group} tests", group, ROOT, (command,))


def terraform_test(copy: Path) -> Check:
    """Run all tests of the modules and examples; each run also validates its module."""
    tests = "-test-directory=tests/terraform"
    init = ("terraform", "init", "-backend=false", "-input=false", "-no-color", tests)
    test = ("python", "-m", "shared_provider", "terraform", "test", "-no-color", tests)
    return Check("terraform test", TERRAFORM, copy, (init, test))


def shell_scripts(copy: Path) -> list[str]:
    scripts = [*copy.rglob("*.sh"), copy / ".ci" / "run"]
    return sorted(path.relative_to(copy).as_posix() for path in scripts)
