"""The HTTP server: the control API, git, and AWS's APIs."""

from __future__ import annotations

import functools
import importlib
import io
import json
import pkgutil
import sys
import traceback
from collections.abc import Callable, Iterable
from typing import Any
from xml.sax.saxutils import escape

import moto.backends as backends
from flask import Flask, Response, request
from moto.core import responses
from moto.core.exceptions import ServiceException
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

from local_aws import services
from local_aws.authorization import authorizations
from local_aws.call import Call
from local_aws.recorder import read_call
from local_aws.refusal import Refusal
from local_aws.server_state import server_state

CONTROL = "/_local/"
StartResponse = Callable[..., Any]
WsgiApp = Callable[[dict[str, Any], StartResponse], Iterable[bytes]]

# Applications for requests outside of AWS's APIs, such as git's, by the start of their path.
paths: dict[str, WsgiApp] = {}


def build() -> WsgiApp:
    """The WSGI application, with all services installed."""
    for module in pkgutil.iter_modules(services.__path__, services.__name__ + "."):
        install = getattr(importlib.import_module(module.name), "install", None)
        if install:
            install()
    # moto would look up its own folders, and the methods of its classes, at every request.
    modules = frozenset(backends.list_of_moto_modules())
    backends.list_of_moto_modules = lambda: modules
    responses.method_names_from_class = functools.cache(responses.method_names_from_class)
    # moto iterates over dictionaries without locks. So threads switch where they wait, and
    # otherwise only after this many seconds.
    sys.setswitchinterval(10)
    aws = DomainDispatcherApplication(_create_service)

    def application(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path.startswith(CONTROL):
            return _control(path.removeprefix(CONTROL), environ, start_response)
        for prefix, other in paths.items():
            if path.startswith(prefix):
                return other(environ, start_response)
        return _recorded(aws, environ, start_response)

    return application


def _create_service(service: Any) -> Flask:
    app = create_backend_app(service)
    app.register_error_handler(Exception, _unhandled)
    return app


def _unhandled(error: Exception) -> Response:
    """A response that no SDK retries: a refusal of what moto lacks, or the traceback of a bug."""
    if not isinstance(error, ServiceException):
        traceback.print_exception(error)
        known_gap = isinstance(error, NotImplementedError)
        error = Refusal(str(error) if known_gap else f"how to continue after {error!r}")
    code, message = error.code, error.message
    if request.headers.get("Content-Type", "").startswith("application/x-amz-json"):
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
    if environ.get("wsgi.input_terminated"):
        body = environ["wsgi.input"].read()
    else:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    environ["wsgi.input"] = io.BytesIO(body)
    environ["CONTENT_LENGTH"] = str(len(body))
    call = _call(environ, body)
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


def _authorizations(call: Call) -> list[dict[str, Any]] | None:
    """What IAM would be asked, before the call takes effect; a bug here does not fail the call."""
    try:
        return authorizations(call)
    except Exception:
        traceback.print_exc()
        return None


def _call(environ: dict[str, Any], body: bytes) -> Call | None:
    try:
        return read_call(environ, body, server_state.principal_of)
    except Exception:
        print(
            f"not recorded: {environ.get('REQUEST_METHOD')} {environ.get('PATH_INFO')}",
            file=sys.stderr,
        )
        traceback.print_exc()
        return None
