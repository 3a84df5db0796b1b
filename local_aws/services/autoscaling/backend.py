"""The Auto Scaling groups of an account in a region."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from moto.autoscaling import urls
from moto.autoscaling.exceptions import AutoscalingClientError, ValidationError
from moto.autoscaling.models import AutoScalingBackend, autoscaling_backends

from local_aws.server_state import server_state
from local_aws.services.autoscaling.activities import Activity
from local_aws.services.autoscaling.groups import Group
from local_aws.services.autoscaling.members import LaunchHook

# Called in the background when an instance waits for a launch hook, with the names of the group and
# the hook and the instance's ID.
launch_listeners: list[Callable[[str, str, str], Any]] = []


class AutoScaling(AutoScalingBackend):
    """The groups of an account in a region; ``lock`` guards them all."""

    _url_module = urls
    autoscaling_groups: dict[str, Group]  # type: ignore[assignment]

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        self.lock = threading.RLock()
        self.launch_listeners = launch_listeners
        self.activities: list[Activity] = []

    def group(self, name: str) -> Group:
        if name not in self.autoscaling_groups:
            raise ValidationError(f"AutoScalingGroup name not found - AutoScalingGroup {name}")
        return self.autoscaling_groups[name]

    def group_of(self, instance_id: str) -> Group:
        for group in self.autoscaling_groups.values():
            if any(member.instance_id == instance_id for member in group.instance_states):
                return group
        raise ValidationError(
            f"Instance Id not found - No managed instance found for {instance_id}"
        )

    def set_desired_capacity(self, group_name: str, desired_capacity: int | None) -> None:
        """SetDesiredCapacity, also by scaling policies, which stay within the group's sizes."""
        group = self.group(group_name)
        within = max(group.min_size or 0, min(group.max_size or 0, desired_capacity or 0))
        group.desired_capacity = within
        group.balance("the desired capacity was set")

    def update_attached_target_groups(self, group_name: str) -> None:
        """Register the instances in service (moto registers all instances)."""
        group = self.group(group_name)
        known = self.elbv2_backend.target_groups
        for arn in group.target_group_arns:
            if arn not in known:
                raise ValidationError(
                    f"Provided Target Groups may not be valid. Please ensure they exist: {arn}"
                )
        group.register(m for m in group.instance_states if m.lifecycle_state == "InService")

    def notify_terminate_instances(self, instance_ids: list[str]) -> None:
        """Do nothing: `instance_changed` handles all changes of state."""

    def delete_auto_scaling_group(self, group_name: str, force: bool = False) -> None:
        """DeleteAutoScalingGroup: ForceDelete is needed for a group with instances or a warm pool
        (API Reference)."""
        group = self.group(group_name)
        if (group.instance_states or group.warm_pool) and not force:
            raise AutoscalingClientError(
                "ResourceInUse",
                "You cannot delete an AutoScalingGroup while there are instances or pending Spot "
                "instance request(s) still in the group.",
            )
        group.status = "Delete in progress"
        group.min_size = group.max_size = group.desired_capacity = 0
        group.warm_pool = None
        for member in group.instance_states:
            if not member.lifecycle_state.endswith("Terminating"):
                group.terminate(member, "the group is being deleted")
        self.remove_if_empty(group)

    def remove_if_empty(self, group: Group) -> None:
        if group.status and not group.instance_states:
            self.autoscaling_groups.pop(group.name)
            self.lifecycle_hooks = {
                key: hook
                for key, hook in self.lifecycle_hooks.items()
                if hook.auto_scaling_group_name != group.name
            }

    def create_lifecycle_hook(
        self, name: str, as_name: str, transition: str, timeout: int | None, result: str | None
    ) -> LaunchHook:
        self.group(as_name)
        hook = LaunchHook(name, as_name, timeout, result)
        self.lifecycle_hooks[f"{as_name}_{name}"] = hook
        return hook

    def delete_lifecycle_hook(self, as_name: str, name: str) -> None:
        """DeleteLifecycleHook: outstanding actions "are completed first (ABANDON ...)"."""
        group = self.group(as_name)
        super().delete_lifecycle_hook(as_name, name)
        for member in list(group.instance_states):
            group.complete(member, name, "ABANDON")

    def detach_load_balancer_target_groups(
        self, group_name: str, target_group_arns: list[str]
    ) -> None:
        group = self.group(group_name)
        for member in group.instance_states:
            group.deregister(member)
        kept = [arn for arn in group.target_group_arns if arn not in target_group_arns]
        group.target_group_arns = kept
        self.update_attached_target_groups(group_name)


def instance_changed(instance_id: str, state: str) -> None:
    """Handle an instance's change of state (a listener of `local_aws.services.ec2.states`)."""
    backend = autoscaling_backends[server_state.account_id]
    for autoscaling in list(backend.values()):
        assert isinstance(autoscaling, AutoScaling)
        with autoscaling.lock:
            for group in list(autoscaling.autoscaling_groups.values()):
                for member in list(group.instance_states):
                    if member.instance_id != instance_id:
                        continue
                    if state != "running":
                        group.lost(member)
                    else:
                        group.booted(member)
