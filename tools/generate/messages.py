"""docs/messages.md: every message of the function and of the plan."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator

import configuration
from baker import messages
from baker.messages.kinds import Failure, Message

_INTRODUCTION = """\
# Messages

All messages of the pipeline, the function and the plan, each with its cause and remedy. `{…}` \
stands for a value. `make generate` writes this page from `lambda_src/baker/messages` and from the \
validations and preconditions of the modules.
"""


def page() -> str:
    """The page."""
    parts = [_INTRODUCTION]
    for module in pkgutil.iter_modules(messages.__path__):
        loaded = importlib.import_module(f"baker.messages.{module.name}")
        found = [value for value in vars(loaded).values() if isinstance(value, Message)]
        if found:
            title = (loaded.__doc__ or "").partition("\n")[0].rstrip(".")
            parts.append(_table(title, found))
    parts.append(_plan_table())
    return "\n".join(parts)


def _table(title: str, found: list[Message]) -> str:
    rows = [
        f"| {_cell(message.text)} | {_kind(message)} | {_cell(message.cause)} | "
        f"{_cell(message.remedy)} |"
        for message in found
    ]
    return _lines(title, "message", "kind", "cause", "remedy", rows=rows)


def _kind(message: Message) -> str:
    """The FailureType for what ends a bake."""
    return f"`{message.error_type.failure_type}`" if isinstance(message, Failure) else ""


def _plan_table() -> str:
    rows = [
        f"| `{folder}` | {_cell(place)} | {_cell(text)} |"
        for folder, place, text in _plan_messages()
    ]
    title = "Messages of the plan, which rejects a value before anything is created"
    return _lines(title, "module", "checked", "message", rows=rows)


def _plan_messages() -> Iterator[tuple[str, str, str]]:
    """The module's folder, what is checked, and the text."""
    for name, folder in configuration.folders().items():
        module = configuration.read(folder)
        for variable in module.inputs:
            yield from ((name, f"`{variable.name}`", text) for _, text in variable.validations)
        yield from ((name, f"`{address}`", text) for address, text in module.preconditions)


def _lines(title: str, *columns: str, rows: list[str]) -> str:
    head = f"| {' | '.join(columns)} |"
    return "\n".join([f"## {title}", "", head, "|" + " --- |" * len(columns), *rows, ""])


def _cell(text: str) -> str:
    return " ".join(text.replace("{{", "{").replace("}}", "}").replace("|", "\\|").split())
