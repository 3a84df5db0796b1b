"""A question to IAM."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from moto.core import DEFAULT_ACCOUNT_ID

ACCOUNT = DEFAULT_ACCOUNT_ID


@dataclass(frozen=True)
class Question:
    """Is this action allowed?

    Attributes:
        action: as in a policy, e.g. ``ec2:CreateImage``.
        resource: an ARN; ``*`` for an action without resources.
        context: the values of condition keys.
    """

    action: str
    resource: str = "*"
    context: Mapping[str, Any] = field(default_factory=dict)


def arn(service: str, region: str, resource: str, account: str = ACCOUNT) -> str:
    return f"arn:aws:{service}:{region}:{account}:{resource}"
