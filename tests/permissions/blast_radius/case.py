"""A request that must be denied, and what requests are made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

ACCOUNT = "123456789012"
REGION = "us-east-1"
ELSEWHERE = "eu-west-1"
OTHER_ACCOUNT = "999999999999"

PIPELINE_TAG = "asg-ami-pipeline:pipeline"
GROUP_TAG = "aws:autoscaling:groupName"


@dataclass(frozen=True)
class Case:
    """One request that must be denied.

    Attributes:
        who: the role's kind (`baker`), or an AWS service (`events.amazonaws.com`).
        what: in words.
        administrator: whether even AdministratorAccess must not help.
        left_to_iam: whether it must be denied even if the key's policy left all to IAM, as that of
            a team's own key may.
    """

    who: str
    what: str
    action: str
    resource: str
    context: Mapping[str, Any] = field(default_factory=dict)
    administrator: bool = False
    left_to_iam: bool = False


def ec2(kind: str, name: str, account: str = ACCOUNT, region: str = REGION) -> str:
    """ARN of something of EC2; those of images and snapshots hold no account."""
    owner = "" if kind in ("image", "snapshot") else account
    return f"arn:aws:ec2:{region}:{owner}:{kind}/{name}"


def own_image(pipeline: str, owner: str = ACCOUNT) -> dict[str, Any]:
    return {f"aws:ResourceTag/{PIPELINE_TAG}": pipeline, "ec2:Owner": owner}


def of_group(group: str) -> dict[str, Any]:
    return {f"aws:ResourceTag/{GROUP_TAG}": group}


def putting(**given: str) -> dict[str, Any]:
    """Context of tags that a request puts."""
    keys = {key.replace("__", ":").replace("_", "-"): value for key, value in given.items()}
    return {
        **{f"aws:RequestTag/{key}": value for key, value in keys.items()},
        "aws:TagKeys": list(keys),
    }


def in_region(region: str) -> dict[str, str]:
    return {"aws:RequestedRegion": region}
