"""Executions, and the runs of their actions."""

from __future__ import annotations

import random
import string
import threading
import uuid
from dataclasses import dataclass, field
from typing import Any

from moto.core.utils import utcnow

from local_aws.server_state import PARTITION, server_state
from local_aws.services import events

FINAL = ("Succeeded", "Failed", "Stopped", "Superseded", "Cancelled")

# Not the module's shared generator, whose seed tests set.
_random = random.SystemRandom()


class ActionFailed(Exception):
    """A failed action.

    Attributes:
        code: of ErrorDetails (AWS CodePipeline API Reference).
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True)
class Artifact:
    """An artifact in the artifact bucket."""

    name: str
    bucket: str
    key: str
    version: str | None
    etag: str

    def described(self) -> dict[str, Any]:
        return {"name": self.name, "s3location": {"bucket": self.bucket, "key": self.key}}


@dataclass
class ActionRun:
    """One run of an action in an execution (ActionExecutionDetail)."""

    execution_id: str
    pipeline_version: int
    stage: str
    declaration: dict[str, Any]
    configuration: dict[str, str]
    inputs: list[Artifact]
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    status: str = "InProgress"
    started: Any = field(default_factory=utcnow)
    updated: Any = field(default_factory=utcnow)
    outputs: list[Artifact] = field(default_factory=list)
    variables: dict[str, str] = field(default_factory=dict)
    external_id: str = ""
    summary: str = ""
    url: str = ""
    token: str = ""
    percent: int | None = None
    error: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return str(self.declaration["name"])

    def change(self, **attributes: Any) -> None:
        for name, value in attributes.items():
            setattr(self, name, value)
        self.updated = utcnow()

    def detail(self) -> dict[str, Any]:
        result = {
            "externalExecutionId": self.external_id,
            "externalExecutionSummary": self.summary,
            "externalExecutionUrl": self.url or None,
            "errorDetails": self.error or None,
        }
        return {
            "pipelineExecutionId": self.execution_id,
            "actionExecutionId": self.id,
            "pipelineVersion": self.pipeline_version,
            "stageName": self.stage,
            "actionName": self.name,
            "startTime": self.started,
            "lastUpdateTime": self.updated,
            "status": self.status,
            "input": {
                "actionTypeId": self.declaration["actionTypeId"],
                "configuration": self.declaration.get("configuration", {}),
                "resolvedConfiguration": self.configuration,
                "inputArtifacts": [artifact.described() for artifact in self.inputs],
                "namespace": self.declaration.get("namespace"),
            },
            "output": {
                "outputArtifacts": [artifact.described() for artifact in self.outputs],
                "executionResult": result,
                "outputVariables": self.variables,
            },
        }

    def state(self) -> dict[str, Any]:
        return {
            "actionExecutionId": self.id,
            "status": self.status,
            "summary": self.summary or None,
            "lastStatusChange": self.updated,
            "token": self.token or None,
            "externalExecutionId": self.external_id or None,
            "externalExecutionUrl": self.url or None,
            "percentComplete": self.percent,
            "errorDetails": self.error or None,
        }


class Execution:
    """One run of a pipeline.

    Attributes:
        attempt: counted from 1; each retry of a stage begins another one.
        stop_reason: the reason given to StopPipelineExecution.
    """

    def __init__(self, pipeline: dict[str, Any], trigger: str, detail: str, region: str) -> None:
        self.id = str(uuid.uuid4())
        self.declaration = pipeline
        self.region = region
        self.attempt = 1
        self.stop_reason = ""
        self.trigger = {"triggerType": trigger, "triggerDetail": detail}
        self.status = "InProgress"
        self.status_summary = ""
        self.started = utcnow()
        self.updated = utcnow()
        self.runs: list[ActionRun] = []
        self.artifacts: dict[str, Artifact] = {}
        self.revisions: list[dict[str, Any]] = []
        self.variables: dict[str, dict[str, str]] = {
            "codepipeline": {"PipelineExecutionId": self.id}
        }
        self.stopping = threading.Event()

    @property
    def name(self) -> str:
        return str(self.declaration["name"])

    def begin(self) -> None:
        self._emit("STARTED", {"execution-trigger": _hyphenated(self.trigger)})

    def resume(self) -> None:
        """Continue after a failure, in another attempt."""
        self.attempt += 1
        self._enter("InProgress", "")
        self._emit("RESUMED")

    def become(self, status: str, summary: str = "") -> None:
        if status == self.status:
            return
        self._enter(status, summary)
        stopping = status == "Stopping" and self.stop_reason
        self._emit(
            status.upper(), {"stop-execution-comments": self.stop_reason} if stopping else None
        )

    def _enter(self, status: str, summary: str) -> None:
        self.status = status
        self.status_summary = summary
        self.updated = utcnow()

    def _emit(self, state: str, more: dict[str, Any] | None = None) -> None:
        """Emit the event of a change of state (AWS CodePipeline User Guide, "Monitoring
        CodePipeline events", "Pipeline-level events", where its numbers are floating-point)."""
        detail = {
            "pipeline": self.name,
            "execution-id": self.id,
            "start-time": f"{self.started.isoformat(timespec='milliseconds')}Z",
            "state": state,
            "version": float(self.declaration["version"]),
            "pipeline-execution-attempt": float(self.attempt),
            **(more or {}),
        }
        arn = f"arn:{PARTITION}:codepipeline:{self.region}:{server_state.account_id}:{self.name}"
        events.emit(
            "aws.codepipeline",
            "CodePipeline Pipeline Execution State Change",
            [arn],
            detail,
            self.region,
        )

    def over(self) -> bool:
        return self.status in FINAL

    def artifact_key(self, artifact: str) -> str:
        """A new object key: CodePipeline shortens the pipeline's name to 20 characters, the
        artifact's to 10."""
        letters = "".join(_random.choices(string.ascii_letters + string.digits, k=7))
        return f"{self.name[:20]}/{artifact[:10]}/{letters}"

    def described(self) -> dict[str, Any]:
        return {
            "pipelineName": self.name,
            "pipelineVersion": self.declaration["version"],
            "pipelineExecutionId": self.id,
            "status": self.status,
            "statusSummary": self.status_summary or None,
            "artifactRevisions": [
                {
                    "name": revision["artifact"],
                    "revisionId": revision["id"],
                    "revisionSummary": revision["summary"],
                    "created": revision["created"],
                }
                for revision in self.revisions
            ],
            "executionMode": self.declaration.get("executionMode", "SUPERSEDED"),
            "trigger": self.trigger,
        }

    def summarised(self) -> dict[str, Any]:
        return {
            "pipelineExecutionId": self.id,
            "status": self.status,
            "statusSummary": self.status_summary or None,
            "startTime": self.started,
            "lastUpdateTime": self.updated,
            "sourceRevisions": [
                {
                    "actionName": revision["action"],
                    "revisionId": revision["id"],
                    "revisionSummary": revision["summary"],
                }
                for revision in self.revisions
            ],
            "trigger": self.trigger,
            "executionMode": self.declaration.get("executionMode", "SUPERSEDED"),
        }


def _hyphenated(trigger: dict[str, str]) -> dict[str, str]:
    """An execution's trigger, as in events."""
    return {"trigger-type": trigger["triggerType"], "trigger-detail": trigger["triggerDetail"]}
