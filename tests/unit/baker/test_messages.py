"""Every text that the function gives is one of its messages."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

from baker import messages
from baker.messages.kinds import Failure, Message

PACKAGE = Path(messages.__file__).parents[1]
# Calls whose first argument is a text that somebody reads.
SAYING = {"BakeError", "ConfigurationError", "Continue", "Fail", "NotYetVisible", "Succeed"}
TEXTS = {"message", "summary"}


def all_messages() -> Iterator[tuple[str, Message]]:
    for module in pkgutil.iter_modules(messages.__path__):
        names = vars(importlib.import_module(f"baker.messages.{module.name}"))
        for name, value in names.items():
            if isinstance(value, Message):
                yield name, value


ALL = dict(all_messages())


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def sources() -> Iterator[tuple[Path, ast.AST]]:
    for path in PACKAGE.rglob("*.py"):
        if path.parent.name != "messages":
            yield path, ast.parse(path.read_text())


@pytest.mark.parametrize("name", ALL)
def test_a_message_has_a_cause_and_takes_its_values(name: str) -> None:
    message = ALL[name]
    values = dict.fromkeys(placeholders(message.text + message.remedy), 1)
    assert message.cause.endswith(".")
    said = message(**values)
    assert "{" not in said.replace('{"undo": {}}', "").replace('{"return_to_service": {}}', "")
    if values:
        with pytest.raises(KeyError):
            message()
    if isinstance(message, Failure):
        assert str(message.error(**values)) == said


def test_each_message_is_given_somewhere() -> None:
    used = {
        node.attr if isinstance(node, ast.Attribute) else node.id
        for _, tree in sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute | ast.Name)
    }
    assert not ALL.keys() - used


def written_in(tree: ast.AST) -> Iterator[str]:
    """The calls whose text is written there, or a part of it, and not a message's."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        called = node.func.id if isinstance(node.func, ast.Name) else called
        texts = [*node.args[:1], *(k.value for k in node.keywords if k.arg in TEXTS)]
        if called in SAYING and any(map(is_written, texts)):
            yield ast.unparse(node)


def is_written(text: ast.expr) -> bool:
    if isinstance(text, ast.IfExp):
        return is_written(text.body) or is_written(text.orelse)
    if isinstance(text, ast.BinOp):
        return is_written(text.left) or is_written(text.right)
    return isinstance(text, ast.Constant | ast.JoinedStr)


@pytest.mark.parametrize(
    "code",
    [
        "Fail('no')",
        "answer.Fail(f'no {x}')",
        "Continue(summary='no')",
        "Succeed('no' if x else y)",
        "BakeError('no ' + x)",
    ],
)
def test_a_text_that_is_written_where_it_is_given_is_found(code: str) -> None:
    assert list(written_in(ast.parse(code))) == [code]


def test_no_text_is_written_where_it_is_given() -> None:
    written = {
        path.relative_to(PACKAGE).as_posix(): calls
        for path, tree in sources()
        if (calls := list(written_in(tree)))
    }
    # Two messages, one after the other.
    joined = "Succeed(f'{promoted}. {report}' if report else promoted, promotion)"
    assert written == {"steps/clean_up.py": [joined]}
