"""Launches of instances, and their states."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from moto.core.exceptions import ServiceException
from moto.core.types import Base64EncodedString
from moto.ec2.exceptions import EC2ClientError, MissingParameterError, UnvailableAMIIdError
from moto.ec2.models.amis import Ami
from moto.ec2.models.instances import Instance, InstanceState, Reservation
from moto.ec2.utils import convert_tag_spec, filter_iam_instance_profiles

from local_aws.server_state import server_state
from local_aws.services import disks
from local_aws.services.ec2 import block_devices, states
from local_aws.services.ec2.images import Images
from local_aws.services.ec2.templates import Templates


class Instances(Images, Templates):
    """The instances of an account in a region."""

    def run_instances(
        self,
        image_id: str,
        count: int,
        user_data: Base64EncodedString | None,
        security_group_names: list[str],
        **kwargs: Any,
    ) -> Reservation:
        """RunInstances (EC2 API Reference): the request overrides the launch template.

        moto ignores some parameters of the launch template, and invents volumes.

        Raises:
            EC2ClientError: ``InvalidAMIID.Unavailable`` for an image that is not ``available``.
        """
        data: Mapping[str, Any] = {}
        if kwargs.get("launch_template"):
            version = self._get_template_from_args(kwargs["launch_template"])
            kwargs["launch_template"] = {
                "LaunchTemplateId": version.template.id,
                "Version": str(version.number),
            }
            data = version.data
        image = self._launchable(image_id or data.get("ImageId"))
        profile = _add_from_template(kwargs, data)
        self._check_profile(profile)
        wanted = kwargs.get("block_device_mappings") or data.get("BlockDeviceMappings") or []
        devices = block_devices.at_launch(
            image.block_device_mappings, wanted, lambda snapshot: self.snapshot_size(snapshot)
        )
        kwargs["block_device_mappings"] = devices
        reservation = super().run_instances(
            image.id, count, user_data, security_group_names, **kwargs
        )
        for instance in reservation.instances:
            self._set_up(instance, devices, profile)
        return reservation

    def snapshot_size(self, snapshot_id: str) -> int:
        size: int = self.get_snapshot(snapshot_id).volume_size
        return size

    def _launchable(self, image_id: str | None) -> Ami:
        if not image_id:
            raise MissingParameterError("ImageId")
        image = self.image(image_id)
        if image.state != "available":
            raise UnvailableAMIIdError(image_id)
        return image

    def _check_profile(self, profile: Mapping[str, str]) -> None:
        try:
            filter_iam_instance_profiles(
                self.account_id, self.partition, profile.get("Arn"), profile.get("Name")
            )
        except ServiceException:
            raise EC2ClientError(
                "InvalidParameterValue",
                f"Value ({profile.get('Arn') or profile.get('Name')}) for parameter "
                "iamInstanceProfile is invalid. Invalid IAM Instance Profile",
            ) from None

    def _set_up(
        self, instance: Instance, devices: list[dict[str, Any]], profile: Mapping[str, str]
    ) -> None:
        disks.attach(instance.id, instance.image_id)
        for device in devices:
            attachment = instance.block_device_mapping[device["DeviceName"]]
            volume = self.get_volume(attachment.volume_id)
            volume.iops = device["Ebs"].get("Iops", volume.iops)
            default = 125 if volume.volume_type == "gp3" else None
            volume.throughput = device["Ebs"].get("Throughput", default)
        if profile:
            self.associate_iam_instance_profile(
                instance.id, profile.get("Name"), profile.get("Arn")
            )
        self._boot(instance)

    def _boot(self, instance: Instance) -> None:
        # Not announced to listeners: the caller does not know the instance's ID yet.
        instance._state = InstanceState("pending", states.CODES["pending"])
        server_state.clock.after(server_state.conditions.launch_seconds, self._run, instance)

    def _run(self, instance: Instance) -> None:
        if instance.state == "pending":
            states.enter(instance, "running")

    def start_instances(self, instance_ids: list[str]) -> list[tuple[Instance, InstanceState]]:
        """StartInstances: a stopped instance boots as after its launch."""
        started = super().start_instances(instance_ids)
        for instance, before in started:
            if before.name == "stopped":
                self._boot(instance)
            else:
                instance._state = before
        return started

    def stop_instances(self, instance_ids: list[str]) -> list[tuple[Instance, InstanceState]]:
        """StopInstances: an orderly shutdown, which flushes the file systems."""
        stopped = super().stop_instances(instance_ids)
        for instance, _ in stopped:
            disks.disk_of(instance.id).sync()
            states.announce(instance)
        return stopped

    def reboot_instances(self, instance_ids: list[str]) -> list[Instance]:
        """RebootInstances: orderly as well, and the instance stays ``running``."""
        rebooted = super().reboot_instances(instance_ids)
        for instance in rebooted:
            disks.disk_of(instance.id).sync()
        return rebooted

    def terminate_instances(self, instance_ids: list[str]) -> list[tuple[Instance, InstanceState]]:
        terminated = super().terminate_instances(instance_ids)
        for instance, _ in terminated:
            states.announce(instance)
        return terminated


def _add_from_template(kwargs: dict[str, Any], data: Mapping[str, Any]) -> Mapping[str, str]:
    """Add the launch template's parameters that the request omits.

    Returns:
        the instance profile of the launch template, unless the request has one.
    """
    interfaces = [dict(nic) for nic in kwargs.get("nics") or data.get("NetworkInterfaces") or []]
    groups = list(kwargs.get("security_group_ids") or data.get("SecurityGroupIds") or [])
    for interface in interfaces:
        groups += interface.pop("Groups", [])
    kwargs["nics"], kwargs["security_group_ids"] = interfaces, groups
    _set_default(kwargs, "metadata_options", data.get("MetadataOptions"))
    _set_default(kwargs, "ebs_optimized", data.get("EbsOptimized"))
    _set_default(
        kwargs, "instance_market_options", data.get("InstanceMarketOptions", {}).get("MarketType")
    )
    _set_default(kwargs, "placement", data.get("Placement", {}).get("AvailabilityZone"))
    if data.get("Monitoring", {}).get("Enabled"):
        kwargs["monitoring_state"] = "enabled"
    volume_tags = convert_tag_spec(data.get("TagSpecifications", [])).get("volume", {})
    tags = dict(kwargs.get("tags") or {})
    kwargs["tags"] = {**tags, "volume": {**volume_tags, **tags.get("volume", {})}}
    given = kwargs.get("iam_instance_profile_name") or kwargs.get("iam_instance_profile_arn")
    return {} if given else data.get("IamInstanceProfile", {})


def _set_default(kwargs: dict[str, Any], name: str, value: Any) -> None:
    if not kwargs.get(name) and value:
        kwargs[name] = value
