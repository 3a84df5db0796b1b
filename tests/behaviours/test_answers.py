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
    """Answer a PUT with its body; of other requests nothing is read."""
    return Response(request.get_data() if request.method == "PUT" else b"unread")


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


@pytest.mark.parametrize("method", ["GET", "POST", "HEAD", "PUT"])
def test_a_connection_is_kept_for_the_next_request(connection: socket.socket, method: str) -> None:
    connection.send(f"{method} / HTTP/1.1\r\nContent-Length: 6\r\n\r\nunread".encode())
    first = connection.recv(1 << 16)
    assert b"Content-Length: 6\r\n" in first
    assert first.endswith(b"\r\n\r\n" if method == "HEAD" else b"\r\n\r\nunread")
    connection.send(b"PUT / HTTP/1.1\r\nContent-Length: 4\r\n\r\nnext")
    assert connection.recv(1 << 16).endswith(b"\r\n\r\nnext")


def test_a_body_in_chunks_ends_with_the_last_one(connection: socket.socket) -> None:
    head = b"PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
    connection.send(head + b"2\r\nbo\r\n2\r\ndy\r\n0\r\n\r\n")
    assert connection.recv(1 << 16).endswith(b"\r\n\r\nbody")
    connection.send(b"GET / HTTP/1.1\r\n\r\n")
    assert connection.recv(1 << 16).endswith(b"\r\n\r\nunread")
