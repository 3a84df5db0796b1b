"""Which deployment is the execution's own, and which one overtook it."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from baker.messages import bake as messages
from baker.model.deployment import ActionExecution, Deployment
from baker.model.settings import Settings

# These install what the deployment group already runs, on instances that are new or lag behind
# (AWS CodeDeploy API Reference, DeploymentInfo.creator); they do not overtake a bake.
_CATCHING_UP = {"autoscaling", "autoscalingTermination", "CodeDeployAutoUpdate"}

# Snapshots and deployments are dated by two services, whose clocks need not agree.
CLOCK_SKEW = datetime.timedelta(seconds=2)


def waits_for_function(actions: Iterable[ActionExecution]) -> bool:
    """Whether an execution waits for a function's answer."""
    return any(action.status == "InProgress" and action.provider == "Lambda" for action in actions)


def deploy_action(
    actions: Iterable[ActionExecution], execution: str, settings: Settings
) -> ActionExecution:
    """The execution's newest successful deployment to the deployment group.

    Raises:
        NotYetVisible: when there is none, or the execution does not wait for the function: an event
            can be delivered late or twice (AWS Lambda Developer Guide, "Asynchronous invocation").
    """
    actions = list(actions)
    if not waits_for_function(actions):
        raise messages.NOT_IN_PROGRESS.error(execution=execution, pipeline=settings.pipeline_name)
    target = {
        "ApplicationName": settings.application_name,
        "DeploymentGroupName": settings.deployment_group_name,
    }
    deployed = [
        action
        for action in actions
        if action.status == "Succeeded"
        and action.provider == "CodeDeploy"
        and target.items() <= action.configuration.items()
    ]
    if not deployed:
        raise messages.NO_DEPLOYMENT.error(
            execution=execution,
            pipeline=settings.pipeline_name,
            group=settings.deployment_group_name,
            application=settings.application_name,
        )
    return max(deployed, key=lambda action: action.started)


def overtaking(
    own: Deployment, deployments: Iterable[Deployment], until: datetime.datetime | None = None
) -> Deployment | None:
    """The first deployment after ``own`` that changed what the instances run.

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
