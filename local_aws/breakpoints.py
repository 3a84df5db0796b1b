"""Stop the world at a chosen API call, so that a test can act exactly there."""

from __future__ import annotations

import itertools
import threading
from dataclasses import dataclass, field
from typing import Any

from local_aws.call import Call

# A test that dies while it holds a call must not hold the server for ever (real seconds).
LONGEST_HOLD = 180.0


@dataclass
class Breakpoint:
    """Holds the ``nth`` call (from 1) that matches, ``before`` or ``after`` it takes effect.

    Attributes:
        service: prefix of the IAM action; empty for every service.
        operation: name of the API operation; empty for every one.
        principal: part of the ARN of the caller.
        when: ``before`` or ``after``.
        dropped: whether the call is lost on its way when it is released: it never takes effect.
    """

    service: str = ""
    operation: str = ""
    principal: str = ""
    nth: int = 1
    when: str = "before"
    seen: int = 0
    dropped: bool = False
    hit: threading.Event = field(default_factory=threading.Event)
    released: threading.Event = field(default_factory=threading.Event)

    def matches(self, call: Call) -> bool:
        return (
            self.service in ("", call.service)
            and self.operation in ("", call.operation)
            and self.principal in call.principal
        )


class Breakpoints:
    """The breakpoints that are set, by number."""

    def __init__(self) -> None:
        self._set: dict[int, Breakpoint] = {}
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()

    def add(self, **where: Any) -> int:
        """Set a breakpoint (see `Breakpoint` for the arguments) and return its number."""
        with self._lock:
            number = next(self._numbers)
            self._set[number] = Breakpoint(**where)
            return number

    def wait(self, number: int, timeout: float) -> bool:
        """Whether the breakpoint was hit within ``timeout`` real seconds."""
        return self._set[number].hit.wait(timeout)

    def release(self, number: int, drop: bool = False) -> None:
        """Let the call that is held go on, or drop it, and take the breakpoint away."""
        with self._lock:
            point = self._set.pop(number)
            point.dropped = drop
            point.released.set()

    def pass_by(self, call: Call, when: str) -> bool:
        """Called around each request; returns when no breakpoint holds it (any more).

        Returns:
            whether the call goes on.
        """
        with self._lock:
            holding = []
            for point in self._set.values():
                if point.when == when and point.matches(call):
                    point.seen += 1
                    if point.seen == point.nth:
                        holding.append(point)
        for point in holding:
            point.hit.set()
            point.released.wait(LONGEST_HOLD)
        return not any(point.dropped for point in holding)
