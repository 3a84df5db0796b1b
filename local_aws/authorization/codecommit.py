"""Actions, resources, and condition keys for AWS CodeCommit."""

from __future__ import annotations

from collections.abc import Iterator

from local_aws.authorization.question import Question, arn
from local_aws.call import Call


def questions(call: Call) -> Iterator[Question] | None:
    name = call.parameters.get("repositoryName")
    if not name:
        return None
    return iter([Question(f"codecommit:{call.operation}", arn("codecommit", call.region, name))])
