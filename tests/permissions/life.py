"""The life of a pipeline, from its first apply to its last destroy, and what IAM was asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from local_aws.client import LocalAws
from permissions import fit
from permissions.account import Account, provisioned
from support.policies.simulator import Verdict
from support.service import Service
from support.stack import Stack

KINDS = ("instance", "baker", "codedeploy", "pipeline", "start")


@dataclass
class Life:
    """What was asked, and of which policies.

    Attributes:
        names: the root module's outputs, and the roles' ARNs by kind.
        account: as it was provisioned.
        requests: what IAM was asked.
    """

    names: Mapping[str, Any]
    account: Account
    requests: Sequence[fit.Asked]

    @cached_property
    def verdicts(self) -> list[Verdict]:
        return fit.verdicts(self.account, self.requests)

    @cached_property
    def used(self) -> set[fit.Granted]:
        return fit.used(self.account, self.requests, self.verdicts)


def lived(aws: LocalAws, folder: Path, capture: str, hardened: bool) -> Life:
    """Apply, push, deploy, bake, scale out, clean up, undo, fail, bake again, and destroy.

    Args:
        folder: an empty one.
        hardened: with a repository, load balancer, alarms, key, path, boundary and the scoped
            policy for CodeDeploy; without, none of these, and an object in S3 as the source.
    """
    # As the plan asks for in an account that never had an Auto Scaling group.
    aws.client("iam").create_service_linked_role(AWSServiceName="autoscaling.amazonaws.com")
    with Stack(aws, "tests/integration/workspaces/permissions", folder / "stack") as stack:
        names = stack.apply(capture=capture, hardened=hardened)["service"]
        names["role_arns"] = _role_arns(aws, names["pipeline_name"])
        account = provisioned(aws, names)
        service = Service(aws, names, folder / "clone")

        def upload(version: str) -> str:
            return service.upload(version, names["release_bucket"], "application.zip")

        def release(version: str) -> str:
            commit = service.push(version) if hardened else upload(version)
            return service.finished(service.execution_of(commit))

        assert [release(version) for version in "123"] == ["Succeeded"] * 3
        assert len(service.images()) == 2  # the first is cleaned up
        service.scale_to(3)
        service.invoke({"undo": {}})
        aws.set_conditions(image_failure="A volume could not be read")
        assert release("4") == "Failed"
        aws.set_conditions(image_failure=None)
        assert release("5") == "Succeeded"
        stack.destroy()
        assert not service.images()
    return Life(names, account, fit.asked(aws.requests()))


def _role_arns(aws: LocalAws, name: str) -> dict[str, str]:
    roles = aws.client("iam").get_paginator("list_roles").paginate().build_full_result()["Roles"]
    arns = {role["RoleName"]: role["Arn"] for role in roles}
    return {kind: arns[f"{name}-{kind}"] for kind in KINDS}
