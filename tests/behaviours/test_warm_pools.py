"""EC2 Auto Scaling: warm pools."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from local_aws.client import LocalAws
from support.fleet import (
    activities,
    client,
    describe,
    eventually,
    group,
    in_service,
    instance_state,
    members,
    scale,
    template,
)


@pytest.fixture(scope="module", autouse=True)
def brisk(aws: LocalAws) -> None:
    aws.set_conditions(launch_seconds=20)


def put(aws: LocalAws, name: str, **settings: Any) -> None:
    client(aws, "autoscaling").put_warm_pool(AutoScalingGroupName=name, **settings)


def pool(aws: LocalAws, name: str, **paging: Any) -> dict[str, Any]:
    described: dict[str, Any] = client(aws, "autoscaling").describe_warm_pool(
        AutoScalingGroupName=name, **paging
    )
    return described


def warm(aws: LocalAws, name: str, state: str = "") -> list[str]:
    """The ids of the pool's instances, in a lifecycle state if one is given."""
    return [
        instance["InstanceId"]
        for instance in pool(aws, name)["Instances"]
        if state in ("", instance["LifecycleState"])
    ]


def stopped(aws: LocalAws, name: str, count: int) -> list[str]:
    """The pool's instances, once it has as many and all are stopped."""
    eventually(lambda: len(warm(aws, name, "Warmed:Stopped")), count.__eq__)
    ids = eventually(lambda: warm(aws, name), lambda found: len(found) == count)
    return ids


def test_a_pool_is_filled_up_to_the_largest_size_and_stopped(aws: LocalAws) -> None:
    name = group(aws, MaxSize=3)
    put(aws, name)
    ids = stopped(aws, name, 2)
    assert {instance_state(aws, instance_id) for instance_id in ids} == {"stopped"}
    assert pool(aws, name)["WarmPoolConfiguration"] == {"MinSize": 0, "PoolState": "Stopped"}
    shown = describe(aws, name)
    assert shown["WarmPoolConfiguration"] == {"MinSize": 0, "PoolState": "Stopped"}
    assert shown["WarmPoolSize"] == 2
    assert len(shown["Instances"]) == 1
    described = client(aws, "autoscaling").describe_auto_scaling_instances(InstanceIds=ids)
    states = {instance["LifecycleState"] for instance in described["AutoScalingInstances"]}
    assert states == {"Warmed:Stopped"}
    assert len({instance["AvailabilityZone"] for instance in pool(aws, name)["Instances"]}) == 2


def test_a_group_without_a_pool_shows_none(aws: LocalAws) -> None:
    name = group(aws, capacity=0)
    assert not {"WarmPoolConfiguration", "WarmPoolSize"} & set(describe(aws, name))
    answer = pool(aws, name)
    assert (answer["Instances"], "WarmPoolConfiguration" in answer) == ([], False)
    with pytest.raises(ClientError, match="No warm pool found"):
        client(aws, "autoscaling").delete_warm_pool(AutoScalingGroupName=name)


def test_a_running_pool_runs(aws: LocalAws) -> None:
    name = group(aws, capacity=0, MaxSize=1)
    put(aws, name, PoolState="Running")
    (waiting,) = eventually(lambda: warm(aws, name, "Warmed:Running"), bool)
    assert instance_state(aws, waiting) == "running"
    scale(aws, name, 1)
    assert [m["InstanceId"] for m in in_service(aws, name, 1)] == [waiting]


@pytest.mark.parametrize(
    ("settings", "size"),
    [
        ({"MaxGroupPreparedCapacity": 2}, 1),
        ({"MaxGroupPreparedCapacity": 1, "MinSize": 2}, 2),
        ({"MaxGroupPreparedCapacity": 0}, 0),
        ({"MinSize": 1}, 4),
    ],
)
def test_the_size_follows_the_settings(aws: LocalAws, settings: dict[str, int], size: int) -> None:
    name = group(aws)
    put(aws, name, **settings)
    assert len(warm(aws, name)) == size
    assert describe(aws, name)["WarmPoolSize"] == size


def test_settings_stay_until_they_are_changed(aws: LocalAws) -> None:
    name = group(aws, MaxSize=3)
    put(aws, name, MaxGroupPreparedCapacity=2, MinSize=1)
    put(aws, name, MinSize=0)
    configuration = pool(aws, name)["WarmPoolConfiguration"]
    assert (configuration["MaxGroupPreparedCapacity"], configuration["MinSize"]) == (2, 0)
    put(aws, name, MaxGroupPreparedCapacity=-1)
    assert "MaxGroupPreparedCapacity" not in pool(aws, name)["WarmPoolConfiguration"]
    stopped(aws, name, 2)


