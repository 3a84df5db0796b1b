"""The counts with their goals, and docs/structure.md, which shows them with the walk."""

from __future__ import annotations

from dataclasses import dataclass

from structure.modules import LAYERS, Package
from structure.walk import Walk, walk

_INTRODUCTION = """\
# Structure of the function

What a reader of `lambda_src/baker` has to go through, as `make structure` counts it. \
`make generate` writes this page; a unit test holds the goals.
"""
_WALK = """\
## The walk of an event

The functions that are given the event, or what is made from it, in the order of a first reading \
from `entry.handler`. The list of steps is read where the steps run. Methods of objects (of `aws`, \
for example) are not followed.

| | module | functions | |
| --- | --- | --- | --- |"""
_LAYERS = """\
## The layers

No module imports one that stands above it.

| | modules |
| --- | --- |"""


@dataclass(frozen=True)
class Count:
    """A number and what it must not exceed."""

    what: str
    value: float
    goal: float

    @property
    def is_met(self) -> bool:
        return self.value <= self.goal


def counts(package: Package, walked: Walk) -> list[Count]:
    modules = package.modules.values()
    imports = sum(len(module.imports) for module in modules)
    return [
        Count("returns to a module already left, in the walk of an event", walked.returns, 8),
        Count(f"imports of a module, on average of {len(modules)}", imports / len(modules), 3.5),
        Count("imports of a module that stands above", len(package.upward_imports), 0),
        Count("modules that import each other in a circle", len(package.circle), 0),
        Count(
            "lines of the longest module", max(module.text.count("\n") for module in modules), 250
        ),
    ]


def page() -> str:
    """docs/structure.md."""
    package = Package()
    walked = walk(package)
    rows = [f"| {each.what} | {each.value:.3g} | {each.goal} |" for each in counts(package, walked)]
    stays = [
        f"| {number} | `{stay.module}` | {_code(stay.functions)} | "
        f"{'return' if stay.is_return else ''} |"
        for number, stay in enumerate(walked.stays, start=1)
    ]
    top_down = [
        f"| {number} | {_code(LAYERS[number - 1])} |" for number in range(len(LAYERS), 0, -1)
    ]
    head = ["| | counted | at most |", "| --- | --- | --- |"]
    parts = [_INTRODUCTION, *head, *rows, "", _WALK, *stays, "", _LAYERS, *top_down, ""]
    return "\n".join(parts)


def _code(names: list[str] | tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names)
