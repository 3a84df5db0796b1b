"""The credentials in a job's event reach nothing that anybody reads later."""

from __future__ import annotations

import contextlib
import copy
import io
import json
import logging
import os
import subprocess
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.exceptions import ConnectTimeoutError, HTTPClientError
from hypothesis import given, settings
from hypothesis import strategies as st

from baker import entry
from baker.aws import Aws
from baker.aws.clients import Clients
from baker.runtime import Runtime
from support.job_events import CREDENTIALS, EXECUTION, a_job, held_in
from unit.baker.samples import ENVIRONMENT

Where = tuple[str | int, ...]


class Context:
    """Lambda's, of which each look takes ten seconds."""

    aws_request_id = "request"

    def __init__(self) -> None:
        self.milliseconds = 60_000

    def get_remaining_time_in_millis(self) -> int:
        self.milliseconds -= 10_000
        return self.milliseconds


class Answering:
    """AWS, in one of its moods; keeps what it was sent."""

    mood = ""

    def __init__(self) -> None:
        self.sent: list[str] = []

    def client(self, service: str, **options: Any) -> Any:
        """A client whose requests are answered here, and repeated at once."""
        session = boto3.Session("AKIDFUNCTION", "function", region_name="us-east-1")
        client = session.client(service, **options)
        client.meta.events.register("before-send", self.send)
        client.meta.events.register_first("needs-retry", self.repeat_at_once)
        return client

    def repeat_at_once(self, attempts: int, caught_exception: Any, **_: Any) -> int | None:
        """The pause before the next attempt, in the place of botocore's."""
        repeated = self.mood == "is broken" or isinstance(caught_exception, HTTPClientError)
        return 0 if repeated and attempts < 4 else None

    def send(self, request: AWSPreparedRequest, **_: Any) -> AWSResponse:
        self.sent.append(f"{request.url} {dict(request.headers)} {request.body!r}")
        if self.mood == "unreachable":
            raise ConnectTimeoutError(endpoint_url=request.url)
        if self.mood == "unheard of":
            raise RuntimeError("a failure that nobody knows")
        status, body = {
            "refuses": (400, {"__type": "ValidationException", "message": "no"}),
            "denies": (400, {"__type": "AccessDeniedException", "message": "not authorized"}),
            "is broken": (500, {}),
            "answers nothing": (200, {}),
            "has no deployment": (200, {"actionExecutionDetails": []}),
        }[self.mood]
        answer = AWSResponse(request.url, status, {}, io.BytesIO())
        answer._content = json.dumps(body).encode()
        return answer


AWS = Answering()
RUNTIME = Runtime(Aws(Clients(AWS.client)), ENVIRONMENT, sleep=lambda _: None)
MOODS = [
    "unreachable",
    "unheard of",
    "refuses",
    "denies",
    "is broken",
    "answers nothing",
    "has no deployment",
]


@contextlib.contextmanager
def everything_logged() -> Iterator[io.StringIO]:
    """What all loggers say, with all attributes and tracebacks of records, and what is printed."""
    text = io.StringIO()

    class Whole(logging.Formatter):
        def format(self, record: logging.LogRecord) -> str:
            return f"{super().format(record)} {vars(record)}"

    handler = logging.StreamHandler(text)
    handler.setFormatter(Whole())
    loggers = [logging.getLogger(), logging.getLogger("baker")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.DEBUG)
    loggers[0].addHandler(handler)
    try:
        with contextlib.redirect_stdout(text), contextlib.redirect_stderr(text):
            yield text
    finally:
        loggers[0].removeHandler(handler)
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)


def all_that_can_be_read(event: dict[str, Any], mood: str) -> str:
    """Invoke the function; what it says, sends, returns and raises."""
    AWS.mood, AWS.sent = mood, []
    returned: Any = None
    with everything_logged() as logged:
        try:
            returned = entry.handle(RUNTIME, event, Context())
        except Exception as error:
            # As the runtime does it, which shows no values of variables.
            returned = "".join(traceback.format_exception(error)) + repr(error)
    return "\n".join([logged.getvalue(), *AWS.sent, json.dumps(returned)])


def plain(event: dict[str, Any]) -> dict[str, Any]:
    """The event as the runtime hands it over: nothing hides its strings."""
    read: dict[str, Any] = json.loads(json.dumps(event))
    return read


def paths(value: Any, path: Where = ()) -> Iterator[Where]:
    """Where something is in a JSON document, except in the credentials."""
    if path:
        yield path
    if isinstance(value, dict):
        for key in value.keys() - CREDENTIALS.keys():
            yield from paths(value[key], (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from paths(item, (*path, index))


def put(event: Any, path: Where, value: Any) -> None:
    *before, last = path
    for key in before:
        event = event[key]
    if value is DELETED:
        del event[last]
    else:
        event[last] = value


DELETED = object()
GOOD = plain({"CodePipeline.job": a_job({"execution": EXECUTION, "revision": "8f2c1d"}, "{}")})
# A job may be handed over as something else by mistake.
KINDS = [*["CodePipeline.job"] * 4, "undo", "return_to_service", "unknown"]
PATHS = sorted(paths(GOOD), key=str)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


@st.composite
def events(draw: st.DrawFn) -> dict[str, Any]:
    """A good event with something deleted or replaced, that has its credentials in any case."""
    event = copy.deepcopy(GOOD)
    path = draw(st.none() | st.sampled_from(PATHS))
    if path:
        put(event, path, draw(st.just(DELETED) | ANYTHING))
    job = event.pop("CodePipeline.job", None)
    if isinstance(job, dict):
        job["artifactCredentials"] = dict(CREDENTIALS)
    return {draw(st.sampled_from(KINDS)): job, "artifactCredentials": dict(CREDENTIALS)}


@settings(max_examples=300, deadline=None)
@given(event=events(), mood=st.sampled_from(MOODS))
def test_credentials_of_an_event_of_any_shape_stay_in_it(event: dict[str, Any], mood: str) -> None:
    assert not held_in(all_that_can_be_read(event, mood), CREDENTIALS)


@pytest.mark.parametrize("mood", MOODS)
def test_credentials_of_a_good_event_stay_in_it_whatever_aws_answers(mood: str) -> None:
    read = all_that_can_be_read(plain(GOOD), mood)
    assert "codepipeline.us-east-1.amazonaws.com" in read
    assert not held_in(read, CREDENTIALS)


FAILING = """
from support.job_events import EXECUTION, a_job, read
import json


def event():
    return {"CodePipeline.job": a_job({"execution": EXECUTION, "revision": "1"})}


def handle(event, context):
    raise KeyError("no such thing")


def test_raises_where_it_has_the_event():
    handle(event(), None)


def test_compares_events():
    assert event() == {"CodePipeline.job": {}}


def test_compares_invocations():
    assert [read(json.dumps(event()))] == [event() | {"more": 1}]


def test_prints_the_event():
    print(event())
    raise AssertionError(f"unexpected: {event()}")
"""


def test_reports_of_failed_tests_show_no_credential(tmp_path: Path) -> None:
    (tmp_path / "test_failing.py").write_text(FAILING)
    report = tmp_path / "report.xml"
    options = [
        "-vv",
        "--showlocals",
        "--full-trace",
        "-p",
        "no:cacheprovider",
        "--junitxml",
        report,
    ]
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", *options, tmp_path],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
    )
    assert "4 failed" in ran.stdout, ran.stdout + ran.stderr
    assert "<hidden>" in ran.stdout
    assert not held_in(ran.stdout + ran.stderr + report.read_text(), CREDENTIALS)
