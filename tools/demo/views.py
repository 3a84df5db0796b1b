"""What the demo shows of a service: its launch template, images and instances."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from local_aws.client import LocalAws
from service import Service

VERSION_FILE = "/var/www/html/VERSION"


@dataclass(frozen=True)
class LaunchTemplateVersion:
    """The newest version of the launch template.

    Attributes:
        settings: all of its data except for the image.
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
    """An instance of the Auto Scaling group.

    Attributes:
        template_version: the launch template version that it was launched from.
        application: the version of the application on its disk.
    """

    id: str
    state: str
    template_version: int
    image_id: str
    application: str


def launch_template(service: Service) -> LaunchTemplateVersion:
    newest = service.versions()[-1]
    settings = dict(newest["LaunchTemplateData"])
    image_id = settings.pop("ImageId")
    return LaunchTemplateVersion(newest["VersionNumber"], image_id, settings)


def image(service: Service, image_id: str) -> Image:
    (found,) = service.ec2.describe_images(ImageIds=[image_id])["Images"]
    tags = {tag["Key"]: tag["Value"] for tag in found.get("Tags", [])}
    return Image(image_id, found["Name"], found["State"], tags)


def instances(service: Service, aws: LocalAws) -> list[Instance]:
    """The group's instances, the oldest first."""
    members = service.instances()
    if not members:
        return []
    reservations = service.ec2.describe_instances(InstanceIds=list(members))["Reservations"]
    described = [one for reservation in reservations for one in reservation["Instances"]]
    return [
        Instance(
            id=one["InstanceId"],
            state=members[one["InstanceId"]]["LifecycleState"],
            template_version=int(members[one["InstanceId"]]["LaunchTemplate"]["Version"]),
            image_id=one["ImageId"],
            application=version_in(aws.disk(one["InstanceId"]).files),
        )
        for one in sorted(described, key=lambda one: one["LaunchTime"])
    ]


def application_in(aws: LocalAws, image_id: str) -> str:
    """The version of the application in an image: on the disk of an instance that starts, before
    CodeDeploy has done anything."""
    return version_in(aws.files_in_image(image_id))


def version_in(files: Mapping[str, str]) -> str:
    return files.get(VERSION_FILE, "").strip() or "none"
