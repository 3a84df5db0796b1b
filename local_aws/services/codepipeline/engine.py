"""Runs an execution through the stages of its pipeline."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError

from local_aws.server_state import server_state
from local_aws.services.codepipeline import deploy, invoke, sources
from local_aws.services.codepipeline.executions import ActionFailed, ActionRun, Artifact, Execution
from local_aws.services.codepipeline.stages import Stages
from local_aws.services.codepipeline.structure import in_run_order
from local_aws.services.codepipeline.variables import UnresolvedVariable, resolve

Provider = Callable[["Action"], None]
PROVIDERS: dict[str, Provider] = {
    "CodeCommit": sources.codecommit,
    "S3": sources.s3,
    "CodeDeploy": deploy.codedeploy,
    "Lambda": invoke.function,
}


class Action:
    """A running action, as its provider needs it.

    Attributes:
        configuration: with variables resolved.
        bucket: the artifact bucket.
        encryption_key: the artifact store's EncryptionKey, if it has one.
    """

    def __init__(self, execution: Execution, run: ActionRun, region: str) -> None:
        self.execution = execution
        self.run = run
        self.region = region
        self.configuration = run.configuration
        self.role_arn: str = execution.declaration["roleArn"]
        self.bucket: str = execution.declaration["artifactStore"]["location"]
        self.encryption_key = execution.declaration["artifactStore"].get("encryptionKey")

    def client(self, api: str) -> Any:
        """A boto3 client that acts with the pipeline's role."""
        return server_state.client(
            api, self.role_arn, self.region, "codepipeline.amazonaws.com", None
        )

    def input(self) -> Artifact:
        return self.run.inputs[0]

    def put_output(self, data: bytes) -> None:
        """Upload the action's output artifact to the artifact bucket."""
        for declared in self.run.declaration.get("outputArtifacts", []):
            key = self.execution.artifact_key(declared["name"])
            stored = self.client("s3").put_object(Bucket=self.bucket, Key=key, Body=data)
            artifact = Artifact(
                declared["name"],
                self.bucket,
                key,
                stored.get("VersionId"),
                stored["ETag"].strip('"'),
            )
            self.run.outputs.append(artifact)
            self.execution.artifacts[artifact.name] = artifact


def walk(execution: Execution, stages: Stages, region: str, start: int = 0) -> None:
    """Run an execution to its end.

    Args:
        start: the index of the first stage to run.
    """
    for stage in execution.declaration["stages"][start:]:
        if not stages.enter(stage["name"], execution):
            break
        try:
            succeeded = _run_stage(execution, stage, region)
        finally:
            stages.leave(stage["name"])
        if not succeeded:
            execution.become("Stopped" if execution.stopping.is_set() else "Failed")
            return
    if execution.stopping.is_set():
        execution.become("Stopped")
    elif not execution.over():
        execution.become("Succeeded")


def _run_stage(execution: Execution, stage: dict[str, Any], region: str) -> bool:
    """Run a stage's actions, those of the same run order in parallel, and without those that have
    succeeded already (RetryStageExecution, FAILED_ACTIONS).

    Returns:
        whether all succeeded.
    """
    done = {
        run.name
        for run in execution.runs
        if run.stage == stage["name"] and run.status == "Succeeded"
    }
    for together in in_run_order(stage["actions"]):
        wanted = [action for action in together if action["name"] not in done]
        runs = [_begin(execution, stage["name"], action) for action in wanted]
        for task in [server_state.run(_run_action, execution, run, region) for run in runs]:
            task.join()
        if any(run.status != "Succeeded" for run in runs) or execution.stopping.is_set():
            return False
    return True


def _begin(execution: Execution, stage: str, declaration: dict[str, Any]) -> ActionRun:
    names = [artifact["name"] for artifact in declaration.get("inputArtifacts", [])]
    run = ActionRun(
        execution_id=execution.id,
        pipeline_version=execution.declaration["version"],
        stage=stage,
        declaration=declaration,
        configuration={},
        inputs=[execution.artifacts[name] for name in names],
    )
    execution.runs.append(run)
    return run


def _run_action(execution: Execution, run: ActionRun, region: str) -> None:
    try:
        configuration = run.declaration.get("configuration", {})
        run.configuration.update(
            {key: resolve(value, execution.variables) for key, value in configuration.items()}
        )
        PROVIDERS[run.declaration["actionTypeId"]["provider"]](Action(execution, run, region))
        if "namespace" in run.declaration:
            execution.variables[run.declaration["namespace"]] = run.variables
        run.change(status="Succeeded")
    except ActionFailed as error:
        run.change(status="Failed", error={"code": error.code, "message": str(error)})
    except UnresolvedVariable as error:
        run.change(status="Failed", error={"code": "ConfigurationError", "message": str(error)})
    except ClientError as error:
        refused = error.response["Error"]
        message = f"{error.operation_name}: {refused['Message']}"
        run.change(status="Failed", error={"code": refused["Code"], "message": message})
    except Exception as error:
        traceback.print_exc()
        run.change(status="Failed", error={"code": "InternalError", "message": repr(error)})
