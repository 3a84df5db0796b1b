"""Serving over HTTP, as a process does that is a local AWS."""

from __future__ import annotations

import signal
import sys
from pathlib import Path
from typing import TextIO

from moto.moto_server.werkzeug_app import MotoRequestHandler
from werkzeug.serving import make_server

from local_aws.clock import Clock
from local_aws.server import WsgiApp
from local_aws.server_state import server_state
from local_aws.services.functions import invocations


class Handler(MotoRequestHandler):
    """Sends each response in one piece.

    Terraform's provider sometimes closes a connection on which a response's body arrives later than
    its headers, and sends the request again, although it has taken effect.
    """

    wbufsize = 1 << 20

    def handle_expect_100(self) -> bool:
        going_on = super().handle_expect_100()
        self.wfile.flush()
        del self.headers["Expect"]  # Werkzeug would send it again, and not flush.
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
