"""How answers travel: what one `send` of the server carries is one message here."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import pytest
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

from local_aws.serving import Handler


@Request.application
def _echo(request: Request) -> Response:
    return Response(request.get_data())


@pytest.fixture
def connection() -> Iterator[socket.socket]:
    server = make_server("127.0.0.1", 0, _echo, threaded=True, request_handler=Handler)
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    ours.settimeout(600)
    thread = threading.Thread(target=server.finish_request, args=(theirs, ("127.0.0.1", 0)))
    thread.start()
    with server, theirs:
        with ours:
            yield ours
        thread.join()


def test_an_answers_headers_and_body_are_sent_together(connection: socket.socket) -> None:
    connection.send(b"PUT / HTTP/1.1\r\nContent-Length: 4\r\n\r\nbody")
    answer = connection.recv(1 << 16)
    assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
    assert answer.endswith(b"\r\n\r\nbody")


def test_a_client_that_asks_whether_to_go_on_is_told_at_once(connection: socket.socket) -> None:
    connection.send(b"PUT / HTTP/1.1\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n")
    assert connection.recv(1 << 16) == b"HTTP/1.1 100 Continue\r\n\r\n"
    connection.send(b"body")
    assert connection.recv(1 << 16).startswith(b"HTTP/1.1 200 OK\r\n")
