"""EC2 Auto Scaling: unhealthy instances, and instances in standby."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from local_aws.client import LocalAws
from support.fleet import (
    client,
    create_image,
    describe,
    eventually,
    group,
    in_service,
    members,
    scale,
)


@pytest.fixture(scope="module", autouse=True)
def brisk(aws: LocalAws) -> None:
    aws.set_conditions(launch_seconds=20)


def test_an_unhealthy_instance_is_replaced(aws: LocalAws) -> None:
    name = group(aws)
    (member,) = members(aws, name)
    client(aws, "autoscaling").set_instance_health(
        InstanceId=member["InstanceId"], HealthStatus="Unhealthy"
    )
    (replacement,) = in_service(aws, name, 1)
    assert replacement["InstanceId"] != member["InstanceId"]


def test_an_unhealthy_instance_stays_while_its_replacement_is_suspended(aws: LocalAws) -> None:
    autoscaling, name = client(aws, "autoscaling"), group(aws)
    processes = {"AutoScalingGroupName": name, "ScalingProcesses": ["ReplaceUnhealthy"]}
    (member,) = members(aws, name)
    autoscaling.suspend_processes(**processes)
    autoscaling.set_instance_health(InstanceId=member["InstanceId"], HealthStatus="Unhealthy")
    (still,) = members(aws, name, "InService")
    assert (still["InstanceId"], still["HealthStatus"]) == (member["InstanceId"], "Unhealthy")

    autoscaling.resume_processes(**processes)

    in_place = eventually(
        lambda: members(aws, name, "InService"),
        lambda m: m and m[0]["InstanceId"] != member["InstanceId"],
    )
    assert in_place[0]["HealthStatus"] == "Healthy"


@pytest.mark.parametrize("operation", ["stop_instances", "terminate_instances"])
def test_an_instance_that_does_not_run_is_replaced(aws: LocalAws, operation: str) -> None:
    name = group(aws)
    (member,) = members(aws, name)
    getattr(client(aws, "ec2"), operation)(InstanceIds=[member["InstanceId"]])
    eventually(
        lambda: [m["InstanceId"] for m in members(aws, name, "InService")],
        lambda ids: ids and ids != [member["InstanceId"]],
    )


def test_an_instance_that_stopped_while_checks_were_suspended_is_replaced_later(
    aws: LocalAws,
) -> None:
    autoscaling, name = client(aws, "autoscaling"), group(aws)
    processes = {"AutoScalingGroupName": name, "ScalingProcesses": ["HealthCheck"]}
    (member,) = members(aws, name)
    autoscaling.suspend_processes(**processes)
    client(aws, "ec2").stop_instances(InstanceIds=[member["InstanceId"]])
    (still,) = members(aws, name, "InService")
    assert (still["InstanceId"], still["HealthStatus"]) == (member["InstanceId"], "Healthy")

    autoscaling.resume_processes(**processes)

    assert members(aws, name, "Terminating")[0]["InstanceId"] == member["InstanceId"]


def test_an_image_with_a_reboot_costs_the_group_the_instance(aws: LocalAws) -> None:
    name = group(aws)
    (member,) = members(aws, name)
    create_image(aws, member["InstanceId"], NoReboot=False)
    eventually(
        lambda: [m["InstanceId"] for m in members(aws, name, "InService")],
        lambda ids: ids and ids != [member["InstanceId"]],
    )


def test_standby_takes_an_instance_out_and_the_capacity_with_it(aws: LocalAws) -> None:
    autoscaling, name = client(aws, "autoscaling"), group(aws)
    ids = {"AutoScalingGroupName": name, "InstanceIds": [members(aws, name)[0]["InstanceId"]]}

    answer = autoscaling.enter_standby(**ids, ShouldDecrementDesiredCapacity=True)

    assert "Standby" in answer["Activities"][0]["Description"]
    eventually(lambda: members(aws, name, "Standby"), bool)
    assert describe(aws, name)["DesiredCapacity"] == 0
    autoscaling.exit_standby(**ids)
    assert describe(aws, name)["DesiredCapacity"] == 1
    in_service(aws, name, 1)


def test_standby_without_less_capacity_brings_a_replacement(aws: LocalAws) -> None:
    autoscaling, name = client(aws, "autoscaling"), group(aws, MaxSize=1)
    ids = {"AutoScalingGroupName": name, "InstanceIds": [members(aws, name)[0]["InstanceId"]]}
    autoscaling.enter_standby(**ids, ShouldDecrementDesiredCapacity=False)
    eventually(lambda: members(aws, name, "Standby"), bool)
    in_service(aws, name, 1)
    with pytest.raises(ClientError, match="ValidationError"):
        autoscaling.exit_standby(**ids)


def test_standby_is_refused_below_the_least_size_and_from_other_states(aws: LocalAws) -> None:
    autoscaling, name = client(aws, "autoscaling"), group(aws, MinSize=1)
    ids = {"AutoScalingGroupName": name, "InstanceIds": [members(aws, name)[0]["InstanceId"]]}
    with pytest.raises(ClientError, match="ValidationError"):
        autoscaling.enter_standby(**ids, ShouldDecrementDesiredCapacity=True)
    autoscaling.enter_standby(**ids, ShouldDecrementDesiredCapacity=False)
    with pytest.raises(ClientError, match="is not in InService"):
        autoscaling.enter_standby(**ids, ShouldDecrementDesiredCapacity=False)


def test_an_instance_in_standby_is_not_replaced_when_it_stops(aws: LocalAws) -> None:
    autoscaling, name = client(aws, "autoscaling"), group(aws)
    instance_id = members(aws, name)[0]["InstanceId"]
    autoscaling.enter_standby(
        AutoScalingGroupName=name, InstanceIds=[instance_id], ShouldDecrementDesiredCapacity=True
    )
    eventually(lambda: members(aws, name, "Standby"), bool)
    client(aws, "ec2").stop_instances(InstanceIds=[instance_id])
    scale(aws, name, 1)
    in_service(aws, name, 1)
    (standby,) = members(aws, name, "Standby")
    assert (standby["InstanceId"], standby["HealthStatus"]) == (instance_id, "Healthy")


def test_an_instance_in_standby_is_not_replaced_when_it_is_said_to_be_unhealthy(
    aws: LocalAws,
) -> None:
    autoscaling, name = client(aws, "autoscaling"), group(aws)
    instance_id = members(aws, name)[0]["InstanceId"]
    ids = {"AutoScalingGroupName": name, "InstanceIds": [instance_id]}
    autoscaling.enter_standby(**ids, ShouldDecrementDesiredCapacity=True)
    eventually(lambda: members(aws, name, "Standby"), bool)
    autoscaling.set_instance_health(InstanceId=instance_id, HealthStatus="Unhealthy")
    scale(aws, name, 1)
    in_service(aws, name, 1)
    assert [m["InstanceId"] for m in members(aws, name, "Standby")] == [instance_id]


def test_an_instance_that_boots_leaves_standby_once_it_runs(aws: LocalAws) -> None:
    autoscaling, ec2, name = client(aws, "autoscaling"), client(aws, "ec2"), group(aws)
    instance_id = members(aws, name)[0]["InstanceId"]
    ids = {"AutoScalingGroupName": name, "InstanceIds": [instance_id]}
    autoscaling.enter_standby(**ids, ShouldDecrementDesiredCapacity=True)
    eventually(lambda: members(aws, name, "Standby"), bool)
    ec2.stop_instances(InstanceIds=[instance_id])
    ec2.start_instances(InstanceIds=[instance_id])
    autoscaling.exit_standby(**ids)
    (member,) = in_service(aws, name, 1)
    assert (member["InstanceId"], member["HealthStatus"]) == (instance_id, "Healthy")


def test_standby_cannot_be_left_while_launches_are_suspended(aws: LocalAws) -> None:
    autoscaling, name = client(aws, "autoscaling"), group(aws)
    ids = {"AutoScalingGroupName": name, "InstanceIds": [members(aws, name)[0]["InstanceId"]]}
    processes = {"AutoScalingGroupName": name, "ScalingProcesses": ["Launch"]}
    autoscaling.enter_standby(**ids, ShouldDecrementDesiredCapacity=True)
    eventually(lambda: members(aws, name, "Standby"), bool)
    autoscaling.suspend_processes(**processes)
    with pytest.raises(ClientError, match="ValidationError.*Launch process"):
        autoscaling.exit_standby(**ids)
    assert describe(aws, name)["DesiredCapacity"] == 0
    autoscaling.resume_processes(**processes)
    autoscaling.exit_standby(**ids)
    in_service(aws, name, 1)


def test_a_call_moves_at_most_twenty_instances(aws: LocalAws) -> None:
    autoscaling, name = client(aws, "autoscaling"), group(aws, capacity=0)
    ids = {
        "AutoScalingGroupName": name,
        "InstanceIds": [f"i-{number:017x}" for number in range(21)],
    }
    with pytest.raises(ClientError, match="ValidationError.*less than or equal to 20"):
        autoscaling.enter_standby(**ids, ShouldDecrementDesiredCapacity=True)
    with pytest.raises(ClientError, match="ValidationError.*less than or equal to 20"):
        autoscaling.exit_standby(**ids)
