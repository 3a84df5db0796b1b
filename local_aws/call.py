"""One API call."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Call:
    """A request to an AWS API.

    Attributes:
        service: the prefix of the IAM action, e.g. ``ec2``.
        operation: its name in the API, e.g. ``CreateImage``.
        principal: the ARN of the role or user, or the AWS service that acts by itself, e.g.
            ``events.amazonaws.com``.
    """

    service: str
    operation: str
    principal: str
    region: str
    parameters: dict[str, Any]
