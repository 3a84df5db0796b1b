from __future__ import annotations

from collections.abc import Iterator

import pytest

from local_aws.client import LocalAws
from local_aws.launcher import Launcher


@pytest.fixture(scope="module")
def aws(launcher: Launcher) -> Iterator[LocalAws]:
    """An account of the module's own, as fast as that of the integration tests."""
    with launcher.start(speed=200) as running:
        yield running
