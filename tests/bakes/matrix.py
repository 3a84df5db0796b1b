"""Every fault at every call of a bake."""

from __future__ import annotations

from bakes import promise
from bakes.tally import Tally
from local_aws.call import Call
from local_aws.server_state import server_state
from support.bakes.copies import Branch, problems_in_copies
from support.bakes.faults import Calls, EachCall, Kind, mutates
from support.bakes.service import FINAL, Service

KEEP = 2
# As many as the faults that any test injects into one bake.
_MOST_RETRIES = 6


def make_service(capture: str, lambda_retries: int = 0) -> Service:
    """A service that has as many images as retention keeps, so that each bake removes one."""
    service = Service(capacity=2, CAPTURE=capture, KEEP_IMAGES=str(KEEP))
    service.set_lambda_retries(lambda_retries)
    with service.running():
        for _ in range(KEEP):
            service.newest = service.bake()
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
    before = promise.Before.of(service)

    def bake(branch: Branch) -> list[str]:
        calls = EachCall(kind=kind, applies=applies, branch=branch)
        execution = bake_through(service, calls)
        account = promise.Account(service)
        problems = promise.broken(account, execution, before)
        service.function.calls = Calls()
        kept = [service.newest, execution]
        if "Cleanup skipped" in service.summary(execution):
            # What could not be removed now goes with the next bake.
            kept = [execution, service.bake()]
            account = promise.Account(service)
        service.newest = kept[-1]
        return problems + promise.not_kept(account, kept)

    tally.add(problems_in_copies(bake))


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
            server_state.clock.sleep(10)
        if service.status(execution) == "Succeeded":
            return
        service.retry(execution)
