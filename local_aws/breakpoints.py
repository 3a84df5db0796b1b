"""Breakpoints, which hold an API call so that a test can act at that point."""

from __future__ import annotations

import itertools
import threading
from dataclasses import dataclass, field
from typing import Any

from local_aws.call import Call

# Real seconds after which a call goes on, in case the test that holds it has died.
LONGEST_HOLD = 1800.0


@dataclass
class Breakpoint:
    """Holds the ``nth`` matching call, counted from 1.

    Attributes:
        service: the prefix of the IAM action; empty for any.
        operation: the name of the API operation; empty for any.
        principal: a part of the caller's ARN.
        when: ``before`` or ``after`` the call takes effect.
        seen: how many calls have matched so far.
        dropped: whether the call is lost when it is released ``before``: it never takes effect.
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
    """All breakpoints, by number."""

    def __init__(self) -> None:
        self._set: dict[int, Breakpoint] = {}
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()

    def add(self, **where: Any) -> int:
        """Set a breakpoint; takes the attributes of `Breakpoint`, and returns its number."""
        with self._lock:
            number = next(self._numbers)
            self._set[number] = Breakpoint(**where)
            return number

    def wait(self, number: int, timeout: float) -> bool:
        """Whether the breakpoint was hit within ``timeout`` real seconds."""
        return self._set[number].hit.wait(timeout)

    def release(self, number: int, drop: bool = False) -> None:
        """Remove the breakpoint; the call it holds goes on, or is dropped."""
        with self._lock:
            point = self._set.pop(number)
            point.dropped = drop
            point.released.set()

    def pass_by(self, call: Call, when: str) -> bool:
        """Wait while a breakpoint holds the call; called around each request.

        Returns:
            whether the call goes on; it does not if it was dropped.
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
