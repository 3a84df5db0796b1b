"""One API call."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Call:
    """Who calls what.

    ``service`` is the prefix of the IAM action (``ec2``), ``operation`` the name in the API
    (``CreateImage``), ``principal`` the ARN of the role or user, or an AWS service that acts by
    itself (``events.amazonaws.com``).
    """

    service: str
    operation: str
    principal: str
    region: str
    parameters: dict[str, Any]
