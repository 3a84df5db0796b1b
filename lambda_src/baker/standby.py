"""Standby: an instance leaves service to be imaged with a reboot, and always returns.

A tag on the instance names the execution for which it left. It is set before the instance leaves
and removed after it returned, so that whoever comes next knows what has still to return: the bake
itself, the next bake, or the function's own schedule. Amazon EC2 Auto Scaling User Guide,
"Temporarily remove instances from your Auto Scaling group".
"""

from __future__ import annotations

import logging

from baker.aws.groups import StandbyRefused
from baker.decisions.overtaking import waits_for_function
from baker.invocation import Invocation
from baker.messages import bake as messages
from baker.model.image import TAG_PREFIX

_TAG = TAG_PREFIX + "standby"
_log = logging.getLogger(__name__)


def tagged_instances(invocation: Invocation, execution: str = "*") -> dict[str, str]:
    """The instances that left service, or are about to, with the execution that they left for."""
    instances = invocation.aws.instances.filtered(
        {
            f"tag:{_TAG}": [execution],
            "tag:aws:autoscaling:groupName": [invocation.settings.auto_scaling_group_name],
            "instance-state-name": ["pending", "running", "stopping", "stopped"],
        }
    )
    return {instance.id: instance.tags[_TAG] for instance in instances}


def leave_service(invocation: Invocation, instance: str, execution: str) -> None:
    """Take an instance out of service for an execution, if Auto Scaling lets it go."""
    aws, group = invocation.aws, invocation.settings.auto_scaling_group_name
    aws.instances.tag(instance, _TAG, execution)
    try:
        aws.groups.enter_standby(group, instance)
    except StandbyRefused as error:
        _log.info("instance did not enter standby", extra={"error": str(error)})
    else:
        # Again: if this invocation was so slow that its execution is over, somebody may have found
        # the instance in service and removed the tag.
        aws.instances.tag(instance, _TAG, execution)


def return_to_service(invocation: Invocation, execution: str) -> str | None:
    """Return what left service for an execution.

    Returns:
        what there is still to wait for; nothing when all is back.
    """
    tagged = tagged_instances(invocation, execution)
    if not tagged:
        return None
    group = invocation.aws.groups.get(invocation.settings.auto_scaling_group_name)
    waiting = [
        _return_instance(invocation, instance, group.lifecycle_state(instance))
        for instance in sorted(tagged)
    ]
    return next(filter(None, waiting), None)


def return_orphaned_instances(invocation: Invocation) -> list[str]:
    """Return what left service for an execution that does not wait for the function any more,
    because that was cut off or the execution was stopped.

    Returns:
        what there is still to wait for.
    """
    waiting = []
    for execution in sorted(set(tagged_instances(invocation).values())):
        pipeline = invocation.settings.pipeline_name
        actions = invocation.aws.pipelines.actions(pipeline, execution)
        if not waits_for_function(actions):
            waiting.append(return_to_service(invocation, execution))
    return [text for text in waiting if text]


def _return_instance(invocation: Invocation, instance: str, state: str | None) -> str | None:
    aws, group = invocation.aws, invocation.settings.auto_scaling_group_name
    if state == "EnteringStandby":
        return messages.STILL_LEAVING(instance=instance)
    if state == "Standby":
        if not is_running(invocation, instance):
            return messages.STARTING_BEFORE_RETURN(instance=instance)
        try:
            aws.groups.exit_standby(group, instance)
        except StandbyRefused as error:
            return messages.CANNOT_RETURN_YET(instance=instance, reason=error)
        _log.info("instance returns to service", extra={"instance": instance})
    aws.instances.untag(instance, _TAG)
    return None


def is_running(invocation: Invocation, instance: str) -> bool:
    return invocation.aws.instances.get(instance).state == "running"
