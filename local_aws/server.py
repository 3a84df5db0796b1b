"""The HTTP server: the control API, git, and AWS's APIs."""

from __future__ import annotations

import functools
import importlib
import io
import json
import pkgutil
import sys
import traceback
from collections.abc import Callable, Iterable, Set
from typing import Any
from xml.sax.saxutils import escape

from botocore.exceptions import ClientError
from flask import Response, request
from moto.core import request as moto_request
from moto.core.exceptions import ServiceException
from moto.moto_server.werkzeug_app import create_backend_app

from local_aws import caches, operations, services
from local_aws.authorization import authorizations
from local_aws.call import Call
from local_aws.recorder import read_call
from local_aws.refusal import Refusal
from local_aws.server_state import server_state

CONTROL = "/_local/"
StartResponse = Callable[..., Any]
WsgiApp = Callable[[dict[str, Any], StartResponse], Iterable[bytes]]


class Request(moto_request.Request):
    """A request as moto takes it; its body is in memory."""

    # moto then leaves the date of the response to the server.
    from_wsgi_server = True

    @classmethod
    def of(cls, environ: dict[str, Any]) -> Request:
        """The one of a WSGI environment; it is parsed once."""
        return environ.get("werkzeug.request") or cls(environ)

    @functools.cached_property
    def call(self) -> Call | None:
        """The API call; ``None`` if it is not known."""
        try:
            body = self.environ["wsgi.input"].getvalue()
            return read_call(self, body, server_state.principal_of)
        except Exception:
            print(f"not recorded: {self.method} {self.path}", file=sys.stderr)
            traceback.print_exc()
            return None


# Applications for requests outside of AWS's APIs, such as git's, by the start of their path.
paths: dict[str, WsgiApp] = {}


def build() -> WsgiApp:
    """The WSGI application, with all services installed."""
    for module in pkgutil.iter_modules(services.__path__, services.__name__ + "."):
        install = getattr(importlib.import_module(module.name), "install", None)
        if install:
            install()
    caches.install()
    # moto iterates over dictionaries without locks. So threads switch where they wait, and
    # otherwise only after this many seconds.
    sys.setswitchinterval(10)
    aws = only(operations.KNOWN, caches.Dispatcher(_create_service))

    def application(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path.startswith(CONTROL):
            return _control(path.removeprefix(CONTROL), environ, start_response)
        for prefix, other in paths.items():
            if path.startswith(prefix):
                return other(environ, start_response)
        return _recorded(aws, environ, start_response)

    return application


def only(known: Set[tuple[str, str]], aws: WsgiApp) -> WsgiApp:
    """Refuse all requests but those of known operations.

    Args:
        known: the `Call.service` and the `Call.operation` of each.
        aws: answers the other requests.
    """

    def application(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        call = Request.of(environ).call
        if call and (call.service, call.operation) in known:
            return aws(environ, start_response)
        what = f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}, which is no signed API call"
        if call:
            what = (
                f"the operation {call.operation} of {call.service}; to add it, see "
                '"Add a behaviour" in local_aws/README.md'
            )
        refused = _unhandled(Refusal(what), environ.get("CONTENT_TYPE", ""))
        return refused(environ, start_response)

    return application


def _create_service(service: Any) -> WsgiApp:
    app = create_backend_app(service)
    app.register_error_handler(
        Exception, lambda error: _unhandled(error, request.headers.get("Content-Type", ""))
    )
    for rule in app.url_map.iter_rules():
        if rule.rule == "/" and rule.endpoint.endswith(".dispatch"):
            view: Any = app.view_functions[rule.endpoint]
            return _Service(app, view.callback)
    return app


class _Service:
    """Answers the requests to a service; those without a path, as most are, without Flask.

    Args:
        app: the Flask application, for requests with a path.
        dispatch: answers the other requests.
    """

    def __init__(self, app: WsgiApp, dispatch: Callable[..., Any]) -> None:
        self._app = app
        self._dispatch = dispatch

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"] != "/":
            return self._app(environ, start_response)
        request = Request.of(environ)
        try:
            status, headers, body = self._dispatch(request, request.raw_url, dict(request.headers))
            response = Response(body, status, headers)
        except ClientError as error:
            response = Response(error.response["Error"]["Message"], 400)
        except Exception as error:
            response = _unhandled(error, request.headers.get("Content-Type", ""))
        return response(environ, start_response)


def _unhandled(error: Exception, content_type: str) -> Response:
    """A response that no SDK retries: a refusal of what moto lacks, or the traceback of a bug."""
    if not isinstance(error, ServiceException):
        traceback.print_exception(error)
        known_gap = isinstance(error, NotImplementedError)
        error = Refusal(str(error) if known_gap else f"how to continue after {error!r}")
    code, message = error.code, error.message
    if content_type.startswith("application/x-amz-json"):
        body = json.dumps({"__type": code, "message": message})
        return Response(
            body, 400, {"x-amzn-errortype": code}, mimetype="application/x-amz-json-1.1"
        )
    tags = f"<Code>{code}</Code><Message>{escape(message)}</Message>"
    return Response(
        f"<Response><Errors><Error>{tags}</Error></Errors><Error>{tags}</Error></Response>",
        400,
        {"x-amzn-errortype": code},
        mimetype="text/xml",
    )


def _control(name: str, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    try:
        if name not in server_state.controls:
            raise LookupError(
                f"no control is named {name}; known are {sorted(server_state.controls)}"
            )
        status, answer = "200 OK", server_state.controls[name](**json.loads(body or b"{}"))
    except Exception as error:
        traceback.print_exc()
        status, answer = "400 Bad Request", f"{type(error).__name__}: {error}"
    start_response(status, [("Content-Type", "application/json")])
    return [json.dumps(answer, default=str).encode()]


def _recorded(
    aws: WsgiApp, environ: dict[str, Any], start_response: StartResponse
) -> Iterable[bytes]:
    """Answer a request to an AWS API, and record it; breakpoints may hold it."""
    _read_body(environ)
    call = Request.of(environ).call
    # Flask makes a request of its own, and reads its body again.
    environ["wsgi.input"].seek(0)
    status = 0

    def started(status_line: str, headers: Any, *rest: Any) -> Any:
        nonlocal status
        status = int(status_line.split()[0])
        return start_response(status_line, headers, *rest)

    if call and not server_state.breakpoints.pass_by(call, "before"):
        start_response("503 Service Unavailable", [])
        return []
    asked = _authorizations(call) if call else []
    answer = list(aws(environ, started))
    if call:
        server_state.recorder.answered(call, status, asked)
        server_state.breakpoints.pass_by(call, "after")
    return answer


def _read_body(environ: dict[str, Any]) -> None:
    """Read it into memory, unless it is there, as is that of a request of this process."""
    body = environ["wsgi.input"]
    if isinstance(body, io.BytesIO):
        return
    if environ.get("wsgi.input_terminated"):
        contents = body.read()
    else:
        contents = body.read(int(environ.get("CONTENT_LENGTH") or 0))
    environ["wsgi.input"] = io.BytesIO(contents)
    environ["CONTENT_LENGTH"] = str(len(contents))


def _authorizations(call: Call) -> list[dict[str, Any]] | None:
    """What IAM would be asked, before the call takes effect; a bug here does not fail the call."""
    try:
        return authorizations(call)
    except Exception:
        traceback.print_exc()
        return None
