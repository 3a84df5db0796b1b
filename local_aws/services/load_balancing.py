"""Elastic Load Balancing: targets that drain, and their health."""

from __future__ import annotations

from typing import Any

from moto.ec2.models import EC2Backend
from moto.elbv2 import models, urls
from moto.elbv2.models import ELBv2Backend, FakeHealthStatus, FakeTargetGroup

from local_aws.server_state import server_state


class TargetGroup(FakeTargetGroup):
    """A target group.

    Attributes:
        draining: until when (`Clock.now`) each deregistered target drains, by its ID.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.draining: dict[str, float] = {}

    def register(self, targets: list[dict[str, Any]]) -> None:
        super().register(targets)
        for target in targets:
            self.draining.pop(target["Id"], None)

    def deregister(self, targets: list[dict[str, Any]]) -> None:
        """DeregisterTargets: "If the specified target does not exist, the action returns
        successfully"."""
        known = [target for target in targets if target["Id"] in self.targets]
        super().deregister(known)
        delay = int(str(self.attributes["deregistration_delay.timeout_seconds"]))
        for target in known:
            self.draining[target["Id"]] = server_state.clock.now() + delay

    def deregister_terminated_instances(self, instance_ids: list[str]) -> None:
        self.deregister([{"Id": instance_id} for instance_id in instance_ids])

    def is_draining(self, target_id: str) -> bool:
        """Whether the deregistration delay of a target has not passed yet; it is waited for even
        without requests in flight ("Edit target group attributes for your Application Load
        Balancer")."""
        return server_state.clock.now() < self.draining.get(target_id, 0)

    def health_for(self, target: dict[str, Any], ec2_backend: EC2Backend) -> FakeHealthStatus:
        """TargetHealth (Elastic Load Balancing API Reference): states and their reasons."""
        if not self.is_draining(target["Id"]):
            return super().health_for(target, ec2_backend)
        return FakeHealthStatus(
            target["Id"],
            target.get("Port", self.port),
            self.health_check_port,
            "draining",
            "Target.DeregistrationInProgress",
            "Target deregistration is in progress",
        )


class LoadBalancing(ELBv2Backend):
    """The load balancers and target groups of an account in a region."""

    _url_module = urls

    def describe_target_health(
        self, target_group_arn: str, targets: list[dict[str, Any]]
    ) -> list[FakeHealthStatus]:
        """DescribeTargetHealth: by default of all targets that are registered or drain."""
        group = self.target_groups.get(target_group_arn)
        if group and not targets:
            assert isinstance(group, TargetGroup)
            draining = [{"Id": name} for name in list(group.draining) if group.is_draining(name)]
            targets = [*group.targets.values(), *draining]
            if not targets:
                return []
        return super().describe_target_health(target_group_arn, targets)


def install() -> None:
    models.FakeTargetGroup = TargetGroup  # type: ignore[misc]
    models.elbv2_backends.backend = LoadBalancing
