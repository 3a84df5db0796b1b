"""The end of the function's time: without an answer before it, the pipeline would hang for 20
minutes."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager


class OutOfTime(BaseException):
    """Not an Exception, because botocore would take that for a failed request and try again."""


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Interrupt what takes longer; in the main thread, as Lambda runs it.

    Raises:
        OutOfTime: in the body, once.
    """

    def interrupt(*_: object) -> None:
        raise OutOfTime

    signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, max(seconds, 0.001))
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
