"""Actions, resources, and condition keys for AWS CodeDeploy."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from moto.codedeploy.models import codedeploy_backends

from local_aws.authorization.question import ACCOUNT, Question, arn
from local_aws.call import Call

ON_ANYTHING = {"ListDeploymentConfigs", "ListDeploymentTargets"}
ON_APPLICATIONS = {"GetApplication", "GetApplicationRevision", "RegisterApplicationRevision"}
ON_GROUPS = {"CreateDeployment", "ListDeployments"}
ON_DEPLOYMENTS = {"BatchGetDeployments", "GetDeployment"}


def questions(call: Call) -> Iterator[Question] | None:
    action, given = f"codedeploy:{call.operation}", call.parameters
    if call.operation in ON_ANYTHING:
        return iter([Question(action)])
    if call.operation in ON_APPLICATIONS:
        name = given["applicationName"]
        return iter([Question(action, arn("codedeploy", call.region, f"application:{name}"))])
    if call.operation in ON_GROUPS:
        group = (given["applicationName"], given["deploymentGroupName"])
        return iter([Question(action, _group(call, *group))])
    if call.operation in ON_DEPLOYMENTS:
        return _on_deployments(call)
    return None


def _on_deployments(call: Call) -> Iterator[Question]:
    """The resource of an action on a deployment is its deployment group."""
    given = call.parameters
    ids = given.get("deploymentIds") or [given.get("deploymentId")]
    backend: Any = codedeploy_backends[ACCOUNT][call.region]
    for deployment in backend.all_deployments():
        if deployment.id in ids:
            group = deployment.group
            yield Question(
                f"codedeploy:{call.operation}",
                _group(call, group.application.application_name, group.deployment_group_name),
            )


def _group(call: Call, application: str, group: str) -> str:
    return arn("codedeploy", call.region, f"deploymentgroup:{application}/{group}")
