"""EC2 images and their snapshots: finding them, and their end."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from botocore.exceptions import ClientError

from local_aws.client import LocalAws
from support.fleet import (
    bake,
    client,
    create_image,
    eventually,
    run_instance,
    snapshots_of,
    unique,
)


@pytest.fixture(scope="module")
def instance(aws: LocalAws) -> str:
    """An instance with a root and a data volume."""
    aws.set_conditions(image_seconds=100, launch_seconds=10)
    data = {"DeviceName": "/dev/sdf", "Ebs": {"VolumeSize": 5}}
    return run_instance(aws, BlockDeviceMappings=[data])


@pytest.fixture
def slow(aws: LocalAws) -> Iterator[None]:
    """Images that stay pending."""
    aws.set_conditions(image_seconds=1e6)
    yield
    aws.set_conditions(image_seconds=100)


def test_images_that_do_not_exist_are_not_found(aws: LocalAws, instance: str) -> None:
    known = create_image(aws, instance)
    with pytest.raises(ClientError, match=r"InvalidAMIID\.NotFound.*ami-0123456789abcdef0"):
        client(aws, "ec2").describe_images(ImageIds=[known, "ami-0123456789abcdef0"])


def test_a_disabled_image_is_shown_only_on_request(aws: LocalAws, instance: str) -> None:
    ec2, image_id = client(aws, "ec2"), bake(aws, instance)
    ec2.disable_image(ImageId=image_id)
    assert ec2.describe_images(ImageIds=[image_id])["Images"] == []
    (shown,) = ec2.describe_images(ImageIds=[image_id], IncludeDisabled=True)["Images"]
    assert shown["State"] == "disabled"


def test_snapshots_that_do_not_exist_are_not_found(aws: LocalAws) -> None:
    with pytest.raises(ClientError, match=r"InvalidSnapshot\.NotFound.*snap-0123456789abcdef0"):
        client(aws, "ec2").describe_snapshots(SnapshotIds=["snap-0123456789abcdef0"])


def test_images_and_snapshots_come_in_pages(aws: LocalAws, instance: str) -> None:
    made = {create_image(aws, instance, Description="paged") for _ in range(3)}
    for operation, key in (("describe_images", "Images"), ("describe_snapshots", "Snapshots")):
        pages = list(
            client(aws, "ec2")
            .get_paginator(operation)
            .paginate(PaginationConfig={"PageSize": 2}, **_own(operation))
        )
        assert max(len(page[key]) for page in pages) == 2
        listed = [item for page in pages for item in page[key]]
        ids = {item.get("ImageId") or item["SnapshotId"] for item in listed}
        assert len(ids) == len(listed)
        assert {item["OwnerId"] for item in listed} == {"123456789012"}
        if operation == "describe_images":
            assert made <= ids


def _own(operation: str) -> dict[str, list[str]]:
    return {"Owners": ["self"]} if operation == "describe_images" else {"OwnerIds": ["self"]}


def test_deregistering_leaves_the_snapshots_which_can_then_be_deleted(
    aws: LocalAws, instance: str
) -> None:
    ec2, image_id = client(aws, "ec2"), create_image(aws, instance)
    (first, *_) = snapshots_of(aws, image_id)
    with pytest.raises(ClientError, match=r"InvalidSnapshot\.InUse"):
        ec2.delete_snapshot(SnapshotId=first["SnapshotId"])

    assert ec2.deregister_image(ImageId=image_id)["Return"] is True

    assert ec2.describe_images(ImageIds=[image_id])["Images"] == []
    assert len(snapshots_of(aws, image_id)) == 2
    ec2.delete_snapshot(SnapshotId=first["SnapshotId"])
    assert len(snapshots_of(aws, image_id)) == 1
    with pytest.raises(ClientError, match=r"InvalidAMIID\.Unavailable"):
        ec2.deregister_image(ImageId=image_id)


@pytest.mark.usefixtures("slow")
def test_a_pending_image_can_be_deregistered_with_its_snapshots(
    aws: LocalAws, instance: str
) -> None:
    ec2, image_id = client(aws, "ec2"), create_image(aws, instance)
    ids = {snapshot["SnapshotId"] for snapshot in snapshots_of(aws, image_id)}

    answer = ec2.deregister_image(ImageId=image_id, DeleteAssociatedSnapshots=True)

    assert answer["DeleteSnapshotResults"] == [
        {"SnapshotId": snapshot_id, "ReturnCode": "success"}
        for snapshot_id in [result["SnapshotId"] for result in answer["DeleteSnapshotResults"]]
    ]
    assert {result["SnapshotId"] for result in answer["DeleteSnapshotResults"]} == ids
    assert snapshots_of(aws, image_id) == []
    assert ec2.describe_images(ImageIds=[image_id])["Images"] == []


def test_somebody_elses_image_cannot_be_deregistered(aws: LocalAws) -> None:
    public = client(aws, "ec2").describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
    with pytest.raises(ClientError, match="AuthFailure"):
        client(aws, "ec2").deregister_image(ImageId=public)
    with pytest.raises(ClientError, match=r"InvalidAMIID\.NotFound"):
        client(aws, "ec2").deregister_image(ImageId="ami-0123456789abcdef0")


def test_a_name_stays_taken_for_a_while_after_its_image_is_deregistered(
    aws: LocalAws, instance: str
) -> None:
    name = unique("image")
    image_id = create_image(aws, instance, Name=name)
    client(aws, "ec2").deregister_image(ImageId=image_id)
    with pytest.raises(ClientError, match=r"InvalidAMIName\.Duplicate"):
        create_image(aws, instance, Name=name)

    def attempt() -> str | None:
        try:
            return create_image(aws, instance, Name=name)
        except ClientError:
            return None

    assert eventually(attempt, bool) != image_id
