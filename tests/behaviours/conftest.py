from __future__ import annotations

from collections.abc import Iterator

import pytest

from behaviours.fleet import SPEED
from local_aws.client import LocalAws


@pytest.fixture(scope="module")
def aws() -> Iterator[LocalAws]:
    """A fresh account, one a module, whose clock runs `SPEED` times as fast as AWS's."""
    with LocalAws.start(speed=SPEED) as running:
        yield running
