"""Standby: an instance leaves service to be imaged with a reboot, and returns whatever happens.

A tag on the instance says for which execution it left. It is set before the instance leaves and
removed after it is back, so that whoever comes next knows what is still to be put back: the bake
itself, the next bake, or the function's own schedule. Amazon EC2 Auto Scaling User Guide,
"Temporarily remove instances from your Auto Scaling group".
"""

from __future__ import annotations

import logging

from botocore.exceptions import ClientError

from baker.answer import Continue
from baker.aws import Aws
from baker.deployment import waits_for_function
from baker.fleet import Group
from baker.image import TAG_PREFIX
from baker.settings import Settings
from baker.template import group_of

STANDBY_TAG = TAG_PREFIX + "standby"
_log = logging.getLogger(__name__)


def standing_by(aws: Aws, settings: Settings, execution: str) -> str | None:
    """The instance that left service, or is about to, for an execution."""
    return min(_marked(aws, settings, execution), default=None)


def take_out(
    aws: Aws, settings: Settings, group: Group, execution: str, source: str
) -> Continue | None:
    """Take the source out of service; nothing when it is out.

    Raises:
        ConfigurationError: when the group cannot spare it; it is in service then.
    """
    state = group.lifecycle_states.get(source)
    if state == "Standby":
        return None if _runs(aws, source) else _leaving(source, "starts again")
    if state != "InService":
        return _leaving(source, f"is {state}")
    group.check_can_spare_one()
    aws.create_tags([source], {STANDBY_TAG: execution})
    try:
        aws.enter_standby(group.name, source)
    except ClientError as error:
        if not _refused_its_state(error):
            raise
        _log.info("instance did not enter standby", extra={"error": str(error)})
    else:
        # Again: if this invocation was so slow that its execution is over, somebody may have found
        # the instance in service and taken the mark away.
        aws.create_tags([source], {STANDBY_TAG: execution})
    return _leaving(source, "leaves service for Standby")


def put_back(aws: Aws, settings: Settings, execution: str) -> str | None:
    """Put what left service for an execution back.

    Returns:
        what there is still to wait for; nothing when all is back.
    """
    marked = _marked(aws, settings, execution)
    group = group_of(aws, settings) if marked else None
    waiting = [_put_back(aws, group, instance) for instance in sorted(marked) if group]
    return next(filter(None, waiting), None)


def put_back_left_behind(aws: Aws, settings: Settings) -> list[str]:
    """Put back what left service for an execution that does not wait for the function any more,
    because that was cut off or the execution was stopped.

    Returns:
        what there is still to wait for.
    """
    waiting = []
    for execution in sorted(set(_marked(aws, settings).values())):
        actions = aws.list_action_executions(settings.pipeline_name, execution)
        if not waits_for_function(actions):
            waiting.append(put_back(aws, settings, execution))
    return [text for text in waiting if text]


def _put_back(aws: Aws, group: Group, instance: str) -> str | None:
    state = group.lifecycle_states.get(instance, "gone")
    if state == "EnteringStandby":
        return f"Instance {instance} is still leaving service; it returns after that"
    if state == "Standby":
        if not _runs(aws, instance):
            return f"Instance {instance} starts again; then it returns to service"
        try:
            aws.exit_standby(group.name, instance)
        except ClientError as error:
            if not _refused_its_state(error):
                raise
            return f"Instance {instance} cannot return to service yet: {error}"
        _log.info("instance returns to service", extra={"instance": instance})
    aws.delete_tag(instance, STANDBY_TAG)
    return None


def _marked(aws: Aws, settings: Settings, execution: str = "*") -> dict[str, str]:
    """Execution by instance."""
    instances = aws.describe_instances(
        {
            f"tag:{STANDBY_TAG}": [execution],
            "tag:aws:autoscaling:groupName": [settings.auto_scaling_group_name],
            "instance-state-name": ["pending", "running", "stopping", "stopped"],
        }
    )
    return {
        instance["InstanceId"]: tag["Value"]
        for instance in instances
        for tag in instance["Tags"]
        if tag["Key"] == STANDBY_TAG
    }


def _runs(aws: Aws, instance: str) -> bool:
    state: str = aws.describe_instance(instance)["State"]["Name"]
    return state == "running"


def _leaving(instance: str, what: str) -> Continue:
    return Continue(f"Instance {instance} {what}")


def _refused_its_state(error: ClientError) -> bool:
    """An instance in this state, or a group of this size, cannot do what was asked for."""
    return error.response["Error"]["Code"] in ("ValidationError", "ResourceContention")
