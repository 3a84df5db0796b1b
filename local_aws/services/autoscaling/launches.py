"""Launches of a group's instances: launch template version, purchase option and subnet."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING, Any

from moto.ec2.models.instances import Instance
from moto.ec2.models.launch_templates import LaunchTemplateVersion

from local_aws.refusal import Refusal

if TYPE_CHECKING:
    from local_aws.services.autoscaling.groups import Group
    from local_aws.services.autoscaling.members import Member

GROUP_TAG = "aws:autoscaling:groupName"


def launch(group: Group, others: list[Member]) -> tuple[Instance, LaunchTemplateVersion]:
    """Launch one instance, with ``$Latest`` and ``$Default`` resolved at this time
    (LaunchTemplateSpecification, Auto Scaling API Reference).

    Args:
        others: the instances with which it is spread over the subnets.

    Raises:
        EC2ClientError: of RunInstances, e.g. ``InvalidAMIID.Unavailable``.
    """
    override = _first_override(group)
    template = override.get("LaunchTemplateSpecification") or group.template_specification
    version = group.ec2_backend._get_template_from_args(template)
    spot = may_be_spot(group.mixed_instances_policy) and _is_spot_next(group)
    reservation = group.ec2_backend.run_instances(
        "",
        1,
        None,
        [],
        launch_template={
            "LaunchTemplateId": version.template.id,
            "Version": str(version.number),
        },
        instance_type=override.get("InstanceType") or version.instance_type,
        is_instance_type_default=False,
        instance_market_options="spot" if spot else None,
        associate_public_ip=None,
        region_name=group.region,
        tags={"instance": {**group.get_propagated_tags(), GROUP_TAG: group.name}},
        **_place(group, others),
    )
    return reservation.instances[0], version


def _first_override(group: Group) -> dict[str, Any]:
    """The override with the highest priority: here, it always has capacity."""
    overrides = (group.mixed_instances_policy or {}).get("LaunchTemplate", {}).get("Overrides")
    return overrides[0] if overrides else {}


def _is_spot_next(group: Group) -> bool:
    """Whether the On-Demand capacity is reached already (InstancesDistribution)."""
    distribution = (group.mixed_instances_policy or {}).get("InstancesDistribution", {})
    base = int(distribution.get("OnDemandBaseCapacity", 0))
    percentage = int(distribution.get("OnDemandPercentageAboveBaseCapacity", 100))
    above = max(0, group.wanted - base)
    on_demand = min(group.wanted, base + math.ceil(above * percentage / 100))
    there = [member for member in group.counted if member.instance.lifecycle != "spot"]
    return len(there) >= on_demand


def _place(group: Group, others: list[Member]) -> dict[str, str]:
    """The subnet, or zone, with the fewest instances ("Availability Zone distribution")."""
    counted = [member.instance for member in others]
    if group.vpc_zone_identifier:
        subnets = group.vpc_zone_identifier.split(",")
        used = Counter(instance.subnet_id for instance in counted)
        return {"subnet_id": min(subnets, key=lambda subnet: used[subnet])}
    zones = Counter(instance.availability_zone for instance in counted)
    return {"placement": min(group.availability_zones, key=lambda zone: zones[zone])}


def check_policy(policy: dict[str, Any]) -> None:
    """Refuse settings of a mixed instances policy that `launch` would ignore."""
    for override in policy.get("LaunchTemplate", {}).get("Overrides", []):
        for key in sorted(set(override) - {"InstanceType", "LaunchTemplateSpecification"}):
            raise Refusal(f"{key} in the overrides of a mixed instances policy")


def may_be_spot(policy: dict[str, Any] | None) -> bool:
    """Whether a mixed instances policy includes Spot Instances."""
    distribution = (policy or {}).get("InstancesDistribution", {})
    return int(distribution.get("OnDemandPercentageAboveBaseCapacity", 100)) < 100
