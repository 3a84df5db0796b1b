"""Read what a Terraform module consists of: its inputs, outputs and resources."""

from __future__ import annotations

import functools
import json
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import hcl2

REPOSITORY = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Input:
    """A variable of a module.

    Attributes:
        type: its type constraint, on one line.
        default: the expression of its default; None for an input that is required.
        nullable: whether null is a value of it.
        validations: the condition and the error message of each.
    """

    name: str
    type: str
    default: str | None
    nullable: bool
    description: str
    validations: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Output:
    """An output of a module."""

    name: str
    description: str


@dataclass(frozen=True)
class Move:
    """A ``moved`` block: where a resource was, and where it is."""

    origin: str
    target: str


@dataclass(frozen=True)
class Module:
    """A folder of .tf files.

    Attributes:
        addresses: of its resources (``aws_sns_topic.failed``), data sources (``data.…``) and
            modules (``module.…``), without indices.
        preconditions: the address of a resource and the error message of each.
    """

    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    addresses: tuple[str, ...]
    moves: tuple[Move, ...]
    preconditions: tuple[tuple[str, str], ...] = ()


def folders() -> dict[str, Path]:
    """The root module (``.``) and its modules (``modules/…``), by their path in the repository."""
    found = {path.parent for path in REPOSITORY.glob("modules/*/*.tf")}
    modules = {path.relative_to(REPOSITORY).as_posix(): path for path in sorted(found)}
    return {".": REPOSITORY, **modules}


@functools.cache
def read(folder: Path) -> Module:
    """A module, file by file; `variables.tf` comes before `variables_common.tf`.

    A folder is read once: parsing takes a second for some modules.
    """
    blocks: dict[str, list[dict[str, Any]]] = {}
    for path in sorted(folder.glob("*.tf"), key=lambda path: path.stem):
        with path.open() as file:
            for kind, found in hcl2.load(file).items():
                blocks.setdefault(kind, []).extend(found)
    return Module(
        inputs=tuple(_input(name, body) for name, body in _labelled(blocks, "variable")),
        outputs=tuple(
            Output(name, _text(body.get("description", '""')))
            for name, body in _labelled(blocks, "output")
        ),
        addresses=tuple(sorted(_addresses(blocks))),
        moves=tuple(
            Move(_expression(body["from"]), _expression(body["to"]))
            for body in blocks.get("moved", [])
        ),
        preconditions=tuple(sorted(_preconditions(blocks))),
    )


def _labelled(
    blocks: dict[str, list[dict[str, Any]]], kind: str
) -> Iterator[tuple[str, dict[str, Any]]]:
    for block in blocks.get(kind, []):
        for label, body in block.items():
            yield label.strip('"'), body


def _addresses(blocks: dict[str, list[dict[str, Any]]]) -> Iterator[str]:
    for kind, prefix in (("resource", ""), ("data", "data.")):
        for resource_type, named in _labelled(blocks, kind):
            for name in named:
                yield f"{prefix}{resource_type}.{name.strip(chr(34))}"
    for name, _ in _labelled(blocks, "module"):
        yield f"module.{name}"


def _preconditions(blocks: dict[str, list[dict[str, Any]]]) -> Iterator[tuple[str, str]]:
    for resource_type, named in _labelled(blocks, "resource"):
        for name, body in named.items():
            for lifecycle in body.get("lifecycle", []) if isinstance(body, dict) else []:
                for each in lifecycle.get("precondition", []):
                    address = f"{resource_type}.{name.strip(chr(34))}"
                    yield address, _text(each["error_message"])


def _input(name: str, body: dict[str, Any]) -> Input:
    return Input(
        name=name,
        type=_expression(body.get("type", "any")),
        default=_expression(body["default"]) if "default" in body else None,
        nullable=body.get("nullable", True),
        description=_text(body.get("description", '""')),
        validations=tuple(
            (_expression(each["condition"]), _text(each["error_message"]))
            for each in body.get("validation", [])
        ),
    )


def _expression(value: object) -> str:
    """An expression, which the parser gives as ``${...}``, as it stands in the file."""
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    text = str(value)
    return text[2:-1] if text.startswith("${") else text


def _text(expression: str) -> str:
    """A string or a heredoc, as one line."""
    text = expression.strip('"')
    if text.startswith("<<"):
        text = textwrap.dedent("\n".join(text.splitlines()[1:-1]))
    return " ".join(text.replace('\\"', '"').split())
