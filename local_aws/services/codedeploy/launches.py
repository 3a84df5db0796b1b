"""Deployments to instances that Auto Scaling launches."""

from __future__ import annotations

from moto.codedeploy.models import codedeploy_backends

from local_aws.server_state import server_state
from local_aws.services.codedeploy.deployments import Deployment
from local_aws.services.codedeploy.groups import CodeDeploy, Group


def instance_waits(group_name: str, instance_id: str, hook_name: str) -> None:
    """Deploy to an instance that waits for a launch hook, then complete the hook: with ABANDON if
    the deployment failed (AWS CodeDeploy User Guide, "Integrating CodeDeploy with Amazon EC2 Auto
    Scaling")."""
    for backend in list(codedeploy_backends[server_state.account_id].values()):
        assert isinstance(backend, CodeDeploy)
        for group in backend.groups_on(group_name):
            if group.hook_name == hook_name:
                result = "CONTINUE" if _deployed(group, instance_id) else "ABANDON"
                group.complete_launch(group_name, instance_id, result)


def _deployed(group: Group, instance_id: str) -> bool:
    with group.lock:
        if group.active_deployment():
            group.launched_meanwhile.add(instance_id)
        if not group.target_revision:
            return True
        deployment = Deployment(
            group, group.target_revision, creator="autoscaling", instance_ids=[instance_id]
        )
        group.deployments.append(deployment)
    deployment.run()
    return deployment.status == "Succeeded"
