"""Actions, resources, and condition keys for Amazon CloudWatch Logs."""

from __future__ import annotations

from collections.abc import Iterator

from local_aws.authorization.question import Question, arn
from local_aws.call import Call


def questions(call: Call) -> Iterator[Question] | None:
    if call.operation not in ("CreateLogStream", "PutLogEvents"):
        return None
    group, stream = call.parameters["logGroupName"], call.parameters["logStreamName"]
    resource = arn("logs", call.region, f"log-group:{group}:log-stream:{stream}")
    return iter([Question(f"logs:{call.operation}", resource)])
