"""boto3 clients of one session, which reads the model of each service once; EC2's is large."""

from __future__ import annotations

import threading
from typing import Any

import boto3

_session = boto3.session.Session()
# One session must not be used by several threads at once (Boto3 documentation, "Session").
_making = threading.Lock()


def client(service: str, **settings: Any) -> Any:
    """A boto3 client; takes the arguments of `boto3.session.Session.client`."""
    with _making:
        return _session.client(service, **settings)  # type: ignore[call-overload]
