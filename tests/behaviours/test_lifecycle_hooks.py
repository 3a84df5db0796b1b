"""EC2 Auto Scaling: lifecycle hooks that hold an instance at its launch."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from local_aws.client import LocalAws
from support.fleet import activities, client, eventually, group, members

LAUNCHING = "autoscaling:EC2_INSTANCE_LAUNCHING"


@pytest.fixture(scope="module", autouse=True)
def brisk(aws: LocalAws) -> None:
    aws.set_conditions(launch_seconds=20)


def hooked_group(aws: LocalAws, *hooks: str, **settings: Any) -> tuple[str, str]:
    """A group whose only instance waits for these hooks: its name and the instance's id."""
    name = group(aws, capacity=0)
    for hook in hooks:
        client(aws, "autoscaling").put_lifecycle_hook(
            AutoScalingGroupName=name,
            LifecycleHookName=hook,
            LifecycleTransition=LAUNCHING,
            **settings,
        )
    client(aws, "autoscaling").set_desired_capacity(AutoScalingGroupName=name, DesiredCapacity=1)
    (waiting,) = eventually(lambda: members(aws, name, "Pending:Wait"), bool)
    return name, waiting["InstanceId"]


def complete(aws: LocalAws, name: str, instance_id: str, hook: str, result: str) -> None:
    client(aws, "autoscaling").complete_lifecycle_action(
        AutoScalingGroupName=name,
        LifecycleHookName=hook,
        InstanceId=instance_id,
        LifecycleActionResult=result,
    )


def test_an_instance_is_in_service_once_every_hook_continues(aws: LocalAws) -> None:
    name, instance_id = hooked_group(aws, "one", "two")
    complete(aws, name, instance_id, "one", "CONTINUE")
    assert members(aws, name, "Pending:Wait")
    complete(aws, name, instance_id, "two", "CONTINUE")
    (member,) = members(aws, name, "InService")
    assert member["InstanceId"] == instance_id


def test_an_abandoned_instance_is_terminated_and_another_launched(aws: LocalAws) -> None:
    name, instance_id = hooked_group(aws, "hook")
    complete(aws, name, instance_id, "hook", "ABANDON")
    assert [m["InstanceId"] for m in members(aws, name, "Terminating")] == [instance_id]
    failed = [a for a in activities(aws, name) if a["StatusCode"] == "Failed"]
    assert "abandoned" in failed[0]["StatusMessage"]
    (other,) = eventually(lambda: members(aws, name, "Pending:Wait"), bool)
    assert other["InstanceId"] != instance_id


def test_a_hook_that_times_out_ends_with_its_default_result(aws: LocalAws) -> None:
    name, instance_id = hooked_group(aws, "hook", HeartbeatTimeout=30, DefaultResult="CONTINUE")
    (member,) = eventually(lambda: members(aws, name, "InService"), bool)
    assert member["InstanceId"] == instance_id


def test_hooks_are_described_and_deleted(aws: LocalAws) -> None:
    autoscaling = client(aws, "autoscaling")
    name, instance_id = hooked_group(aws, "hook", HeartbeatTimeout=600)
    (hook,) = autoscaling.describe_lifecycle_hooks(AutoScalingGroupName=name)["LifecycleHooks"]
    assert (hook["LifecycleHookName"], hook["LifecycleTransition"]) == ("hook", LAUNCHING)
    assert (hook["HeartbeatTimeout"], hook["DefaultResult"]) == (600, "ABANDON")
    assert not {"NotificationTargetARN", "RoleARN"} & set(hook)

    autoscaling.delete_lifecycle_hook(AutoScalingGroupName=name, LifecycleHookName="hook")

    assert [m["InstanceId"] for m in members(aws, name, "Terminating")] == [instance_id]
    eventually(lambda: members(aws, name, "InService"), bool)


def test_an_action_that_is_not_open_cannot_be_completed(aws: LocalAws) -> None:
    name, instance_id = hooked_group(aws, "hook")
    complete(aws, name, instance_id, "hook", "CONTINUE")
    with pytest.raises(ClientError, match="No active Lifecycle Action"):
        complete(aws, name, instance_id, "hook", "CONTINUE")
    with pytest.raises(ClientError, match="is not part of Auto Scaling group"):
        complete(aws, name, "i-0123456789abcdef0", "hook", "CONTINUE")


def test_hooks_do_not_hold_an_instance_that_leaves_standby(aws: LocalAws) -> None:
    name, instance_id = hooked_group(aws, "hook")
    complete(aws, name, instance_id, "hook", "CONTINUE")
    ids = {"AutoScalingGroupName": name, "InstanceIds": [instance_id]}
    autoscaling = client(aws, "autoscaling")
    autoscaling.enter_standby(**ids, ShouldDecrementDesiredCapacity=True)
    eventually(lambda: members(aws, name, "Standby"), bool)
    autoscaling.exit_standby(**ids)
    eventually(lambda: members(aws, name, "InService"), bool)


def test_a_termination_hook_is_refused(aws: LocalAws) -> None:
    with pytest.raises(ClientError, match=r"NotKnownToLocalAws.*EC2_INSTANCE_TERMINATING"):
        client(aws, "autoscaling").put_lifecycle_hook(
            AutoScalingGroupName=group(aws, capacity=0),
            LifecycleHookName="hook",
            LifecycleTransition="autoscaling:EC2_INSTANCE_TERMINATING",
        )
