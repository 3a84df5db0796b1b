"""A pipeline to test with, and a function that its actions invoke."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

from local_aws.client import LocalAws
from support.delivery import bucket, bundle, role
from support.fleet import client, eventually, unique

FINAL = ("Succeeded", "Failed", "Stopped", "Superseded")

# A function that answers a job as its user parameters say.
WORKER = """
import json
import boto3

pipeline = boto3.client("codepipeline")

def handler(event, context):
    job = event["CodePipeline.job"]
    wish = json.loads(job["data"]["actionConfiguration"]["configuration"]["UserParameters"])
    token = job["data"].get("continuationToken")
    answer = {"jobId": job["id"]}
    print("job", job["id"], "token", token, "keys", sorted(job["data"]))
    if wish["do"] == "continue" and token != "2":
        number = str(int(token or "0") + 1)
        details = {"summary": "step " + number, "percentComplete": 50}
        pipeline.put_job_success_result(
            **answer, continuationToken=number, executionDetails=details
        )
    elif wish["do"] in ("succeed", "continue"):
        pipeline.put_job_success_result(
            **answer,
            outputVariables={"Answer": wish.get("value", "42")},
            executionDetails={"summary": "done", "externalExecutionId": "x-1"},
        )
    elif wish["do"] == "fail":
        pipeline.put_job_failure_result(
            **answer, failureDetails={"type": "ConfigurationError", "message": "not today"}
        )
    elif wish["do"] == "fail-once":
        ssm = boto3.client("ssm")
        try:
            ssm.put_parameter(Name=wish["mark"], Value="once", Type="String")
            pipeline.put_job_failure_result(
                **answer, failureDetails={"type": "JobFailed", "message": "once"}
            )
        except ssm.exceptions.ParameterAlreadyExists:
            pipeline.put_job_success_result(**answer)
    elif wish["do"] == "twice":
        pipeline.put_job_success_result(**answer)
        try:
            pipeline.put_job_success_result(**answer)
        except pipeline.exceptions.InvalidJobStateException:
            boto3.client("ssm").put_parameter(Name=wish["mark"], Value="late", Type="String")
"""


def stage(name: str, *actions: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "actions": list(actions)}


def action(category: str, provider: str, name: str = "", **parts: Any) -> dict[str, Any]:
    kind = {"category": category, "owner": "AWS", "provider": provider, "version": "1"}
    return {"name": name or provider, "actionTypeId": kind, **parts}


class Pipeline:
    """A pipeline whose source is an object in S3, or a branch."""

    def __init__(
        self, aws: LocalAws, *stages: dict[str, Any], source: Any = None, **parts: Any
    ) -> None:
        self.aws = aws
        self.client = client(aws, "codepipeline")
        self.name = unique("pipeline")
        self.role = role(aws, "codepipeline")
        self.bucket = bucket(aws)
        configuration = source or {
            "S3Bucket": self.bucket,
            "S3ObjectKey": "source.zip",
            "PollForSourceChanges": "false",
        }
        provider = "CodeCommit" if "RepositoryName" in configuration else "S3"
        self.first = action(
            "Source",
            provider,
            "Source",
            namespace="SourceVariables",
            outputArtifacts=[{"name": "Source"}],
            configuration=configuration,
        )
        self.declaration = {
            "name": self.name,
            "roleArn": self.role,
            "artifactStore": {"type": "S3", "location": bucket(aws)},
            "pipelineType": "V2",
            "stages": [stage("Source", self.first), *stages],
            **parts,
        }
        self.client.create_pipeline(pipeline=self.declaration)
        self.finished(self.newest())

    def upload(self, data: bytes | None = None) -> str:
        stored = client(self.aws, "s3").put_object(
            Bucket=self.bucket, Key="source.zip", Body=data or bundle()
        )
        return str(stored["VersionId"])

    def start(self) -> str:
        return str(self.client.start_pipeline_execution(name=self.name)["pipelineExecutionId"])

    def run(self) -> str:
        """Upload, start and wait; returns the execution."""
        self.upload()
        execution = self.start()
        self.finished(execution)
        return execution

    def newest(self) -> str:
        return str(self.executions()[0]["pipelineExecutionId"])

    def executions(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.client.list_pipeline_executions(pipelineName=self.name)[
            "pipelineExecutionSummaries"
        ]
        return found

    def status(self, execution: str) -> str:
        return str(
            self.client.get_pipeline_execution(
                pipelineName=self.name, pipelineExecutionId=execution
            )["pipelineExecution"]["status"]
        )

    def finished(self, execution: str) -> str:
        return eventually(lambda: self.status(execution), FINAL.__contains__)

    def actions(self, execution: str) -> dict[str, dict[str, Any]]:
        """The newest run of each action."""
        details = self.client.list_action_executions(
            pipelineName=self.name, filter={"pipelineExecutionId": execution}
        )["actionExecutionDetails"]
        return {detail["actionName"]: detail for detail in reversed(details)}

    def states(self) -> dict[str, dict[str, Any]]:
        states = self.client.get_pipeline_state(name=self.name)["stageStates"]
        return {state["stageName"]: state for state in states}


def make_worker(aws: LocalAws) -> str:
    """Make the function; its name."""
    name, code = unique("worker"), io.BytesIO()
    with zipfile.ZipFile(code, "w") as zipped:
        zipped.writestr("worker.py", WORKER)
    client(aws, "logs").create_log_group(logGroupName=f"/aws/lambda/{name}")
    client(aws, "lambda").create_function(
        FunctionName=name,
        Role=role(aws, "lambda"),
        Runtime="python3.13",
        Handler="worker.handler",
        Timeout=60,
        Code={"ZipFile": code.getvalue()},
    )
    return name


Invoke = Callable[..., dict[str, Any]]


def invocation(worker: str) -> Invoke:
    """A function from what the worker is to do to an action that invokes it."""

    def invoke(do: str, name: str = "Invoke", **wish: Any) -> dict[str, Any]:
        parts = {key: wish.pop(key) for key in ("namespace", "runOrder") if key in wish}
        configuration = {
            "FunctionName": wish.pop("function", worker),
            "UserParameters": json.dumps({"do": do, **wish}),
        }
        return action("Invoke", "Lambda", name, configuration=configuration, **parts)

    return invoke
