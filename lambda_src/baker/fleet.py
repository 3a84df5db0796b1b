"""The Auto Scaling group and its launch template."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Container, Mapping
from dataclasses import dataclass
from typing import Any

from baker.errors import ConfigurationError, Unsettled
from baker.image import Image

_LONGEST_LIST = 20


@dataclass(frozen=True)
class Group:
    """An Auto Scaling group.

    Attributes:
        launch_template: (id, version) as the group has them; ``None`` without a launch template.
        instances: what speaks against imaging an instance, by its id; empty when nothing does.
        lifecycle_states: of the instances, by their ids.
    """

    name: str
    launch_template: tuple[str, str] | None
    instances: Mapping[str, str]
    lifecycle_states: Mapping[str, str]
    desired: int
    least: int
    launch_suspended: bool

    @classmethod
    def from_api(cls, group: Mapping[str, Any]) -> Group:
        """From an AutoScalingGroup of DescribeAutoScalingGroups."""
        mixed = group.get("MixedInstancesPolicy", {}).get("LaunchTemplate", {})
        template = group.get("LaunchTemplate") or mixed.get("LaunchTemplateSpecification")
        return cls(
            name=group["AutoScalingGroupName"],
            launch_template=template
            and (template["LaunchTemplateId"], template.get("Version", "$Default")),
            instances={instance["InstanceId"]: _unfit(instance) for instance in group["Instances"]},
            lifecycle_states={
                instance["InstanceId"]: instance["LifecycleState"]
                for instance in group["Instances"]
            },
            desired=group["DesiredCapacity"],
            least=group["MinSize"],
            launch_suspended="Launch"
            in {process["ProcessName"] for process in group.get("SuspendedProcesses", [])},
        )

    def check_launches(self, launch_template_id: str) -> None:
        """Make sure that a new version of the launch template is what the group launches next.

        Raises:
            ConfigurationError: when it is not.
        """
        if self.launch_template != (launch_template_id, "$Latest"):
            launches = " version ".join(self.launch_template or ["no launch template"])
            raise ConfigurationError(
                f"Auto Scaling group {self.name} launches {launches}, so that a new image in "
                f"{launch_template_id} would never be used. Set the group to version $Latest of "
                f"{launch_template_id}."
            )

    def choose_source(self, deployment_id: str, updated: Container[str]) -> str:
        """The instance to make the image from: in service, healthy, and updated.

        Args:
            updated: the instances that are Succeeded targets of the deployment.

        Raises:
            Unsettled: when no instance fits (yet), with what is wrong with each.
        """
        reasons = {
            instance: state
            or ("" if instance in updated else f"is no Succeeded target of {deployment_id}")
            for instance, state in sorted(self.instances.items())
        }
        for instance, reason in reasons.items():
            if not reason:
                return instance
        listed = [f"{instance} {reason}" for instance, reason in reasons.items()]
        raise Unsettled(
            f"No instance of Auto Scaling group {self.name} can be imaged: "
            f"{'; '.join(listed[:_LONGEST_LIST]) or 'it has none'}. An instance must be InService, "
            f"Healthy and a Succeeded target of deployment {deployment_id}. Retry the stage when "
            "one is."
        )

    def check_can_spare_one(self) -> None:
        """Make sure that an instance can leave for Standby and come back (Amazon EC2 Auto Scaling
        User Guide, "Temporarily remove instances from your Auto Scaling group").

        Raises:
            ConfigurationError: when the group needs every instance that it has, or could not take
                this one back; Unsettled while that may still change.
        """
        remedy = "Change that and retry the stage, or set capture to live."
        serving = sum(1 for state in self.lifecycle_states.values() if state == "InService")
        if self.desired <= self.least or serving < 2:
            # Instances may be on their way into service, as one is that was just put back.
            error = Unsettled if self.desired > max(self.least, 1) else ConfigurationError
            raise error(
                f"Auto Scaling group {self.name} cannot spare an instance for Standby: it has "
                f"{serving} in service, its desired capacity is {self.desired} and its minimum is "
                f"{self.least}; two must be in service and the desired capacity must be above the "
                f"minimum. Nothing was touched. {remedy}"
            )
        if self.launch_suspended:
            raise ConfigurationError(
                f"The process Launch of Auto Scaling group {self.name} is suspended, so that an "
                f"instance could not return from Standby. Nothing was touched. {remedy}"
            )


def _unfit(instance: Mapping[str, Any]) -> str:
    wrong = [
        instance[key]
        for key, right in (("LifecycleState", "InService"), ("HealthStatus", "Healthy"))
        if instance[key] != right
    ]
    return f"is {' and '.join(wrong)}" if wrong else ""


@dataclass(frozen=True)
class LaunchTemplateVersion:
    """One version of a launch template.

    Attributes:
        volume_sizes: GiB by device name, where the template says them.
    """

    launch_template_id: str
    number: int
    image_id: str | None
    volume_sizes: Mapping[str, int]
    is_default: bool = False
    created: datetime.datetime | None = None
    description: str = ""

    @classmethod
    def from_api(cls, version: Mapping[str, Any]) -> LaunchTemplateVersion:
        """From a LaunchTemplateVersion of DescribeLaunchTemplateVersions."""
        data = version["LaunchTemplateData"]
        return cls(
            launch_template_id=version["LaunchTemplateId"],
            number=version["VersionNumber"],
            image_id=data.get("ImageId"),
            volume_sizes={
                mapping["DeviceName"]: mapping["Ebs"]["VolumeSize"]
                for mapping in data.get("BlockDeviceMappings", [])
                if "VolumeSize" in mapping.get("Ebs", {})
            },
            is_default=version["DefaultVersion"],
            created=version["CreateTime"],
            description=version.get("VersionDescription", ""),
        )

    def check_fits(self, image: Image) -> None:
        """Make sure that instances can be launched from ``image`` with this template.

        Raises:
            ConfigurationError: when a volume of the template is smaller than the image's, which
                EC2 refuses at launch (InvalidBlockDeviceMapping).
        """
        for device, size in image.volume_sizes.items():
            wanted = self.volume_sizes.get(device, size)
            if wanted < size:
                raise ConfigurationError(
                    f"Image {image.id} has {size} GiB on {device}, but launch template "
                    f"{self.launch_template_id} asks for {wanted} GiB, with which nothing can be "
                    f"launched. Set the volume in the launch template to {size} GiB or more and "
                    "retry the stage."
                )

    def check_architecture(self, source: Mapping[str, Any], image: Image | None) -> None:
        """Make sure that what the template launches can run an image of the source.

        Args:
            source: an Instance of DescribeInstances.
            image: the template's own image, if it still exists.

        Raises:
            ConfigurationError: when their architectures differ, as they do after a change of the
                instance type to one of the other architecture.
        """
        if image and image.architecture != source["Architecture"]:
            raise ConfigurationError(
                f"Instance {source['InstanceId']} is {source['Architecture']}, but launch template "
                f"{self.launch_template_id} launches {image.architecture}, which cannot run an "
                "image of it. Replace the instances that were launched before the instance type "
                "was changed (an instance refresh does), then start the pipeline again."
            )

    def client_token(self, image_id: str, why: str) -> str:
        """The same for every attempt to put ``image_id`` on top of this version for the same reason
        (64 characters: Amazon EC2 Developer Guide, "Ensuring idempotency")."""
        text = f"{self.launch_template_id} {self.number} {image_id} {why}"
        return hashlib.sha256(text.encode()).hexdigest()
