"""The clients of boto3, made when they are first needed, and what their requests share."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

import boto3
from botocore.config import Config

if TYPE_CHECKING:
    from mypy_boto3_autoscaling import AutoScalingClient
    from mypy_boto3_codedeploy import CodeDeployClient
    from mypy_boto3_codepipeline import CodePipelineClient
    from mypy_boto3_ec2 import EC2Client
    from mypy_boto3_ssm import SSMClient

# An answer to CodePipeline must still fit into the function's timeout when a request is slow.
_CONFIG = Config(
    connect_timeout=3, read_timeout=10, retries={"mode": "standard", "total_max_attempts": 4}
)

T = TypeVar("T")


class Clients:
    """The clients of one region.

    Args:
        make: makes a client of boto3.
    """

    def __init__(self, make: Callable[..., Any] = boto3.client) -> None:
        self._make = make

    @cached_property
    def autoscaling(self) -> AutoScalingClient:
        return self._make("autoscaling", config=_CONFIG)

    @cached_property
    def codedeploy(self) -> CodeDeployClient:
        return self._make("codedeploy", config=_CONFIG)

    @cached_property
    def codepipeline(self) -> CodePipelineClient:
        return self._make("codepipeline", config=_CONFIG)

    @cached_property
    def ec2(self) -> EC2Client:
        return self._make("ec2", config=_CONFIG)

    @cached_property
    def ssm(self) -> SSMClient:
        return self._make("ssm", config=_CONFIG)


def batches(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """The items, at most ``size`` at a time."""
    return (items[start : start + size] for start in range(0, len(items), size))


def filters(wanted: Mapping[str, Sequence[str]]) -> Any:
    """In the form that EC2's Describe operations take."""
    return [{"Name": name, "Values": values} for name, values in wanted.items()]


def tag_list(tags: Mapping[str, str]) -> Any:
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def tag_mapping(resource: Mapping[str, Any]) -> dict[str, str]:
    """The tags of what EC2 describes."""
    return {tag["Key"]: tag["Value"] for tag in resource.get("Tags", [])}
