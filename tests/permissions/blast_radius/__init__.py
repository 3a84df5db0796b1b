"""What no role of a pipeline may do, whatever happens to what holds the role.

The requests are those that AWS would ask IAM about, with the condition keys that the Service
Authorization Reference gives them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from permissions.blast_radius import baker, resources, roles
from permissions.blast_radius.case import ACCOUNT, REGION, Case

__all__ = ["ACCOUNT", "REGION", "Case", "cases"]


def cases(names: Mapping[str, Any], hardened: bool, capture: str) -> Iterator[Case]:
    """All of them, for a pipeline with these outputs of the root module."""
    yield from baker.cases(names, capture)
    yield from roles.pipeline(names)
    yield from roles.instance(names)
    if hardened:
        yield from roles.codedeploy(names)
    yield from roles.start(names)
    yield from roles.everybody(names)
    yield from resources.bucket(names)
    yield from resources.services(names)
    if hardened:
        yield from resources.key(names)
