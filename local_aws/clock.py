"""AWS time, which passes faster than real time, and what happens in the background meanwhile."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any, Protocol


class Timer(Protocol):
    """What happens later, unless it is cancelled before."""

    def cancel(self) -> None: ...


class Task(Protocol):
    """What happens in the background."""

    def join(self) -> None:
        """Wait for its end."""


class Clock:
    """Durations are seconds of AWS time, of which ``speed`` pass in a real second.

    Time stamps are real (UTC), so that they have the same order in all services.
    """

    def __init__(self, speed: float) -> None:
        if speed <= 0:
            raise ValueError(f"speed is {speed}; it must be above 0")
        self.speed = speed

    def now(self) -> float:
        """AWS seconds since some fixed moment."""
        return time.monotonic() * self.speed

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds / self.speed)

    def wait(self, signal: threading.Event | threading.Condition, seconds: float) -> bool:
        """Wait for a signal, for so many real seconds at most; whether it came."""
        return signal.wait(seconds)

    def after(self, seconds: float, function: Callable[..., Any], *args: Any) -> Timer:
        """Call ``function`` after ``seconds`` of AWS time, unless the timer is cancelled."""
        timer = threading.Timer(seconds / self.speed, function, args)
        timer.daemon = True
        timer.start()
        return timer

    def run(self, function: Callable[..., Any], *args: Any) -> Task:
        """Run ``function`` in the background."""
        thread = threading.Thread(target=function, args=args, daemon=True)
        thread.start()
        return thread
