"""Operations of the CodePipeline API (AWS CodePipeline API Reference)."""

from __future__ import annotations

from typing import Any

from moto.codepipeline.responses import CodePipelineResponse
from moto.core.exceptions import JsonRESTError
from moto.core.responses import ActionResult, EmptyResult

from local_aws.server_state import server_state
from local_aws.services.codepipeline.invoke import Job, jobs
from local_aws.services.codepipeline.pipelines import Pipelines, started_by_event
from local_aws.services.parameters import knows, page

PAGE = 100

# Maximum lengths of parameters in characters.
LIMITS = {
    ("continuationToken",): 2048,
    ("executionDetails", "summary"): 2048,
    ("executionDetails", "externalExecutionId"): 1500,
    ("failureDetails", "message"): 5000,
    ("failureDetails", "externalExecutionId"): 1500,
}
LONGEST_VARIABLES = 122_880


class CodePipelineOperations(CodePipelineResponse):
    """Executions, states and jobs; the operations on pipelines and tags are moto's."""

    @property
    def pipelines(self) -> Pipelines:
        backend = self.codepipeline_backend
        assert isinstance(backend, Pipelines)
        return backend

    def __init__(self) -> None:
        super().__init__()
        self.automated_parameter_parsing = True

    def get_pipeline(self) -> ActionResult:  # type: ignore[override]
        """GetPipeline with times as numbers; moto returns strings."""
        declaration, _ = self.pipelines.get_pipeline(self._get_param("name"))
        return ActionResult({"pipeline": declaration, "metadata": self._metadata()})

    def _metadata(self) -> dict[str, Any]:
        pipeline = self.pipelines.pipelines[self._get_param("name")]
        return {
            "pipelineArn": pipeline._arn,
            "created": pipeline._created,
            "updated": pipeline._updated,
        }

    # Executions

    @knows("name", "clientRequestToken")
    def start_pipeline_execution(self) -> ActionResult:  # type: ignore[override]
        principal = server_state.principal_of(self.access_key)
        trigger = "CloudWatchEvent" if started_by_event(principal) else "StartPipelineExecution"
        execution = self.pipelines.start(
            self._get_param("name"), trigger, principal, self._get_param("clientRequestToken") or ""
        )
        return ActionResult({"pipelineExecutionId": execution.id})

    @knows("pipelineName", "stageName", "pipelineExecutionId", "retryMode")
    def retry_stage_execution(self) -> ActionResult:
        execution = self.pipelines.retry(
            self._get_param("pipelineName"),
            self._get_param("stageName"),
            self._get_param("pipelineExecutionId"),
            self._get_param("retryMode"),
        )
        return ActionResult({"pipelineExecutionId": execution.id})

    @knows("pipelineName", "pipelineExecutionId", "abandon", "reason")
    def stop_pipeline_execution(self) -> ActionResult:
        execution_id = self._get_param("pipelineExecutionId")
        self.pipelines.stop(
            self._get_param("pipelineName"),
            execution_id,
            bool(self._get_param("abandon")),
            self._get_param("reason") or "",
        )
        return ActionResult({"pipelineExecutionId": execution_id})

    def get_pipeline_execution(self) -> ActionResult:  # type: ignore[override]
        execution = self.pipelines.execution(
            self._get_param("pipelineName"), self._get_param("pipelineExecutionId")
        )
        return ActionResult({"pipelineExecution": execution.described()})

    @knows("pipelineName", "maxResults", "nextToken")
    def list_pipeline_executions(self) -> ActionResult:  # type: ignore[override]
        found = self.pipelines.executions_of(self._get_param("pipelineName"))
        shown, token = self._page(found)
        summaries = [execution.summarised() for execution in shown]
        return ActionResult({"pipelineExecutionSummaries": summaries, "nextToken": token})

    @knows("pipelineName", "filter", "maxResults", "nextToken")
    def list_action_executions(self) -> ActionResult:
        wanted = (self._get_param("filter") or {}).get("pipelineExecutionId")
        runs = [
            run
            for execution in self.pipelines.executions_of(self._get_param("pipelineName"))
            if wanted in (None, execution.id)
            for run in execution.runs
        ]
        runs.sort(key=lambda run: run.started, reverse=True)
        shown, token = self._page(runs)
        details = [run.detail() for run in shown]
        return ActionResult({"actionExecutionDetails": details, "nextToken": token})

    def _page(self, items: list[Any]) -> tuple[Any, str | None]:
        return page(items, self._get_param("maxResults") or PAGE, self._get_param("nextToken"))

    @knows("name")
    def get_pipeline_state(self) -> ActionResult:
        name = self._get_param("name")
        declaration, _ = self.pipelines.get_pipeline(name)
        metadata = self._metadata()
        states = [self._stage_state(name, stage) for stage in declaration["stages"]]
        return ActionResult(
            {
                "pipelineName": name,
                "pipelineVersion": declaration["version"],
                "stageStates": states,
                "created": metadata["created"],
                "updated": metadata["updated"],
            }
        )

    def _stage_state(self, name: str, stage: dict[str, Any]) -> dict[str, Any]:
        stages = self.pipelines.running[name].stages
        execution = stages.latest.get(stage["name"])
        runs = {run.name: run for run in (execution.runs if execution else [])}
        of_stage = [runs[a["name"]] for a in stage["actions"] if a["name"] in runs]
        status = "InProgress"
        if execution and stages.inside.get(stage["name"]) is not execution:
            failed = any(run.status != "Succeeded" for run in of_stage)
            status = "Failed" if failed else "Succeeded"
        waiting = stages.waiting.get(stage["name"], [])
        return {
            "stageName": stage["name"],
            "inboundTransitionState": {"enabled": True},
            "inboundExecutions": [
                {"pipelineExecutionId": inbound.id, "status": "InProgress"} for inbound in waiting
            ],
            "actionStates": [
                {
                    "actionName": action["name"],
                    "latestExecution": runs[action["name"]].state()
                    if action["name"] in runs
                    else None,
                }
                for action in stage["actions"]
            ],
            "latestExecution": execution
            and {"pipelineExecutionId": execution.id, "status": status},
        }

    # Jobs

    @knows("jobId", "continuationToken", "executionDetails", "outputVariables")
    def put_job_success_result(self) -> EmptyResult:
        answer = self._answer()
        variables = answer.get("outputVariables")
        if variables and "continuationToken" in answer:
            raise JsonRESTError(
                "ValidationException", "Output variables are not allowed with a continuation token"
            )
        if len(str(variables)) > LONGEST_VARIABLES:
            raise JsonRESTError(
                "OutputVariablesSizeExceededException",
                f"Output variables may have {LONGEST_VARIABLES} bytes",
            )
        return self._give(answer)

    @knows("jobId", "failureDetails")
    def put_job_failure_result(self) -> EmptyResult:
        return self._give(self._answer())

    def _answer(self) -> dict[str, Any]:
        answer = {key: value for key, value in self.params.items() if value is not None}
        for path, limit in LIMITS.items():
            value: Any = answer
            for key in path:
                value = (value or {}).get(key)
            if value is not None and not 1 <= len(value) <= limit:
                raise JsonRESTError(
                    "ValidationException",
                    f"1 validation error detected: Value at '{'.'.join(path)}' failed to satisfy "
                    f"constraint: Member must have length between 1 and {limit}; it has "
                    f"{len(value)}",
                )
        return answer

    def _give(self, answer: dict[str, Any]) -> EmptyResult:
        job = self._job()
        if job.closed or job.answered.is_set():
            raise JsonRESTError(
                "InvalidJobStateException", f"Job {job.id} is no longer in progress"
            )
        job.answer = answer
        job.answered.set()
        return EmptyResult()

    def _job(self) -> Job:
        job = jobs.get(self._get_param("jobId"))
        if not job:
            raise JsonRESTError("JobNotFoundException", f"Job {self._get_param('jobId')} not found")
        return job
