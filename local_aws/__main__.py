"""``python -m local_aws``: run the server until it is told to stop; prints its endpoint first."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from pathlib import Path

# Both are read when moto is imported: AWS's managed policies exist in every account, and the
# public images are only those that the layer itself publishes.
os.environ.setdefault("MOTO_IAM_LOAD_MANAGED_POLICIES", "true")

from moto.moto_server.werkzeug_app import MotoRequestHandler
from werkzeug.serving import make_server

from local_aws.server import build
from local_aws.server_state import server_state
from local_aws.services.functions import invocations


class Handler(MotoRequestHandler):
    """Sends an answer in one piece.

    Terraform's provider closes a connection now and then on which an answer's body comes later than
    its headers, and sends the request again, which has taken effect already.
    """

    wbufsize = 1 << 20

    def handle_expect_100(self) -> bool:
        going_on = super().handle_expect_100()
        self.wfile.flush()
        del self.headers["Expect"]  # Werkzeug would send it again, and not flush.
        return going_on

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """The recorder knows the requests; a line for each would drown what matters in the log."""


def main() -> None:
    arguments = argparse.ArgumentParser(prog="local_aws", description=__doc__)
    arguments.add_argument("--port", type=int, default=0, help="0: any free one")
    arguments.add_argument("--speed", type=float, default=1, help="AWS seconds in a real second")
    arguments.add_argument("--folder", type=Path, help="where repositories and code are kept")
    given = arguments.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    server = make_server("127.0.0.1", given.port, build(), threaded=True, request_handler=Handler)
    server_state.open(f"http://127.0.0.1:{server.port}", given.speed, given.folder)
    print(server_state.endpoint, flush=True)
    try:
        server.serve_forever()
    finally:
        invocations.end_all()


if __name__ == "__main__":
    main()
