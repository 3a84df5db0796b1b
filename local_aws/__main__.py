"""``python -m local_aws``: print the endpoint and serve until terminated."""

from __future__ import annotations

import argparse
import signal
import sys
from pathlib import Path

from moto.moto_server.werkzeug_app import MotoRequestHandler
from werkzeug.serving import make_server

from local_aws.clock import Clock
from local_aws.server import build
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


def main() -> None:
    arguments = argparse.ArgumentParser(prog="local_aws", description=__doc__)
    arguments.add_argument("--port", type=int, default=0, help="default: any free one")
    arguments.add_argument("--speed", type=float, default=1, help="AWS seconds in a real second")
    arguments.add_argument("--folder", type=Path, help="for its files; default: a temporary one")
    given = arguments.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    server = make_server("127.0.0.1", given.port, build(), threaded=True, request_handler=Handler)
    server_state.open(f"http://127.0.0.1:{server.port}", Clock(given.speed), given.folder)
    print(server_state.endpoint, flush=True)
    try:
        server.serve_forever()
    finally:
        invocations.end_all()


if __name__ == "__main__":
    main()
