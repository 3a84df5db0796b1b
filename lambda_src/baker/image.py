"""Images: their names, tags and states."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from baker.deployment import Deployment
from baker.job import Job
from baker.settings import Settings

TAG_PREFIX = "asg-ami-pipeline:"
PIPELINE_TAG = TAG_PREFIX + "pipeline"
EXECUTION_TAG = TAG_PREFIX + "execution"
DEPLOYED_AT_TAG = TAG_PREFIX + "deployed-at"


@dataclass(frozen=True)
class Image:
    """An AMI.

    Attributes:
        state: of Image in the Amazon EC2 API: ``pending``, ``available``, ``failed``, ...
        reason: why it is in that state, in EC2's words.
        volume_sizes: GiB by device name.
    """

    id: str
    state: str
    reason: str
    architecture: str
    tags: Mapping[str, str]
    snapshot_ids: tuple[str, ...]
    volume_sizes: Mapping[str, int]

    @classmethod
    def from_api(cls, image: Mapping[str, Any]) -> Image:
        """From an Image of DescribeImages."""
        volumes = {
            mapping["DeviceName"]: mapping["Ebs"]
            for mapping in image.get("BlockDeviceMappings", [])
            if "Ebs" in mapping
        }
        return cls(
            id=image["ImageId"],
            state=image["State"],
            reason=image.get("StateReason", {}).get("Message", "no reason given"),
            architecture=image.get("Architecture", ""),
            tags={tag["Key"]: tag["Value"] for tag in image.get("Tags", [])},
            snapshot_ids=tuple(
                ebs["SnapshotId"] for ebs in volumes.values() if "SnapshotId" in ebs
            ),
            volume_sizes={
                device: ebs["VolumeSize"] for device, ebs in volumes.items() if "VolumeSize" in ebs
            },
        )

    def belongs_to(self, pipeline: str, execution: str) -> bool:
        return self.tags.get(PIPELINE_TAG) == pipeline and self.tags.get(EXECUTION_TAG) == execution

    def newer_than(self, deployment: Deployment, pipeline: str) -> bool:
        """Whether the pipeline made it for a later deployment."""
        return self.tags.get(PIPELINE_TAG) == pipeline and self.tags.get(
            DEPLOYED_AT_TAG, ""
        ) > _timestamp(deployment.created)


def image_name(pipeline: str, execution: str) -> str:
    """The one name that an execution's image can have: it makes CreateImage, which takes no client
    token, idempotent.

    At most 127 of the characters that EC2 takes (Amazon EC2 API Reference, CreateImage).
    """
    return f"{re.sub('[^A-Za-z0-9()./_-]', '-', pipeline)[:90]}-{execution}"


def image_tags(
    settings: Settings, job: Job, deployment: Deployment, source: str, base_image: str
) -> dict[str, str]:
    """What an image and its snapshots say of where they come from."""
    provenance = {
        "pipeline": settings.pipeline_name,
        "execution": job.execution,
        "deployment": deployment.id,
        "deployed-at": _timestamp(deployment.created),
        "revision": job.revision,
        "source-instance": source,
        "base-image": base_image,
    }
    return {
        "Name": image_name(settings.pipeline_name, job.execution),
        **settings.image_tags,
        **{TAG_PREFIX + key: value for key, value in provenance.items()},
    }


def _timestamp(time: datetime.datetime) -> str:
    """ISO 8601 in UTC with a fixed width, so that texts sort as times do."""
    return time.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
