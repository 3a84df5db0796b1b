"""Take the source out of service."""

from __future__ import annotations

from baker.decisions.standby import check_can_spare_one
from baker.messages import bake as messages
from baker.model.answer import Continue
from baker.standby import is_running, leave_service
from baker.steps.state import Bake


def enter_standby(bake: Bake) -> Continue | None:
    """Move the source to Standby, and wait until it arrived.

    Raises:
        ConfigurationError: when the group cannot spare it; it is in service then.
        NotYetVisible: while that may still change.
    """
    source, group = bake.source, bake.group
    assert source and group
    state = group.lifecycle_state(source)
    if state == "Standby":
        running = is_running(bake, source)
        return None if running else Continue(messages.STARTING(instance=source))
    if state != "InService":
        return Continue(messages.LEAVING_STATE(instance=source, state=state))
    check_can_spare_one(group)
    leave_service(bake, source, bake.job.execution)
    return Continue(messages.LEAVING_SERVICE(instance=source))
