"""Keeps the READMEs' tables of inputs and outputs: ``python tools/tables.py`` writes them.

What stands between the two markers in a README is made from the .tf files beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import configuration

FOLDERS = list(configuration.folders().values())
BEGIN = "<!-- tables: begin; python tools/tables.py writes them -->"
END = "<!-- tables: end -->"


def tables(folder: Path) -> str:
    """The Markdown tables of a module's inputs, the required ones first, and of its outputs."""
    module = configuration.read(folder)
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
            "### Inputs",
            "",
            *_table(("name", "type", "default", "description"), inputs),
            "",
            "### Outputs",
            "",
            *_table(("name", "description"), outputs),
        ]
    )


def with_tables(readme: str, folder: Path) -> str:
    """``readme`` with the tables between its markers brought up to date.

    Raises:
        ValueError: when the markers are missing.
    """
    if BEGIN not in readme or END not in readme:
        raise ValueError(f"{folder / 'README.md'} has no markers {BEGIN!r} and {END!r}")
    head, rest = readme.split(BEGIN, 1)
    tail = rest.split(END, 1)[1]
    return f"{head}{BEGIN}\n\n{tables(folder)}\n\n{END}{tail}"


def _code(text: str) -> str:
    return _cell(f"`{text}`")


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _table(heads: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> list[str]:
    lines = [heads, ("---",) * len(heads)]
    lines += [(f"`{name}`", *cells) for name, *cells in rows]
    return [f"| {' | '.join(cells)} |" for cells in lines]


def main() -> None:
    for folder in FOLDERS:
        readme = folder / "README.md"
        readme.write_text(with_tables(readme.read_text(), folder))


if __name__ == "__main__":
    main()
