"""The runtime API, from which an execution environment gets events and to which it posts results.

AWS Lambda Developer Guide, "Using the Lambda runtime API for custom runtimes".
"""

from __future__ import annotations

import queue
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

PREFIX = "/2018-06-01/runtime/"


@dataclass
class Result:
    """The result of an invocation; ``error`` is X-Amz-Function-Error, empty after a success."""

    payload: bytes
    error: str = ""


@dataclass
class Event:
    """An event for an execution environment; ``deadline`` is in real seconds since the epoch."""

    request_id: str
    payload: bytes
    deadline: float
    function_arn: str
    results: queue.Queue[Result] = field(default_factory=queue.Queue)


class RuntimeApi:
    """The runtime API of one execution environment."""

    def __init__(self) -> None:
        self.events: queue.Queue[Event] = queue.Queue()
        self.current: Event | None = None
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self._server.server_port}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def end(self, result: Result) -> None:
        """Set the result of the current event, unless it has one already."""
        event, self.current = self.current, None
        if event:
            event.results.put(result)

    def _handler(api) -> type[BaseHTTPRequestHandler]:
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                api.current = event = api.events.get()
                self.send_response(200)
                headers = {
                    "Lambda-Runtime-Aws-Request-Id": event.request_id,
                    "Lambda-Runtime-Deadline-Ms": str(int(event.deadline * 1000)),
                    "Lambda-Runtime-Invoked-Function-Arn": event.function_arn,
                    "Lambda-Runtime-Trace-Id": f"Root=1-{int(time.time()):08x}-{'0' * 24}",
                    "Content-Type": "application/json",
                    "Content-Length": str(len(event.payload)),
                }
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(event.payload)

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                self.send_response(202)
                self.send_header("Content-Length", "0")
                self.end_headers()
                path = self.path.removeprefix(PREFIX)
                if path == "init/error":
                    # The runtime exits before it gets an event, so the error is that event's
                    # result.
                    api.current = api.events.get()
                api.end(Result(body, "" if path.endswith("/response") else "Unhandled"))

            def log_message(self, *_: Any) -> None:
                pass

        return Handler
