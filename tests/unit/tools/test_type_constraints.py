from __future__ import annotations

import pytest

from type_constraints import Field, fields, split


@pytest.mark.parametrize(
    ("constraint", "found"),
    [
        ("string", {"it": Field("string", None)}),
        ("list(string)", {"it": Field("list(string)", None)}),
        (
            'object({size = number, kind = optional(string, "a, b"), key = optional(string)})',
            {
                "it": Field("object", None),
                "it.size": Field("number", None),
                "it.kind": Field("string", '"a, b"'),
                "it.key": Field("string", "null"),
            },
        ),
        (
            "object({volume = optional(object({size = optional(number, 8)}), {})})",
            {
                "it": Field("object", None),
                "it.volume": Field("object", "{}"),
                "it.volume.size": Field("number", "8"),
            },
        ),
        (
            "list(object({name = string}))",
            {
                "it": Field("list", None),
                "it[]": Field("object", None),
                "it[].name": Field("string", None),
            },
        ),
        ("object({})", {"it": Field("object", None)}),
    ],
)
def test_objects_are_taken_apart(constraint: str, found: dict[str, Field]) -> None:
    assert dict(fields("it", constraint, None)) == found


def test_the_default_of_an_input_is_that_of_its_outermost_field() -> None:
    assert dict(fields("it", "object({a = string})", "{}"))["it"] == Field("object", "{}")


def test_commas_in_brackets_and_strings_do_not_split() -> None:
    assert split('a = f(x, y), b = "c, d", e = [g, h]') == [
        "a = f(x, y)",
        'b = "c, d"',
        "e = [g, h]",
    ]
