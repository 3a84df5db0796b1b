"""boto3 clients of one session, which reads the model of each service once; EC2's is large."""

from __future__ import annotations

import functools
import threading
from typing import Any

import boto3
import botocore.useragent

# The parts of a user agent are the same for each request, and botocore looks at each of their
# letters.
botocore.useragent.sanitize_user_agent_string_component = functools.cache(
    botocore.useragent.sanitize_user_agent_string_component
)

_session = boto3.session.Session()
# One session must not be used by several threads at once (Boto3 documentation, "Session").
_making = threading.Lock()


def client(service: str, **settings: Any) -> Any:
    """A boto3 client; takes the arguments of `boto3.session.Session.client`."""
    with _making:
        return _session.client(service, **settings)  # type: ignore[call-overload]
