"""The function keeps to the goals of its structure, and the counts see what misses one."""

from __future__ import annotations

from pathlib import Path

import pytest

from structure.counts import Count, counts
from structure.modules import Package
from structure.walk import walk

PACKAGE = Package()
COUNTS = counts(PACKAGE, walk(PACKAGE))


@pytest.mark.parametrize("count", COUNTS, ids=lambda count: count.what)
def test_the_function_keeps_to_its_goals(count: Count) -> None:
    assert count.is_met, f"{count}; {PACKAGE.upward_imports} {PACKAGE.circle}"


def test_the_walk_goes_from_the_entry_through_every_step_to_the_answer() -> None:
    modules = [stay.module for stay in walk(PACKAGE).stays]
    steps = {name for name in PACKAGE.modules if name.startswith("steps.")} - {"steps.state"}
    assert modules[0] == "entry"
    assert {*steps, "answering", "reporting", "undo", "retention.destroy"} <= set(modules)


def a_package(folder: Path, **texts: str) -> Package:
    for name, text in texts.items():
        (folder / f"{name}.py").write_text(text)
    return Package(folder)


ENTRY = """
from {0}.bake import walk
from {0}.errors import first, second
from {0}.undo import never

def handler(event):
    never("no event")
    first(event)
    _begin()
    walk(event)
    second("in order")

def _begin():
    "In the same module."
"""
BAKE = """
from {0}.errors import third
from {0}.undo import step

def walk(job):
    third(job)

def steps():
    return (step,)
"""
ERRORS = """
def first(event): ...
def second(job): ...
def third(token): ...
"""
UNDO = """
from {0} import errors

def step(bake):
    errors.first(bake)
def never(other): ...
"""


def test_a_walk_follows_what_is_given_the_event_and_counts_returns(tmp_path: Path) -> None:
    texts = {"entry": ENTRY, "bake": BAKE, "errors": ERRORS, "undo": UNDO}
    named = {name: text.replace("{0}", tmp_path.name) for name, text in texts.items()}
    walked = walk(a_package(tmp_path, **named))
    assert [(stay.module, stay.functions, stay.is_return) for stay in walked.stays] == [
        ("entry", ["handler", "_begin"], False),
        ("errors", ["first"], False),
        ("bake", ["walk"], False),
        ("errors", ["third"], True),
        ("undo", ["step"], False),
        ("errors", ["second"], True),
    ]
    assert walked.returns == 2


def test_an_import_of_what_stands_above_is_found(tmp_path: Path) -> None:
    name = tmp_path.name
    package = a_package(
        tmp_path, errors=f"from {name} import entry\n\n\nA = 1\n", entry='"""."""\nA = 1\n'
    )
    assert package.upward_imports == ["errors imports entry"]
    assert not package.circle


def test_a_circle_is_found(tmp_path: Path) -> None:
    name = tmp_path.name
    package = a_package(
        tmp_path,
        undo=f"from {name}.bake import b\n\na = 1\n",
        bake=f"from {name}.undo import a\n\nb = 1\n",
    )
    assert set(package.circle) == {"undo", "bake"}
    assert package.upward_imports == ["undo imports bake"]


def test_a_module_without_a_layer_is_named(tmp_path: Path) -> None:
    package = a_package(
        tmp_path, new=f"from {tmp_path.name}.errors import A\n\nB = 1\n", errors="A = 1\nB = 2\n"
    )
    with pytest.raises(ValueError, match="new stands in no layer: add it to LAYERS"):
        print(package.upward_imports)
