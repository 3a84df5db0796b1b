"""One thing that IAM is asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from moto.core import DEFAULT_ACCOUNT_ID

ACCOUNT = DEFAULT_ACCOUNT_ID


@dataclass(frozen=True)
class Question:
    """May this be done?

    Attributes:
        action: as in a policy, ``ec2:CreateImage``.
        resource: an ARN; ``*`` for an action that takes none.
        context: condition keys that the action carries, with their values.
    """

    action: str
    resource: str = "*"
    context: Mapping[str, Any] = field(default_factory=dict)


def arn(service: str, region: str, resource: str, account: str = ACCOUNT) -> str:
    return f"arn:aws:{service}:{region}:{account}:{resource}"
