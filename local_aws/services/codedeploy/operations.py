"""Operations of the CodeDeploy API; those not defined here are moto's."""

from __future__ import annotations

from typing import Any

from moto.codedeploy.exceptions import CodeDeployException
from moto.codedeploy.responses import CodeDeployResponse
from moto.core.responses import ActionResult, EmptyResult

from local_aws.refusal import Refusal
from local_aws.services.codedeploy import configs
from local_aws.services.codedeploy.groups import SETTINGS, CodeDeploy, Group
from local_aws.services.parameters import knows, page

PAGE = 100
BATCH = 25


class CodeDeployOperations(CodeDeployResponse):
    """AWS CodeDeploy API Reference."""

    @property
    def codedeploy(self) -> CodeDeploy:
        backend = self.codedeploy_backend
        assert isinstance(backend, CodeDeploy)
        return backend

    def group(self) -> Group:
        group = self.codedeploy.get_deployment_group(
            self._get_param("applicationName"), self._get_param("deploymentGroupName")
        )
        assert isinstance(group, Group)
        return group

    # Applications and groups

    @knows("applicationName")
    def delete_application(self) -> EmptyResult:
        name = self._get_param("applicationName")
        for group in self.codedeploy.deployment_groups.pop(name, {}).values():
            assert isinstance(group, Group)
            group.delete_hooks()
        self.codedeploy.applications.pop(name, None)
        return EmptyResult()

    @knows("applicationName", "deploymentGroupName", "tags", *SETTINGS)
    def create_deployment_group(self) -> ActionResult:
        name = self._get_param("deploymentGroupName")
        application = self.codedeploy.get_application(self._get_param("applicationName"))
        groups = self.codedeploy.deployment_groups.setdefault(application.application_name, {})
        if name in groups:
            raise CodeDeployException(
                "DeploymentGroupAlreadyExistsException", f"Deployment group {name} already exists."
            )
        settings: dict[str, Any] = {
            attribute: self._get_param(key) for key, attribute in SETTINGS.items()
        }
        settings["deployment_config_name"] = (
            settings["deployment_config_name"] or "CodeDeployDefault.OneAtATime"
        )
        configs.config(settings["deployment_config_name"])
        if settings["termination_hook_enabled"]:
            raise Refusal("termination hooks of deployment groups")
        unused = (
            "ec2_tag_filters",
            "on_premises_instance_tag_filters",
            "trigger_configurations",
            "blue_green_deployment_configuration",
            "ec2_tag_set",
            "ecs_services",
            "on_premises_tag_set",
        )
        group = Group(
            region=self.region,
            application=application,
            deployment_group_name=name,
            tags=self._get_param("tags"),
            **settings,
            **dict.fromkeys(unused),
        )
        group.put_hooks()
        groups[name] = group
        if group.tags:
            arn = self.codedeploy._deployment_group_arn(application.application_name, name)
            self.codedeploy.tagger.tag_resource(arn, group.tags)
        return ActionResult({"deploymentGroupId": group.deployment_group_id})

    def get_deployment_group(self) -> ActionResult:
        return ActionResult({"deploymentGroupInfo": self.group().described()})

    @knows("applicationName", "deploymentGroupName")
    def delete_deployment_group(self) -> ActionResult:
        groups = self.codedeploy.deployment_groups.get(self._get_param("applicationName"), {})
        group = groups.pop(self._get_param("deploymentGroupName"), None)
        if isinstance(group, Group):
            group.delete_hooks()
        return ActionResult({"hooksNotCleanedUp": []})

    # Revisions

    @knows("applicationName", "revision", "description")
    def register_application_revision(self) -> EmptyResult:
        self.codedeploy.get_application(self._get_param("applicationName"))
        self._revision()
        return EmptyResult()

    def _revision(self) -> dict[str, Any]:
        revision: dict[str, Any] = self._get_param("revision")
        location = revision.get("s3Location", {})
        if revision.get("revisionType") != "S3" or location.get("bundleType") != "zip":
            raise Refusal(f"the revision {revision}; only zip bundles in S3 are modelled")
        return revision

    # Deployments

    @knows("applicationName", "deploymentGroupName", "revision", "description")
    def create_deployment(self) -> ActionResult:
        deployment = self.codedeploy.deploy(
            self.group(), self._revision(), description=self._get_param("description") or ""
        )
        return ActionResult({"deploymentId": deployment.id})

    def get_deployment(self) -> ActionResult:
        deployment = self.codedeploy.deployment(self._get_param("deploymentId"))
        return ActionResult({"deploymentInfo": deployment.described()})

    def batch_get_deployments(self) -> ActionResult:
        ids = self._get_param("deploymentIds")
        self._check_batch(ids)
        found = [item for item in self.codedeploy.all_deployments() if item.id in ids]
        return ActionResult({"deploymentsInfo": [item.described() for item in found]})

    @knows(
        "applicationName",
        "deploymentGroupName",
        "includeOnlyStatuses",
        "createTimeRange",
        "nextToken",
    )
    def list_deployments(self) -> ActionResult:
        group = self.group() if self._get_param("applicationName") else None
        statuses = self._get_param("includeOnlyStatuses")
        times = self._get_param("createTimeRange") or {}
        found = [
            item.id
            for item in self.codedeploy.all_deployments()
            if (group is None or item.group is group)
            and (not statuses or item.status in statuses)
            and ("start" not in times or item.create_time >= times["start"])
            and ("end" not in times or item.create_time <= times["end"])
        ]
        ids, token = page(found, PAGE, self._get_param("nextToken"))
        return ActionResult({"deployments": ids, "nextToken": token})

    @knows("deploymentId", "autoRollbackEnabled")
    def stop_deployment(self) -> ActionResult:
        deployment = self.codedeploy.deployment(self._get_param("deploymentId"))
        if not deployment.active():
            raise CodeDeployException(
                "DeploymentAlreadyCompletedException",
                f"The deployment {deployment.id} is already completed",
            )
        deployment.stopping.set()
        return ActionResult({"status": "Pending", "statusMessage": "Stopping"})

    # Targets

    @knows("deploymentId", "nextToken", "targetFilters")
    def list_deployment_targets(self) -> ActionResult:
        deployment = self.codedeploy.deployment(self._get_param("deploymentId"))
        filters = self._get_param("targetFilters") or {}
        if unknown := set(filters) - {"TargetStatus"}:
            raise Refusal(f"the target filter {', '.join(unknown)}")
        wanted = filters.get("TargetStatus")
        found = [
            target.agent.instance_id
            for target in deployment.targets
            if not wanted or target.status in wanted
        ]
        ids, token = page(found, PAGE, self._get_param("nextToken"))
        return ActionResult({"targetIds": ids, "nextToken": token})

    @knows("deploymentId", "targetIds")
    def batch_get_deployment_targets(self) -> ActionResult:
        ids = self._get_param("targetIds") or []
        self._check_batch(ids)
        return ActionResult({"deploymentTargets": [self._target(name) for name in ids]})

    def _target(self, instance_id: str) -> dict[str, Any]:
        deployment = self.codedeploy.deployment(self._get_param("deploymentId"))
        target = deployment.target(instance_id)
        if not target:
            raise CodeDeployException(
                "DeploymentTargetDoesNotExistException",
                f"The deployment target {instance_id} does not exist",
            )
        arn = self.codedeploy._arn(f"instance:{instance_id}")
        return target.described(deployment.id, arn)

    def _check_batch(self, ids: list[str]) -> None:
        if len(ids) > BATCH:
            raise CodeDeployException(
                "BatchLimitExceededException", f"The maximum number of names or IDs is {BATCH}"
            )
