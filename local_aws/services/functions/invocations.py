"""Invocations of functions, and their retries."""

from __future__ import annotations

import threading
from collections import Counter

from moto.awslambda.exceptions import UnknownFunctionException
from moto.awslambda.models import lambda_backends

from local_aws.server_state import server_state
from local_aws.services.functions.containers import Container
from local_aws.services.functions.models import Function
from local_aws.services.functions.runtime_api import Result

# AWS seconds before the first and the second retry of an asynchronous invocation.
# AWS Lambda Developer Guide, "How Lambda handles errors and retries with asynchronous invocation".
RETRY_SECONDS = (60, 120)

_idle: dict[str, list[Container]] = {}
_busy: dict[str, list[Container]] = {}
_cold_starts: Counter[str] = Counter()
_lock = threading.Lock()


def run(function: Function, payload: bytes) -> Result:
    """Invoke a function synchronously, in a warm execution environment if there is one."""
    container = _take(function)
    try:
        return container.invoke(payload)
    finally:
        with _lock:
            _busy[function.function_name].remove(container)
            if container.alive():
                _idle.setdefault(function.function_name, []).append(container)


def deliver(region: str, name: str, payload: bytes) -> None:
    """Invoke a function asynchronously: failures are retried as in its event invoke config."""
    attempt = 0
    while function := find(region, name):
        if not run(function, payload).error:
            return
        config = function.event_invoke_config[-1].config if function.event_invoke_config else {}
        if attempt >= config.get("MaximumRetryAttempts", len(RETRY_SECONDS)):
            return
        server_state.clock.sleep(RETRY_SECONDS[attempt])
        attempt += 1


def discard(name: str) -> None:
    """End the idle execution environments of a function that was changed or deleted."""
    with _lock:
        containers = _idle.pop(name, [])
    for container in containers:
        container.kill()


def kill(name: str) -> int:
    """Kill the running invocations of a function; returns how many there were."""
    with _lock:
        containers = list(_busy.get(name, []))
    for container in containers:
        container.kill()
    return len(containers)


def end_all() -> None:
    """End all containers, so that none outlives the server."""
    with _lock:
        containers = [each for many in (*_idle.values(), *_busy.values()) for each in many]
    for container in containers:
        container.kill()


def cold_starts(name: str) -> int:
    """How many execution environments a function has had."""
    return _cold_starts[name]


def _take(function: Function) -> Container:
    name = function.function_name
    with _lock:
        idle = _idle.setdefault(name, [])
        while idle:
            container = idle.pop()
            if container.alive() and container.revision == function.revision():
                break
        else:
            _cold_starts[name] += 1
            container = Container(function)
        _busy.setdefault(name, []).append(container)
        return container


def find(region: str, name: str) -> Function | None:
    """The function with a name, if there is one."""
    try:
        function = lambda_backends[server_state.account_id][region].get_function(name)
    except UnknownFunctionException:
        return None
    assert isinstance(function, Function)
    return function
