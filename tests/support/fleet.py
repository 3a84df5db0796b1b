"""What the tests of EC2, Auto Scaling and their neighbours need before they can begin."""

from __future__ import annotations

import functools
import time
import uuid
from collections.abc import Callable
from typing import Any, TypeVar

from local_aws.client import LocalAws

SPEED = 200  # seconds of AWS that pass in one
Value = TypeVar("Value")

# Between two looks.
pause: Callable[[], None] = functools.partial(time.sleep, 0.01)

PUBLIC_IMAGE = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64"


@functools.cache
def client(aws: LocalAws, service: str) -> Any:
    """A client that is made once: tests ask for it in loops."""
    return aws.client(service)


def unique(prefix: str) -> str:
    return f"{prefix}-{uuid.uuid4().hex[:8]}"


def eventually(
    look: Callable[[], Value], expected: Callable[[Value], Any], within: float = 600
) -> Value:
    """What ``look`` returns once it is as ``expected``; fails after ``within`` real seconds."""
    deadline = time.monotonic() + within
    while not expected(value := look()):
        assert time.monotonic() < deadline, f"not in {within} s; the last was {value}"
        pause()
    return value


def public_image(aws: LocalAws) -> str:
    return client(aws, "ssm").get_parameter(Name=PUBLIC_IMAGE)["Parameter"]["Value"]


def instance_state(aws: LocalAws, instance_id: str) -> str:
    (reservation,) = client(aws, "ec2").describe_instances(InstanceIds=[instance_id])[
        "Reservations"
    ]
    return reservation["Instances"][0]["State"]["Name"]


def run_instance(aws: LocalAws, **parameters: Any) -> str:
    """Launch an instance, from the public image if nothing else is said; wait until it runs."""
    if not {"ImageId", "LaunchTemplate"} & set(parameters):
        parameters["ImageId"] = public_image(aws)
    launched = client(aws, "ec2").run_instances(
        MinCount=1, MaxCount=1, **{"InstanceType": "t3.micro", **parameters}
    )
    instance_id = launched["Instances"][0]["InstanceId"]
    eventually(lambda: instance_state(aws, instance_id), "running".__eq__)
    return instance_id


def image_state(aws: LocalAws, image_id: str) -> str:
    return describe_image(aws, image_id)["State"]


def create_image(aws: LocalAws, instance_id: str, **parameters: Any) -> str:
    """Begin an image, without a reboot and under a name of its own if nothing else is said."""
    return client(aws, "ec2").create_image(
        InstanceId=instance_id, **{"Name": unique("image"), "NoReboot": True, **parameters}
    )["ImageId"]


def describe_image(aws: LocalAws, image_id: str) -> dict[str, Any]:
    (image,) = client(aws, "ec2").describe_images(ImageIds=[image_id])["Images"]
    return image


def snapshots_of(aws: LocalAws, image_id: str) -> list[dict[str, Any]]:
    """The snapshots that were taken for an image."""
    return client(aws, "ec2").describe_snapshots(
        OwnerIds=["self"], Filters=[{"Name": "description", "Values": [f"*for {image_id}"]}]
    )["Snapshots"]


def bake(aws: LocalAws, instance_id: str, **parameters: Any) -> str:
    """Make an image without a reboot and wait until it is available."""
    image_id = create_image(aws, instance_id, **parameters)
    eventually(lambda: image_state(aws, image_id), "available".__eq__)
    return image_id


def template(aws: LocalAws, **data: Any) -> str:
    """Make a launch template, of the public image if nothing else is said."""
    created = client(aws, "ec2").create_launch_template(
        LaunchTemplateName=unique("template"),
        LaunchTemplateData={"ImageId": public_image(aws), "InstanceType": "t3.micro", **data},
    )
    return created["LaunchTemplate"]["LaunchTemplateId"]


def profile(aws: LocalAws) -> str:
    """Make an instance profile with a role; its name."""
    iam, name = client(aws, "iam"), unique("profile")
    iam.create_role(RoleName=name, AssumeRolePolicyDocument='{"Version":"2012-10-17"}')
    iam.create_instance_profile(InstanceProfileName=name)
    iam.add_role_to_instance_profile(InstanceProfileName=name, RoleName=name)
    return name


def subnets(aws: LocalAws) -> list[str]:
    """Two subnets of the default VPC, in two zones."""
    found = client(aws, "ec2").describe_subnets()["Subnets"]
    return [subnet["SubnetId"] for subnet in found][:2]


def group(aws: LocalAws, capacity: int = 1, wait: bool = True, **parameters: Any) -> str:
    """Make a group on ``$Latest`` and, unless told otherwise, wait until it is in service."""
    name = unique("group")
    if not {"LaunchTemplate", "MixedInstancesPolicy"} & set(parameters):
        parameters["LaunchTemplate"] = {
            "LaunchTemplateId": template(aws),
            "Version": "$Latest",
        }
    client(aws, "autoscaling").create_auto_scaling_group(
        AutoScalingGroupName=name,
        VPCZoneIdentifier=",".join(subnets(aws)),
        **{"MinSize": 0, "MaxSize": 5, "DesiredCapacity": capacity, **parameters},
    )
    if wait:
        eventually(lambda: members(aws, name, "InService"), lambda m: len(m) == capacity)
    return name


def describe(aws: LocalAws, name: str) -> dict[str, Any]:
    (found,) = client(aws, "autoscaling").describe_auto_scaling_groups(
        AutoScalingGroupNames=[name]
    )["AutoScalingGroups"]
    return found


def members(aws: LocalAws, name: str, state: str = "") -> list[dict[str, Any]]:
    """The instances of a group, in a lifecycle state if one is given."""
    instances = describe(aws, name)["Instances"]
    return [instance for instance in instances if state in ("", instance["LifecycleState"])]


def activities(aws: LocalAws, name: str) -> list[dict[str, Any]]:
    """The group's scaling activities, the newest first."""
    return client(aws, "autoscaling").describe_scaling_activities(AutoScalingGroupName=name)[
        "Activities"
    ]


def scale(aws: LocalAws, name: str, capacity: int) -> None:
    client(aws, "autoscaling").set_desired_capacity(
        AutoScalingGroupName=name, DesiredCapacity=capacity
    )


def in_service(aws: LocalAws, name: str, count: int) -> list[dict[str, Any]]:
    return eventually(lambda: members(aws, name, "InService"), lambda m: len(m) == count)
