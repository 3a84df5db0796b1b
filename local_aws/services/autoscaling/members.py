"""Instances of a group, and their lifecycle states."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from moto.autoscaling.models import InstanceState, LifecycleHook
from moto.ec2.models.instances import Instance
from moto.ec2.models.launch_templates import LaunchTemplateVersion

from local_aws.clock import Timer
from local_aws.services.autoscaling.activities import Activity

if TYPE_CHECKING:
    from local_aws.services.autoscaling.groups import Group

# States that count towards the desired capacity ("Amazon EC2 Auto Scaling instance lifecycle").
COUNTED = ("Pending", "Pending:Wait", "Pending:Proceed", "InService")
# States that last, in which the health of an instance is checked.
SETTLED = ("InService", "Warmed:Running", "Warmed:Stopped")


class Member(InstanceState):
    """An instance of a group or its warm pool.

    Attributes:
        version: the launch template version that it was launched from.
        launching: the activity that ends when the instance is in service.
        waiting_for: the timers of incomplete lifecycle actions, by the launch hook's name.
        leaves_standby: whether it is on its way from Standby to InService.
    """

    def __init__(
        self,
        group: Group,
        instance: Instance,
        version: LaunchTemplateVersion,
        launching: Activity,
        lifecycle_state: str = "Pending",
    ) -> None:
        super().__init__(
            instance,
            lifecycle_state=lifecycle_state,
            protected_from_scale_in=group.new_instances_protected_from_scale_in,
            autoscaling_group=group,
        )
        self.version = version
        self.launching = launching
        self.waiting_for: dict[str, Timer] = {}
        self.leaves_standby = False

    @property
    def launch_template(self) -> dict[str, Any]:
        """The launch template, with the version that the instance was launched from."""
        return {
            "LaunchTemplateId": self.version.template.id,
            "LaunchTemplateName": self.version.template.name,
            "Version": str(self.version.number),
        }

    @property
    def counts(self) -> bool:
        return self.lifecycle_state in COUNTED

    @property
    def launches(self) -> bool:
        """Whether it is on its way to a state that lasts."""
        return self.lifecycle_state.removeprefix("Warmed:").startswith("Pending")

    @property
    def is_warm(self) -> bool:
        return self.lifecycle_state.startswith("Warmed:")

    def stop_waiting(self, hook_name: str) -> bool:
        """Complete a lifecycle action.

        Returns:
            whether it was incomplete.
        """
        timer = self.waiting_for.pop(hook_name, None)
        if timer:
            timer.cancel()
        return timer is not None


class LaunchHook(LifecycleHook):
    """A lifecycle hook, without the notification target that moto invents."""

    def __init__(self, name: str, group_name: str, timeout: int | None, result: str | None) -> None:
        super().__init__(name, group_name, "autoscaling:EC2_INSTANCE_LAUNCHING", timeout, result)
        self.role_arn = None  # type: ignore[assignment]
        self.notification_target_arn = None  # type: ignore[assignment]
        # "48 hours or 100 times the heartbeat timeout, whichever is smaller" (LifecycleHook).
        self.global_timeout = min(172800, 100 * self.heartbeat_timeout)


def in_termination_order(members: Iterable[Member]) -> list[Member]:
    """Order instances by the default termination policy: the oldest launch template version, then
    the oldest instance."""
    unprotected = [member for member in members if not member.protected_from_scale_in]
    return sorted(unprotected, key=lambda m: (m.version.number, m.instance.launch_time))
