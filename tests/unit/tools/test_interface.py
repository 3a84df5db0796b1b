"""What a change of the modules' interface means for an upgrade."""

from __future__ import annotations

from dataclasses import replace

import pytest

import interface
from configuration import Input, Module, Move, Output
from interface import Change, changes, next_version, undocumented

SIZE = Input("size", "number", "8", True, "")
VOLUME = Input(
    "volume", "object({gib = number, tags = optional(map(string), {})})", None, False, ""
)
BEFORE = Module((SIZE, VOLUME), (Output("arn", ""),), ("aws_s3_bucket.logs", "module.key"), ())


def found(after: Module, name: str = ".") -> list[tuple[str, bool]]:
    """Names of what changed, and whether that breaks something."""
    return [(c.name, c.breaking) for c in changes({name: interface.of(BEFORE)}, {name: after})]


def with_input(changed: Input) -> Module:
    others = [each for each in BEFORE.inputs if each.name != changed.name]
    return replace(BEFORE, inputs=(*others, changed))


def with_volume(constraint: str) -> Module:
    return with_input(replace(VOLUME, type=constraint))


def test_changes_that_users_have_documentation_for() -> None:
    """Changes since the last release are in CHANGELOG.md, breaking ones in docs/upgrading.md, too.

    `python -m interface` shows them all.
    """
    _, released = interface.recorded(interface.RECORD.read_text())
    new = list(changes(released, interface.current()))
    texts = [
        path.read_text() if path.exists() else ""
        for path in (interface.CHANGELOG, interface.UPGRADING)
    ]
    assert not [str(change) for change in undocumented(new, *texts)]


def test_the_record_is_read_as_it_was_written() -> None:
    text = interface.record("1.2.3", {".": BEFORE})
    assert interface.recorded(text) == ("1.2.3", {".": interface.of(BEFORE)})


def test_texts_and_the_order_of_things_are_no_change() -> None:
    other = replace(SIZE, description="Size.", validations=(("true", "No."),))
    assert found(replace(with_input(other), inputs=(VOLUME, other))) == []


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (replace(BEFORE, inputs=(VOLUME,)), [("size", True)]),
        (replace(BEFORE, inputs=(SIZE,)), [("volume", True)]),
        (with_input(Input("new", "string", None, False, "")), [("new", True)]),
        (with_input(Input("new", "string", "null", True, "")), [("new", False)]),
        (with_input(replace(SIZE, type="string")), [("size", True)]),
        (with_input(replace(SIZE, default="9")), [("size", True)]),
        (with_input(replace(SIZE, default=None)), [("size", True)]),
        (with_input(replace(SIZE, nullable=False)), [("size", True)]),
        (with_input(replace(VOLUME, default="{}")), [("volume", False)]),
        (with_input(replace(VOLUME, nullable=True)), []),
        (with_volume("object({gib = number})"), [("volume.tags", True)]),
        (
            with_volume("object({gib = number, iops = number, tags = optional(map(string), {})})"),
            [("volume.iops", True)],
        ),
        (
            with_volume(
                "object({gib = number, key = optional(object({arn = string})), "
                "tags = optional(map(string), {})})"
            ),
            [("volume.key", False)],
        ),
        (
            with_volume("object({gib = optional(number, 8), tags = optional(map(string), {})})"),
            [("volume.gib", False)],
        ),
        (
            with_volume("object({gib = number, tags = optional(list(string), {})})"),
            [("volume.tags", True)],
        ),
    ],
)
def test_inputs(after: Module, expected: list[tuple[str, bool]]) -> None:
    assert found(after) == expected


def test_outputs() -> None:
    assert found(replace(BEFORE, outputs=())) == [("arn", True)]
    assert found(replace(BEFORE, outputs=(*BEFORE.outputs, Output("id", "")))) == [("id", False)]


def test_a_resource_that_disappears_is_destroyed() -> None:
    [change] = changes(
        {".": interface.of(BEFORE)}, {".": replace(BEFORE, addresses=("module.key",))}
    )
    assert change.breaking
    assert "An upgrade destroys it" in change.meaning
    assert "moved { from = aws_s3_bucket.logs" in change.meaning
    assert found(replace(BEFORE, addresses=("aws_s3_bucket.logs",))) == [("module.key", True)]


def test_a_resource_that_is_moved_stays() -> None:
    renamed = replace(
        BEFORE,
        addresses=("aws_s3_bucket.log", "module.key"),
        moves=(Move("aws_s3_bucket.logs[0]", "aws_s3_bucket.log"),),
    )
    assert found(renamed) == [("aws_s3_bucket.logs", False)]


def test_a_resource_can_be_moved_out_of_a_module_by_the_root_module() -> None:
    before = {".": interface.of(BEFORE), "modules/key": interface.of(BEFORE)}
    after = {
        ".": replace(
            BEFORE,
            addresses=(*BEFORE.addresses, "aws_s3_bucket.out"),
            moves=(Move("module.key.aws_s3_bucket.logs", "aws_s3_bucket.out"),),
        ),
        "modules/key": replace(BEFORE, addresses=("module.key",)),
    }
    assert [(c.module, c.name, c.breaking) for c in changes(before, after)] == [
        ("modules/key", "aws_s3_bucket.logs", False)
    ]


def test_new_resources_and_data_sources_break_nothing() -> None:
    more = replace(BEFORE, addresses=(*BEFORE.addresses, "aws_sns_topic.x", "data.aws_region.x"))
    assert found(more) == [("aws_sns_topic.x", False), ("data.aws_region.x", False)]


def test_a_data_source_can_go() -> None:
    reading = replace(BEFORE, addresses=(*BEFORE.addresses, "data.aws_region.x"))
    assert not list(changes({".": interface.of(reading)}, {".": BEFORE}))


def test_modules() -> None:
    before, after = {"modules/a": interface.of(BEFORE)}, {"modules/b": BEFORE}
    assert [(c.name, c.breaking) for c in changes(before, after)] == [
        ("modules/a", True),
        ("modules/b", False),
    ]


BREAKING, ADDITION = Change(".", "size", True, "…"), Change(".", "arn", False, "…")


@pytest.mark.parametrize(
    ("version", "found", "lowest"),
    [
        ("1.2.3", [], "1.2.4"),
        ("1.2.3", [ADDITION], "1.3.0"),
        ("1.2.3", [ADDITION, BREAKING], "2.0.0"),
        ("0.1.0", [], "0.1.1"),
        ("0.1.0", [ADDITION], "0.2.0"),
        ("0.1.0", [BREAKING], "0.2.0"),
    ],
)
def test_versions_are_semantic(version: str, found: list[Change], lowest: str) -> None:
    assert next_version(version, found) == lowest


def test_changes_are_in_the_changelog_and_breaking_ones_in_the_upgrade_guide() -> None:
    released = "# Changelog\n\n## [Unreleased]\n\n## [0.1.0]\n\n- `arn` and `size`\n"
    unreleased = "# Changelog\n\n## [Unreleased]\n\n- `arn` and `size`\n\n## [0.1.0]\n"
    assert undocumented([ADDITION, BREAKING], released, "") == [ADDITION, BREAKING]
    assert undocumented([ADDITION, BREAKING], unreleased, "") == [BREAKING]
    assert undocumented([ADDITION, BREAKING], unreleased, "Without `size` …") == []
