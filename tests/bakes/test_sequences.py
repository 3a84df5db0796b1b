"""Several things go wrong in one bake, in any combination."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from bakes import matrix, promise
from support.bakes.copies import Branch, problems_in_copies
from support.bakes.faults import Calls, Kind
from support.bakes.service import Service

# More calls than a bake makes with its repetitions.
CALLS = 90


@pytest.fixture(scope="module", params=["live", "standby"])
def service(request: pytest.FixtureRequest) -> Iterator[Service]:
    made = matrix.make_service(request.param)
    with made.running():
        yield made


@settings(
    max_examples=40,
    deadline=None,
    # The same on every machine; and a smaller example would take minutes to find.
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
)
@given(
    faults=st.dictionaries(
        st.integers(0, CALLS), st.sampled_from(list(Kind)), min_size=2, max_size=6
    ),
    lambda_retries=st.integers(0, 2),
)
def test_any_combination_of_faults(
    service: Service,
    faults: dict[int, Kind],
    lambda_retries: int,
) -> None:
    def bake(branch: Branch) -> list[str]:
        if not branch("combination"):
            return []
        service.set_lambda_retries(lambda_retries)
        before = promise.Before.of(service)
        execution = matrix.bake_through(service, Calls(faults))
        problems = promise.broken(promise.Account(service), execution, before)
        service.function.calls = Calls()
        newest = service.bake()
        return problems + promise.not_kept(promise.Account(service), [execution, newest])

    assert problems_in_copies(bake) == {"combination": []}


@pytest.mark.parametrize("stale", [{0}, {1}, {0, 1}], ids=["latest", "of the image", "both"])
def test_a_version_that_was_just_made_is_seen_by_either_of_two_reads(
    service: Service, stale: set[int]
) -> None:
    """The next invocation asks for the latest version, then for those with the image."""
    operations = [call.operation for call in matrix.calls_of_a_bake(service)]
    made = operations.index("CreateLaunchTemplateVersion")
    cut_off = Calls({made: Kind.CUT_AFTER})
    service.set_lambda_retries(1)
    matrix.bake_through(service, cut_off)
    reads = [
        number
        for number, call in enumerate(cut_off.made)
        if number > made and call.operation == "DescribeLaunchTemplateVersions"
    ]
    before = promise.Before.of(service)
    calls = Calls({made: Kind.CUT_AFTER, **{reads[nth]: Kind.STALE for nth in stale}})
    execution = matrix.bake_through(service, calls)
    assert len(calls.injected) == 1 + len(stale)
    assert not promise.broken(promise.Account(service), execution, before)
    service.function.calls = Calls()
