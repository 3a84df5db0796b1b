"""Whatever happens to whichever call: one image, one version, one answer, and nothing left over."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from unittest import mock

import pytest

from bakes import interleavings, matrix
from bakes.tally import TALLY, Tally
from support.bakes.faults import Kind
from support.bakes.service import Service

Record = Callable[[str, object], None]


@pytest.fixture(scope="module", params=["live", "standby"])
def made(request: pytest.FixtureRequest) -> Iterator[Service]:
    with mock.patch.dict(os.environ):
        yield matrix.make_service(request.param)


@pytest.fixture
def service(made: Service) -> Iterator[Service]:
    """One for all tests: each leaves it one bake further on."""
    with mock.patch.dict(os.environ, made.environment), made.running():
        yield made


def kept(tally: Tally, record: Record) -> None:
    record(TALLY, str(tally))
    assert not tally.broken, tally.broken
    assert tally.injected


@pytest.mark.parametrize("kind", Kind, ids=lambda kind: kind.value)
def test_a_fault_at_any_call(service: Service, kind: Kind, record_property: Record) -> None:
    tally = Tally()
    matrix.run(service, kind, tally)
    kept(tally, record_property)


@pytest.mark.parametrize("kind", [Kind.CUT_BEFORE, Kind.CUT_AFTER], ids=lambda kind: kind.value)
def test_an_invocation_that_is_cut_off_and_repeated_by_lambda(
    service: Service, kind: Kind, record_property: Record
) -> None:
    tally = Tally()
    service.set_lambda_retries(2)
    matrix.run(service, kind, tally)
    service.set_lambda_retries(0)
    kept(tally, record_property)


@pytest.mark.parametrize(
    "disturb",
    [
        interleavings.run_twice_at_once,
        interleavings.run_late,
        interleavings.run_overtaken,
    ],
)
def test_invocations_that_meet(
    service: Service, disturb: Callable[[Service, Tally], None], record_property: Record
) -> None:
    tally = Tally()
    disturb(service, tally)
    kept(tally, record_property)
