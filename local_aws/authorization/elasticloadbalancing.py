"""Actions, resources, and condition keys for AWS Elastic Load Balancing V2."""

from __future__ import annotations

from collections.abc import Iterator

from local_aws.authorization.question import Question
from local_aws.call import Call


def questions(call: Call) -> Iterator[Question] | None:
    action = f"elasticloadbalancing:{call.operation}"
    if call.operation.startswith("Describe"):
        return iter([Question(action)])
    if call.operation in ("DeregisterTargets", "RegisterTargets"):
        return iter([Question(action, call.parameters["TargetGroupArn"])])
    return None
