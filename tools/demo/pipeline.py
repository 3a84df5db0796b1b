"""One execution of the pipeline, stage by stage."""

from __future__ import annotations

import datetime
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from demo.errors import DemoError

FINAL = {"Succeeded", "Failed", "Stopped", "Cancelled", "Superseded"}
POLL_SECONDS = 0.25


@dataclass(frozen=True)
class Stage:
    """A stage of an execution, as far as it has come.

    Attributes:
        status: of its action (`InProgress`, `Succeeded` …); empty before it begins.
        seconds: that it has taken.
        summary: what the action says of itself.
    """

    name: str
    status: str = ""
    seconds: float = 0
    summary: str = ""


class Pipeline:
    """A pipeline each of whose stages has one action."""

    def __init__(self, client: Any, name: str) -> None:
        self.client = client
        self.name = name
        stages = client.get_pipeline(name=name)["pipeline"]["stages"]
        self.stage_names = [stage["name"] for stage in stages]

    def execution_of(self, commit: str, timeout: float = 30) -> str:
        """The execution that a commit started.

        Raises:
            DemoError: when none starts within ``timeout`` seconds.
        """
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            listed = self.client.list_pipeline_executions(pipelineName=self.name)
            for execution in listed["pipelineExecutionSummaries"]:
                revisions = execution.get("sourceRevisions", [])
                if commit in {revision.get("revisionId") for revision in revisions}:
                    return str(execution["pipelineExecutionId"])
            time.sleep(POLL_SECONDS)
        raise DemoError(f"no execution of {self.name} started for commit {commit[:7]}")

    def follow(self, execution: str, timeout: float = 120) -> Iterator[list[Stage]]:
        """Yield the stages until the execution is over.

        Raises:
            DemoError: when it does not succeed, or not within ``timeout`` seconds.
        """
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            status = self._status(execution)
            stages = self.stages(execution)
            yield stages
            if status == "Succeeded":
                return
            if status in FINAL:
                said = "; ".join(stage.summary for stage in stages if stage.status == "Failed")
                raise DemoError(f"execution {execution} ended {status}: {said}")
            time.sleep(POLL_SECONDS)
        raise DemoError(f"execution {execution} is not over after {timeout:.0f} s")

    def stages(self, execution: str) -> list[Stage]:
        details = self._actions(execution)
        newest = {detail["stageName"]: detail for detail in reversed(details)}
        return [
            stage_of(newest[name]) if name in newest else Stage(name) for name in self.stage_names
        ]

    def variables(self, execution: str, action: str) -> dict[str, str]:
        """The output variables of an action."""
        for detail in self._actions(execution):
            if detail["actionName"] == action:
                variables: dict[str, str] = detail["output"]["outputVariables"]
                return variables
        raise DemoError(f"execution {execution} has no action {action}")

    def _actions(self, execution: str) -> list[dict[str, Any]]:
        listed = self.client.list_action_executions(
            pipelineName=self.name, filter={"pipelineExecutionId": execution}
        )
        details: list[dict[str, Any]] = listed["actionExecutionDetails"]
        return details

    def _status(self, execution: str) -> str:
        found = self.client.get_pipeline_execution(
            pipelineName=self.name, pipelineExecutionId=execution
        )
        return str(found["pipelineExecution"]["status"])


def stage_of(detail: dict[str, Any]) -> Stage:
    """A stage from the ActionExecutionDetail of its action."""
    running = detail["status"] == "InProgress"
    end = datetime.datetime.now(datetime.UTC) if running else detail["lastUpdateTime"]
    result = detail.get("output", {}).get("executionResult", {})
    said = result.get("errorDetails", {}).get("message") or result.get("externalExecutionSummary")
    return Stage(
        detail["stageName"],
        detail["status"],
        (end - detail["startTime"]).total_seconds(),
        # The summary of a source action is the commit's message, which may have several lines.
        " ".join((said or "").split()),
    )
