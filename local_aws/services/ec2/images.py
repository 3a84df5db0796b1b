"""Amazon machine images."""

from __future__ import annotations

import math
import re
import threading
from collections.abc import Sequence
from typing import Any

from moto.core.utils import utcnow
from moto.ec2.exceptions import (
    EC2ClientError,
    InvalidAMIIdError,
    MalformedAMIIdError,
    UnvailableAMIIdError,
)
from moto.ec2.models import EC2Backend
from moto.ec2.models.amis import Ami
from moto.ec2.models.instances import Instance
from moto.ec2.utils import random_ami_id
from moto.utilities.utils import load_resource

from local_aws.server_state import server_state
from local_aws.services import disks
from local_aws.services.ec2 import block_devices, states
from local_aws.services.ec2.snapshots import ImageSnapshot

# CreateImage, EC2 API Reference, parameter Name.
NAME = re.compile(r"[A-Za-z0-9()\[\] ./'@_-]{3,128}")
# How long the name of a deregistered image stays in use: "InvalidAMIName.Duplicate ... or a
# recently deregistered AMI" (EC2 error codes). AWS does not say how long. AWS seconds.
NAME_KEPT_SECONDS = 300
# How long an instance is stopped while its image is created with a reboot. AWS seconds.
REBOOT_SECONDS = 120


