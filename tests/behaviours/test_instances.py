"""EC2 instances as their image and launch template say."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from local_aws.client import LocalAws
from support.fleet import (
    bake,
    client,
    eventually,
    instance_state,
    profile,
    public_image,
    run_instance,
    template,
)

PUBLIC = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-"


def describe(aws: LocalAws, instance_id: str) -> dict[str, Any]:
    (reservation,) = client(aws, "ec2").describe_instances(InstanceIds=[instance_id])[
        "Reservations"
    ]
    return reservation["Instances"][0]


def volumes(aws: LocalAws, instance_id: str) -> dict[str, dict[str, Any]]:
    of_instance = [{"Name": "attachment.instance-id", "Values": [instance_id]}]
    found = client(aws, "ec2").describe_volumes(Filters=of_instance)["Volumes"]
    return {volume["Attachments"][0]["Device"]: volume for volume in found}


@pytest.mark.parametrize("architecture", ["x86_64", "arm64"])
def test_the_public_parameter_names_an_image_with_its_root_on_xvda(
    aws: LocalAws, architecture: str
) -> None:
    parameter = client(aws, "ssm").get_parameter(Name=PUBLIC + architecture)["Parameter"]
    (image,) = client(aws, "ec2").describe_images(ImageIds=[parameter["Value"]])["Images"]
    assert image["Architecture"] == architecture
    assert (image["State"], image["ImageOwnerAlias"]) == ("available", "amazon")
    assert image["RootDeviceName"] == "/dev/xvda"
    (root,) = image["BlockDeviceMappings"]
    assert root["DeviceName"] == "/dev/xvda"
    assert (root["Ebs"]["VolumeSize"], root["Ebs"]["VolumeType"]) == (8, "gp3")


def test_an_instance_is_pending_before_it_runs(aws: LocalAws) -> None:
    aws.set_conditions(launch_seconds=1e6)
    launched = client(aws, "ec2").run_instances(
        ImageId=public_image(aws), MinCount=1, MaxCount=1, InstanceType="t3.micro"
    )
    aws.set_conditions(launch_seconds=20)
    assert instance_state(aws, launched["Instances"][0]["InstanceId"]) == "pending"
    run_instance(aws)


def test_an_instance_has_the_volumes_of_its_image(aws: LocalAws) -> None:
    instance_id = run_instance(aws)
    (root,) = volumes(aws, instance_id).values()
    assert (root["Size"], root["VolumeType"], root["Encrypted"]) == (8, "gp3", False)
    assert (root["Iops"], root["Throughput"]) == (3000, 125)
    (mapping,) = describe(aws, instance_id)["BlockDeviceMappings"]
    assert (mapping["DeviceName"], mapping["Ebs"]["DeleteOnTermination"]) == ("/dev/xvda", True)


def test_a_launch_template_says_everything_about_its_instances(aws: LocalAws) -> None:
    root = {"VolumeSize": 30, "VolumeType": "gp3", "Encrypted": True, "Throughput": 250}
    profile_name = profile(aws)
    template_id = template(
        aws,
        InstanceType="m7g.large",
        IamInstanceProfile={"Name": profile_name},
        BlockDeviceMappings=[{"DeviceName": "/dev/xvda", "Ebs": root}],
        MetadataOptions={"HttpTokens": "required", "HttpPutResponseHopLimit": 2},
        Monitoring={"Enabled": True},
        InstanceMarketOptions={"MarketType": "spot"},
        TagSpecifications=[
            {"ResourceType": "instance", "Tags": [{"Key": "team", "Value": "a"}]},
            {"ResourceType": "volume", "Tags": [{"Key": "team", "Value": "b"}]},
        ],
    )
    launched = client(aws, "ec2").run_instances(
        LaunchTemplate={"LaunchTemplateId": template_id}, MinCount=1, MaxCount=1
    )
    instance_id = launched["Instances"][0]["InstanceId"]

    instance = describe(aws, instance_id)
    assert instance["InstanceType"] == "m7g.large"
    assert instance["ImageId"] == public_image(aws)
    assert instance["IamInstanceProfile"]["Arn"].endswith(f"instance-profile/{profile_name}")
    assert instance["MetadataOptions"]["HttpTokens"] == "required"
    assert instance["Monitoring"]["State"] == "enabled"
    assert instance["InstanceLifecycle"] == "spot"
    assert {"Key": "team", "Value": "a"} in instance["Tags"]
    (volume,) = volumes(aws, instance_id).values()
    assert (volume["Size"], volume["Encrypted"], volume["Throughput"]) == (30, True, 250)
    assert volume["Tags"] == [{"Key": "team", "Value": "b"}]


def test_a_profile_that_does_not_exist_launches_nothing(aws: LocalAws) -> None:
    template_id = template(aws, InstanceType="c7g.large", IamInstanceProfile={"Name": "nobody"})
    with pytest.raises(ClientError, match=r"InvalidParameterValue.*nobody"):
        run_instance(aws, LaunchTemplate={"LaunchTemplateId": template_id})
    of_type = [{"Name": "instance-type", "Values": ["c7g.large"]}]
    assert not client(aws, "ec2").describe_instances(Filters=of_type)["Reservations"]


def test_security_groups_of_a_templates_network_interface_are_the_instances(aws: LocalAws) -> None:
    ec2 = client(aws, "ec2")
    vpc_id = ec2.describe_vpcs()["Vpcs"][0]["VpcId"]
    group_id = ec2.create_security_group(GroupName="web", Description="web", VpcId=vpc_id)[
        "GroupId"
    ]
    interface = {"DeviceIndex": 0, "Groups": [group_id], "AssociatePublicIpAddress": True}
    template_id = template(aws, NetworkInterfaces=[interface])
    instance = describe(aws, run_instance(aws, LaunchTemplate={"LaunchTemplateId": template_id}))
    assert [group["GroupId"] for group in instance["SecurityGroups"]] == [group_id]
    assert instance["PublicIpAddress"]


def test_an_image_that_is_not_available_cannot_be_launched(aws: LocalAws) -> None:
    ec2 = client(aws, "ec2")
    aws.set_conditions(image_seconds=1e6)
    pending = ec2.create_image(InstanceId=run_instance(aws), Name="pending", NoReboot=True)
    aws.set_conditions(image_seconds=60)
    with pytest.raises(ClientError, match=r"InvalidAMIID\.Unavailable"):
        run_instance(aws, ImageId=pending["ImageId"])
    ec2.deregister_image(ImageId=pending["ImageId"])
    with pytest.raises(ClientError, match=r"InvalidAMIID\.Unavailable"):
        run_instance(aws, ImageId=pending["ImageId"])
    with pytest.raises(ClientError, match=r"InvalidAMIID\.NotFound"):
        run_instance(aws, ImageId="ami-0123456789abcdef0")


def test_volumes_of_a_baked_image_keep_size_and_encryption_unless_told(aws: LocalAws) -> None:
    root = {"VolumeSize": 20, "Encrypted": True}
    source = run_instance(aws, BlockDeviceMappings=[{"DeviceName": "/dev/xvda", "Ebs": root}])
    image_id = bake(aws, source)

    (volume,) = volumes(aws, run_instance(aws, ImageId=image_id)).values()
    assert (volume["Size"], volume["Encrypted"], volume["VolumeType"]) == (20, True, "gp3")
    larger = [{"DeviceName": "/dev/xvda", "Ebs": {"VolumeSize": 25, "Encrypted": False}}]
    launched = run_instance(aws, ImageId=image_id, BlockDeviceMappings=larger)
    (volume,) = volumes(aws, launched).values()
    assert (volume["Size"], volume["Encrypted"]) == (25, True)
    smaller = [{"DeviceName": "/dev/xvda", "Ebs": {"VolumeSize": 10}}]
    with pytest.raises(ClientError, match=r"InvalidBlockDeviceMapping.*expect size >= 20GB"):
        run_instance(aws, ImageId=image_id, BlockDeviceMappings=smaller)


def test_a_stopped_instance_that_is_started_boots_first(aws: LocalAws) -> None:
    ec2, instance_id = client(aws, "ec2"), run_instance(aws)
    ec2.start_instances(InstanceIds=[instance_id])
    assert instance_state(aws, instance_id) == "running"
    ec2.stop_instances(InstanceIds=[instance_id])
    aws.set_conditions(launch_seconds=400)
    ec2.start_instances(InstanceIds=[instance_id])
    aws.set_conditions(launch_seconds=20)
    assert instance_state(aws, instance_id) == "pending"
    eventually(lambda: instance_state(aws, instance_id), "running".__eq__)


def test_stopping_flushes_the_file_systems(aws: LocalAws) -> None:
    instance_id = run_instance(aws)
    aws.write_file(instance_id, "/file", "cached")
    assert aws.disk(instance_id).flushed == {}
    client(aws, "ec2").stop_instances(InstanceIds=[instance_id])
    eventually(lambda: instance_state(aws, instance_id), "stopped".__eq__)
    assert aws.disk(instance_id).flushed == {"/file": "cached"}
