"""git over HTTP, by git-http-backend ("smart HTTP")."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable
from typing import Any

from local_aws.server_state import ADMINISTRATOR, server_state
from local_aws.services.codecommit import repositories

PATH = "/v1/repos/"


def serve(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """The WSGI application for /v1/repos/<repository>/<path of git's protocol>."""
    name, _, rest = environ["PATH_INFO"].removeprefix(PATH).partition("/")
    repository = repositories.find(name)
    if not repository:
        start_response("404 Not Found", [("Content-Type", "text/plain")])
        return [f"repository {name} not found\n".encode()]
    pushes = rest == "git-receive-pack"
    before = repository.references()
    status, headers, body = _backend(environ, f"/{name}.git/{rest}")
    start_response(status, headers)
    if rest in ("git-receive-pack", "git-upload-pack"):
        server_state.recorder.record(
            "codecommit",
            "GitPush" if pushes else "GitPull",
            ADMINISTRATOR,
            {"repositoryName": name},
            repository.region,
        )
    if pushes:
        repository.changed(before, ADMINISTRATOR)
    return [body]


def _backend(environ: dict[str, Any], path: str) -> tuple[str, list[tuple[str, str]], bytes]:
    """Run git-http-backend, which is a CGI program; returns status, headers and body."""
    if environ.get("wsgi.input_terminated"):
        body = environ["wsgi.input"].read()
    else:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    done = subprocess.run(
        ["git", "http-backend"],
        input=body,
        capture_output=True,
        check=True,
        env={
            "PATH": os.environ["PATH"],
            "GIT_PROJECT_ROOT": str(repositories.root()),
            "GIT_HTTP_EXPORT_ALL": "1",
            "PATH_INFO": path,
            "REQUEST_METHOD": environ["REQUEST_METHOD"],
            "QUERY_STRING": environ.get("QUERY_STRING", ""),
            "CONTENT_TYPE": environ.get("CONTENT_TYPE", ""),
            "CONTENT_LENGTH": str(len(body)),
            "HTTP_CONTENT_ENCODING": environ.get("HTTP_CONTENT_ENCODING", ""),
            "GIT_PROTOCOL": environ.get("HTTP_GIT_PROTOCOL", ""),
            "REMOTE_USER": "administrator",
            "REMOTE_ADDR": "127.0.0.1",
        },
    )
    head, _, answer = done.stdout.partition(b"\r\n\r\n")
    lines = [line.split(": ", 1) for line in head.decode().split("\r\n")]
    headers = [(name, value) for name, value in lines if name != "Status"]
    status = next((value for name, value in lines if name == "Status"), "200 OK")
    return status, headers, answer
