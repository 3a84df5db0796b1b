"""Waiting for what AWS does in its own time."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

# Real seconds. Long, because a busy machine must make a wait longer, not fail it.
PATIENCE = 600
POLL_SECONDS = 0.1


def eventually(
    look: Callable[[], T | None],
    what: str,
    patience: float = PATIENCE,
    poll_seconds: float = POLL_SECONDS,
) -> T:
    """Call ``look`` until it returns something true, and return that.

    Args:
        what: a noun for the error, e.g. ``an execution of commit 1a2b3c``.
        patience: seconds until it gives up.
        poll_seconds: between two calls.

    Raises:
        TimeoutError: after ``patience`` seconds.
    """
    deadline = time.monotonic() + patience
    while not (found := look()):
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited {patience:.0f} s for {what}")
        time.sleep(poll_seconds)
    return found
