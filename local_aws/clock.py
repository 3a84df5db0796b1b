"""Time as AWS takes it, run faster."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any


class Clock:
    """Durations are given in AWS seconds; ``speed`` of them pass in one real second.

    Timestamps stay real (UTC), so that orders between services hold.
    """

    def __init__(self, speed: float) -> None:
        if speed <= 0:
            raise ValueError(f"speed is {speed}; it must be above 0")
        self.speed = speed

    def real(self, seconds: float) -> float:
        """Real seconds that ``seconds`` of AWS take."""
        return seconds / self.speed

    def sleep(self, seconds: float) -> None:
        time.sleep(self.real(seconds))

    def after(self, seconds: float, function: Callable[..., Any], *args: Any) -> threading.Timer:
        """Call ``function`` in ``seconds`` of AWS; the timer returned can be cancelled."""
        timer = threading.Timer(self.real(seconds), function, args)
        timer.daemon = True
        timer.start()
        return timer