class PublicImage(Ami):
    """A public image of Amazon Linux 2023, whose root volume has 8 GiB and the type gp3."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ebs_snapshot.volume.size = 8

    @property
    def block_device_mappings(self) -> list[dict[str, Any]]:
        ebs = {
            "SnapshotId": self.ebs_snapshot.id,
            "VolumeSize": 8,
            "VolumeType": "gp3",
            "DeleteOnTermination": True,
            "Encrypted": False,
        }
        return [{"DeviceName": self.root_device_name, "Ebs": ebs}]


class Image(Ami):
    """An image that was created from an instance.

    moto's constructor is not called, as it would invent a device.

    Attributes:
        failure: the reason for which the image will fail; ``None``: it will not.
        devices: its block device mappings.
    """

    def __init__(self, backend: Any, instance: Instance, name: str, description: str) -> None:
        self.ec2_backend = backend
        self.id = random_ami_id()
        self.name = name
        self.description = description
        self.state = "pending"
        self.state_reason: dict[str, str] | None = None
        self.creation_date = utcnow()
        self.owner_id = backend.account_id
        self.owner_alias = None
        self.instance_id = instance.id
        self.image_type = "machine"
        self.image_location = f"{backend.account_id}/{name}"
        self.architecture = instance.architecture
        self.virtualization_type = instance.virtualization_type
        self.platform = instance.platform
        self.hypervisor = "xen"
        self.sriov = "simple"
        self.boot_mode = "uefi-preferred"
        self.kernel_id = None
        self.root_device_name = instance.root_device_name
        self.root_device_type = "ebs"
        self.product_codes = set()
        self.launch_permissions = []
        self.deregistration_protection = "disabled"
        self.failure: str | None = None
        self.devices: list[dict[str, Any]] = []
        self.snapshots: list[ImageSnapshot] = []

    @property
    def block_device_mappings(self) -> list[dict[str, Any]]:
        return self.devices

    def get_filter_value(self, filter_name: str, method_name: str | None = None) -> Any:
        if filter_name == "block-device-mapping.snapshot-id":
            return [snapshot.id for snapshot in self.snapshots]
        return super().get_filter_value(filter_name, method_name)


class Images(EC2Backend):
    """The images of an account in a region."""

    def __init__(self, region_name: str, account_id: str) -> None:
        self.names_kept: dict[str, float] = {}
        self.images_lock = threading.RLock()
        super().__init__(region_name, account_id)

    def _load_amis(self) -> None:
        """Register the public images to which the parameters /aws/service/ami-amazon-linux-latest/*
        refer ("Calling AMI public parameters", Systems Manager User Guide)."""
        for described in load_resource(f"ec2/resources/latest_amis/{self.region_name}.json"):
            image = PublicImage(self, owner_alias="amazon", **described)
            self.amis[image.id] = image

    def take_image(
        self,
        instance_id: str,
        name: str,
        description: str,
        no_reboot: bool,
        mappings: Sequence[dict[str, Any]],
        tags: dict[str, dict[str, str]],
    ) -> Image:
        """CreateImage (EC2 API Reference), from an instance that is running or stopped.

        Args:
            tags: of the image and of its snapshots, by ``image`` and ``snapshot``.
        """
        instance = self.get_instance(instance_id)
        if instance.state not in ("running", "stopped"):
            raise EC2ClientError(
                "IncorrectInstanceState",
                f"The instance '{instance_id}' is not in a state from which an image can be "
                f"created: {instance.state}.",
            )
        self._check_name(name)
        image = Image(self, instance, name, description)
        image.devices = block_devices.in_image(self._attached(instance), mappings)
        with self.images_lock:
            self._check_name_is_free(name)
            image.add_tags(tags.get("image", {}))
            if not no_reboot and instance.state == "running":
                self._restart(instance)
            self._capture(image, instance, tags.get("snapshot", {}))
            self.amis[image.id] = image
        # Decided now, so that a test can make one image fail and the next succeed.
        image.failure = server_state.conditions.image_failure
        if math.isfinite(server_state.conditions.image_seconds):
            server_state.clock.after(server_state.conditions.image_seconds, self.end_image, image)
        return image

    def _check_name(self, name: str) -> None:
        if not NAME.fullmatch(name):
            raise EC2ClientError(
                "InvalidAMIName.Malformed",
                "AMI names must be between 3 and 128 characters long, and may contain letters, "
                "numbers, '(', ')', '[', ']', ' ', '.', '/', '-', ''', '@' and '_'",
            )

    def _check_name_is_free(self, name: str) -> None:
        for image in self.amis.values():
            if image.name == name and image.owner_id == self.account_id:
                raise EC2ClientError(
                    "InvalidAMIName.Duplicate",
                    f"AMI name {name} is already in use by AMI {image.id}",
                )
        if server_state.clock.now() < self.names_kept.get(name, 0):
            raise EC2ClientError(
                "InvalidAMIName.Duplicate",
                f"AMI name {name} is in use by an AMI that was recently deregistered",
            )

    def _attached(self, instance: Instance) -> list[dict[str, Any]]:
        attached = []
        for device, attachment in instance.get_block_device_mapping:
            volume = self.get_volume(attachment.volume_id)
            ebs = {
                "VolumeId": volume.id,
                "VolumeSize": volume.size,
                "VolumeType": volume.volume_type,
                "Iops": volume.iops,
                "Throughput": volume.throughput,
                "Encrypted": volume.encrypted,
                "KmsKeyId": volume.kms_key_id,
                "DeleteOnTermination": attachment.delete_on_termination,
            }
            attached.append({"DeviceName": device, "Ebs": ebs})
        return attached

    def _restart(self, instance: Instance) -> None:
        """Stop an instance, which flushes the file systems, and start it again (CreateImage,
        NoReboot)."""
        disks.disk_of(instance.id).sync()
        states.enter(instance, "stopped")

        def start() -> None:
            if instance.state == "stopped":
                states.enter(instance, "running")

        server_state.clock.after(REBOOT_SECONDS, start)

    def _capture(self, image: Image, instance: Instance, tags: dict[str, str]) -> None:
        """Create a snapshot of each volume, all at the same time."""
        disks.capture(instance.id, image.id)
        for device in image.devices:
            volume = self.get_volume(device["Ebs"].pop("VolumeId"))
            snapshot = ImageSnapshot(self, volume, image.id, instance.id)
            self.snapshots[snapshot.id] = snapshot
            snapshot.add_tags(tags)
            device["Ebs"]["SnapshotId"] = snapshot.id
            image.snapshots.append(snapshot)

    def end_image(self, image: Image) -> None:
        """Make a pending image available, or failed."""
        if image.state != "pending":
            return
        for snapshot in image.snapshots:
            snapshot.end(image.failure)
        if image.failure:
            image.state_reason = {"Code": "Server.InternalError", "Message": image.failure}
        image.state = "failed" if image.failure else "available"

    def forget_image(self, image_id: str, with_snapshots: bool) -> list[dict[str, str]]:
        """DeregisterImage (EC2 API Reference), in any state.

        Returns:
            DeleteSnapshotResults, for snapshots that were deleted with the image.
        """
        image = self.image(image_id)
        if not isinstance(image, Image):
            raise EC2ClientError("AuthFailure", f"Not authorized for image:{image_id}")
        if image.deregistration_protection != "disabled":
            raise EC2ClientError(
                "OperationNotPermitted",
                f"Deregistration protection is enabled for image {image_id}.",
            )
        with self.images_lock:
            self.deregister_image(image_id)
            self.names_kept[image.name or ""] = server_state.clock.now() + NAME_KEPT_SECONDS
        if not with_snapshots:
            return []
        gone = [snapshot for snapshot in image.snapshots if snapshot.id in self.snapshots]
        for snapshot in gone:
            self.delete_snapshot(snapshot.id)
        return [{"SnapshotId": snapshot.id, "ReturnCode": "success"} for snapshot in gone]

    def image(self, image_id: str) -> Ami:
        """A registered image.

        Raises:
            EC2ClientError: ``InvalidAMIID.`` ``Malformed``, ``Unavailable`` (deregistered) or
                ``NotFound``.
        """
        if not re.fullmatch("ami-[0-9a-f]{8,17}", image_id):
            raise MalformedAMIIdError([image_id])
        if image_id in self.deleted_amis:
            raise UnvailableAMIIdError(image_id)
        if image_id not in self.amis:
            raise InvalidAMIIdError(image_id)
        return self.amis[image_id]
