"""EC2 launch templates and their versions."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local_aws.client import LocalAws
from support.fleet import client, template, unique

OTHER_IMAGE = "ami-0123456789abcdef0"
ROOT = {"DeviceName": "/dev/xvda", "Ebs": {"VolumeSize": 12, "Encrypted": True}}


def add(aws: LocalAws, template_id: str, **parameters: Any) -> dict[str, Any]:
    return client(aws, "ec2").create_launch_template_version(
        LaunchTemplateId=template_id, **{"LaunchTemplateData": {}, **parameters}
    )["LaunchTemplateVersion"]


def versions(aws: LocalAws, template_id: str, **parameters: Any) -> list[dict[str, Any]]:
    return client(aws, "ec2").describe_launch_template_versions(
        LaunchTemplateId=template_id, **parameters
    )["LaunchTemplateVersions"]


def test_a_version_without_a_source_holds_only_what_was_passed(aws: LocalAws) -> None:
    template_id = template(aws, KeyName="key")
    version = add(aws, template_id, LaunchTemplateData={"ImageId": OTHER_IMAGE})
    assert version["VersionNumber"] == 2
    assert version["LaunchTemplateData"] == {"ImageId": OTHER_IMAGE}


def test_a_version_inherits_from_its_source_what_is_not_passed(aws: LocalAws) -> None:
    script = base64.b64encode(b"#!/bin/bash\n").decode()
    template_id = template(
        aws,
        UserData=script,
        BlockDeviceMappings=[ROOT],
        MetadataOptions={"HttpTokens": "required", "HttpPutResponseHopLimit": 1},
        InstanceMarketOptions={"MarketType": "spot"},
    )
    (first,) = versions(aws, template_id)
    add(aws, template_id, LaunchTemplateData={"InstanceType": "m7g.large"})

    version = add(aws, template_id, SourceVersion="1", LaunchTemplateData={"ImageId": OTHER_IMAGE})

    assert version["LaunchTemplateData"] == {
        **first["LaunchTemplateData"],
        "ImageId": OTHER_IMAGE,
    }
    assert versions(aws, template_id, Versions=["3"]) == [version]


def test_a_list_that_is_passed_replaces_the_list_of_the_source(aws: LocalAws) -> None:
    template_id = template(aws, BlockDeviceMappings=[ROOT])
    other = {"DeviceName": "/dev/sdf", "Ebs": {"VolumeSize": 5}}
    version = add(
        aws, template_id, SourceVersion="1", LaunchTemplateData={"BlockDeviceMappings": [other]}
    )
    assert version["LaunchTemplateData"]["BlockDeviceMappings"] == [other]


def test_a_snapshot_in_a_mapping_is_not_inherited(aws: LocalAws) -> None:
    ebs = {**ROOT["Ebs"], "SnapshotId": "snap-0123456789abcdef0"}
    template_id = template(aws, BlockDeviceMappings=[{**ROOT, "Ebs": ebs}])
    version = add(aws, template_id, SourceVersion="1")
    assert version["LaunchTemplateData"]["BlockDeviceMappings"] == [ROOT]


@pytest.mark.parametrize(("source", "key"), [("$Latest", "second"), ("$Default", "first")])
def test_the_source_can_be_latest_or_default(aws: LocalAws, source: str, key: str) -> None:
    template_id = template(aws, KeyName="first")
    add(aws, template_id, LaunchTemplateData={"KeyName": "second"})
    version = add(aws, template_id, SourceVersion=source)
    assert version["LaunchTemplateData"]["KeyName"] == key


def test_a_client_token_makes_one_version(aws: LocalAws) -> None:
    template_id, token = template(aws), unique("token")
    change = {"ClientToken": token, "LaunchTemplateData": {"ImageId": OTHER_IMAGE}}
    first = add(aws, template_id, SourceVersion="1", **change)

    assert add(aws, template_id, SourceVersion="1", **change) == first
    assert len(versions(aws, template_id)) == 2
    with pytest.raises(ClientError, match="IdempotentParameterMismatch"):
        add(aws, template_id, SourceVersion="$Latest", **change)


def test_the_default_version_moves_only_when_told(aws: LocalAws) -> None:
    template_id = template(aws)
    assert add(aws, template_id)["DefaultVersion"] is False
    ec2 = client(aws, "ec2")

    ec2.modify_launch_template(LaunchTemplateId=template_id, DefaultVersion="2")

    (shown,) = ec2.describe_launch_templates(LaunchTemplateIds=[template_id])["LaunchTemplates"]
    assert (shown["DefaultVersionNumber"], shown["LatestVersionNumber"]) == (2, 2)
    (default,) = versions(aws, template_id, Versions=["$Default"])
    assert default["VersionNumber"] == 2
    with pytest.raises(ClientError, match=r"InvalidLaunchTemplateId\.VersionNotFound"):
        ec2.modify_launch_template(LaunchTemplateId=template_id, DefaultVersion="3")


def test_versions_can_be_found_by_image_and_come_in_pages_newest_first(aws: LocalAws) -> None:
    template_id = template(aws)
    for _ in range(3):
        add(aws, template_id, LaunchTemplateData={"ImageId": OTHER_IMAGE})
    by_image = [{"Name": "image-id", "Values": [OTHER_IMAGE]}]
    pages = list(
        client(aws, "ec2")
        .get_paginator("describe_launch_template_versions")
        .paginate(LaunchTemplateId=template_id, Filters=by_image, PaginationConfig={"PageSize": 2})
    )
    numbers = [
        [version["VersionNumber"] for version in page["LaunchTemplateVersions"]] for page in pages
    ]
    assert numbers == [[4, 3], [2]]
    with pytest.raises(ClientError, match=r"NotKnownToLocalAws.*kernel-id"):
        versions(aws, template_id, Filters=[{"Name": "kernel-id", "Values": ["x"]}])


def test_versions_can_be_asked_for_by_range(aws: LocalAws) -> None:
    template_id = template(aws)
    for _ in range(3):
        add(aws, template_id)
    asked = versions(aws, template_id, MinVersion="2", MaxVersion="3")
    assert [version["VersionNumber"] for version in asked] == [3, 2]


def test_deleting_versions_reports_each_and_keeps_the_default(aws: LocalAws) -> None:
    template_id = template(aws)
    add(aws, template_id)
    add(aws, template_id)

    answer = client(aws, "ec2").delete_launch_template_versions(
        LaunchTemplateId=template_id, Versions=["1", "3", "9"]
    )

    deleted = answer["SuccessfullyDeletedLaunchTemplateVersions"]
    assert [item["VersionNumber"] for item in deleted] == [3]
    refused = answer["UnsuccessfullyDeletedLaunchTemplateVersions"]
    assert {item["VersionNumber"]: item["ResponseError"]["Code"] for item in refused} == {
        1: "unexpectedError",
        9: "launchTemplateVersionDoesNotExist",
    }
    (latest,) = versions(aws, template_id, Versions=["$Latest"])
    assert latest["VersionNumber"] == 2
    assert add(aws, template_id)["VersionNumber"] == 4


def test_no_more_than_200_versions_are_deleted_at_once(aws: LocalAws) -> None:
    with pytest.raises(ClientError, match="200"):
        client(aws, "ec2").delete_launch_template_versions(
            LaunchTemplateId=template(aws), Versions=[str(number) for number in range(2, 203)]
        )


def test_what_does_not_exist_is_not_found(aws: LocalAws) -> None:
    ec2 = client(aws, "ec2")
    with pytest.raises(ClientError, match=r"InvalidLaunchTemplateId\.NotFound"):
        add(aws, "lt-0123456789abcdef0")
    with pytest.raises(ClientError, match=r"InvalidLaunchTemplateId\.NotFound"):
        ec2.describe_launch_templates(LaunchTemplateIds=["lt-0123456789abcdef0"])
    with pytest.raises(ClientError, match=r"InvalidLaunchTemplateName\.NotFoundException"):
        ec2.describe_launch_template_versions(LaunchTemplateName="nobody")
    with pytest.raises(ClientError, match=r"InvalidLaunchTemplateId\.VersionNotFound"):
        add(aws, template(aws), SourceVersion="7")


def test_the_tags_of_a_template_are_not_part_of_its_versions(aws: LocalAws) -> None:
    created = client(aws, "ec2").create_launch_template(
        LaunchTemplateName=unique("template"),
        LaunchTemplateData={"ImageId": OTHER_IMAGE},
        TagSpecifications=[
            {"ResourceType": "launch-template", "Tags": [{"Key": "team", "Value": "a"}]}
        ],
    )["LaunchTemplate"]
    assert created["Tags"] == [{"Key": "team", "Value": "a"}]
    (version,) = versions(aws, created["LaunchTemplateId"])
    assert version["LaunchTemplateData"] == {"ImageId": OTHER_IMAGE}


def test_a_dry_run_makes_no_version(aws: LocalAws) -> None:
    template_id = template(aws)
    with pytest.raises(ClientError, match="DryRunOperation"):
        add(aws, template_id, DryRun=True)
    assert len(versions(aws, template_id)) == 1
