"""The local AWS in this process: what botocore sends reaches it without a server between.

So a bake takes a fraction of a second, and each of its calls can be made to go wrong.
"""

from __future__ import annotations

import io
import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.compat import HTTPHeaders
from botocore.httpsession import URLLib3Session

# Read when moto is imported (see local_aws.__main__).
os.environ.setdefault("MOTO_IAM_LOAD_MANAGED_POLICIES", "true")

from local_aws.client import CREDENTIALS, REGION, LocalAws
from local_aws.server import build
from local_aws.server_state import server_state

ENDPOINT = (
    "http://127.0.0.1:1"  # never connected to; an address, so that S3 puts buckets into paths
)
_local = threading.local()
# Held while a request is answered, so that a copy of this process is taken of an account at rest.
one_at_a_time = threading.RLock()

# Asked before a request of a thread goes out, see `watched_by`.
Watcher = Callable[["Request"], "AWSResponse"]


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

    def answer(self) -> tuple[int, dict[str, str], bytes]:
        """What the local AWS answers, now."""
        given: dict[str, Any] = {}

        def start_response(status: str, headers: list[tuple[str, str]], *_: Any) -> Any:
            given.update(status=int(status.split()[0]), headers=dict(headers))
            return lambda data: None

        with one_at_a_time:
            body = b"".join(_application()(self.environ(), start_response))
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
        _built.append(build())
    return _built[0]


def open_local_aws(speed: float) -> LocalAws:
    """The local AWS of this process; there is one, and its clock runs ``speed`` times as fast."""
    URLLib3Session.send = _send  # type: ignore[assignment, method-assign]
    _application()
    server_state.open(ENDPOINT, speed)
    os.environ.update(LocalAws(ENDPOINT, server_state.folder).env, **CREDENTIALS, AWS_REGION=REGION)
    return InProcess(ENDPOINT, server_state.folder)


class InProcess(LocalAws):
    """Calls the control API's functions in this process."""

    def _control(self, name: str, /, **arguments: Any) -> Any:
        return server_state.controls[name](**arguments)


def _send(_: URLLib3Session, prepared: AWSPreparedRequest) -> AWSResponse:
    request = Request(prepared)
    watcher: Watcher | None = getattr(_local, "watcher", None)
    if watcher is None:
        return request.response()
    # What the services of the local AWS send one another is nobody's business.
    _local.watcher = None
    try:
        return watcher(request)
    finally:
        _local.watcher = watcher


@contextmanager
def watched_by(watcher: Watcher) -> Iterator[None]:
    """Pass the requests of this thread through ``watcher``, which sends them or does not."""
    _local.watcher = watcher
    try:
        yield
    finally:
        _local.watcher = None
