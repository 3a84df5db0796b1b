"""Two invocations at the same time, at every point between their mutating calls."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from bakes import promise
from bakes.matrix import see_it_through
from bakes.tally import Tally
from support.bakes.faults import Calls, CutOff, mutates
from support.bakes.service import Service

Deliver = Callable[[dict[str, Any]], Any]

_PATIENCE = 60


class Runner:
    """An invocation in a thread of its own, that stops once at a point of its way.

    Args:
        stop: after how many points (one before and one after each mutating call) it stops; it does
            not, when it has fewer.
    """

    def __init__(self, service: Service, event: dict[str, Any], stop: int) -> None:
        self._service = service
        self._event = event
        self._points = iter(range(1, stop + 1))
        self._stop = stop
        self._stopped_or_done = threading.Event()
        self._go_on = threading.Event()
        self.thread = threading.Thread(target=self._run, daemon=True)

    def go_to_the_point(self) -> None:
        self.thread.start()
        assert self._stopped_or_done.wait(_PATIENCE)

    def finish(self) -> None:
        self._go_on.set()
        self.thread.join(_PATIENCE)
        assert not self.thread.is_alive()

    def _pause(self) -> None:
        if next(self._points, None) == self._stop:
            self._stopped_or_done.set()
            assert self._go_on.wait(_PATIENCE)

    def _run(self) -> None:
        try:
            self._service.function.invoke(self._event, Calls(pause=self._pause))
        except CutOff:
            pass
        finally:
            self._stopped_or_done.set()


def points_of_a_bake(service: Service) -> list[int]:
    """How many points each invocation of a bake has."""
    points: list[int] = []

    def deliver(event: dict[str, Any]) -> Any:
        calls = Calls()
        answer = service.function.invoke(event, calls)
        points.append(2 * sum(map(mutates, calls.made)))
        return answer

    with delivering(service, deliver):
        service.bake()
    return points


def run_twice_at_once(service: Service, tally: Tally) -> None:
    """Each invocation of a bake twice: the first goes to a point, the second to a point, the first
    to its end, the second to its end."""
    for number, points in enumerate(points_of_a_bake(service)):
        for first in range(1, points + 1):
            for second in range(1, points + 1):
                before = promise.Before.of(service)
                name = f"invocation {number} twice, stopped at {first} and {second}"
                with delivering(service, _twice(service, number, first, second)):
                    execution = service.start()
                    see_it_through(service, execution)
                _note(tally, name, promise.broken(service, execution, before))


def _twice(service: Service, number: int, first: int, second: int) -> Deliver:
    count = iter(range(1_000))

    def deliver(event: dict[str, Any]) -> None:
        if next(count) != number:
            return service.function.invoke(event)
        runners = [Runner(service, event, first), Runner(service, event, second)]
        for runner in runners:
            runner.go_to_the_point()
        for runner in runners:
            runner.finish()
        return None

    return deliver


def run_late(service: Service, tally: Tally) -> None:
    """Each event of an execution that is over once more, at every point of a newer execution."""
    older = service.function.invocations
    start = len(older)
    execution = service.bake()
    events = [invocation.event for invocation in older[start:]]
    total = sum(points_of_a_bake(service))
    for number, event in enumerate(events):
        for point in range(1, total + 1):
            before = promise.Before.of(service)
            name = f"event {number} of an older execution at point {point} of a newer one"
            newer = _bake_disturbed(service, point, lambda event=event: _run(service, event))
            _note(tally, name, promise.broken(service, newer, before))
    assert service.status(execution) == "Succeeded"


def run_overtaken(service: Service, tally: Tally) -> None:
    """An invocation stops at a point for so long that its execution fails and a newer one bakes;
    then it goes on."""
    for number, points in enumerate(points_of_a_bake(service)):
        for point in range(1, points + 1):
            name = f"invocation {number} stopped at {point} while a newer execution baked"
            _note(tally, name, _overtake(service, number, point))


def _overtake(service: Service, number: int, point: int) -> list[str]:
    before = promise.Before.of(service)
    count = iter(range(1_000))
    sleepers: list[Runner] = []

    def deliver(event: dict[str, Any]) -> None:
        if next(count) != number:
            return service.function.invoke(event)
        sleepers.append(Runner(service, event, point))
        sleepers[0].go_to_the_point()
        return None

    with delivering(service, deliver):
        older = service.start()
        while not sleepers and service.status(older) == "InProgress":
            time.sleep(0.001)
        if service.status(older) == "InProgress":
            service.give_up_waiting()
        service.finished(older)
    newer = service.bake()
    sleepers[0].finish()
    newest = service.bake()
    latest = {image["ImageId"] for image in service.images(newest)}
    problems = [*promise.answers(before), *promise.left_behind(service)]
    if {service.latest_image()} != latest:
        problems.append(f"lost: {service.latest_image()} is launched, not {latest}")
    finished = [e for e in (older, newer, newest) if service.status(e) == "Succeeded"]
    return problems + promise.not_kept(service, finished[-2:])


def _bake_disturbed(service: Service, point: int, disturb: Callable[[], None]) -> str:
    """A bake during which something else happens at a point; the execution."""
    points = iter(range(1, point + 1))

    def pause() -> None:
        if next(points, None) == point:
            disturb()

    calls = service.function.calls = Calls(pause=pause)
    execution = service.start()
    see_it_through(service, execution)
    service.function.calls = Calls()
    assert calls.made
    return execution


def _run(service: Service, event: dict[str, Any]) -> None:
    runner = Runner(service, event, stop=0)
    runner.go_to_the_point()
    runner.finish()


def _note(tally: Tally, name: str, problems: list[str]) -> None:
    tally.injected += 1
    if problems:
        tally.broken[name] = problems


@contextmanager
def delivering(service: Service, deliver: Deliver) -> Iterator[None]:
    """While this lasts, events are delivered so."""
    service.function.deliver = deliver
    try:
        yield
    finally:
        service.function.deliver = None
