"""Deployments to the instances of a deployment group."""

from __future__ import annotations

import random
import string
import threading
from collections import Counter
from typing import Any

from moto.core.utils import utcnow

from local_aws.server_state import server_state
from local_aws.services.codedeploy import configs
from local_aws.services.codedeploy.agent import Agent
from local_aws.services.codedeploy.targets import ALLOWING, BLOCKING, INSTALLING, Target
from local_aws.services.codedeploy.traffic import Traffic

# Not the module's shared generator, whose seed tests set.
_random = random.SystemRandom()

ACTIVE = ("Created", "Queued", "InProgress")

# ErrorInformation of GetDeployment (AWS CodeDeploy API Reference, ErrorInformation).
UNHEALTHY = {
    "code": "HEALTH_CONSTRAINTS",
    "message": "The overall deployment failed because too many individual instances failed "
    "deployment, too few healthy instances are available for deployment, or some instances in your "
    "deployment group are experiencing problems.",
}
NO_INSTANCES = {
    "code": "NO_INSTANCES",
    "message": "The deployment failed because no instances were found for your deployment group. "
    "Check your deployment group settings to make sure the tags for your Amazon EC2 instances or "
    "Auto Scaling groups correctly identify the instances you want to deploy to, and then try "
    "again.",
}


class Deployment:
    """One deployment of a revision to the instances of a deployment group.

    Args:
        group: the deployment group (`groups.Group`).
        instance_ids: the instances to deploy to; ``None`` for all that are in service.
    """

    def __init__(
        self,
        group: Any,
        revision: dict[str, Any],
        creator: str = "user",
        description: str = "",
        instance_ids: list[str] | None = None,
    ) -> None:
        letters = _random.choices(string.ascii_uppercase + string.digits, k=9)
        self.id = f"d-{''.join(letters)}"
        self.group = group
        self.revision = revision
        self.previous_revision = group.target_revision
        self.creator = creator
        self.description = description
        self.status = "Created"
        self.create_time = utcnow()
        self.start_time: Any = None
        self.complete_time: Any = None
        self.error: dict[str, str] = {}
        self.rollback_info: dict[str, str] = {}
        self.related: dict[str, Any] = {}
        self.targets: list[Target] = []
        self.stopping = threading.Event()
        self._instance_ids = instance_ids

    def run(self) -> None:
        """Deploy to all targets, and set the final status."""
        self.start_time = utcnow()
        self.status = "InProgress"
        ids = self._instance_ids
        if ids is None:
            ids = self.group.instances_in_service()
        self.targets = [self._target(instance_id) for instance_id in ids]
        if not self.targets:
            return self._end("Failed", NO_INSTANCES)
        config = configs.config(self.group.deployment_config_name)
        size = config.at_a_time(len(self.targets))
        for start in range(0, len(self.targets), size):
            batch = self.targets[start : start + size]
            self._run_batch(batch)
            done = self.overview()
            if not config.holds(done["Succeeded"], done["Failed"], len(self.targets)):
                for target in self.targets[start + size :]:
                    target.skip()
                return self._end("Failed", self._why())
        if self.stopping.is_set():
            return self._end("Stopped", {"code": "MANUAL_STOP", "message": "Stopped by the user"})
        self._end("Succeeded")

    def active(self) -> bool:
        return self.status in ACTIVE

    def overview(self) -> Counter[str]:
        return Counter(target.status for target in self.targets)

    def target(self, instance_id: str) -> Target | None:
        return next((t for t in self.targets if t.agent.instance_id == instance_id), None)

    def described(self) -> dict[str, Any]:
        """A DeploymentInfo (AWS CodeDeploy API Reference)."""
        statuses = ("Pending", "InProgress", "Succeeded", "Failed", "Skipped", "Ready")
        overview = self.overview()
        return {
            "applicationName": self.group.application.application_name,
            "deploymentGroupName": self.group.deployment_group_name,
            "deploymentConfigName": self.group.deployment_config_name,
            "deploymentId": self.id,
            "previousRevision": self.previous_revision,
            "revision": self.revision,
            "status": self.status,
            "errorInformation": self.error or None,
            "createTime": self.create_time,
            "startTime": self.start_time,
            "completeTime": self.complete_time,
            "deploymentOverview": {status: overview[status] for status in statuses},
            "description": self.description,
            "creator": self.creator,
            "ignoreApplicationStopFailures": False,
            "autoRollbackConfiguration": self.group.auto_rollback_configuration,
            "updateOutdatedInstancesOnly": False,
            "rollbackInfo": self.rollback_info or None,
            "deploymentStyle": self.group.deployment_style,
            "instanceTerminationWaitTimeStarted": False,
            "loadBalancerInfo": self.group.load_balancer_info,
            "fileExistsBehavior": "DISALLOW",
            "computePlatform": "Server",
            "relatedDeployments": self.related or None,
        }

    def _target(self, instance_id: str) -> Target:
        """The target for an instance. Without traffic events for a new instance, which has no
        traffic yet (AWS CodeDeploy User Guide, "Integrating CodeDeploy with Amazon EC2 Auto
        Scaling")."""
        group = self.group
        agent = Agent(instance_id, group.deployment_group_id, self.id, group.region)
        names = group.target_group_names() if self.creator != "autoscaling" else []
        if not names:
            return Target(agent, INSTALLING, None)
        traffic = Traffic(names, group.client("elbv2"))
        return Target(agent, BLOCKING + INSTALLING + ALLOWING, traffic)

    def _run_batch(self, batch: list[Target]) -> None:
        location = self.revision["s3Location"]
        tasks = [server_state.run(target.run, location, self.stopping.is_set) for target in batch]
        for task in tasks:
            task.join()
        for target in batch:
            if target.status not in ("Succeeded", "Failed", "Skipped"):
                raise RuntimeError(f"{target.agent.instance_id} was left {target.status}")

    def _why(self) -> dict[str, str]:
        """AWS's message, with the first failed event, which the console shows next to it."""
        failures = [target.failure() for target in self.targets if target.status == "Failed"]
        return {**UNHEALTHY, "message": f"{UNHEALTHY['message']} ({failures[0]})"}

    def _end(self, status: str, error: dict[str, str] | None = None) -> None:
        self.error = error or {}
        self.complete_time = utcnow()
        self.status = status
