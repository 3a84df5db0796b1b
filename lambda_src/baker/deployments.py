"""What was deployed to the deployment group: by an execution, and since."""

from __future__ import annotations

from dataclasses import dataclass

from baker.aws import Aws
from baker.deployment import Deployment, check_in_progress, deploy_action
from baker.errors import Unsettled
from baker.settings import Settings


@dataclass(frozen=True)
class Deployments:
    """``own`` is the execution's deployment, ``since`` are those from its beginning on."""

    own: Deployment
    since: list[Deployment]


def deployments_of(aws: Aws, settings: Settings, execution: str) -> Deployments:
    """Read them, for an execution that waits for its bake.

    Raises:
        Unsettled: when it does not, or when its deployment cannot be seen.
    """
    actions = aws.list_action_executions(settings.pipeline_name, execution)
    check_in_progress(actions, execution)
    action = deploy_action(actions, execution, settings)
    ids = aws.list_deployments(
        settings.application_name, settings.deployment_group_name, action.started
    )
    infos = aws.batch_get_deployments(list(dict.fromkeys([action.deployment_id, *ids])))
    deployments = {info["deploymentId"]: Deployment.from_api(info) for info in infos}
    if action.deployment_id not in deployments:
        raise Unsettled(
            f"Deployment {action.deployment_id} of execution {execution} cannot be seen."
        )
    own = deployments.pop(action.deployment_id)
    return Deployments(own, list(deployments.values()))
