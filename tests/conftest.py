"""What tests of several kinds share, started once for each worker, when a test first needs it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

# Imported where it is used: unit tests do without the local AWS.
if TYPE_CHECKING:
    from local_aws.launcher import Launcher


@pytest.fixture(scope="session")
def launcher() -> Iterator[Launcher]:
    """Starts local AWSs."""
    from local_aws.launcher import Launcher

    with Launcher() as running:
        yield running
