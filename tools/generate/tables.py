"""Tables of inputs and outputs: docs/inputs.md for the root module, the README for each other."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import configuration
from configuration import Module

BEGIN = "<!-- tables: begin; written by make generate -->"
END = "<!-- tables: end -->"


def inputs_page() -> str:
    """docs/inputs.md."""
    return f"""\
# Inputs and outputs

Inputs and outputs of the root module. The READMEs of the [modules](../modules) list theirs.
`make generate` writes this page from the descriptions in the code.

{tables(configuration.read(configuration.REPOSITORY), "##")}
"""


def readme(folder: Path) -> str:
    """The README in a module's folder, with up-to-date tables between its markers.

    Raises:
        ValueError: when the markers are missing.
    """
    file = folder / "README.md"
    text = file.read_text()
    if BEGIN not in text or END not in text:
        raise ValueError(f"{file} has no markers {BEGIN!r} and {END!r}")
    head, rest = text.split(BEGIN, 1)
    tail = rest.split(END, 1)[1]
    return f"{head}{BEGIN}\n\n{tables(configuration.read(folder), '###')}\n\n{END}{tail}"


def tables(module: Module, heading: str) -> str:
    """The Markdown tables of a module's inputs, the required ones first, and of its outputs."""
    inputs = [
        (
            each.name,
            _code(each.type),
            "required" if each.default is None else _code(each.default),
            _cell(each.description),
        )
        for each in sorted(module.inputs, key=lambda each: (each.default is not None, each.name))
    ]
    outputs = [(each.name, _cell(each.description)) for each in module.outputs]
    return "\n".join(
        [
            f"{heading} Inputs",
            "",
            *_table(("name", "type", "default", "description"), inputs),
            "",
            f"{heading} Outputs",
            "",
            *_table(("name", "description"), outputs),
        ]
    )


def _code(text: str) -> str:
    return _cell(f"`{text}`")


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _table(heads: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> list[str]:
    lines = [heads, ("---",) * len(heads)]
    lines += [(f"`{name}`", *cells) for name, *cells in rows]
    return [f"| {' | '.join(cells)} |" for cells in lines]
