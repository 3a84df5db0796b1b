"""Elastic Load Balancing: who is a target, and how the targets fare."""

from __future__ import annotations

import time
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local_aws.client import LocalAws
from support.fleet import SPEED, client, eventually, group, members, run_instance, unique


@pytest.fixture(scope="module", autouse=True)
def brisk(aws: LocalAws) -> None:
    aws.set_conditions(launch_seconds=20)


def target_group(aws: LocalAws, delay: int = 120) -> str:
    elbv2 = client(aws, "elbv2")
    arn = elbv2.create_target_group(
        Name=unique("targets"),
        Protocol="HTTP",
        Port=80,
        VpcId=client(aws, "ec2").describe_vpcs()["Vpcs"][0]["VpcId"],
    )["TargetGroups"][0]["TargetGroupArn"]
    elbv2.modify_target_group_attributes(
        TargetGroupArn=arn,
        Attributes=[{"Key": "deregistration_delay.timeout_seconds", "Value": str(delay)}],
    )
    return arn


def health(aws: LocalAws, arn: str, *ids: str) -> dict[str, str]:
    """The state of each target."""
    described = client(aws, "elbv2").describe_target_health(
        TargetGroupArn=arn, Targets=[{"Id": instance_id} for instance_id in ids]
    )["TargetHealthDescriptions"]
    return {target["Target"]["Id"]: target["TargetHealth"]["State"] for target in described}


def test_a_group_registers_who_comes_into_service(aws: LocalAws) -> None:
    arn = target_group(aws)
    aws.set_conditions(launch_seconds=1e6)
    name = group(aws, TargetGroupARNs=[arn], wait=False)
    aws.set_conditions(launch_seconds=20)
    assert health(aws, arn) == {}
    client(aws, "autoscaling").set_desired_capacity(AutoScalingGroupName=name, DesiredCapacity=2)
    (member,) = eventually(lambda: members(aws, name, "InService"), bool)
    assert health(aws, arn) == {member["InstanceId"]: "healthy"}


def test_standby_begins_once_the_target_has_drained(aws: LocalAws) -> None:
    autoscaling, arn = client(aws, "autoscaling"), target_group(aws, delay=1000)
    name = group(aws, TargetGroupARNs=[arn])
    (member,) = members(aws, name)
    ids = {"AutoScalingGroupName": name, "InstanceIds": [member["InstanceId"]]}

    entered = time.monotonic()
    autoscaling.enter_standby(**ids, ShouldDecrementDesiredCapacity=True)

    assert health(aws, arn) == {member["InstanceId"]: "draining"}
    assert members(aws, name, "EnteringStandby")
    with pytest.raises(ClientError, match="is not in Standby"):
        autoscaling.exit_standby(**ids)
    eventually(lambda: members(aws, name, "Standby"), bool)
    assert time.monotonic() - entered >= 1000 / SPEED
    assert health(aws, arn) == {}
    autoscaling.exit_standby(**ids)
    eventually(lambda: members(aws, name, "InService"), bool)
    assert health(aws, arn) == {member["InstanceId"]: "healthy"}


def test_standby_waits_for_no_target_group_that_is_deleted(aws: LocalAws) -> None:
    autoscaling, arn = client(aws, "autoscaling"), target_group(aws, delay=3500)
    name = group(aws, TargetGroupARNs=[arn])
    (member,) = members(aws, name)
    autoscaling.enter_standby(
        AutoScalingGroupName=name,
        InstanceIds=[member["InstanceId"]],
        ShouldDecrementDesiredCapacity=True,
    )
    client(aws, "elbv2").delete_target_group(TargetGroupArn=arn)
    eventually(lambda: members(aws, name, "Standby"), bool)


def test_a_target_is_unused_once_it_has_drained(aws: LocalAws) -> None:
    elbv2, arn, instance_id = client(aws, "elbv2"), target_group(aws), run_instance(aws)
    targets = [{"Id": instance_id}]
    elbv2.register_targets(TargetGroupArn=arn, Targets=targets)
    assert health(aws, arn, instance_id) == {instance_id: "healthy"}

    elbv2.deregister_targets(TargetGroupArn=arn, Targets=targets)

    assert health(aws, arn, instance_id) == {instance_id: "draining"}
    eventually(lambda: health(aws, arn, instance_id), {instance_id: "unused"}.__eq__)
    assert health(aws, arn) == {}
    elbv2.deregister_targets(TargetGroupArn=arn, Targets=targets)


def test_a_target_that_does_not_run_is_unused_and_cannot_be_registered(aws: LocalAws) -> None:
    elbv2, arn, instance_id = client(aws, "elbv2"), target_group(aws), run_instance(aws)
    targets: list[Any] = [{"Id": instance_id}]
    elbv2.register_targets(TargetGroupArn=arn, Targets=targets)
    client(aws, "ec2").stop_instances(InstanceIds=[instance_id])
    assert health(aws, arn) == {instance_id: "unused"}
    with pytest.raises(ClientError, match="InvalidTarget"):
        elbv2.register_targets(TargetGroupArn=arn, Targets=targets)


def test_a_group_deregisters_who_leaves_it(aws: LocalAws) -> None:
    arn = target_group(aws, delay=10)
    name = group(aws, TargetGroupARNs=[arn])
    client(aws, "autoscaling").set_desired_capacity(AutoScalingGroupName=name, DesiredCapacity=0)
    eventually(lambda: health(aws, arn), {}.__eq__)


def test_target_groups_can_be_attached_and_detached_later(aws: LocalAws) -> None:
    autoscaling, name = client(aws, "autoscaling"), group(aws, capacity=2)
    arns = [target_group(aws, delay=10), target_group(aws, delay=10)]
    standby, in_service = (member["InstanceId"] for member in members(aws, name))
    autoscaling.enter_standby(
        AutoScalingGroupName=name, InstanceIds=[standby], ShouldDecrementDesiredCapacity=True
    )
    both = {"AutoScalingGroupName": name, "TargetGroupARNs": arns}
    autoscaling.attach_load_balancer_target_groups(**both)
    for arn in arns:
        assert health(aws, arn) == {in_service: "healthy"}
    autoscaling.detach_load_balancer_target_groups(**both)
    for arn in arns:
        eventually(lambda arn=arn: health(aws, arn), {}.__eq__)


def test_a_target_group_that_does_not_exist_is_refused_to_a_group(aws: LocalAws) -> None:
    arn = target_group(aws)
    client(aws, "elbv2").delete_target_group(TargetGroupArn=arn)
    with pytest.raises(ClientError, match="Target Groups may not be valid"):
        group(aws, TargetGroupARNs=[arn])
