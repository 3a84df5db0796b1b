"""Take Terraform's type constraints apart, down to the attributes of objects."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_COLLECTIONS = ("list", "map", "set")


@dataclass(frozen=True)
class Field:
    """An input, or an attribute of an object in one.

    Attributes:
        type: ``object``, ``list`` or the like for what has fields of its own, else all of its type.
        default: the expression of its default; None when it is required.
    """

    type: str
    default: str | None


def fields(path: str, constraint: str, default: str | None) -> Iterator[tuple[str, Field]]:
    """A field and all fields in it, each with its path.

    Args:
        path: of the field itself. ``volume.size`` is an attribute of it, ``volumes[].size`` one of
            the elements of a collection.
        constraint: its type, as `configuration.Input` has it.
    """
    name, inner = _call(constraint)
    if name == "object":
        yield path, Field(name, default)
        for attribute in split(inner.strip()[1:-1]):
            key, _, value = (part.strip() for part in attribute.partition("="))
            yield from _attribute(f"{path}.{key}", value)
    elif name in _COLLECTIONS and "object(" in inner:
        yield path, Field(name, default)
        yield from fields(f"{path}[]", inner, None)
    else:
        yield path, Field(constraint, default)


def _attribute(path: str, value: str) -> Iterator[tuple[str, Field]]:
    name, inner = _call(value)
    if name != "optional":
        yield from fields(path, value, None)
        return
    constraint, *default = split(inner)
    yield from fields(path, constraint, ", ".join(default) or "null")


def _call(expression: str) -> tuple[str, str]:
    """The name and the arguments of ``name(arguments)``; no name for anything else."""
    found = re.fullmatch(r"(\w+)\((.*)\)", expression, re.DOTALL)
    return (found[1], found[2]) if found else ("", expression)


def split(expressions: str) -> list[str]:
    """Split at commas, except for those in brackets and strings."""
    parts, depth, quoted = [""], 0, False
    for character in expressions:
        if character == '"':
            quoted = not quoted
        elif not quoted:
            depth += (character in "([{") - (character in ")]}")
            if character == "," and not depth:
                parts.append("")
                continue
        parts[-1] += character
    return [part.strip() for part in parts if part.strip()]
