"""Two invocations at the same time, at every point between their mutating calls."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from bakes import promise
from bakes.matrix import see_it_through
from bakes.tally import Tally
from local_aws.server_state import server_state
from support.bakes.copies import Branch, problems_in_copies
from support.bakes.faults import Calls, CutOff, mutates
from support.bakes.service import Service

Deliver = Callable[[dict[str, Any]], Any]


class Runner:
    """An invocation in the background, that stops once at a point of its way.

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

    def go_to_the_point(self) -> None:
        self._task = server_state.clock.run(self._run)
        self._wait(self._stopped_or_done)

    def finish(self) -> None:
        self._go_on.set()
        self._task.join()

    def _pause(self) -> None:
        if next(self._points, None) == self._stop:
            self._stopped_or_done.set()
            self._wait(self._go_on)

    def _wait(self, event: threading.Event) -> None:
        while not event.is_set():
            server_state.clock.wait(event, 1)

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
    points = points_of_a_bake(service)
    before = promise.Before.of(service)

    def bake(branch: Branch) -> list[str]:
        numbers = itertools.count()
        at = {
            number: itertools.product(range(1, points[number] + 1), repeat=2)
            for number in range(len(points))
        }

        def deliver(event: dict[str, Any]) -> Any:
            number = next(numbers)
            for first, second in at.get(number, ()):
                if branch(f"invocation {number} twice, stopped at {first} and {second}"):
                    at.clear()
                    runners = [Runner(service, event, first), Runner(service, event, second)]
                    for runner in runners:
                        runner.go_to_the_point()
                    for runner in runners:
                        runner.finish()
                    return None
            return service.function.invoke(event)

        with delivering(service, deliver):
            execution = service.start()
            see_it_through(service, execution)
        return promise.broken(promise.Account(service), execution, before)

    tally.add(problems_in_copies(bake))


def run_late(service: Service, tally: Tally) -> None:
    """Each event of an execution that is over once more, at every point of a newer execution."""
    start = len(service.function.invocations)
    older = service.bake()
    events = [invocation.event for invocation in service.function.invocations[start:]]
    before = promise.Before.of(service)

    def bake(branch: Branch) -> list[str]:
        points = itertools.count(1)
        left = list(enumerate(events))

        def pause() -> None:
            point = next(points)
            for number, event in left:
                name = f"event {number} of an older execution at point {point} of a newer one"
                if branch(name):
                    left.clear()
                    _run(service, event)

        calls = service.function.calls = Calls(pause=pause)
        newer = service.start()
        see_it_through(service, newer)
        service.function.calls = Calls()
        assert calls.made
        assert service.status(older) == "Succeeded"
        return promise.broken(promise.Account(service), newer, before)

    tally.add(problems_in_copies(bake))


def run_overtaken(service: Service, tally: Tally) -> None:
    """An invocation stops at a point for so long that its execution fails and a newer one bakes;
    then it goes on."""
    points = points_of_a_bake(service)
    before = promise.Before.of(service)

    def bake(branch: Branch) -> list[str]:
        numbers = itertools.count()
        sleepers: list[Runner] = []

        def deliver(event: dict[str, Any]) -> Any:
            number = next(numbers)
            for point in range(1, points[number] + 1 if not sleepers else 1):
                if branch(f"invocation {number} stopped at {point} while a newer execution baked"):
                    sleepers.append(Runner(service, event, point))
                    sleepers[0].go_to_the_point()
                    return None
            return service.function.invoke(event)

        with delivering(service, deliver):
            older = service.start()
            while not sleepers and service.status(older) == "InProgress":
                server_state.clock.sleep(1)
            if service.status(older) == "InProgress":
                service.give_up_waiting()
            service.finished(older)
        return _overtake(service, older, sleepers, before)

    tally.add(problems_in_copies(bake))


def _overtake(
    service: Service, older: str, sleepers: list[Runner], before: promise.Before
) -> list[str]:
    """Newer executions bake, and meanwhile who slept in the older one goes on."""
    newer = service.bake()
    for sleeper in sleepers:
        sleeper.finish()
    # While the only instances are on their way into and out of Standby, CodeDeploy finds none.
    service.come_to_rest()
    newest = service.bake()
    account = promise.Account(service)
    latest = {image.id for image in account.images_of(newest)}
    problems = [*promise.answers(before), *promise.left_behind(account)]
    launched = account.versions[0].image_id
    if {launched} != latest:
        problems.append(f"lost: {launched} is launched, not {latest}")
    finished = [e for e in (older, newer, newest) if service.status(e) == "Succeeded"]
    return problems + promise.not_kept(account, finished[-2:])


def _run(service: Service, event: dict[str, Any]) -> None:
    runner = Runner(service, event, stop=0)
    runner.go_to_the_point()
    runner.finish()


@contextmanager
def delivering(service: Service, deliver: Deliver) -> Iterator[None]:
    """While this lasts, events are delivered so."""
    service.function.deliver = deliver
    try:
        yield
    finally:
        service.function.deliver = None
