"""The pipelines of an account in a region, and their executions."""

from __future__ import annotations

import json
from typing import Any

from moto.codepipeline import urls
from moto.codepipeline.exceptions import PipelineNotFoundException
from moto.codepipeline.models import CodePipelineBackend
from moto.core.exceptions import JsonRESTError
from moto.iam.exceptions import NotFoundException
from moto.iam.models import iam_backends

from local_aws.server_state import PARTITION, server_state
from local_aws.services.codecommit import repositories
from local_aws.services.codepipeline import engine, structure
from local_aws.services.codepipeline.executions import Execution
from local_aws.services.codepipeline.stages import Stages

# AWS seconds between two checks of a source with PollForSourceChanges.
POLL_SECONDS = 60


class Running:
    """A pipeline's executions, the oldest first, and stages.

    Attributes:
        tokens: the IDs of executions, by client request token.
    """

    def __init__(self) -> None:
        self.executions: list[Execution] = []
        self.stages = Stages()
        self.tokens: dict[str, str] = {}


class Pipelines(CodePipelineBackend):
    """The pipelines of an account in a region."""

    _url_module = urls

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        self.running: dict[str, Running] = {}

    def create_pipeline(self, pipeline: dict[str, Any], tags: Any) -> Any:
        """CreatePipeline: a new pipeline starts at once (AWS CodePipeline User Guide, "Start a
        pipeline")."""
        structure.check(pipeline)
        answer = super().create_pipeline(pipeline, tags)
        name = pipeline["name"]
        self.running[name] = Running()
        server_state.run(self._poll, name, self.running[name])
        self.start(name, "CreatePipeline", "")
        return answer

    def update_pipeline(self, pipeline: dict[str, Any]) -> dict[str, Any]:
        structure.check(pipeline)
        return super().update_pipeline(pipeline)

    def delete_pipeline(self, name: str) -> None:
        """DeletePipeline: its executions end."""
        super().delete_pipeline(name)
        running = self.running.pop(name, None)
        for execution in running.executions if running else []:
            execution.stopping.set()

    def start(self, name: str, trigger: str, detail: str, token: str = "") -> Execution:
        """StartPipelineExecution; a client request token starts one execution only."""
        declaration, _ = self.get_pipeline(name)
        running = self.running[name]
        if token and token in running.tokens:
            return self.execution(name, running.tokens[token])
        execution = Execution(
            json.loads(json.dumps(declaration)), trigger, detail, self.region_name
        )
        running.executions.append(execution)
        if token:
            running.tokens[token] = execution.id
        execution.begin()
        server_state.run(engine.walk, execution, running.stages, self.region_name)
        return execution

    def retry(self, name: str, stage: str, execution_id: str, mode: str) -> Execution:
        """RetryStageExecution, with the execution's artifacts and variables.

        Raises:
            JsonRESTError: unless the stage is the one in which the execution failed.
        """
        execution = self.execution(name, execution_id)
        running = self.running[name]
        names = [declared["name"] for declared in execution.declaration["stages"]]
        if stage not in names:
            raise JsonRESTError("StageNotFoundException", f"Stage {stage} does not exist")
        if running.stages.latest.get(stage) is not execution:
            raise JsonRESTError(
                "NotLatestPipelineExecutionException",
                f"Execution {execution_id} is not the latest in stage {stage}",
            )
        last = execution.runs[-1]
        if execution.status != "Failed" or last.stage != stage:
            raise JsonRESTError(
                "StageNotRetryableException", f"Stage {stage} of {execution_id} has not failed"
            )
        if mode == "ALL_ACTIONS":
            for run in execution.runs:
                if run.stage == stage and run.status == "Succeeded":
                    run.change(status="Abandoned")
        execution.resume()
        server_state.run(
            engine.walk, execution, running.stages, self.region_name, names.index(stage)
        )
        return execution

    def stop(self, name: str, execution_id: str, abandon: bool, reason: str) -> None:
        """StopPipelineExecution: waits for the running actions, or abandons them."""
        execution = self.execution(name, execution_id)
        if execution.over():
            raise JsonRESTError(
                "PipelineExecutionNotStoppableException", f"{execution_id} is {execution.status}"
            )
        execution.stop_reason = reason
        execution.become("Stopping")
        execution.stopping.set()
        for run in execution.runs:
            if abandon and run.status == "InProgress":
                run.change(status="Abandoned")

    def execution(self, name: str, execution_id: str) -> Execution:
        for execution in self.executions_of(name):
            if execution.id == execution_id:
                return execution
        raise JsonRESTError(
            "PipelineExecutionNotFoundException",
            f"Pipeline {name} has no execution {execution_id}",
        )

    def executions_of(self, name: str) -> list[Execution]:
        """The executions of a pipeline, the newest first."""
        if name not in self.running:
            raise PipelineNotFoundException(
                f"Account '{self.account_id}' does not have a pipeline with name '{name}'"
            )
        return self.running[name].executions[::-1]

    def _poll(self, name: str, running: Running) -> None:
        """Start the pipeline whenever a polled source changes.

        PollForSourceChanges is true by default (AWS CodePipeline User Guide, "CodeCommit
        source action reference" and "Amazon S3 source action reference").
        """
        seen = self._polled(name)
        while self.running.get(name) is running:
            server_state.clock.sleep(POLL_SECONDS)
            if name not in self.pipelines:
                return
            found = self._polled(name)
            if any(found[source] and found[source] != seen.get(source) for source in found):
                self.start(name, "PollForSourceChanges", "")
            seen = found

    def _polled(self, name: str) -> dict[str, str | None]:
        """The newest revision of each polled source, by the action's name."""
        declaration, _ = self.get_pipeline(name)
        found = {}
        for action in declaration["stages"][0]["actions"]:
            configuration = action.get("configuration", {})
            if configuration.get("PollForSourceChanges", "true") != "false":
                found[action["name"]] = self._newest(configuration, declaration["roleArn"])
        return found

    def _newest(self, configuration: dict[str, str], role_arn: str) -> str | None:
        if "RepositoryName" in configuration:
            repository = repositories.find(configuration["RepositoryName"])
            references = repository.references() if repository else {}
            return references.get(f"refs/heads/{configuration['BranchName']}")
        service = "codepipeline.amazonaws.com"
        client = server_state.client("s3", role_arn, self.region_name, service, None)
        versions = client.list_object_versions(
            Bucket=configuration["S3Bucket"], Prefix=configuration["S3ObjectKey"]
        )
        latest = [item["VersionId"] for item in versions.get("Versions", []) if item["IsLatest"]]
        return latest[0] if latest else None


def started_by_event(principal: str) -> bool:
    """Whether a principal is a role that EventBridge can assume."""
    try:
        role = iam_backends[server_state.account_id][PARTITION].get_role_by_arn(principal)
    except NotFoundException:
        return False
    return "events.amazonaws.com" in str(role.assume_role_policy_document)
