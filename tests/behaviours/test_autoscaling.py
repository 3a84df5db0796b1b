"""EC2 Auto Scaling: launches, capacity, health and standby."""

from __future__ import annotations

from collections.abc import Iterator
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
    members,
    run_instance,
    scale,
    template,
    unique,
)


@pytest.fixture(scope="module", autouse=True)
def brisk(aws: LocalAws) -> None:
    aws.set_conditions(launch_seconds=20)


@pytest.fixture
def never_ready(aws: LocalAws) -> Iterator[None]:
    """Instances stay pending."""
    aws.set_conditions(launch_seconds=1e6)
    yield
    aws.set_conditions(launch_seconds=20)


def on_latest(template_id: str) -> dict[str, Any]:
    return {"LaunchTemplate": {"LaunchTemplateId": template_id, "Version": "$Latest"}}


def new_version(aws: LocalAws, template_id: str, **data: Any) -> None:
    client(aws, "ec2").create_launch_template_version(
        LaunchTemplateId=template_id, SourceVersion="$Latest", LaunchTemplateData=data
    )


@pytest.mark.usefixtures("never_ready")
def test_an_instance_is_pending_while_it_boots(aws: LocalAws) -> None:
    name = group(aws, wait=False)
    (member,) = members(aws, name)
    assert (member["LifecycleState"], member["HealthStatus"]) == ("Pending", "Healthy")
    (activity,) = activities(aws, name)
    assert activity["StatusCode"] == "InProgress"


def test_a_group_comes_into_service_over_its_subnets_and_says_so(aws: LocalAws) -> None:
    name = group(aws, capacity=2)
    assert len({member["AvailabilityZone"] for member in members(aws, name)}) == 2
    assert [activity["StatusCode"] for activity in activities(aws, name)] == ["Successful"] * 2
    assert activities(aws, name)[0]["Description"].startswith("Launching a new EC2 instance: i-")


def test_instances_carry_the_groups_tags(aws: LocalAws) -> None:
    name = group(
        aws,
        Tags=[
            {"Key": "team", "Value": "a", "PropagateAtLaunch": True},
            {"Key": "only", "Value": "group", "PropagateAtLaunch": False},
        ],
    )
    by_group = [{"Name": "tag:aws:autoscaling:groupName", "Values": [name]}]
    (reservation,) = client(aws, "ec2").describe_instances(Filters=by_group)["Reservations"]
    tags = {tag["Key"]: tag["Value"] for tag in reservation["Instances"][0]["Tags"]}
    assert tags["team"] == "a"
    assert "only" not in tags


def test_latest_is_resolved_at_each_launch(aws: LocalAws) -> None:
    template_id = template(aws)
    name = group(aws, **on_latest(template_id))
    new_version(aws, template_id, InstanceType="t3.small")
    assert describe(aws, name)["LaunchTemplate"]["Version"] == "$Latest"

    scale(aws, name, 2)

    launched = {
        member["LaunchTemplate"]["Version"]: member["InstanceType"]
        for member in in_service(aws, name, 2)
    }
    assert launched == {"1": "t3.micro", "2": "t3.small"}


def test_a_group_on_the_default_version_stays_on_it(aws: LocalAws) -> None:
    template_id = template(aws)
    name = group(aws, LaunchTemplate={"LaunchTemplateId": template_id, "Version": "$Default"})
    new_version(aws, template_id, InstanceType="t3.small")
    scale(aws, name, 2)
    assert {m["LaunchTemplate"]["Version"] for m in in_service(aws, name, 2)} == {"1"}


def test_a_mixed_instances_policy_resolves_latest_and_mixes(aws: LocalAws) -> None:
    template_id = template(aws)
    new_version(aws, template_id, KeyName="key")
    name = group(
        aws,
        capacity=2,
        MixedInstancesPolicy={
            "LaunchTemplate": {
                "LaunchTemplateSpecification": {
                    "LaunchTemplateId": template_id,
                    "Version": "$Latest",
                },
                "Overrides": [{"InstanceType": "t3.large"}, {"InstanceType": "t3a.large"}],
            },
            "InstancesDistribution": {
                "OnDemandBaseCapacity": 1,
                "OnDemandPercentageAboveBaseCapacity": 0,
            },
        },
    )
    shown = describe(aws, name)
    assert "LaunchTemplate" not in shown
    assert {member["LaunchTemplate"]["Version"] for member in shown["Instances"]} == {"2"}
    assert {member["InstanceType"] for member in shown["Instances"]} == {"t3.large"}
    ids = [member["InstanceId"] for member in shown["Instances"]]
    reservations = client(aws, "ec2").describe_instances(InstanceIds=ids)["Reservations"]
    lifecycles = [r["Instances"][0].get("InstanceLifecycle", "on-demand") for r in reservations]
    assert sorted(lifecycles) == ["on-demand", "spot"]


def test_what_a_mixed_instances_policy_is_not_followed_in_is_refused(aws: LocalAws) -> None:
    overrides = [{"InstanceType": "t3.large", "WeightedCapacity": "2"}]
    specification = {"LaunchTemplateId": template(aws), "Version": "$Latest"}
    policy = {
        "LaunchTemplate": {"LaunchTemplateSpecification": specification, "Overrides": overrides}
    }
    with pytest.raises(ClientError, match=r"NotKnownToLocalAws.*WeightedCapacity"):
        group(aws, MixedInstancesPolicy=policy)


