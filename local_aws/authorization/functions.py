"""Actions, resources, and condition keys for AWS Lambda."""

from __future__ import annotations

from collections.abc import Iterator

from local_aws.authorization.question import Question, arn
from local_aws.call import Call


def questions(call: Call) -> Iterator[Question] | None:
    if call.operation != "Invoke":
        return None
    name = call.parameters["FunctionName"].rpartition(":")[2]
    resource = arn("lambda", call.region, f"function:{name}")
    return iter([Question("lambda:InvokeFunction", resource)])
