"""What can go wrong with an API call."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum

from botocore.awsrequest import AWSResponse
from botocore.exceptions import ReadTimeoutError

from local_aws.call import Call
from support.bakes.copies import Branch
from support.bakes.network import Request

Answer = tuple[int, dict[str, str], bytes]
# How long the world that was may take to answer. Real seconds.
_PATIENCE = 20


class Kind(Enum):
    """What happens to a call; to all attempts of the SDK, where nothing else is said."""

    CUT_BEFORE = "cut off before"
    CUT_AFTER = "cut off after"
    THROTTLED = "throttled"
    SERVER_ERROR = "5xx"
    TIMEOUT_ONCE = "timeout after effect, once"
    TIMEOUT = "timeout after effect"
    STALE = "stale read"


class CutOff(BaseException):
    """The function's process is gone."""


def mutates(call: Call) -> bool:
    return not call.operation.startswith(("Describe", "Get", "List", "BatchGet"))


@dataclass
class Calls:
    """Watches the calls of a bake, over all of its invocations, and lets some go wrong.

    Attributes:
        faults: what happens to which call, counted from 0.
        made: the calls, in order.
        injected: the numbers of the calls that went wrong.
        seconds: what the local AWS took for its answers.
        pause: called at each point before and after a call that changes something.
    """

    faults: Mapping[int, Kind] = field(default_factory=dict)
    made: list[Call] = field(default_factory=list)
    injected: set[int] = field(default_factory=set)
    seconds: float = 0
    pause: Callable[[], None] | None = None
    _past: Past | None = None

    def __post_init__(self) -> None:
        self._remember()

    def send(self, request: Request) -> AWSResponse:
        """A watcher (`support.bakes.network.watched_by`)."""
        call = request.call
        assert call, request.url
        if request.is_first_attempt:
            self.made.append(call)
        number = len(self.made) - 1
        stops = self.pause if self.pause and mutates(call) else lambda: None
        stops()
        if mutates(call):
            self._remember()
        kind = self.fault(number, call)
        if kind:
            self.injected.add(number)
        began = time.perf_counter()
        response = self._go_wrong(kind, request) if kind else request.response()
        self.seconds += time.perf_counter() - began
        stops()
        return response

    def fault(self, number: int, call: Call) -> Kind | None:
        """What happens to a call, the ``number``th. Only a read can be stale."""
        kind = self.faults.get(number)
        return None if kind is Kind.STALE and mutates(call) else kind

    def may_be_stale(self) -> bool:
        """Whether a read to come will not be up to date."""
        return any(
            kind is Kind.STALE and number >= len(self.made) for number, kind in self.faults.items()
        )

    def _remember(self) -> None:
        """Keep the account as it is, for a read to come that will not be up to date."""
        self.forget()
        if self.may_be_stale():
            self._past = Past()

    def forget(self) -> None:
        if self._past:
            self._past.forget()
            self._past = None

    def _go_wrong(self, kind: Kind, request: Request) -> AWSResponse:
        if kind is Kind.CUT_BEFORE:
            raise CutOff
        if kind is Kind.THROTTLED:
            return request.response(_refusal(request, "Throttling", 400))
        if kind is Kind.SERVER_ERROR:
            return request.response(_refusal(request, "InternalError", 500))
        if kind is Kind.STALE:
            assert self._past
            return request.response(self._past.answer(request))
        if kind is Kind.TIMEOUT_ONCE and not request.is_first_attempt:
            return request.response()
        request.answer()
        if kind is Kind.CUT_AFTER:
            raise CutOff
        raise ReadTimeoutError(endpoint_url=request.url)


@dataclass
class EachCall(Calls):
    """Lets each call go wrong to which ``kind`` applies, in a copy of its own."""

    kind: Kind = Kind.CUT_BEFORE
    applies: Callable[[Kind, Call], bool] = lambda kind, call: True
    branch: Branch = lambda name: False

    def fault(self, number: int, call: Call) -> Kind | None:
        name = f"{self.kind.value} at call {number}, {call.operation}"
        if self.is_original() and self.applies(self.kind, call) and self.branch(name):
            self.faults = {number: self.kind}
        return super().fault(number, call)

    def may_be_stale(self) -> bool:
        return self.kind is Kind.STALE if self.is_original() else super().may_be_stale()

    def is_original(self) -> bool:
        return not self.faults


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
        self._maker = os.getpid()
        self._process = os.fork()
        if self._process == 0:
            try:
                while True:
                    there.send(there.recv().answer())
            finally:
                os._exit(0)

    def answer(self, request: Request) -> Answer:
        self._here.send(request)
        if not self._here.poll(_PATIENCE):
            raise TimeoutError(f"the account as it was did not answer {request.url}")
        answer: Answer = self._here.recv()
        return answer

    def forget(self) -> None:
        """End the copy; in another one of the process that made it, it is left to that."""
        if self._maker == os.getpid():
            os.kill(self._process, signal.SIGKILL)
            os.waitpid(self._process, 0)
        self._here.close()
