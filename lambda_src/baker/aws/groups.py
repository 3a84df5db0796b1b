"""Amazon EC2 Auto Scaling: groups, and instances that leave and enter service."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError

from baker import limits
from baker.aws.clients import Clients
from baker.aws.error_codes import STANDBY_REFUSED, code_of
from baker.messages import bake as messages
from baker.model.group import AutoScalingGroup, LaunchTemplateReference, Member


class StandbyRefused(Exception):
    """Not in the instance's state, or in a group of this size; in Auto Scaling's words."""


class Groups:
    def __init__(self, clients: Clients) -> None:
        self._clients = clients

    def get(self, name: str) -> AutoScalingGroup:
        """Raises:
        ConfigurationError: when there is no such group.
        """
        answer = self._clients.autoscaling.describe_auto_scaling_groups(
            AutoScalingGroupNames=[name]
        )
        for group in answer["AutoScalingGroups"]:
            return group_from_api(group)
        raise messages.NO_SUCH_GROUP.error(group=name)

    def all(self) -> list[AutoScalingGroup]:
        """Of the region."""
        pages = self._clients.autoscaling.get_paginator("describe_auto_scaling_groups").paginate(
            PaginationConfig={"PageSize": limits.AUTO_SCALING_GROUPS_PAGE}
        )
        return [group_from_api(group) for page in pages for group in page["AutoScalingGroups"]]

    def enter_standby(self, group: str, instance: str) -> None:
        """Take an instance out of service, without another in its place.

        Raises:
            StandbyRefused: when it cannot leave.
        """
        try:
            self._clients.autoscaling.enter_standby(
                AutoScalingGroupName=group,
                InstanceIds=[instance],
                ShouldDecrementDesiredCapacity=True,
            )
        except ClientError as error:
            raise _refused(error) from error

    def exit_standby(self, group: str, instance: str) -> None:
        """Return an instance to service.

        Raises:
            StandbyRefused: when it cannot return.
        """
        try:
            self._clients.autoscaling.exit_standby(
                AutoScalingGroupName=group, InstanceIds=[instance]
            )
        except ClientError as error:
            raise _refused(error) from error


def _refused(error: ClientError) -> Exception:
    return StandbyRefused(str(error)) if code_of(error) in STANDBY_REFUSED else error


def group_from_api(group: Mapping[str, Any]) -> AutoScalingGroup:
    """From an AutoScalingGroup of DescribeAutoScalingGroups."""
    mixed = group.get("MixedInstancesPolicy", {}).get("LaunchTemplate", {})
    template = group.get("LaunchTemplate") or mixed.get("LaunchTemplateSpecification")
    overrides = mixed.get("Overrides", [])
    return AutoScalingGroup(
        name=group["AutoScalingGroupName"],
        launch_template=_reference(template) if template else None,
        instances=tuple(
            Member(
                id=member["InstanceId"],
                lifecycle_state=member.get("LifecycleState", ""),
                health_status=member.get("HealthStatus", ""),
                image_id=member.get("ImageId"),
            )
            for member in group["Instances"]
        ),
        desired=group["DesiredCapacity"],
        minimum=group["MinSize"],
        suspended_processes=frozenset(
            process["ProcessName"] for process in group.get("SuspendedProcesses", [])
        ),
        override_templates=tuple(
            _reference(override["LaunchTemplateSpecification"])
            for override in overrides
            if override.get("LaunchTemplateSpecification")
        ),
        override_image_ids=tuple(
            override["ImageId"] for override in overrides if override.get("ImageId")
        ),
    )


def _reference(specification: Mapping[str, Any]) -> LaunchTemplateReference:
    return LaunchTemplateReference(
        specification.get("LaunchTemplateId"), specification.get("Version", "$Default")
    )
