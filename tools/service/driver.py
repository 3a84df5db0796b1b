"""One service: its pipeline, its Auto Scaling group and launch template, its function."""

from __future__ import annotations

import datetime
import functools
import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

from service import polling
from service.application import Application

T = TypeVar("T")
# The statuses in which an execution ends.
FINAL = ("Succeeded", "Failed", "Stopped", "Cancelled", "Superseded")
# The action that makes the image.
BAKE = "Automation"


@dataclass(frozen=True)
class Stage:
    """A stage of an execution.

    Attributes:
        status: of its action (``InProgress``, ``Succeeded`` …); empty before the action starts.
        seconds: how long the action has taken so far.
        summary: the action's summary or error message.
    """

    name: str
    status: str = ""
    seconds: float = 0
    summary: str = ""


class Service:
    """A deployed service, whose pipeline has one action in each stage.

    What AWS returns is passed on as boto3 gives it.

    Args:
        client: returns a boto3 client for the name of an AWS service, e.g. ``Session().client``.
        names: the root module's outputs.
        application: what `push` and `upload` release.
        patience: seconds after which every wait raises `TimeoutError`.
        poll_seconds: between two requests while waiting.
    """

    def __init__(
        self,
        client: Callable[[str], Any],
        names: Mapping[str, Any],
        application: Application,
        patience: float = polling.PATIENCE,
        poll_seconds: float = polling.POLL_SECONDS,
    ) -> None:
        self.client = functools.cache(client)
        self.names = names
        self.application = application
        self.patience = patience
        self.poll_seconds = poll_seconds

    @property
    def codepipeline(self) -> Any:
        return self.client("codepipeline")

    @property
    def ec2(self) -> Any:
        return self.client("ec2")

    @property
    def autoscaling(self) -> Any:
        return self.client("autoscaling")

    # Releases

    def push(self, version: str, ref: str = "main") -> str:
        """Commit and push ``version``; returns the revision, which is the commit's ID."""
        return self.application.push(version, ref)

    def upload(self, version: str, bucket: str, key: str) -> str:
        """Upload ``version`` to S3; returns the revision, which is the object's version ID."""
        uploaded = self.client("s3").put_object(
            Bucket=bucket, Key=key, Body=self.application.archive(version)
        )
        return str(uploaded["VersionId"])

    def bake(self, version: str) -> dict[str, str]:
        """Push ``version``, wait for its execution and return the bake's output variables.

        Raises:
            RuntimeError: with the pipeline's explanation, if the execution does not succeed.
        """
        execution = self.execution_of(self.push(version))
        status = self.finished(execution)
        if status != "Succeeded":
            raise RuntimeError(
                f"execution {execution} ended {status}: {self.explanation(execution)}"
            )
        return self.variables(execution, BAKE)

    # Executions

    def executions(self) -> list[dict[str, Any]]:
        """The summaries of the pipeline's executions, the newest first."""
        listed: list[dict[str, Any]] = self.codepipeline.list_pipeline_executions(
            pipelineName=self.names["pipeline_name"]
        )["pipelineExecutionSummaries"]
        return listed

    def execution_of(self, revision: str) -> str:
        """The ID of the execution that ``revision`` starts, as soon as it has started."""

        def look() -> str | None:
            for execution in self.executions():
                for source in execution.get("sourceRevisions", []):
                    if source.get("revisionId") == revision:
                        return str(execution["pipelineExecutionId"])
            return None

        return self._wait(look, f"an execution of revision {revision}")

    def status(self, execution: str) -> str:
        found = self.codepipeline.get_pipeline_execution(
            pipelineName=self.names["pipeline_name"], pipelineExecutionId=execution
        )
        return str(found["pipelineExecution"]["status"])

    def finished(self, execution: str) -> str:
        """The final status of an execution, as soon as it has one."""

        def look() -> str | None:
            status = self.status(execution)
            return status if status in FINAL else None

        return self._wait(look, f"the end of execution {execution}")

    def follow(self, execution: str) -> Iterator[list[Stage]]:
        """Yield the stages at each look, until the execution has ended.

        Raises:
            TimeoutError: if it does not end.
        """
        deadline = time.monotonic() + self.patience
        while True:
            status = self.status(execution)
            yield self.stages(execution)
            if status in FINAL:
                return
            if time.monotonic() > deadline:
                raise TimeoutError(f"execution {execution} is still {status}")
            time.sleep(self.poll_seconds)

    def retry(self, execution: str) -> None:
        """Retry the failed stage that makes the image."""
        self.codepipeline.retry_stage_execution(
            pipelineName=self.names["pipeline_name"],
            stageName=BAKE,
            pipelineExecutionId=execution,
            retryMode="FAILED_ACTIONS",
        )

    # Stages and actions

    @cached_property
    def stage_names(self) -> list[str]:
        declared = self.codepipeline.get_pipeline(name=self.names["pipeline_name"])["pipeline"]
        return [stage["name"] for stage in declared["stages"]]

    def stages(self, execution: str) -> list[Stage]:
        """All stages of the pipeline, as far as the execution has come."""
        newest = {detail["stageName"]: detail for detail in reversed(self.actions(execution))}
        return [
            stage_of(newest[name]) if name in newest else Stage(name) for name in self.stage_names
        ]

    def actions(self, execution: str) -> list[dict[str, Any]]:
        """The details of an execution's actions (ActionExecutionDetail), the newest first."""
        listed: list[dict[str, Any]] = self.codepipeline.list_action_executions(
            pipelineName=self.names["pipeline_name"], filter={"pipelineExecutionId": execution}
        )["actionExecutionDetails"]
        return listed

    def action(self, execution: str, name: str) -> dict[str, Any]:
        """The newest run of the action ``name`` in an execution."""
        return next(detail for detail in self.actions(execution) if detail["actionName"] == name)

    def variables(self, execution: str, action: str) -> dict[str, str]:
        """The output variables of an action."""
        variables: dict[str, str] = self.action(execution, action)["output"]["outputVariables"]
        return variables

    def explanation(self, execution: str) -> str:
        """The error message, or else the summary, of an execution's newest action."""
        return summary_of(self.actions(execution)[0])

    # Auto Scaling group and launch template

    @property
    def group_name(self) -> str:
        return str(self.names["auto_scaling_group_name"])

    def instances(self) -> dict[str, dict[str, Any]]:
        """The group's instances, by ID."""
        return {instance["InstanceId"]: instance for instance in self._group()["Instances"]}

    def in_service(self, count: int) -> dict[str, dict[str, Any]]:
        """The group's instances, as soon as there are ``count`` and all are InService."""

        def look() -> dict[str, dict[str, Any]] | None:
            instances = self.instances()
            states = [instance["LifecycleState"] for instance in instances.values()]
            return instances if states == ["InService"] * count else None

        return self._wait(look, f"{count} instances in service in {self.group_name}")

    def scale_to(self, count: int) -> dict[str, dict[str, Any]]:
        """Set the desired capacity, wait, and return the instances that were launched for it."""
        before = self.instances()
        self.autoscaling.set_desired_capacity(
            AutoScalingGroupName=self.group_name, DesiredCapacity=count
        )
        after = self.in_service(count)
        return {name: instance for name, instance in after.items() if name not in before}

    def versions(self) -> list[dict[str, Any]]:
        """The versions of the launch template, the oldest first."""
        pages = self.ec2.get_paginator("describe_launch_template_versions").paginate(
            LaunchTemplateId=self.names["launch_template_id"]
        )
        found = [version for page in pages for version in page["LaunchTemplateVersions"]]
        return sorted(found, key=lambda version: version["VersionNumber"])

    def images(self) -> list[dict[str, Any]]:
        """The account's own images."""
        images: list[dict[str, Any]] = self.ec2.describe_images(Owners=["self"])["Images"]
        return images

    def _group(self) -> dict[str, Any]:
        (group,) = self.autoscaling.describe_auto_scaling_groups(
            AutoScalingGroupNames=[self.group_name]
        )["AutoScalingGroups"]
        return dict(group)

    # Function

    def invoke(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """Invoke the function by hand, e.g. to undo a bake; returns its report.

        Raises:
            RuntimeError: with Lambda's report of the error, if the function fails.
        """
        answer = self.client("lambda").invoke(
            FunctionName=self.names["function_name"], Payload=json.dumps(event)
        )
        report: dict[str, Any] = json.load(answer["Payload"])
        if "FunctionError" in answer:
            raise RuntimeError(f"{self.names['function_name']} failed: {report}")
        return report

    def _wait(self, look: Callable[[], T | None], what: str) -> T:
        return polling.eventually(look, what, self.patience, self.poll_seconds)


def stage_of(detail: Mapping[str, Any]) -> Stage:
    """A stage from the ActionExecutionDetail of its action."""
    running = detail["status"] == "InProgress"
    end = datetime.datetime.now(datetime.UTC) if running else detail["lastUpdateTime"]
    return Stage(
        detail["stageName"],
        detail["status"],
        (end - detail["startTime"]).total_seconds(),
        # The summary of a source action is the commit's message, which may have several lines.
        " ".join(summary_of(detail).split()),
    )


def summary_of(detail: Mapping[str, Any]) -> str:
    result = detail.get("output", {}).get("executionResult", {})
    error = result.get("errorDetails", {}).get("message", "")
    return str(error or result.get("externalExecutionSummary", ""))
