"""AWS CodePipeline: an execution's actions, and the answer to a job."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from baker.aws.clients import Clients
from baker.limits import FAILURE_MESSAGE_LENGTH, SUMMARY_LENGTH
from baker.model.answer import Answer, Continue, Fail, Succeed
from baker.model.deployment import ActionExecution


class Pipelines:
    def __init__(self, clients: Clients) -> None:
        self._clients = clients

    def actions(self, pipeline: str, execution: str) -> list[ActionExecution]:
        """The actions of an execution, with all of their runs."""
        pages = self._clients.codepipeline.get_paginator("list_action_executions").paginate(
            pipelineName=pipeline, filter={"pipelineExecutionId": execution}
        )
        return [
            action_from_api(action) for page in pages for action in page["actionExecutionDetails"]
        ]

    def answer(self, job: str, answer: Answer) -> None:
        """Give the answer to a job, cut to the API's limits."""
        if isinstance(answer, Fail):
            details: Any = {
                "type": answer.failure_type,
                "message": answer.message[:FAILURE_MESSAGE_LENGTH],
            }
            self._clients.codepipeline.put_job_failure_result(jobId=job, failureDetails=details)
        else:
            self._clients.codepipeline.put_job_success_result(**success_result(job, answer))


def success_result(job: str, answer: Continue | Succeed) -> dict[str, Any]:
    """The parameters of PutJobSuccessResult. With a continuation token it takes no output
    variables."""
    details = {"summary": answer.summary[:SUMMARY_LENGTH]}
    result: dict[str, Any] = {"jobId": job, "executionDetails": details}
    if isinstance(answer, Continue):
        result["continuationToken"] = answer.token.text()
        if answer.token.image_id:
            details["externalExecutionId"] = answer.token.image_id
    elif answer.promotion:
        details["externalExecutionId"] = answer.promotion.image_id
        result["outputVariables"] = {
            "ImageId": answer.promotion.image_id,
            "LaunchTemplateVersion": str(answer.promotion.version),
        }
    return result


def action_from_api(action: Mapping[str, Any]) -> ActionExecution:
    """From an ActionExecutionDetail of ListActionExecutions, whatever of its action it shows."""
    shown = action.get("input", {})
    result = action.get("output", {}).get("executionResult", {})
    return ActionExecution(
        provider=shown.get("actionTypeId", {}).get("provider", ""),
        status=action["status"],
        started=action["startTime"],
        configuration=shown.get("configuration", {}),
        external_id=result.get("externalExecutionId", ""),
    )
