"""AWS time, which passes faster than real time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any


class Clock:
    """Durations are seconds of AWS time, of which ``speed`` pass in a real second.

    Time stamps are real (UTC), so that they have the same order in all services.
    """

    def __init__(self, speed: float) -> None:
        if speed <= 0:
            raise ValueError(f"speed is {speed}; it must be above 0")
        self.speed = speed

    def real(self, seconds: float) -> float:
        """The real seconds in which ``seconds`` of AWS time pass."""
        return seconds / self.speed

    def sleep(self, seconds: float) -> None:
        time.sleep(self.real(seconds))

    def after(self, seconds: float, function: Callable[..., Any], *args: Any) -> threading.Timer:
        """Call ``function`` after ``seconds`` of AWS time, unless the timer is cancelled."""
        timer = threading.Timer(self.real(seconds), function, args)
        timer.daemon = True
        timer.start()
        return timer
