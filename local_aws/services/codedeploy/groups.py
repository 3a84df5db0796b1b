"""Deployment groups and their deployments."""

from __future__ import annotations

import threading
from typing import Any

from moto.codedeploy import urls
from moto.codedeploy.exceptions import CodeDeployException, DeploymentDoesNotExistException
from moto.codedeploy.models import CodeDeployBackend, DeploymentGroup

from local_aws.server_state import PARTITION, server_state
from local_aws.services.codedeploy import configs
from local_aws.services.codedeploy.deployments import Deployment

# Parameters of a deployment group besides names and tags, and the attributes for them.
SETTINGS = {
    "alarmConfiguration": "alarm_configuration",
    "autoRollbackConfiguration": "auto_rollback_configuration",
    "autoScalingGroups": "auto_scaling_groups",
    "deploymentConfigName": "deployment_config_name",
    "deploymentStyle": "deployment_style",
    "loadBalancerInfo": "load_balancer_info",
    "outdatedInstancesStrategy": "outdated_instances_strategy",
    "serviceRoleArn": "service_role_arn",
    "terminationHookEnabled": "termination_hook_enabled",
}
HOOK_SECONDS = 600


class Group(DeploymentGroup):
    """A deployment group of Auto Scaling groups.

    Attributes:
        target_revision: of the last successful deployment.
        launched_meanwhile: instances launched during the active deployment.
    """

    def __init__(self, region: str, **settings: Any) -> None:
        super().__init__(**settings)
        self.region = region
        self.deployments: list[Deployment] = []
        self.target_revision: dict[str, Any] = {}
        self.last_successful: Deployment | None = None
        self.launched_meanwhile: set[str] = set()
        self.lock = threading.RLock()

    @property
    def hook_name(self) -> str:
        return (
            "CodeDeploy-managed-automatic-launch-deployment-hook-"
            f"{self.deployment_group_name}-{self.deployment_group_id}"
        )

    def put_hooks(self) -> None:
        """Put the launch hook into the Auto Scaling groups; it cannot be turned off (AWS CodeDeploy
        User Guide, "Integrating CodeDeploy with Amazon EC2 Auto Scaling")."""
        for name in self.auto_scaling_groups:
            self._autoscaling().put_lifecycle_hook(
                AutoScalingGroupName=name,
                LifecycleHookName=self.hook_name,
                LifecycleTransition="autoscaling:EC2_INSTANCE_LAUNCHING",
                HeartbeatTimeout=HOOK_SECONDS,
                DefaultResult="ABANDON",
            )

    def delete_hooks(self) -> None:
        existing = self._autoscaling_groups()
        for name in self.auto_scaling_groups:
            if name in existing:
                self._autoscaling().delete_lifecycle_hook(
                    AutoScalingGroupName=name, LifecycleHookName=self.hook_name
                )

    def complete_launch(self, group_name: str, instance_id: str, result: str) -> None:
        self._autoscaling().complete_lifecycle_action(
            AutoScalingGroupName=group_name,
            LifecycleHookName=self.hook_name,
            InstanceId=instance_id,
            LifecycleActionResult=result,
        )

    def instances_in_service(self) -> list[str]:
        return [
            instance["InstanceId"]
            for group in self._autoscaling_groups().values()
            for instance in group["Instances"]
            if instance["LifecycleState"] == "InService"
        ]

    def target_group_names(self) -> list[str]:
        if self.deployment_style.get("deploymentOption") != "WITH_TRAFFIC_CONTROL":
            return []
        return [group["name"] for group in self.load_balancer_info.get("targetGroupInfoList", [])]

    def active_deployment(self) -> Deployment | None:
        """The active deployment, apart from those to launched instances, which run in parallel."""
        for deployment in self.deployments:
            if deployment.active() and deployment.creator != "autoscaling":
                return deployment
        return None

    def described(self) -> dict[str, Any]:
        """A DeploymentGroupInfo (AWS CodeDeploy API Reference)."""
        attempted = [item for item in self.deployments if item.creator != "autoscaling"]
        hooks = [{"name": name, "hook": self.hook_name} for name in self.auto_scaling_groups]
        return {
            "applicationName": self.application.application_name,
            "deploymentGroupId": self.deployment_group_id,
            "deploymentGroupName": self.deployment_group_name,
            "deploymentConfigName": self.deployment_config_name,
            "autoScalingGroups": hooks,
            "serviceRoleArn": self.service_role_arn,
            "targetRevision": self.target_revision or None,
            "alarmConfiguration": self.alarm_configuration,
            "autoRollbackConfiguration": self.auto_rollback_configuration,
            "deploymentStyle": self.deployment_style,
            "outdatedInstancesStrategy": self.outdated_instances_strategy or "UPDATE",
            "loadBalancerInfo": self.load_balancer_info or None,
            "lastSuccessfulDeployment": _last(self.last_successful),
            "lastAttemptedDeployment": _last(attempted[-1] if attempted else None),
            "computePlatform": "Server",
            "terminationHookEnabled": bool(self.termination_hook_enabled),
        }

    @property
    def arn(self) -> str:
        """The source ARN with which CodeDeploy assumes the service role (AWS CodeDeploy User Guide,
        "Cross-service confused deputy prevention")."""
        name = f"{self.application.application_name}/{self.deployment_group_name}"
        owner = f"{self.region}:{server_state.account_id}"
        return f"arn:{PARTITION}:codedeploy:{owner}:deploymentgroup:{name}"

    def client(self, api: str) -> Any:
        """A boto3 client that acts with the service role."""
        return server_state.client(
            api, self.service_role_arn, self.region, "codedeploy.amazonaws.com", self.arn
        )

    def _autoscaling(self) -> Any:
        return self.client("autoscaling")

    def _autoscaling_groups(self) -> dict[str, Any]:
        groups = self._autoscaling().describe_auto_scaling_groups(
            AutoScalingGroupNames=self.auto_scaling_groups
        )["AutoScalingGroups"]
        return {group["AutoScalingGroupName"]: group for group in groups}


