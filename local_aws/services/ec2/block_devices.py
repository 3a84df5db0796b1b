"""Block device mappings of launches and of images."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from typing import Any

from moto.ec2.exceptions import EC2ClientError

from local_aws.refusal import Refusal

Mapping = dict[str, Any]


def at_launch(
    image: Sequence[Mapping], wanted: Sequence[Mapping], snapshot_size: Callable[[str], int]
) -> list[Mapping]:
    """The mappings of the image, overridden device by device by those of the launch.

    Follows "Block device mappings for volumes on Amazon EC2 instances" (EC2 User Guide): omitted
    settings are the image's, and ``NoDevice`` suppresses a device.

    Args:
        image: the image's mappings.
        wanted: the mappings of the launch.
        snapshot_size: returns the size, in GiB, of the volume of a snapshot.

    Raises:
        EC2ClientError: ``InvalidBlockDeviceMapping`` for a volume smaller than its snapshot.
    """
    devices = {mapping["DeviceName"]: copy.deepcopy(dict(mapping["Ebs"])) for mapping in image}
    for mapping in wanted:
        name = mapping["DeviceName"]
        if mapping.get("NoDevice") is not None:
            devices.pop(name, None)
        elif "Ebs" not in mapping:
            raise Refusal(f"the block device mapping {mapping}, which is not of an EBS volume")
        else:
            given = {key: value for key, value in mapping["Ebs"].items() if value is not None}
            devices[name] = _overlaid(devices.get(name, {}), given)
    for name, ebs in devices.items():
        _check_size(name, ebs, snapshot_size)
    return [{"DeviceName": name, "Ebs": ebs} for name, ebs in devices.items()]


def _overlaid(inherited: Mapping, given: Mapping) -> Mapping:
    if given.get("VolumeType", inherited.get("VolumeType")) != inherited.get("VolumeType"):
        inherited = {k: v for k, v in inherited.items() if k not in ("Iops", "Throughput")}
    # A volume from an encrypted snapshot is encrypted ("Amazon EBS encryption").
    encrypted = bool(inherited.get("Encrypted")) or bool(given.get("Encrypted"))
    return {**inherited, **given, "Encrypted": encrypted}


def _check_size(name: str, ebs: Mapping, snapshot_size: Callable[[str], int]) -> None:
    if not ebs.get("SnapshotId"):
        return
    least = snapshot_size(ebs["SnapshotId"])
    if ebs.setdefault("VolumeSize", least) < least:
        raise EC2ClientError(
            "InvalidBlockDeviceMapping",
            f"Volume of size {ebs['VolumeSize']}GB is smaller than snapshot "
            f"'{ebs['SnapshotId']}', expect size >= {least}GB",
        )


def in_image(attached: Sequence[Mapping], wanted: Sequence[Mapping]) -> list[Mapping]:
    """The mappings of an image: those of the instance, changed by the request.

    The request can omit a device, and change DeleteOnTermination (CreateImage, EC2 API Reference).
    Empty volumes, which it could add as well, are not modelled.
    """
    devices = {mapping["DeviceName"]: dict(mapping["Ebs"]) for mapping in attached}
    for mapping in wanted:
        name = mapping["DeviceName"]
        if name not in devices:
            raise Refusal(f"the device {name}, which is not attached to the instance")
        if mapping.get("NoDevice") is not None:
            del devices[name]
            continue
        given = mapping.get("Ebs", {})
        for key in sorted(set(given) - {"DeleteOnTermination"}):
            raise Refusal(f"Ebs.{key} in the block device mappings of an image")
        devices[name].update(given)
    return [{"DeviceName": name, "Ebs": ebs} for name, ebs in devices.items()]
