"""Deployments: the one this execution made, and those that came after it."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from baker.errors import Unsettled
from baker.settings import Settings

# These install what the deployment group already runs, on instances that are new or lag behind
# (AWS CodeDeploy API Reference, DeploymentInfo.creator); they do not overtake a bake.
_CATCHING_UP = {"autoscaling", "autoscalingTermination", "CodeDeployAutoUpdate"}

# Snapshots and deployments are dated by two services, whose clocks need not agree.
CLOCK_SKEW = datetime.timedelta(seconds=2)


@dataclass(frozen=True)
class Deployment:
    id: str
    created: datetime.datetime
    creator: str = "user"

    @classmethod
    def from_api(cls, info: Mapping[str, Any]) -> Deployment:
        """From a DeploymentInfo of CodeDeploy's BatchGetDeployments."""
        return cls(info["deploymentId"], info["createTime"], info.get("creator", "user"))


@dataclass(frozen=True)
class DeployAction:
    """The Deploy action of this execution: which deployment it made, and when it began."""

    deployment_id: str
    started: datetime.datetime


def deploy_action(
    actions: Iterable[Mapping[str, Any]], execution: str, settings: Settings
) -> DeployAction:
    """The execution's newest successful deployment to the deployment group.

    Args:
        actions: ActionExecutionDetails of CodePipeline's ListActionExecutions.

    Raises:
        Unsettled: when there is none.
    """
    target = {
        "ApplicationName": settings.application_name,
        "DeploymentGroupName": settings.deployment_group_name,
    }
    deployed = [
        action
        for action in actions
        if action.get("status") == "Succeeded"
        and action["input"]["actionTypeId"]["provider"] == "CodeDeploy"
        and target.items() <= action["input"]["configuration"].items()
    ]
    if not deployed:
        raise Unsettled(
            f"Execution {execution} of pipeline {settings.pipeline_name} has no successful "
            f"CodeDeploy action for deployment group {settings.deployment_group_name} of "
            f"application {settings.application_name}. The bake must come after that action."
        )
    newest = max(deployed, key=lambda action: action["startTime"])
    return DeployAction(
        newest["output"]["executionResult"]["externalExecutionId"], newest["startTime"]
    )


def check_in_progress(actions: Iterable[Mapping[str, Any]], execution: str) -> None:
    """Make sure that the execution still waits for the function: an event can be delivered late or
    twice (AWS Lambda Developer Guide, "Asynchronous invocation").

    Args:
        actions: ActionExecutionDetails of CodePipeline's ListActionExecutions.

    Raises:
        Unsettled: when it does not.
    """
    if not waits_for_function(actions):
        raise Unsettled(
            f"Execution {execution} does not wait for a function (any more): nothing was done."
        )


def waits_for_function(actions: Iterable[Mapping[str, Any]]) -> bool:
    return any(
        action["status"] == "InProgress" and action["input"]["actionTypeId"]["provider"] == "Lambda"
        for action in actions
    )


def overtaking(
    own: Deployment, deployments: Iterable[Deployment], until: datetime.datetime | None = None
) -> Deployment | None:
    """The first deployment after ``own`` that changed what the fleet runs.

    Args:
        until: when the volumes were captured; what began later cannot be in the image.
    """
    newer = [
        deployment
        for deployment in deployments
        if deployment.created > own.created
        and deployment.creator not in _CATCHING_UP
        and (until is None or deployment.created <= until + CLOCK_SKEW)
    ]
    return min(newer, key=lambda deployment: deployment.created, default=None)
