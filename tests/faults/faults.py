"""What can go wrong with an API call."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from botocore.awsrequest import AWSResponse
from botocore.exceptions import ReadTimeoutError

from faults.network import Request, one_at_a_time
from local_aws.house import house
from local_aws.recorder import Call, read_call

Answer = tuple[int, dict[str, str], bytes]
# How long the world that was may take to answer. Real seconds.
_PATIENCE = 20


class Kind(Enum):
    """A fault; all but a cut-off hold for every attempt that the SDK makes, but where it says so."""

    CUT_BEFORE = "cut off before"
    CUT_AFTER = "cut off after"
    THROTTLED = "throttled"
    SERVER_ERROR = "5xx"
    TIMEOUT_ONCE = "timeout after effect, once"
    TIMEOUT = "timeout after effect"
    STALE = "stale read"


@dataclass(frozen=True)
class Fault:
    """``kind`` happens to the ``nth`` call (from 0) of a bake."""

    kind: Kind
    nth: int


class CutOff(BaseException):
    """The function's process is gone."""


def mutates(call: Call) -> bool:
    return not call.operation.startswith(("Describe", "Get", "List", "BatchGet"))


@dataclass
class Calls:
    """Watches the calls of a bake, over all of its invocations, and lets one go wrong.

    Attributes:
        made: the calls, in order.
        pause: called before and after each call with it and ``before`` or ``after``.
    """

    fault: Fault | None = None
    made: list[Call] = field(default_factory=list)
    injected: int = 0
    pause: Callable[[Call, str], None] | None = None
    past: Past | None = None
    past_at: int | None = None
    _lock: Any = field(default_factory=threading.Lock)

    def send(self, request: Request) -> AWSResponse:
        """A watcher (`faults.network.watched_by`)."""
        call = read_call(request.environ(), request.body, house.principal_of)
        assert call, request.url
        with self._lock:
            if request.is_first_attempt:
                self.made.append(call)
            number = len(self.made) - 1
        if self.pause:
            self.pause(call, "before")
        if self.past_at == number and self.past is None:
            self.past = Past()
        kind = self.fault.kind if self.fault and self.fault.nth == number else None
        response = self._go_wrong(kind, request) if kind else request.response()
        if self.pause:
            self.pause(call, "after")
        return response

    def _go_wrong(self, kind: Kind, request: Request) -> AWSResponse:
        self.injected += 1
        if kind is Kind.CUT_BEFORE:
            raise CutOff
        if kind is Kind.THROTTLED:
            return request.response(_refusal(request, "Throttling", 400))
        if kind is Kind.SERVER_ERROR:
            return request.response(_refusal(request, "InternalError", 500))
        if kind is Kind.STALE:
            assert self.past
            return request.response(self.past.answer(request))
        if kind is Kind.TIMEOUT_ONCE and not request.is_first_attempt:
            return request.response()
        request.answer()
        if kind is Kind.CUT_AFTER:
            raise CutOff
        raise ReadTimeoutError(endpoint_url=request.url)


def _refusal(request: Request, code: str, status: int) -> Answer:
    """In the protocol of the request: JSON services are told by their header, the others take
    XML."""
    if "X-Amz-Target" in request.headers:
        return status, {"x-amzn-ErrorType": code}, b'{"__type": "%s"}' % code.encode()
    error = f"<Error><Code>{code}</Code><Message>as a test wants it</Message></Error>"
    text = f"<Response><Errors>{error}</Errors>{error}</Response>"
    return status, {"Content-Type": "text/xml"}, text.encode()


class Past:
    """The account as it is now, for later: what a read that is not up to date still shows (Amazon
    EC2 Developer Guide, "Ensuring eventual consistency").

    A copy of this process keeps it.
    """

    def __init__(self) -> None:
        self._here, there = multiprocessing.Pipe()
        with one_at_a_time:
            self._process = os.fork()
        if self._process == 0:
            try:
                there.send(there.recv().answer())
            finally:
                os._exit(0)

    def answer(self, request: Request) -> Answer:
        self._here.send(request)
        if not self._here.poll(_PATIENCE):
            raise TimeoutError(f"the account as it was did not answer {request.url}")
        answer: Answer = self._here.recv()
        os.waitpid(self._process, 0)
        self._process = 0
        return answer

    def forget(self) -> None:
        if self._process:
            os.kill(self._process, 9)
            os.waitpid(self._process, 0)
            self._process = 0
