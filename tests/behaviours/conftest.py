from __future__ import annotations

from collections.abc import Iterator

import pytest

from local_aws.client import LocalAws
from support.fleet import SPEED


@pytest.fixture(scope="module")
def aws() -> Iterator[LocalAws]:
    """A fresh account, one a module, whose clock runs `SPEED` times as fast as AWS's."""
    with LocalAws.start(speed=SPEED) as running:
        yield running
