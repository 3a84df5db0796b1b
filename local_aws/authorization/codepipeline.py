"""Actions, resources, and condition keys for AWS CodePipeline."""

from __future__ import annotations

from collections.abc import Iterator

from local_aws.authorization.question import Question, arn
from local_aws.call import Call

# Jobs have no ARN.
ON_ANYTHING = {"PutJobFailureResult", "PutJobSuccessResult"}
ON_PIPELINES = {"ListActionExecutions": "pipelineName", "StartPipelineExecution": "name"}


def questions(call: Call) -> Iterator[Question] | None:
    action = f"codepipeline:{call.operation}"
    if call.operation in ON_ANYTHING:
        return iter([Question(action)])
    if call.operation in ON_PIPELINES:
        name = call.parameters[ON_PIPELINES[call.operation]]
        return iter([Question(action, arn("codepipeline", call.region, name))])
    return None