def _last(deployment: Deployment | None) -> dict[str, Any] | None:
    if not deployment:
        return None
    return {
        "deploymentId": deployment.id,
        "status": deployment.status,
        "createTime": deployment.create_time,
        "endTime": deployment.complete_time,
    }


class CodeDeploy(CodeDeployBackend):
    """The applications, groups and deployments of an account in a region."""

    _url_module = urls

    def groups_on(self, auto_scaling_group: str) -> list[Group]:
        return [
            group
            for groups in self.deployment_groups.values()
            for group in groups.values()
            if isinstance(group, Group) and auto_scaling_group in group.auto_scaling_groups
        ]

    def all_deployments(self) -> list[Deployment]:
        """All deployments, the newest first."""
        found = [
            deployment
            for groups in self.deployment_groups.values()
            for group in groups.values()
            if isinstance(group, Group)
            for deployment in group.deployments
        ]
        return sorted(found, key=lambda deployment: deployment.create_time, reverse=True)

    def deployment(self, deployment_id: str) -> Deployment:
        for deployment in self.all_deployments():
            if deployment.id == deployment_id:
                return deployment
        raise DeploymentDoesNotExistException(f"The deployment {deployment_id} could not be found")

    def deploy(self, group: Group, revision: dict[str, Any], **options: Any) -> Deployment:
        """CreateDeployment.

        Raises:
            CodeDeployException: DeploymentLimitExceededException while another deployment of the
                group is active.
        """
        configs.config(group.deployment_config_name or "")
        with group.lock:
            active = group.active_deployment()
            if active:
                raise CodeDeployException(
                    "DeploymentLimitExceededException",
                    f"The Deployment Group '{group.deployment_group_name}' already has an active "
                    f"Deployment '{active.id}'",
                )
            deployment = Deployment(group, revision, **options)
            group.deployments.append(deployment)
            group.launched_meanwhile.clear()
        server_state.run(self._run, deployment)
        return deployment

    def _run(self, deployment: Deployment) -> None:
        deployment.run()
        group = deployment.group
        if deployment.status == "Succeeded":
            group.last_successful = deployment
            group.target_revision = deployment.revision
            self._update_outdated(group, deployment)
        elif deployment.status == "Failed":
            self._roll_back(group, deployment)

    def _update_outdated(self, group: Group, deployment: Deployment) -> None:
        """Deploy again to the instances that were launched during a deployment, as they have the
        revision before it (AWS CodeDeploy User Guide, "Automatic updates to outdated
        instances")."""
        outdated = group.launched_meanwhile & set(group.instances_in_service())
        if outdated and group.outdated_instances_strategy != "IGNORE":
            follow_on = self.deploy(
                group,
                deployment.revision,
                creator="CodeDeployAutoUpdate",
                instance_ids=sorted(outdated),
            )
            deployment.related["autoUpdateOutdatedInstancesDeploymentIds"] = [follow_on.id]
            follow_on.related["autoUpdateOutdatedInstancesRootDeploymentId"] = deployment.id

    def _roll_back(self, group: Group, failed: Deployment) -> None:
        """Deploy the last successful revision again, if the group's settings say so (AWS CodeDeploy
        User Guide, "Redeploy and roll back a deployment")."""
        settings = group.auto_rollback_configuration
        wanted = settings.get("enabled") and "DEPLOYMENT_FAILURE" in settings.get("events", [])
        if not wanted or not group.last_successful or failed.creator != "user":
            return
        rollback = self.deploy(
            group,
            group.last_successful.revision,
            creator="codeDeployRollback",
            description=f"Deployment {failed.id} failed",
        )
        failed.rollback_info = {"rollbackDeploymentId": rollback.id}
        rollback.rollback_info = {"rollbackTriggeringDeploymentId": failed.id}
