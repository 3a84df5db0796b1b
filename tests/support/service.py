"""Working with a deployed service as its team does: push, watch the pipeline, look at the fleet."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from local_aws.client import LocalAws
from support.stack import REPOSITORY

APPLICATION = REPOSITORY / "examples" / "application"
FINAL = ("Succeeded", "Failed", "Stopped", "Superseded")

T = TypeVar("T")


def eventually(look: Callable[[], T | None], what: str, seconds: float = 180) -> T:
    """What ``look`` returns as soon as it is true.

    Raises:
        TimeoutError: after ``seconds`` of trying, with ``what`` did not come.
    """
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := look():
            return found
        time.sleep(0.05)
    raise TimeoutError(f"{what} did not come within {seconds} s")


class Service:
    """One pipeline and its fleet.

    Args:
        names: the root module's outputs.
        folder: for a clone of the application's repository.
    """

    def __init__(self, aws: LocalAws, names: dict[str, Any], folder: Path) -> None:
        self.aws = aws
        self.names = names
        self._clone = folder
        self.ec2 = aws.client("ec2")
        self.autoscaling = aws.client("autoscaling")
        self.pipeline = aws.client("codepipeline")

    # The application

    def push(self, version: str, branch: str = "main", **files: str) -> str:
        """Commit the sample application as ``version`` and push it; returns the commit.

        Args:
            files: contents to put in the place of the sample's, by path with ``__`` for ``/``.
        """
        if not self._clone.exists():
            shutil.copytree(APPLICATION, self._clone)
            self._git("init", "--quiet", "--initial-branch", "main")
        (self._clone / "src" / "VERSION").write_text(version + "\n")
        for path, text in files.items():
            (self._clone / path.replace("__", "/")).write_text(text)
        self._git("add", "--all")
        self._git("commit", "--quiet", "--allow-empty", "--message", f"Version {version}")
        self._git("push", "--quiet", self.names["repository_clone_url"], f"HEAD:{branch}")
        return self._git("rev-parse", "HEAD")

    def _git(self, *arguments: str) -> str:
        identity = ["-c", "user.name=Test", "-c", "user.email=test@example.com"]
        done = subprocess.run(
            ["git", *identity, *arguments],
            cwd=self._clone,
            env={**os.environ, **self.aws.env},
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise AssertionError(f"git {' '.join(arguments)} failed: {done.stderr}")
        return done.stdout.strip()

    # The pipeline

    def executions(self) -> list[dict[str, Any]]:
        """The pipeline's executions, newest first."""
        listed: list[dict[str, Any]] = self.pipeline.list_pipeline_executions(
            pipelineName=self.names["pipeline_name"]
        )["pipelineExecutionSummaries"]
        return listed

    def execution_of(self, commit: str) -> str:
        """The id of the execution that ``commit`` started."""

        def look() -> str | None:
            for execution in self.executions():
                for revision in execution.get("sourceRevisions", []):
                    if revision.get("revisionId") == commit:
                        return str(execution["pipelineExecutionId"])
            return None

        return eventually(look, f"an execution for {commit}")

    def finished(self, execution: str, seconds: float = 180) -> str:
        """The final status of an execution, once it has one."""

        def look() -> str | None:
            status = self.pipeline.get_pipeline_execution(
                pipelineName=self.names["pipeline_name"], pipelineExecutionId=execution
            )["pipelineExecution"]["status"]
            return status if status in FINAL else None

        return eventually(look, f"the end of execution {execution}", seconds)

    def action(self, execution: str, name: str) -> dict[str, Any]:
        """The newest run of an action in an execution (ActionExecutionDetail)."""
        details = self.pipeline.list_action_executions(
            pipelineName=self.names["pipeline_name"], filter={"pipelineExecutionId": execution}
        )["actionExecutionDetails"]
        found: dict[str, Any] = next(detail for detail in details if detail["actionName"] == name)
        return found

    def bake(self, version: str) -> dict[str, str]:
        """Push ``version``, see its execution succeed and return the bake's output variables."""
        execution = self.execution_of(self.push(version))
        status = self.finished(execution)
        action = self.action(execution, "Automation") if status == "Succeeded" else {}
        assert status == "Succeeded", self.explanation(execution)
        variables: dict[str, str] = action["output"]["outputVariables"]
        return variables

    def explanation(self, execution: str) -> str:
        """What the pipeline shows of an execution's end: the last action's result."""
        details = self.pipeline.list_action_executions(
            pipelineName=self.names["pipeline_name"], filter={"pipelineExecutionId": execution}
        )["actionExecutionDetails"]
        result = details[0].get("output", {}).get("executionResult", {})
        error = result.get("errorDetails", {}).get("message", "")
        return str(error or result.get("externalExecutionSummary", ""))

    def retry(self, execution: str) -> None:
        self.pipeline.retry_stage_execution(
            pipelineName=self.names["pipeline_name"],
            stageName="Automation",
            pipelineExecutionId=execution,
            retryMode="FAILED_ACTIONS",
        )

    # The fleet

    @cached_property
    def group_name(self) -> str:
        return str(self.names["auto_scaling_group_name"])

    def versions(self) -> list[dict[str, Any]]:
        """The launch template's versions, oldest first."""
        pages = self.ec2.get_paginator("describe_launch_template_versions").paginate(
            LaunchTemplateId=self.names["launch_template_id"]
        )
        found = [version for page in pages for version in page["LaunchTemplateVersions"]]
        return sorted(found, key=lambda version: version["VersionNumber"])

    def images(self) -> list[dict[str, Any]]:
        """The account's own images."""
        images: list[dict[str, Any]] = self.ec2.describe_images(Owners=["self"])["Images"]
        return images

    def instances(self) -> dict[str, dict[str, Any]]:
        """The group's instances by id."""
        (group,) = self.autoscaling.describe_auto_scaling_groups(
            AutoScalingGroupNames=[self.group_name]
        )["AutoScalingGroups"]
        return {instance["InstanceId"]: instance for instance in group["Instances"]}

    def in_service(self, count: int) -> dict[str, dict[str, Any]]:
        """The group's instances, once there are ``count`` and all are InService."""

        def look() -> dict[str, dict[str, Any]] | None:
            instances = self.instances()
            states = {instance["LifecycleState"] for instance in instances.values()}
            return instances if len(instances) == count and states == {"InService"} else None

        return eventually(look, f"{count} instances in service")

    def scale_to(self, count: int) -> dict[str, dict[str, Any]]:
        """Set the desired capacity and return the instances that were launched for it."""
        before = self.instances()
        self.autoscaling.set_desired_capacity(
            AutoScalingGroupName=self.group_name, DesiredCapacity=count
        )
        after = self.in_service(count)
        return {name: instance for name, instance in after.items() if name not in before}
