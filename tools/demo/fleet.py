"""The Auto Scaling group, its launch template and what its instances hold."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from demo.errors import DemoError
from local_aws.client import LocalAws

VERSION_FILE = "/var/www/html/VERSION"


@dataclass(frozen=True)
class LaunchTemplateVersion:
    """The newest version of the launch template.

    Attributes:
        settings: all of its data but the image.
    """

    number: int
    image_id: str
    settings: dict[str, Any]


@dataclass(frozen=True)
class Image:
    """An image and its tags."""

    id: str
    name: str
    state: str
    tags: dict[str, str]


@dataclass(frozen=True)
class Instance:
    """An instance of the group.

    Attributes:
        template_version: the launch template version that it was launched from.
        application: the version of the application on its disk.
    """

    id: str
    state: str
    template_version: int
    image_id: str
    application: str


class Fleet:
    """A group on a launch template."""

    def __init__(self, aws: LocalAws, group_name: str, template_id: str) -> None:
        self.aws = aws
        self.ec2 = aws.client("ec2")
        self.autoscaling = aws.client("autoscaling")
        self.group_name = group_name
        self.template_id = template_id

    def launch_template(self) -> LaunchTemplateVersion:
        found = self.ec2.describe_launch_template_versions(
            LaunchTemplateId=self.template_id, Versions=["$Latest"]
        )["LaunchTemplateVersions"][0]
        settings = dict(found["LaunchTemplateData"])
        image_id = settings.pop("ImageId")
        return LaunchTemplateVersion(found["VersionNumber"], image_id, settings)

    def image(self, image_id: str) -> Image:
        found = self.ec2.describe_images(ImageIds=[image_id])["Images"][0]
        tags = {tag["Key"]: tag["Value"] for tag in found.get("Tags", [])}
        return Image(image_id, found["Name"], found["State"], tags)

    def baked_images(self) -> list[str]:
        """The ids of the account's own images."""
        images = self.ec2.describe_images(Owners=["self"])["Images"]
        return sorted(image["ImageId"] for image in images)

    def application_in(self, image_id: str) -> str:
        """The version of the application in an image: what an instance holds when it starts,
        before CodeDeploy does anything.
        """
        return version_in(self.aws.ask("images/files", image_id=image_id))

    def instances(self) -> list[Instance]:
        members = {member["InstanceId"]: member for member in self._group()["Instances"]}
        if not members:
            return []
        reservations = self.ec2.describe_instances(InstanceIds=list(members))["Reservations"]
        machines = [machine for found in reservations for machine in found["Instances"]]
        return [
            Instance(
                id=machine["InstanceId"],
                state=members[machine["InstanceId"]]["LifecycleState"],
                template_version=int(members[machine["InstanceId"]]["LaunchTemplate"]["Version"]),
                image_id=machine["ImageId"],
                application=version_in(
                    self.aws.ask("disk", instance_id=machine["InstanceId"])["files"]
                ),
            )
            for machine in sorted(machines, key=lambda machine: machine["LaunchTime"])
        ]

    def scale_out(self) -> int:
        """Ask for one instance more; how many there will be."""
        wanted: int = self._group()["DesiredCapacity"] + 1
        self.autoscaling.set_desired_capacity(
            AutoScalingGroupName=self.group_name, DesiredCapacity=wanted
        )
        return wanted

    def wait_until_in_service(self, count: int, timeout: float = 60) -> list[Instance]:
        """The instances, once there are ``count`` and all are in service.

        Raises:
            DemoError: when that takes longer than ``timeout`` seconds.
        """
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            members = self._group()["Instances"]
            if [member["LifecycleState"] for member in members] == ["InService"] * count:
                return self.instances()
            time.sleep(0.25)
        states = {member["InstanceId"]: member["LifecycleState"] for member in members}
        raise DemoError(f"{count} instances are not in service after {timeout:.0f} s: {states}")

    def _group(self) -> dict[str, Any]:
        groups = self.autoscaling.describe_auto_scaling_groups(
            AutoScalingGroupNames=[self.group_name]
        )["AutoScalingGroups"]
        group: dict[str, Any] = groups[0]
        return group


def version_in(files: dict[str, str]) -> str:
    return files.get(VERSION_FILE, "").strip() or "none"
