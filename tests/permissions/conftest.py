from __future__ import annotations

from collections.abc import Iterator

import pytest

from local_aws.client import LocalAws


@pytest.fixture(scope="module")
def aws() -> Iterator[LocalAws]:
    """An account of the module's own, as fast as that of the integration tests."""
    with LocalAws.start(speed=200) as running:
        yield running
