from __future__ import annotations

import pytest

from baker.decisions.source import choose_source
from baker.errors import BakeError
from baker.model.group import Member
from unit.baker.samples import a_group


def instance(name: str, state: str = "InService", health: str = "Healthy") -> Member:
    return Member(name, state, health)


@pytest.mark.parametrize(
    "unfit",
    [
        instance("i-1", state="Pending"),
        instance("i-1", state="Pending:Wait"),
        instance("i-1", state="Standby"),
        instance("i-1", state="Terminating"),
        instance("i-1", state="Warmed:Running"),
        instance("i-1", health="Unhealthy"),
    ],
    ids=lambda unfit: f"{unfit.lifecycle_state}-{unfit.health_status}",
)
def test_an_instance_out_of_service_is_passed_over(unfit: Member) -> None:
    chosen = choose_source(
        a_group(
            instances=(
                unfit,
                instance("i-2"),
            )
        ),
        "d-1",
        {"i-1", "i-2"},
    )
    assert chosen == "i-2"


def test_an_instance_that_was_not_updated_is_passed_over() -> None:
    group = a_group(instances=(instance("i-1"), instance("i-2")))
    assert choose_source(group, "d-1", {"i-2"}) == "i-2"


def test_the_choice_does_not_depend_on_the_order_of_the_instances() -> None:
    group = a_group(instances=(instance("i-2"), instance("i-1")))
    assert choose_source(group, "d-1", {"i-1", "i-2"}) == "i-1"


def test_when_none_fits_each_instance_is_explained() -> None:
    group = a_group(
        instances=(
            instance("i-1", state="Standby"),
            instance("i-2", state="Pending", health="Unhealthy"),
            instance("i-3"),
        )
    )
    with pytest.raises(BakeError) as failure:
        choose_source(group, "d-1", {"i-1", "i-2"})
    assert (
        "i-1 is Standby; i-2 is Pending and Unhealthy; i-3 is not a Succeeded target of d-1"
    ) in str(failure.value)


def test_an_empty_group_says_so() -> None:
    with pytest.raises(BakeError, match="group shop can be imaged: it has none"):
        choose_source(a_group(), "d-1", set())
