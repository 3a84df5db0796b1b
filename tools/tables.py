"""Keeps the READMEs' tables of inputs and outputs: ``python tools/tables.py`` writes them.

What stands between the two markers in a README is made from variables.tf and outputs.tf beside it.
"""

from __future__ import annotations

import json
import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import hcl2

REPOSITORY = Path(__file__).resolve().parent.parent
FOLDERS = [REPOSITORY, *sorted(path.parent for path in REPOSITORY.glob("modules/*/variables.tf"))]
BEGIN = "<!-- tables: begin; python tools/tables.py writes them -->"
END = "<!-- tables: end -->"


def tables(folder: Path) -> str:
    """The Markdown tables of a module's inputs and outputs."""
    inputs = [
        (name, _code(variable["type"]), _default(variable), _text(variable["description"]))
        for name, variable in _blocks(folder / "variables.tf", "variable")
    ]
    outputs = [
        (name, _text(output["description"]))
        for name, output in _blocks(folder / "outputs.tf", "output")
    ]
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


def _blocks(path: Path, kind: str) -> list[tuple[str, dict[str, Any]]]:
    with path.open() as file:
        blocks = hcl2.load(file).get(kind, [])
    return [(name.strip('"'), body) for block in blocks for name, body in block.items()]


def _text(expression: str) -> str:
    text = expression.strip('"')
    if text.startswith("<<"):
        text = textwrap.dedent("\n".join(text.splitlines()[1:-1]))
    return " ".join(text.replace('\\"', '"').replace("|", "\\|").split())


def _code(value: object) -> str:
    """An HCL expression, which the parser gives as ``${...}``, as it stands in the file."""
    text = str(value).removeprefix("${").removesuffix("}") if str(value).startswith("${") else value
    return f"`{text}`".replace("|", "\\|")


def _default(variable: dict[str, Any]) -> str:
    if "default" not in variable:
        return "required"
    value = variable["default"]
    return _code(json.dumps(value) if value is None or isinstance(value, bool) else value)


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
