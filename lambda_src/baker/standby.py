"""Standby: an instance leaves service to be imaged with a reboot, and always returns.

A tag on the instance names the execution for which it left. It is set before the instance leaves
and removed after it returned, so that whoever comes next knows what has still to return: the bake
itself, the next bake, or the function's own schedule. Amazon EC2 Auto Scaling User Guide,
"Temporarily remove instances from your Auto Scaling group".
"""

from __future__ import annotations

import logging

from baker.aws import Aws
from baker.aws.groups import StandbyRefused
from baker.decisions.overtaking import waits_for_function
from baker.messages import bake as messages
from baker.model.group import AutoScalingGroup
from baker.model.image import TAG_PREFIX
from baker.model.settings import Settings

STANDBY_TAG = TAG_PREFIX + "standby"
_log = logging.getLogger(__name__)


def tagged_instances(aws: Aws, settings: Settings, execution: str = "*") -> dict[str, str]:
    """The instances that left service, or are about to, with the execution that they left for."""
    instances = aws.instances.filtered(
        {
            f"tag:{STANDBY_TAG}": [execution],
            "tag:aws:autoscaling:groupName": [settings.auto_scaling_group_name],
            "instance-state-name": ["pending", "running", "stopping", "stopped"],
        }
    )
    return {instance.id: instance.tags[STANDBY_TAG] for instance in instances}


def return_to_service(aws: Aws, settings: Settings, execution: str) -> str | None:
    """Return what left service for an execution.

    Returns:
        what there is still to wait for; nothing when all is back.
    """
    tagged = tagged_instances(aws, settings, execution)
    if not tagged:
        return None
    group = aws.groups.get(settings.auto_scaling_group_name)
    waiting = [_return_instance(aws, group, instance) for instance in sorted(tagged)]
    return next(filter(None, waiting), None)


def return_orphaned_instances(aws: Aws, settings: Settings) -> list[str]:
    """Return what left service for an execution that does not wait for the function any more,
    because that was cut off or the execution was stopped.

    Returns:
        what there is still to wait for.
    """
    waiting = []
    for execution in sorted(set(tagged_instances(aws, settings).values())):
        actions = aws.pipelines.actions(settings.pipeline_name, execution)
        if not waits_for_function(actions):
            waiting.append(return_to_service(aws, settings, execution))
    return [text for text in waiting if text]


def _return_instance(aws: Aws, group: AutoScalingGroup, instance: str) -> str | None:
    state = group.lifecycle_state(instance)
    if state == "EnteringStandby":
        return messages.STILL_LEAVING(instance=instance)
    if state == "Standby":
        if not is_running(aws, instance):
            return messages.STARTING_BEFORE_RETURN(instance=instance)
        try:
            aws.groups.exit_standby(group.name, instance)
        except StandbyRefused as error:
            return messages.CANNOT_RETURN_YET(instance=instance, reason=error)
        _log.info("instance returns to service", extra={"instance": instance})
    aws.instances.untag(instance, STANDBY_TAG)
    return None


def is_running(aws: Aws, instance: str) -> bool:
    return aws.instances.get(instance).state == "running"
