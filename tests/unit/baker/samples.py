"""Settings, and what AWS shows, in the baker's types."""

from __future__ import annotations

import datetime
from typing import Any

from baker.model.group import AutoScalingGroup, LaunchTemplateReference
from baker.model.image import Image
from baker.model.launch_template import LaunchTemplateVersion
from baker.model.settings import Settings

ENVIRONMENT = {
    "PIPELINE_NAME": "shop",
    "CODEDEPLOY_APPLICATION_NAME": "app",
    "CODEDEPLOY_DEPLOYMENT_GROUP_NAME": "group",
    "AUTO_SCALING_GROUP_NAME": "asg",
    "LAUNCH_TEMPLATE_ID": "lt-1",
    "CAPTURE": "live",
    "KEEP_IMAGES": "5",
    "RETENTION_DRY_RUN": "false",
}


def a_settings(**variables: str) -> Settings:
    return Settings.from_environment({**ENVIRONMENT, **variables})


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
    number: int, image_id: str | None, default: bool = False, **sizes: int
) -> LaunchTemplateVersion:
    """A version of lt-1, made on the first day of 2026 and ``number`` seconds."""
    start = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    created = start + datetime.timedelta(seconds=number)
    return LaunchTemplateVersion("lt-1", number, image_id, created, sizes, default)


def a_group(**parts: Any) -> AutoScalingGroup:
    """A group on the newest version of lt-1."""
    usual: dict[str, Any] = {
        "name": "shop",
        "launch_template": LaunchTemplateReference("lt-1", "$Latest"),
        "desired": 2,
    }
    return AutoScalingGroup(**{**usual, **parts})
