from __future__ import annotations

import datetime
from typing import Any

import pytest

from baker.aws.groups import group_from_api
from baker.aws.launch_templates import version_from_api
from baker.aws.pipelines import action_from_api
from baker.decisions.fit import check_group_launches_latest
from baker.model.deployment import ActionExecution
from baker.model.group import LaunchTemplateReference, Member

NOON = datetime.datetime(2026, 1, 1, 12, tzinfo=datetime.UTC)
OWN = {"LaunchTemplateId": "lt-1", "Version": "2"}


def described(**parts: Any) -> dict[str, Any]:
    return {
        "AutoScalingGroupName": "shop",
        "MinSize": 0,
        "DesiredCapacity": 2,
        "Instances": [],
        **parts,
    }


def mixed(*overrides: dict[str, Any], **specification: Any) -> dict[str, Any]:
    policy: dict[str, Any] = {"Overrides": list(overrides)}
    if specification:
        policy["LaunchTemplateSpecification"] = specification
    return {"LaunchTemplate": None, "MixedInstancesPolicy": {"LaunchTemplate": policy}}


@pytest.mark.parametrize(
    ("parts", "template"),
    [
        ({"LaunchTemplate": OWN}, LaunchTemplateReference("lt-1", "2")),
        (mixed(**OWN), LaunchTemplateReference("lt-1", "2")),
        (
            {"LaunchTemplate": {"LaunchTemplateId": "lt-1"}},
            LaunchTemplateReference("lt-1", "$Default"),
        ),
        (
            {"LaunchTemplate": {"LaunchTemplateName": "x"}},
            LaunchTemplateReference(None, "$Default"),
        ),
        ({}, None),
    ],
)
def test_the_launch_template_of_a_group_is_read(parts: dict[str, Any], template: Any) -> None:
    assert group_from_api(described(**parts)).launch_template == template


def test_a_mixed_instances_group_on_the_latest_version_launches_the_new_image() -> None:
    latest = {"LaunchTemplateId": "lt-1", "Version": "$Latest"}
    check_group_launches_latest(group_from_api(described(**mixed(**latest))), "lt-1")


def test_overrides_are_read() -> None:
    own = {"LaunchTemplateSpecification": OWN}
    group = group_from_api(
        described(**mixed({"InstanceType": "t3.nano"}, own, {"ImageId": "ami-1"}))
    )
    assert group.launch_templates == (LaunchTemplateReference("lt-1", "2"),)
    assert group.image_ids == {"ami-1"}


def test_instances_and_suspended_processes_are_read() -> None:
    instances = [
        {"InstanceId": "i-1", "LifecycleState": "InService", "HealthStatus": "Healthy"},
        {"InstanceId": "i-2", "LifecycleState": "Standby", "HealthStatus": "Healthy"},
        {"InstanceId": "i-3", "ImageId": "ami-1"},
    ]
    suspended = [{"ProcessName": "Launch"}]
    group = group_from_api(described(Instances=instances, SuspendedProcesses=suspended))
    assert group.instances[0] == Member("i-1")
    assert (group.in_service, group.lifecycle_state("i-2")) == (1, "Standby")
    assert group.lifecycle_state("i-9") is None
    assert group.image_ids == {"ami-1"}
    assert group.suspended_processes == {"Launch"}


def test_a_template_without_devices_or_image_is_read() -> None:
    bare = version_from_api(
        {
            "LaunchTemplateId": "lt-1",
            "VersionNumber": 1,
            "DefaultVersion": True,
            "CreateTime": NOON,
            "LaunchTemplateData": {},
        }
    )
    assert (bare.image_id, bare.volume_sizes, bare.is_default) == (None, {}, True)


def test_the_volumes_that_a_template_sizes_are_read() -> None:
    mappings = [
        {"DeviceName": "/dev/xvda", "Ebs": {"VolumeSize": 8}},
        {"DeviceName": "/dev/sdb", "VirtualName": "ephemeral0"},
        {"DeviceName": "/dev/sdc", "Ebs": {}},
    ]
    version = version_from_api(
        {
            "LaunchTemplateId": "lt-1",
            "VersionNumber": 3,
            "DefaultVersion": False,
            "CreateTime": NOON,
            "VersionDescription": "why",
            "LaunchTemplateData": {"ImageId": "ami-1", "BlockDeviceMappings": mappings},
        }
    )
    assert version.volume_sizes == {"/dev/xvda": 8}
    assert (version.image_id, version.description) == ("ami-1", "why")


@pytest.mark.parametrize(
    "shown", [{}, {"input": {}}, {"input": {"actionTypeId": {}}, "output": {}}]
)
def test_an_action_that_shows_nothing_of_itself_is_read(shown: dict[str, Any]) -> None:
    action = action_from_api({"status": "Succeeded", "startTime": NOON, **shown})
    assert action == ActionExecution("", "Succeeded", NOON)
