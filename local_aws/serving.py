"""Serving over HTTP, as a process does that is a local AWS."""

from __future__ import annotations

import io
import signal
import sys
from pathlib import Path
from typing import TextIO

from moto.moto_server.werkzeug_app import MotoRequestHandler
from werkzeug.serving import make_server
from werkzeug.test import run_wsgi_app

from local_aws.clock import Clock
from local_aws.server import WsgiApp
from local_aws.server_state import server_state
from local_aws.services.functions import invocations


class Handler(MotoRequestHandler):
    """Keeps connections, and sends each response in one piece.

    Werkzeug closes a connection after each response. To make the next one, and a thread for it,
    takes longer than most of the answers.

    Terraform's provider sometimes closes a connection on which a response's body arrives later than
    its headers, and sends the request again, although it has taken effect.
    """

    protocol_version = "HTTP/1.1"
    wbufsize = 1 << 20

    def run_wsgi(self) -> None:
        environ = self.make_environ()
        # All of it, as the next request comes after it.
        chunked = environ.get("wsgi.input_terminated")
        length = -1 if chunked else int(environ.get("CONTENT_LENGTH") or 0)
        environ["wsgi.input"] = io.BytesIO(environ["wsgi.input"].read(length))
        answer, status, headers = run_wsgi_app(self.server.app, environ, buffered=True)
        content = b"".join(answer)
        code, _, reason = status.partition(" ")
        self.send_response(int(code), reason)
        for name, value in headers:
            self.send_header(name, value)
        if "Content-Length" not in headers and code not in ("204", "304"):
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def handle_expect_100(self) -> bool:
        going_on = super().handle_expect_100()
        self.wfile.flush()
        return going_on

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Log nothing: the recorder has the requests."""


def serve(
    application: WsgiApp, port: int, speed: float, folder: Path | None, output: TextIO
) -> None:
    """Print the endpoint to ``output`` and serve until terminated."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    server = make_server("127.0.0.1", port, application, threaded=True, request_handler=Handler)
    server_state.open(f"http://127.0.0.1:{server.port}", Clock(speed), folder)
    print(server_state.endpoint, file=output, flush=True)
    try:
        server.serve_forever()
    finally:
        invocations.end_all()
