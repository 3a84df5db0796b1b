"""Whatever happens to whichever call: one image, one version, one answer, and nothing left over."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bakes import interleavings, matrix
from bakes.tally import TALLY, Tally
from support.bakes.faults import Kind
from support.bakes.service import Service

Record = Callable[[str, object], None]


def kept(tally: Tally, record: Record) -> None:
    record(TALLY, str(tally))
    assert not tally.broken, tally.broken
    assert tally.injected


@pytest.mark.parametrize("kind", Kind, ids=lambda kind: kind.value)
@pytest.mark.parametrize("capture", ["live", "standby"])
def test_a_fault_at_any_call(capture: str, kind: Kind, record_property: Record) -> None:
    service, tally = matrix.make_service(capture), Tally()
    with service.running():
        matrix.run(service, kind, tally)
    kept(tally, record_property)


@pytest.mark.parametrize("kind", [Kind.CUT_BEFORE, Kind.CUT_AFTER], ids=lambda kind: kind.value)
@pytest.mark.parametrize("capture", ["live", "standby"])
def test_an_invocation_that_is_cut_off_and_repeated_by_lambda(
    capture: str, kind: Kind, record_property: Record
) -> None:
    service, tally = matrix.make_service(capture, lambda_retries=2), Tally()
    with service.running():
        matrix.run(service, kind, tally)
    kept(tally, record_property)


@pytest.mark.parametrize(
    "disturb",
    [
        interleavings.run_twice_at_once,
        interleavings.run_late,
        interleavings.run_overtaken,
    ],
)
@pytest.mark.parametrize("capture", ["live", "standby"])
def test_invocations_that_meet(
    capture: str, disturb: Callable[[Service, Tally], None], record_property: Record
) -> None:
    service, tally = matrix.make_service(capture), Tally()
    with service.running():
        disturb(service, tally)
    kept(tally, record_property)