def test_a_launch_from_an_image_that_is_not_available_fails_and_is_tried_again(
    aws: LocalAws,
) -> None:
    ec2, template_id = client(aws, "ec2"), template(aws)
    name = group(aws, **on_latest(template_id))
    aws.set_conditions(image_seconds=1e6)
    pending = ec2.create_image(InstanceId=run_instance(aws), Name=unique("image"), NoReboot=True)
    aws.set_conditions(image_seconds=60)
    new_version(aws, template_id, ImageId=pending["ImageId"])

    scale(aws, name, 2)

    failed = activities(aws, name)[0]
    assert failed["StatusCode"] == "Failed"
    assert pending["ImageId"] in failed["StatusMessage"]
    assert len(members(aws, name)) == 1
    new_version(
        aws, template_id, ImageId=ec2.describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
    )
    in_service(aws, name, 2)


def test_scaling_in_terminates_the_instance_of_the_oldest_version(aws: LocalAws) -> None:
    template_id = template(aws)
    name = group(aws, **on_latest(template_id))
    new_version(aws, template_id, KeyName="key")
    scale(aws, name, 2)
    in_service(aws, name, 2)

    scale(aws, name, 1)

    (leaving,) = members(aws, name, "Terminating")
    assert leaving["LaunchTemplate"]["Version"] == "1"
    (kept,) = eventually(lambda: members(aws, name), lambda m: len(m) == 1)
    assert kept["LaunchTemplate"]["Version"] == "2"


def test_the_desired_capacity_stays_within_the_sizes(aws: LocalAws) -> None:
    name = group(aws, MinSize=1, MaxSize=2)
    for capacity in (0, 3):
        with pytest.raises(ClientError, match=f"ValidationError.*{capacity} must be between"):
            scale(aws, name, capacity)
    client(aws, "autoscaling").update_auto_scaling_group(
        AutoScalingGroupName=name, MinSize=2, MaxSize=4
    )
    assert describe(aws, name)["DesiredCapacity"] == 2
    in_service(aws, name, 2)


def test_a_scaling_policy_changes_the_capacity_within_the_sizes(aws: LocalAws) -> None:
    autoscaling, name = client(aws, "autoscaling"), group(aws, MaxSize=2)
    autoscaling.put_scaling_policy(
        AutoScalingGroupName=name,
        PolicyName=name,
        AdjustmentType="ChangeInCapacity",
        ScalingAdjustment=3,
    )
    autoscaling.execute_policy(AutoScalingGroupName=name, PolicyName=name)
    assert describe(aws, name)["DesiredCapacity"] == 2
    in_service(aws, name, 2)


def test_a_group_can_be_told_to_use_another_template(aws: LocalAws) -> None:
    name, other = group(aws), template(aws, InstanceType="t3.small")
    client(aws, "autoscaling").update_auto_scaling_group(
        AutoScalingGroupName=name, DesiredCapacity=2, **on_latest(other)
    )
    types = {member["InstanceType"] for member in in_service(aws, name, 2)}
    assert types == {"t3.micro", "t3.small"}


def test_scaling_in_cancels_a_launch(aws: LocalAws) -> None:
    aws.set_conditions(launch_seconds=1e6)
    name = group(aws, wait=False)
    aws.set_conditions(launch_seconds=20)
    scale(aws, name, 0)
    states = {activity["StatusCode"] for activity in activities(aws, name)}
    assert "Cancelled" in states
    eventually(lambda: members(aws, name), lambda m: not m)


def test_a_group_with_instances_is_deleted_only_by_force(aws: LocalAws) -> None:
    autoscaling, name = client(aws, "autoscaling"), group(aws)
    with pytest.raises(ClientError, match="ResourceInUse"):
        autoscaling.delete_auto_scaling_group(AutoScalingGroupName=name)

    autoscaling.delete_auto_scaling_group(AutoScalingGroupName=name, ForceDelete=True)

    def found() -> list[Any]:
        named = {"AutoScalingGroupNames": [name]}
        return autoscaling.describe_auto_scaling_groups(**named)["AutoScalingGroups"]

    eventually(found, lambda groups: not groups)
    assert activities(aws, name) == []


def test_a_name_is_given_once(aws: LocalAws) -> None:
    name = group(aws, capacity=0)
    with pytest.raises(ClientError, match="AlreadyExists"):
        client(aws, "autoscaling").create_auto_scaling_group(
            AutoScalingGroupName=name,
            MinSize=0,
            MaxSize=1,
            AvailabilityZones=["us-east-1a"],
            **on_latest(template(aws)),
        )


def test_what_groups_do_not_know_is_refused(aws: LocalAws) -> None:
    with pytest.raises(ClientError, match=r"NotKnownToLocalAws.*LifecycleHookSpecificationList"):
        group(
            aws,
            LifecycleHookSpecificationList=[
                {
                    "LifecycleHookName": "hook",
                    "LifecycleTransition": "autoscaling:EC2_INSTANCE_LAUNCHING",
                }
            ],
        )
