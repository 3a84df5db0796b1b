"""EC2 images and their snapshots."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from botocore.exceptions import ClientError

from local_aws.client import LocalAws
from support.fleet import (
    bake,
    client,
    create_image,
    describe_image,
    eventually,
    image_state,
    instance_state,
    run_instance,
    snapshots_of,
    unique,
)


@pytest.fixture(scope="module")
def instance(aws: LocalAws) -> str:
    """An instance with an encrypted root volume of 20 GiB and a data volume."""
    aws.set_conditions(image_seconds=100, launch_seconds=10)
    root = {"VolumeSize": 20, "VolumeType": "gp3", "Encrypted": True, "Iops": 4000}
    data = {"VolumeSize": 5, "VolumeType": "gp2", "DeleteOnTermination": False}
    return run_instance(
        aws,
        BlockDeviceMappings=[
            {"DeviceName": "/dev/xvda", "Ebs": root},
            {"DeviceName": "/dev/sdf", "Ebs": data},
        ],
    )


@pytest.fixture
def slow(aws: LocalAws) -> Iterator[None]:
    """Images that stay pending."""
    aws.set_conditions(image_seconds=1e6)
    yield
    aws.set_conditions(image_seconds=100)


@pytest.mark.usefixtures("slow")
def test_an_image_is_pending_with_its_snapshots(aws: LocalAws, instance: str) -> None:
    image_id = create_image(aws, instance)
    assert image_state(aws, image_id) == "pending"
    assert {snapshot["State"] for snapshot in snapshots_of(aws, image_id)} == {"pending"}


def test_an_image_becomes_available_with_its_snapshots(aws: LocalAws, instance: str) -> None:
    image_id = create_image(aws, instance)

    eventually(lambda: image_state(aws, image_id), "available".__eq__)

    assert {snapshot["State"] for snapshot in snapshots_of(aws, image_id)} == {"completed"}
    assert {snapshot["Progress"] for snapshot in snapshots_of(aws, image_id)} == {"100%"}


def test_an_image_that_fails_says_why_and_the_next_one_need_not(
    aws: LocalAws, instance: str
) -> None:
    aws.set_conditions(image_failure="the volume could not be read")
    failing = create_image(aws, instance)
    aws.set_conditions(image_failure=None)
    other = create_image(aws, instance)

    eventually(lambda: image_state(aws, failing), "failed".__eq__)
    assert describe_image(aws, failing)["StateReason"]["Message"] == "the volume could not be read"
    assert {snapshot["State"] for snapshot in snapshots_of(aws, failing)} == {"error"}
    eventually(lambda: image_state(aws, other), "available".__eq__)
    assert "StateReason" not in describe_image(aws, other)


def test_an_image_has_a_snapshot_of_each_volume_as_the_instance_has_it(
    aws: LocalAws, instance: str
) -> None:
    before = datetime.now(UTC)
    image = describe_image(aws, create_image(aws, instance))
    after = datetime.now(UTC)

    root, data = (mapping["Ebs"] for mapping in image["BlockDeviceMappings"])
    assert [mapping["DeviceName"] for mapping in image["BlockDeviceMappings"]] == [
        "/dev/xvda",
        "/dev/sdf",
    ]
    assert (root["VolumeSize"], root["VolumeType"], root["Iops"]) == (20, "gp3", 4000)
    assert (root["Encrypted"], root["DeleteOnTermination"]) == (True, True)
    assert (data["VolumeSize"], data["VolumeType"]) == (5, "gp2")
    assert (data["Encrypted"], data["DeleteOnTermination"]) == (False, False)
    taken = {snapshot["SnapshotId"]: snapshot for snapshot in snapshots_of(aws, image["ImageId"])}
    assert set(taken) == {root["SnapshotId"], data["SnapshotId"]}
    assert taken[root["SnapshotId"]]["VolumeSize"] == 20
    assert taken[root["SnapshotId"]]["Encrypted"] is True
    for snapshot in taken.values():
        assert snapshot["Description"] == (
            f"Created by CreateImage({instance}) for {image['ImageId']}"
        )
        assert before <= snapshot["StartTime"] <= after
    assert image["RootDeviceName"] == "/dev/xvda"
    assert image["SourceInstanceId"] == instance


def test_a_device_can_be_left_out_of_an_image_but_not_resized(aws: LocalAws, instance: str) -> None:
    image_id = create_image(
        aws,
        instance,
        BlockDeviceMappings=[
            {"DeviceName": "/dev/sdf", "NoDevice": ""},
            {"DeviceName": "/dev/xvda", "Ebs": {"DeleteOnTermination": False}},
        ],
    )
    (root,) = describe_image(aws, image_id)["BlockDeviceMappings"]
    assert root["Ebs"]["DeleteOnTermination"] is False
    assert len(snapshots_of(aws, image_id)) == 1
    resized = [{"DeviceName": "/dev/xvda", "Ebs": {"VolumeSize": 30}}]
    with pytest.raises(ClientError, match=r"NotKnownToLocalAws.*Ebs\.VolumeSize"):
        create_image(aws, instance, BlockDeviceMappings=resized)


def test_tags_are_on_image_and_snapshots_from_the_start(aws: LocalAws, instance: str) -> None:
    image_id = create_image(
        aws,
        instance,
        TagSpecifications=[
            {"ResourceType": "image", "Tags": [{"Key": "team:name", "Value": "a"}]},
            {"ResourceType": "snapshot", "Tags": [{"Key": "team:name", "Value": "b"}]},
        ],
    )
    assert describe_image(aws, image_id)["Tags"] == [{"Key": "team:name", "Value": "a"}]
    for snapshot in snapshots_of(aws, image_id):
        assert snapshot["Tags"] == [{"Key": "team:name", "Value": "b"}]
    found = client(aws, "ec2").describe_images(
        Owners=["self"], Filters=[{"Name": "tag:team:name", "Values": ["a"]}]
    )["Images"]
    assert [image["ImageId"] for image in found] == [image_id]


@pytest.mark.parametrize(
    ("resource_type", "key", "code"),
    [
        ("instance", "team", "InvalidParameterValue"),
        ("image", "aws:team", "InvalidParameterValue"),
        ("image", "k" * 128, "InvalidParameterValue"),
    ],
)
def test_tags_that_ec2_does_not_take_fail_the_request(
    aws: LocalAws, instance: str, resource_type: str, key: str, code: str
) -> None:
    tags = [{"ResourceType": resource_type, "Tags": [{"Key": key, "Value": "a"}]}]
    name = unique("image")
    with pytest.raises(ClientError, match=code):
        create_image(aws, instance, Name=name, TagSpecifications=tags)
    named = [{"Name": "name", "Values": [name]}]
    assert not client(aws, "ec2").describe_images(Filters=named)["Images"]


@pytest.mark.usefixtures("slow")
def test_a_name_is_taken_once_also_while_the_image_is_pending(aws: LocalAws, instance: str) -> None:
    name = unique("image")
    create_image(aws, instance, Name=name)
    with pytest.raises(ClientError, match=r"InvalidAMIName\.Duplicate"):
        create_image(aws, instance, Name=name)


@pytest.mark.parametrize("name", ["a" * 129, "with:colon", "with#hash"])
def test_a_name_that_ec2_does_not_take_is_malformed(
    aws: LocalAws, instance: str, name: str
) -> None:
    with pytest.raises(ClientError, match=r"InvalidAMIName\.Malformed"):
        create_image(aws, instance, Name=name)


def test_without_a_reboot_an_image_holds_what_was_flushed(aws: LocalAws, instance: str) -> None:
    aws.write_file(instance, "/early", "cached")
    crash_consistent = bake(aws, instance)
    client(aws, "ec2").reboot_instances(InstanceIds=[instance])
    aws.write_file(instance, "/late", "cached")
    flushed = bake(aws, instance)

    launched = run_instance(aws, ImageId=crash_consistent)
    assert aws.disk(launched).files == {}
    launched = run_instance(aws, ImageId=flushed)
    assert aws.disk(launched).files == {"/early": "cached"}


def test_with_a_reboot_the_instance_is_down_for_a_while_and_everything_is_in_the_image(
    aws: LocalAws,
) -> None:
    instance_id = run_instance(aws)
    aws.write_file(instance_id, "/file", "cached")

    image_id = create_image(aws, instance_id, NoReboot=False)

    assert instance_state(aws, instance_id) == "stopped"
    eventually(lambda: image_state(aws, image_id), "available".__eq__)
    launched = run_instance(aws, ImageId=image_id)
    assert aws.disk(launched).files == {"/file": "cached"}
    eventually(lambda: instance_state(aws, instance_id), "running".__eq__)


def test_an_instance_that_is_gone_makes_no_image(aws: LocalAws) -> None:
    instance_id = run_instance(aws)
    client(aws, "ec2").terminate_instances(InstanceIds=[instance_id])
    with pytest.raises(ClientError, match="IncorrectInstanceState"):
        create_image(aws, instance_id)
    with pytest.raises(ClientError, match=r"InvalidInstanceID\.NotFound"):
        create_image(aws, "i-00000000000000000")


@pytest.mark.usefixtures("slow")
def test_a_dry_run_makes_nothing(aws: LocalAws, instance: str) -> None:
    name = unique("image")
    with pytest.raises(ClientError, match="DryRunOperation"):
        create_image(aws, instance, Name=name, DryRun=True)
    assert image_state(aws, create_image(aws, instance, Name=name)) == "pending"


def test_what_create_image_does_not_know_is_refused(aws: LocalAws, instance: str) -> None:
    with pytest.raises(ClientError, match=r"NotKnownToLocalAws.*SnapshotLocation"):
        create_image(aws, instance, SnapshotLocation="regional")
