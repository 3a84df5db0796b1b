"""Every fault at every call of a bake."""

from __future__ import annotations

import time

from bakes import promise
from bakes.tally import Tally
from local_aws.call import Call
from support.bakes.faults import Calls, Kind, mutates
from support.bakes.service import FINAL, Service

KEEP = 2
_MOST_RETRIES = 4


def make_service(capture: str, lambda_retries: int = 0) -> Service:
    """A service that has as many images as retention keeps, so that each bake removes one."""
    service = Service(capacity=2, CAPTURE=capture, KEEP_IMAGES=str(KEEP))
    service.set_lambda_retries(lambda_retries)
    with service.running():
        for _ in range(KEEP):
            service.bake()
    return service


def calls_of_a_bake(service: Service) -> list[Call]:
    """The calls that a bake makes when nothing goes wrong."""
    calls = service.function.calls = Calls()
    service.newest = service.bake()
    service.function.calls = Calls()
    return calls.made


def applies(kind: Kind, call: Call) -> bool:
    if kind is Kind.STALE:
        return not mutates(call)
    if kind is Kind.TIMEOUT_ONCE:
        return mutates(call)
    return True


def run(service: Service, kind: Kind, tally: Tally) -> None:
    """One bake for each call that the fault can happen to."""
    reference = calls_of_a_bake(service)
    for nth, call in enumerate(reference):
        if applies(kind, call):
            name = f"{kind.value} at call {nth}, {call.operation}"
            tally.injected += 1
            problems = _bake_with(service, kind, nth, reference)
            if problems:
                tally.broken[name] = problems


def _bake_with(service: Service, kind: Kind, nth: int, reference: list[Call]) -> list[str]:
    before = promise.Before.of(service)
    calls = Calls({nth: kind})
    execution = bake_through(service, calls)
    assert calls.injected, f"{kind} was not injected at {nth}"
    assert calls.made[nth].operation == reference[nth].operation
    problems = promise.broken(service, execution, before)
    service.function.calls = Calls()
    kept = [service.newest, execution]
    if "Cleanup skipped" in service.summary(execution):
        # What could not be removed now goes with the next bake.
        kept = [execution, service.bake()]
    service.newest = kept[-1]
    return problems + promise.not_kept(service, kept)


def bake_through(service: Service, calls: Calls) -> str:
    """A bake whose calls go as ``calls`` says, and the retries of its stage; the execution."""
    service.function.calls = calls
    execution = service.start()
    try:
        see_it_through(service, execution)
    finally:
        calls.forget()
    return execution


def see_it_through(service: Service, execution: str) -> None:
    """Wait for the end of the execution, and retry its stage as somebody on duty would."""
    for _ in range(_MOST_RETRIES):
        while service.status(execution) not in FINAL:
            if service.waits_in_vain():
                service.give_up_waiting()
            time.sleep(0.01)
        if service.status(execution) == "Succeeded":
            return
        service.retry(execution)
