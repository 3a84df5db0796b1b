"""The local AWS in this process: what botocore sends reaches it without a server between.

So a bake takes a fraction of a second, and each of its calls can be made to go wrong.
"""

from __future__ import annotations

import functools
import io
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any
from urllib.parse import urlsplit

from botocore import parsers
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.compat import HTTPHeaders
from botocore.httpsession import URLLib3Session
from botocore.utils import parse_timestamp

from local_aws import server
from local_aws.call import Call
from local_aws.client import CREDENTIALS, REGION, LocalAws
from local_aws.server_state import server_state
from support.bakes.turns import Turns

ENDPOINT = (
    "http://127.0.0.1:1"  # never connected to; an address, so that S3 puts buckets into paths
)

# Asked before a request goes out, see `watched_by`.
Watcher = Callable[["Request"], "AWSResponse"]
_watcher: ContextVar[Watcher | None] = ContextVar("watcher", default=None)


class Request:
    """One attempt at an API call, on its way."""

    def __init__(self, prepared: AWSPreparedRequest) -> None:
        body = prepared.body or b""
        self.url: str = prepared.url
        self.method: str = prepared.method
        self.headers = {name: _text(value) for name, value in prepared.headers.items()}
        self.body = body.encode() if isinstance(body, str) else bytes(_read(body))

    @property
    def is_first_attempt(self) -> bool:
        return "attempt=1" in self.headers.get("amz-sdk-request", "attempt=1")

    @property
    def call(self) -> Call | None:
        return server.Request.of(self.environ).call

    @functools.cached_property
    def environ(self) -> dict[str, Any]:
        """As a WSGI server would pass it on."""
        address = urlsplit(self.url)
        environ = {
            "REQUEST_METHOD": self.method,
            "SCRIPT_NAME": "",
            "PATH_INFO": address.path,
            "QUERY_STRING": address.query,
            "RAW_URI": address.path + (f"?{address.query}" if address.query else ""),
            "SERVER_NAME": address.hostname,
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": address.netloc,
            "CONTENT_LENGTH": str(len(self.body)),
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(self.body),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }
        for name, value in self.headers.items():
            key = name.upper().replace("-", "_")
            environ[key if key == "CONTENT_TYPE" else f"HTTP_{key}"] = value
        return environ

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if name != "environ"}

    def answer(self) -> tuple[int, dict[str, str], bytes]:
        """What the local AWS answers, now."""
        given: dict[str, Any] = {}

        def start_response(status: str, headers: list[tuple[str, str]], *_: Any) -> Any:
            given.update(status=int(status.split()[0]), headers=dict(headers))
            return lambda data: None

        body = b"".join(_application()(self.environ, start_response))
        return given["status"], given["headers"], body

    def response(self, answer: tuple[int, dict[str, str], bytes] | None = None) -> AWSResponse:
        status, headers, body = answer or self.answer()
        return AWSResponse(self.url, status, HTTPHeaders.from_dict(headers), _Raw(body))


class _Raw(io.BytesIO):
    """What botocore reads a body from."""

    def stream(self, **_: Any) -> Iterator[bytes]:
        contents = self.read()
        while contents:
            yield contents
            contents = self.read()


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)


def _read(body: Any) -> Any:
    return body.read() if hasattr(body, "read") else body


_built: list[Any] = []


def _application() -> Any:
    if not _built:
        _built.append(server.build())
    return _built[0]


def open_local_aws() -> LocalAws:
    """The local AWS of this process; there is one, which lives by `Turns`."""
    URLLib3Session.send = _send  # type: ignore[assignment, method-assign]
    # Nobody checks a signature here; with it, a request names who makes it.
    SigV4Auth.canonical_request = lambda *_: ""  # type: ignore[method-assign]
    # The same times are read again and again.
    parsers.DEFAULT_TIMESTAMP_PARSER = functools.cache(parse_timestamp)
    _application()
    if not server_state.endpoint:
        server_state.open(ENDPOINT, Turns())
    os.environ.update(LocalAws(ENDPOINT, server_state.folder).env, **CREDENTIALS, AWS_REGION=REGION)
    return InProcess(ENDPOINT, server_state.folder)


class InProcess(LocalAws):
    """Calls the control API's functions in this process."""

    def _control(self, name: str, /, **arguments: Any) -> Any:
        return server_state.controls[name](**arguments)


def _send(_: URLLib3Session, prepared: AWSPreparedRequest) -> AWSResponse:
    request = Request(prepared)
    watcher = _watcher.get()
    if watcher is None:
        return request.response()
    # What the services of the local AWS send one another is nobody's business.
    with watched_by(None):
        return watcher(request)


@contextmanager
def watched_by(watcher: Watcher | None) -> Iterator[None]:
    """Pass the requests made here through ``watcher``, which sends them or does not."""
    outer = _watcher.set(watcher)
    try:
        yield
    finally:
        _watcher.reset(outer)