def test_scaling_out_takes_from_the_pool_which_is_filled_again(aws: LocalAws) -> None:
    template_id = template(aws)
    name = group(aws, LaunchTemplate={"LaunchTemplateId": template_id, "Version": "$Latest"})
    put(aws, name, MaxGroupPreparedCapacity=1, MinSize=1)
    (waiting,) = stopped(aws, name, 1)
    client(aws, "ec2").create_launch_template_version(
        LaunchTemplateId=template_id,
        SourceVersion="1",
        LaunchTemplateData={"InstanceType": "t3.small"},
    )

    scale(aws, name, 2)

    found = {member["InstanceId"]: member for member in in_service(aws, name, 2)}
    assert found[waiting]["LaunchTemplate"]["Version"] == "1", "it was launched before"
    assert instance_state(aws, waiting) == "running"
    descriptions = [activity["Description"] for activity in activities(aws, name)]
    assert f"Launching a new EC2 instance from warm pool: {waiting}" in descriptions
    (refill,) = stopped(aws, name, 1)
    assert f"Launching a new EC2 instance into warm pool: {refill}" in descriptions
    (instance,) = pool(aws, name)["Instances"]
    assert (instance["LaunchTemplate"]["Version"], instance["InstanceType"]) == ("2", "t3.small")


def test_an_empty_pool_makes_for_a_cold_start(aws: LocalAws) -> None:
    name = group(aws, capacity=0, MaxSize=2)
    put(aws, name, MaxGroupPreparedCapacity=1)
    (waiting,) = stopped(aws, name, 1)
    scale(aws, name, 2)
    ids = {member["InstanceId"] for member in in_service(aws, name, 2)}
    assert waiting in ids
    assert warm(aws, name) == []


def test_scaling_in_terminates_and_fills_the_pool(aws: LocalAws) -> None:
    name = group(aws, MaxSize=1)
    put(aws, name)
    assert warm(aws, name) == []
    (member,) = members(aws, name)
    scale(aws, name, 0)
    (waiting,) = stopped(aws, name, 1)
    assert waiting != member["InstanceId"]


def test_a_smaller_pool_terminates_instances(aws: LocalAws) -> None:
    name = group(aws, capacity=0, MaxSize=2)
    put(aws, name)
    ids = stopped(aws, name, 2)
    put(aws, name, MaxGroupPreparedCapacity=1)
    kept = stopped(aws, name, 1)
    assert sorted(instance_state(aws, one) for one in ids) == ["stopped", "terminated"]
    assert instance_state(aws, kept[0]) == "stopped"


def test_hooks_hold_an_instance_on_its_way_in_and_out(aws: LocalAws) -> None:
    autoscaling, name = client(aws, "autoscaling"), group(aws, capacity=0, MaxSize=1)
    autoscaling.put_lifecycle_hook(
        AutoScalingGroupName=name,
        LifecycleHookName="hook",
        LifecycleTransition="autoscaling:EC2_INSTANCE_LAUNCHING",
    )

    def go_on(instance_id: str, result: str = "CONTINUE") -> None:
        autoscaling.complete_lifecycle_action(
            AutoScalingGroupName=name,
            LifecycleHookName="hook",
            InstanceId=instance_id,
            LifecycleActionResult=result,
        )

    put(aws, name)
    (failing,) = eventually(lambda: warm(aws, name, "Warmed:Pending:Wait"), bool)
    go_on(failing, "ABANDON")
    assert warm(aws, name, "Warmed:Pending:Wait") == []
    (waiting,) = eventually(lambda: warm(aws, name, "Warmed:Pending:Wait"), bool)
    assert waiting != failing
    assert instance_state(aws, waiting) == "running"
    go_on(waiting)
    assert warm(aws, name, "Warmed:Stopped") == [waiting]
    scale(aws, name, 1)
    (member,) = eventually(lambda: members(aws, name, "Pending:Wait"), bool)
    assert (member["InstanceId"], instance_state(aws, waiting)) == (waiting, "running")
    go_on(waiting)
    assert [m["InstanceId"] for m in members(aws, name, "InService")] == [waiting]


def test_an_instance_that_is_gone_is_replaced_in_the_pool(aws: LocalAws) -> None:
    name = group(aws, capacity=0, MaxSize=1)
    put(aws, name)
    (gone,) = stopped(aws, name, 1)
    client(aws, "ec2").terminate_instances(InstanceIds=[gone])
    eventually(lambda: warm(aws, name, "Warmed:Stopped"), lambda found: found and found != [gone])


