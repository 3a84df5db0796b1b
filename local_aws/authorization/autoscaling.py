"""Actions, resources, and condition keys for Amazon EC2 Auto Scaling."""

from __future__ import annotations

from collections.abc import Iterator

from moto.autoscaling.models import autoscaling_backends

from local_aws.authorization.question import ACCOUNT, Question
from local_aws.call import Call


def questions(call: Call) -> Iterator[Question] | None:
    if call.operation.startswith("Describe"):
        return iter([Question(f"autoscaling:{call.operation}")])
    name = call.parameters.get("AutoScalingGroupName")
    groups = autoscaling_backends[ACCOUNT][call.region].autoscaling_groups
    if name not in groups:
        return None
    return iter([Question(f"autoscaling:{call.operation}", groups[name].arn)])
