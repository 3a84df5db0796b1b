"""What AWS describes, as the baker reads it."""

from __future__ import annotations

import datetime
from typing import Any

from baker.fleet import LaunchTemplateVersion
from baker.image import Image


def an_image(image_id: str, **parts: Any) -> Image:
    """An image that is available, with one snapshot."""
    usual: dict[str, Any] = {
        "name": "",
        "owner_id": "123456789012",
        "state": "available",
        "reason": "",
        "created": "2026-01-01T00:00:00.000Z",
        "public": False,
        "deregistration_protected": False,
        "architecture": "arm64",
        "tags": {},
        "snapshot_ids": (image_id.replace("ami", "snap"),),
        "volume_sizes": {},
    }
    return Image(image_id, **{**usual, **parts})


def a_version(
    number: int, image_id: str | None, default: bool = False, **data: Any
) -> LaunchTemplateVersion:
    """A version of lt-1, made on the first day of 2026 and ``number`` seconds."""
    image = {"ImageId": image_id} if image_id else {}
    start = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    return LaunchTemplateVersion.from_api(
        {
            "LaunchTemplateId": "lt-1",
            "VersionNumber": number,
            "DefaultVersion": default,
            "CreateTime": start + datetime.timedelta(seconds=number),
            "LaunchTemplateData": {**image, **data},
        }
    )


def a_group(**parts: Any) -> dict[str, Any]:
    """A group on the newest version of lt-1."""
    return {
        "AutoScalingGroupName": "shop",
        "MinSize": 0,
        "DesiredCapacity": 2,
        "Instances": [],
        "LaunchTemplate": {"LaunchTemplateId": "lt-1", "Version": "$Latest"},
        **parts,
    }
