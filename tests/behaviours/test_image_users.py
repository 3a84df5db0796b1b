"""EC2: what uses an image, with whom it is shared, and its protection from deregistration."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from local_aws.client import LocalAws
from support.fleet import (
    bake,
    client,
    describe_image,
    image_state,
    run_instance,
    template,
    unique,
)


@pytest.fixture(scope="module")
def image(aws: LocalAws) -> str:
    return bake(aws, run_instance(aws))


def references(aws: LocalAws, image: str, **which: Any) -> list[dict[str, str]]:
    which = which or {"IncludeAllResourceTypes": True}
    pages = (
        client(aws, "ec2")
        .get_paginator("describe_image_references")
        .paginate(ImageIds=[image], **which, PaginationConfig={"PageSize": 5})
    )
    return [reference for page in pages for reference in page["ImageReferences"]]


def kinds(found: list[dict[str, str]]) -> list[str]:
    return sorted(reference["ResourceType"] for reference in found)


def test_what_uses_an_image_is_found(aws: LocalAws, image: str) -> None:
    instance = run_instance(aws, ImageId=image)
    launch_template = template(aws, ImageId=image)
    client(aws, "ssm").put_parameter(
        Name=unique("image"), Value=image, Type="String", DataType="aws:ec2:image"
    )
    client(aws, "ssm").put_parameter(Name=unique("text"), Value=image, Type="String")
    found = references(aws, image)
    assert kinds(found) == ["ec2:Instance", "ec2:LaunchTemplate", "ssm:Parameter"]
    arns = {reference["ResourceType"]: reference["Arn"] for reference in found}
    assert arns["ec2:Instance"].endswith(f":instance/{instance}")
    assert arns["ec2:LaunchTemplate"].endswith(f":launch-template/{launch_template}")


def test_only_the_kinds_that_are_asked_for_are_looked_at(aws: LocalAws) -> None:
    image = bake(aws, run_instance(aws))
    run_instance(aws, ImageId=image)
    template(aws, ImageId=image)
    found = references(aws, image, ResourceTypes=[{"ResourceType": "ec2:LaunchTemplate"}])
    assert kinds(found) == ["ec2:LaunchTemplate"]
    stopped = [{"OptionName": "state-name", "OptionValues": ["stopped"]}]
    assert not references(
        aws,
        image,
        ResourceTypes=[{"ResourceType": "ec2:Instance", "ResourceTypeOptions": stopped}],
    )


def test_a_template_is_looked_at_as_deep_as_it_is_said(aws: LocalAws) -> None:
    image = bake(aws, run_instance(aws))
    launch_template = template(aws, ImageId=image)
    for _ in range(10):
        client(aws, "ec2").create_launch_template_version(
            LaunchTemplateId=launch_template, LaunchTemplateData={"ImageId": "ami-12345678"}
        )
    assert not references(aws, image)
    depth = [{"OptionName": "version-depth", "OptionValues": ["11"]}]
    kind = {"ResourceType": "ec2:LaunchTemplate", "ResourceTypeOptions": depth}
    assert kinds(references(aws, image, ResourceTypes=[kind])) == ["ec2:LaunchTemplate"]


@pytest.mark.parametrize(
    ("parameters", "error"),
    [
        ({"ImageIds": ["ami-12345678"]}, "MissingParameter"),
        (
            {"ImageIds": ["ami-12345678"] * 11, "IncludeAllResourceTypes": True},
            "InvalidParameterValue",
        ),
    ],
)
def test_a_wrong_question_is_refused(aws: LocalAws, parameters: dict[str, Any], error: str) -> None:
    with pytest.raises(ClientError, match=error):
        client(aws, "ec2").describe_image_references(**parameters)


@pytest.mark.parametrize("cooldown", [False, True])
def test_a_protected_image_is_not_deregistered(aws: LocalAws, cooldown: bool) -> None:
    image, ec2 = bake(aws, run_instance(aws)), client(aws, "ec2")
    assert describe_image(aws, image)["DeregistrationProtection"] == "disabled"
    ec2.enable_image_deregistration_protection(ImageId=image, WithCooldown=cooldown)
    shown = "enabled-with-cooldown" if cooldown else "enabled-without-cooldown"
    assert describe_image(aws, image)["DeregistrationProtection"] == shown
    with pytest.raises(ClientError, match="OperationNotPermitted"):
        ec2.deregister_image(ImageId=image)
    assert image_state(aws, image) == "available"


def test_a_protection_without_cooldown_ends_at_once(aws: LocalAws) -> None:
    image, ec2 = bake(aws, run_instance(aws)), client(aws, "ec2")
    ec2.enable_image_deregistration_protection(ImageId=image)
    ec2.disable_image_deregistration_protection(ImageId=image)
    ec2.deregister_image(ImageId=image)


@pytest.mark.parametrize(
    ("sharing", "public"),
    [
        ({"UserId": "210987654321"}, False),
        ({"Group": "all"}, True),
        ({"OrganizationArn": "arn:aws:organizations::123456789012:organization/o-12345"}, False),
    ],
    ids=["account", "public", "organization"],
)
def test_an_image_says_with_whom_it_is_shared(
    aws: LocalAws, sharing: dict[str, str], public: bool
) -> None:
    image, ec2 = bake(aws, run_instance(aws)), client(aws, "ec2")

    def permissions() -> list[dict[str, str]]:
        found: list[dict[str, str]] = ec2.describe_image_attribute(
            ImageId=image, Attribute="launchPermission"
        )["LaunchPermissions"]
        return found

    assert permissions() == []
    ec2.modify_image_attribute(ImageId=image, LaunchPermission={"Add": [sharing]})
    assert permissions() == [sharing]
    assert describe_image(aws, image)["Public"] is public


def test_an_image_that_is_gone_has_no_attributes(aws: LocalAws) -> None:
    image, ec2 = bake(aws, run_instance(aws)), client(aws, "ec2")
    ec2.deregister_image(ImageId=image)
    with pytest.raises(ClientError, match=r"InvalidAMIID\.Unavailable"):
        ec2.describe_image_attribute(ImageId=image, Attribute="launchPermission")


def test_a_snapshot_of_an_image_is_not_deleted(aws: LocalAws) -> None:
    image, ec2 = bake(aws, run_instance(aws)), client(aws, "ec2")
    (mapping,) = describe_image(aws, image)["BlockDeviceMappings"]
    snapshot = mapping["Ebs"]["SnapshotId"]
    with pytest.raises(ClientError, match=r"InvalidSnapshot\.InUse"):
        ec2.delete_snapshot(SnapshotId=snapshot)
    ec2.deregister_image(ImageId=image)
    ec2.delete_snapshot(SnapshotId=snapshot)
