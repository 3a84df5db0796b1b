"""AWS CodeDeploy: deployments and their targets."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from baker import limits
from baker.aws.clients import Clients, batches
from baker.model.deployment import Deployment


class Deployments:
    def __init__(self, clients: Clients) -> None:
        self._clients = clients

    def ids_since(self, application: str, group: str, since: datetime.datetime) -> list[str]:
        """The deployments to a deployment group that were created since."""
        pages = self._clients.codedeploy.get_paginator("list_deployments").paginate(
            applicationName=application,
            deploymentGroupName=group,
            createTimeRange={"start": since},
        )
        return [deployment for page in pages for deployment in page["deployments"]]

    def described(self, ids: Sequence[str]) -> list[Deployment]:
        """Those of the deployments that CodeDeploy shows."""
        return [
            Deployment(info["deploymentId"], info["createTime"], info.get("creator", "user"))
            for batch in batches(ids, limits.BATCH_GET_DEPLOYMENTS)
            for info in self._clients.codedeploy.batch_get_deployments(deploymentIds=batch)[
                "deploymentsInfo"
            ]
        ]

    def succeeded_targets(self, deployment: str) -> set[str]:
        """The instances on which a deployment succeeded."""
        pages = self._clients.codedeploy.get_paginator("list_deployment_targets").paginate(
            deploymentId=deployment, targetFilters={"TargetStatus": ["Succeeded"]}
        )
        return {target for page in pages for target in page["targetIds"]}
