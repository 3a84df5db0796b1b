"""Whether a group can spare an instance for Standby."""

from __future__ import annotations

from baker.messages import bake as messages
from baker.model.group import AutoScalingGroup


def check_can_spare_one(group: AutoScalingGroup) -> None:
    """Make sure that an instance can leave for Standby and come back (Amazon EC2 Auto Scaling User
    Guide, "Temporarily remove instances from your Auto Scaling group").

    Raises:
        ConfigurationError: when the group needs every instance that it has, or could not take this
            one back.
        NotYetVisible: while that may still change.
    """
    if group.desired <= group.minimum or group.in_service < 2:
        # Instances may be on their way into service, as one is that just returned.
        may_change = group.desired > max(group.minimum, 1)
        failure = messages.CANNOT_SPARE_YET if may_change else messages.CANNOT_SPARE
        raise failure.error(
            group=group.name,
            serving=group.in_service,
            desired=group.desired,
            minimum=group.minimum,
        )
    if "Launch" in group.suspended_processes:
        raise messages.LAUNCH_SUSPENDED.error(group=group.name)
