"""The folder of a test says what the test may use."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from toolchain import ROOT

TESTS = ROOT / "tests"
KINDS = {"behaviours", "bakes", "integration", "permissions", "unit"}


def imported(path: Path) -> Iterator[str]:
    """The modules that a file imports, each also as the parts that it may import from them."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_nothing_is_imported_from_a_test_or_from_another_kinds_folder() -> None:
    wrong = []
    for path in sorted([*TESTS.rglob("*.py"), *(ROOT / "tools").rglob("*.py")]):
        own = path.relative_to(TESTS).parts[0] if path.is_relative_to(TESTS) else ""
        for name in imported(path):
            first, *others = name.split(".")
            is_test = any(part.startswith(("test_", "conftest")) for part in others)
            if first in KINDS - {own} or (first in KINDS | {"support"} and is_test):
                wrong.append(f"{path.relative_to(ROOT)} imports {name}")
    assert not wrong, "put what both need into tests/support"


def test_a_unit_test_starts_neither_terraform_nor_the_local_aws() -> None:
    forbidden = {"local_aws", "moto", "python_terraform", "werkzeug"}
    for path in (TESTS / "unit").rglob("*.py"):
        assert not forbidden & {name.partition(".")[0] for name in imported(path)}, path


def test_support_stands_below_all_tests() -> None:
    for path in (TESTS / "support").rglob("*.py"):
        assert not {name.partition(".")[0] for name in imported(path)} & KINDS, path


def test_every_test_is_in_a_folder_of_its_kind() -> None:
    stray = [
        path for path in TESTS.rglob("test_*.py") if path.relative_to(TESTS).parts[0] not in KINDS
    ]
    assert not stray


def test_every_module_and_example_is_run_by_a_terraform_test() -> None:
    """Each run validates its module, which nothing else does without applying it."""
    tests = "".join(path.read_text() for path in (TESTS / "terraform").glob("*.tftest.hcl"))
    folders = {path.parent.relative_to(ROOT) for path in ROOT.glob("*/*/versions.tf")}
    assert folders
    assert {folder for folder in folders if f'source = "./{folder}"' not in tests} == set()
