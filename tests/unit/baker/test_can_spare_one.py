from __future__ import annotations

from typing import Any

import pytest

from baker.decisions.standby import check_can_spare_one
from baker.errors import BakeError, ConfigurationError, NotYetVisible
from baker.model.group import AutoScalingGroup, Member
from unit.baker.samples import a_group


def sparing(**parts: Any) -> AutoScalingGroup:
    usual = {"minimum": 1, "desired": 2, "instances": (Member("i-1"), Member("i-2"))}
    return a_group(**{**usual, **parts})


def test_a_group_above_its_minimum_can_spare_an_instance() -> None:
    check_can_spare_one(sparing())


@pytest.mark.parametrize(
    ("parts", "complaint", "error"),
    [
        ({"minimum": 2}, "desired capacity is 2 and its minimum is 2", ConfigurationError),
        ({"minimum": 0, "desired": 1, "instances": ()}, "has 0 in service", ConfigurationError),
        ({"instances": (Member("i-1"),)}, "has 1 in service", NotYetVisible),
        (
            {"instances": (Member("i-1"), Member("i-2", "Standby"))},
            "has 1 in service",
            NotYetVisible,
        ),
        (
            {"suspended_processes": frozenset({"Launch"})},
            "Launch .* is suspended",
            ConfigurationError,
        ),
    ],
)
def test_a_group_that_cannot_spare_an_instance_says_so(
    parts: dict[str, Any], complaint: str, error: type[BakeError]
) -> None:
    with pytest.raises(error, match=f"(?s){complaint}.*Nothing was changed"):
        check_can_spare_one(sparing(**parts))
