from __future__ import annotations

from collections.abc import Iterator

import pytest

from local_aws.client import LocalAws
from local_aws.launcher import Launcher
from support.fleet import SPEED


@pytest.fixture(scope="module")
def aws(launcher: Launcher) -> Iterator[LocalAws]:
    """A fresh account, one a module, whose clock runs `SPEED` times as fast as AWS's."""
    with launcher.start(speed=SPEED) as running:
        yield running
