"""A clock under which everything happens in one thread, by turns.

Who waits gives way to who is due next, and if nobody is due yet, the time of the next one comes at
once. So nothing depends on how fast a machine is, and a copy of the process (`os.fork`) has all of
what goes on in the background in it, not only the thread that made the copy.
"""

from __future__ import annotations

import heapq
import itertools
import threading
import traceback
from collections.abc import Callable
from typing import Any

from greenlet import getcurrent, greenlet

from local_aws.clock import Clock, Task, Timer


class Turns(Clock):
    """Seconds are AWS's, those that are real for other clocks too."""

    def __init__(self) -> None:
        super().__init__(1)
        self._now = 0.0
        self._due: list[tuple[float, int, Callable[[], Any]]] = []
        self._numbers = itertools.count()
        self._round = greenlet(self._go_round)

    def now(self) -> float:
        return self._now

    def sleep(self, seconds: float) -> None:
        self._at(seconds, getcurrent().switch)
        self._round.switch()

    def wait(self, signal: threading.Event | threading.Condition, seconds: float) -> bool:
        if isinstance(signal, threading.Event):
            if not signal.is_set():
                self.sleep(seconds)
            return signal.is_set()
        signal.release()
        self.sleep(seconds)
        signal.acquire()
        return True

    def after(self, seconds: float, function: Callable[..., Any], *args: Any) -> Timer:
        later = Later(self, function, args)
        self._at(seconds, later.begin)
        return later

    def run(self, function: Callable[..., Any], *args: Any) -> Task:
        task = Later(self, function, args)
        self._at(0, task.begin)
        return task

    def give_way(self) -> None:
        """Go on when somebody calls `resume` with this greenlet."""
        self._round.switch()

    def resume(self, one: greenlet) -> None:
        self._at(0, one.switch)

    def begin(self, function: Callable[[], Any]) -> None:
        greenlet(function, self._round).switch()

    def _at(self, seconds: float, resume: Callable[[], Any]) -> None:
        heapq.heappush(self._due, (self._now + seconds, next(self._numbers), resume))

    def _go_round(self) -> None:
        while True:
            when, _, resume = heapq.heappop(self._due)
            self._now = max(self._now, when)
            resume()


class Later:
    """A `Task` and a `Timer`."""

    def __init__(self, clock: Turns, function: Callable[..., Any], args: tuple[Any, ...]) -> None:
        self._clock = clock
        self._function = function
        self._args = args
        self._over = False
        self._waiting: list[greenlet] = []

    def begin(self) -> None:
        if not self._over:
            self._clock.begin(self._run)

    def cancel(self) -> None:
        self._over = True

    def join(self) -> None:
        if not self._over:
            self._waiting.append(getcurrent())
            self._clock.give_way()

    def _run(self) -> None:
        try:
            self._function(*self._args)
        except Exception:
            traceback.print_exc()
        self._over = True
        for one in self._waiting:
            self._clock.resume(one)
