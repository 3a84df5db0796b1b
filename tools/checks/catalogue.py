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
        in_repository("mypy", "mypy", "--no-error-summary"),
        *(terraform_test(file) for file in sorted(copy.rglob("*.tftest.hcl"))),
        pytest(UNIT, workers=0),
        *(terraform_validate(copy, folder) for folder in terraform_folders(copy)),
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


def terraform_validate(copy: Path, folder: Path) -> Check:
    name = folder.relative_to(copy).as_posix()
    init = ("terraform", "init", "-backend=false", "-input=false", "-no-color")
    validate = ("terraform", "validate", "-no-color")
    label = "terraform validate" + ("" if name == "." else f" {name}")
    return Check(label, TERRAFORM, folder, (init, validate))


def terraform_test(file: Path) -> Check:
    """Run one file of tests in the nearest folder above it that is a Terraform configuration."""
    root = next(folder for folder in file.parents[1:] if any(folder.glob("*.tf")))
    tests = f"-test-directory={file.parent.relative_to(root)}"
    init = ("terraform", "init", "-backend=false", "-input=false", "-no-color", tests)
    test = ("terraform", "test", "-no-color", tests, f"-filter={file.relative_to(root)}")
    return Check(f"terraform test {file.name.partition('.')[0]}", TERRAFORM, root, (init, test))


def terraform_folders(copy: Path) -> list[Path]:
    """The root module, the modules and the examples."""
    return sorted({path.parent for path in copy.rglob("versions.tf")})


def shell_scripts(copy: Path) -> list[str]:
    scripts = [*copy.rglob("*.sh"), copy / ".ci" / "run"]
    return sorted(path.relative_to(copy).as_posix() for path in scripts)
