"""Take the source out of service."""

from __future__ import annotations

import logging

from baker.aws.groups import StandbyRefused
from baker.decisions.standby import check_can_spare_one
from baker.messages import bake as messages
from baker.model.answer import Continue
from baker.standby import STANDBY_TAG, is_running
from baker.steps.state import Bake

_log = logging.getLogger(__name__)


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
        running = is_running(bake.aws, source)
        return None if running else Continue(messages.STARTING(instance=source))
    if state != "InService":
        return Continue(messages.LEAVING_STATE(instance=source, state=state))
    check_can_spare_one(group)
    execution = bake.job.execution
    bake.aws.instances.tag(source, STANDBY_TAG, execution)
    try:
        bake.aws.groups.enter_standby(group.name, source)
    except StandbyRefused as error:
        _log.info("instance did not enter standby", extra={"error": str(error)})
    else:
        # Again: if this invocation was so slow that its execution is over, somebody may have found
        # the instance in service and removed the tag.
        bake.aws.instances.tag(source, STANDBY_TAG, execution)
    return Continue(messages.LEAVING_SERVICE(instance=source))