def test_what_is_not_for_instances_in_a_pool_is_refused(aws: LocalAws) -> None:
    autoscaling, name = client(aws, "autoscaling"), group(aws, capacity=0, MaxSize=1)
    put(aws, name)
    ids = stopped(aws, name, 1)
    for operation, request in (
        (
            "terminate_instance_in_auto_scaling_group",
            {"InstanceId": ids[0], "ShouldDecrementDesiredCapacity": False},
        ),
        (
            "set_instance_protection",
            {"InstanceIds": ids, "AutoScalingGroupName": name, "ProtectedFromScaleIn": True},
        ),
        (
            "enter_standby",
            {
                "InstanceIds": ids,
                "AutoScalingGroupName": name,
                "ShouldDecrementDesiredCapacity": True,
            },
        ),
    ):
        with pytest.raises(ClientError, match="ValidationError"):
            getattr(autoscaling, operation)(**request)


def test_a_pool_comes_in_pages(aws: LocalAws) -> None:
    name = group(aws, capacity=0, MaxSize=3)
    put(aws, name)
    first = pool(aws, name, MaxRecords=2)
    second = pool(aws, name, MaxRecords=2, NextToken=first["NextToken"])
    assert "NextToken" not in second
    found = {i["InstanceId"] for page in (first, second) for i in page["Instances"]}
    assert (len(found), len(second["Instances"])) == (3, 1)
    with pytest.raises(ClientError, match="MaxRecords"):
        pool(aws, name, MaxRecords=51)


@pytest.mark.parametrize("force", [False, True])
def test_a_deleted_pool_ends_with_its_instances_unless_it_is_forced(
    aws: LocalAws, force: bool
) -> None:
    autoscaling, name = client(aws, "autoscaling"), group(aws, MaxSize=2)
    put(aws, name)
    (waiting,) = stopped(aws, name, 1)
    autoscaling.delete_warm_pool(AutoScalingGroupName=name, ForceDelete=force)
    configuration = pool(aws, name).get("WarmPoolConfiguration")
    assert not configuration or (configuration["Status"] == "PendingDelete" and not force)
    eventually(lambda: pool(aws, name).get("WarmPoolConfiguration"), lambda found: not found)
    eventually(lambda: instance_state(aws, waiting), "terminated".__eq__)
    assert len(members(aws, name, "InService")) == 1


def test_a_group_takes_its_pool_along_when_it_is_deleted_by_force(aws: LocalAws) -> None:
    autoscaling, name = client(aws, "autoscaling"), group(aws, capacity=0, MaxSize=1)
    put(aws, name)
    (waiting,) = stopped(aws, name, 1)
    with pytest.raises(ClientError, match="ResourceInUse"):
        autoscaling.delete_auto_scaling_group(AutoScalingGroupName=name)
    autoscaling.delete_auto_scaling_group(AutoScalingGroupName=name, ForceDelete=True)
    eventually(lambda: instance_state(aws, waiting), "terminated".__eq__)
    found = autoscaling.describe_auto_scaling_groups(AutoScalingGroupNames=[name])
    assert found["AutoScalingGroups"] == []


@pytest.mark.parametrize(
    "settings",
    [{"PoolState": "Hibernated"}, {"InstanceReusePolicy": {"ReuseOnScaleIn": True}}],
)
def test_what_is_not_modelled_of_pools_is_refused(aws: LocalAws, settings: dict[str, Any]) -> None:
    with pytest.raises(ClientError, match="NotKnownToLocalAws"):
        put(aws, group(aws, capacity=0), **settings)


def test_a_pool_holds_no_spot_instances(aws: LocalAws) -> None:
    specification = {"LaunchTemplateId": template(aws), "Version": "$Latest"}
    policy = {"LaunchTemplate": {"LaunchTemplateSpecification": specification}}
    spot = {**policy, "InstancesDistribution": {"OnDemandPercentageAboveBaseCapacity": 50}}
    with pytest.raises(ClientError, match="ValidationError.*Spot"):
        put(aws, group(aws, capacity=0, MixedInstancesPolicy=spot))
    name = group(aws, capacity=0, MaxSize=1, MixedInstancesPolicy=policy)
    put(aws, name)
    stopped(aws, name, 1)
    with pytest.raises(ClientError, match="ValidationError.*Spot"):
        client(aws, "autoscaling").update_auto_scaling_group(
            AutoScalingGroupName=name, MixedInstancesPolicy=spot
        )
