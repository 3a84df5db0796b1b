"""Images and snapshots: their names, tags and states."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

TAG_PREFIX = "asg-ami-pipeline:"
PIPELINE_TAG = TAG_PREFIX + "pipeline"
EXECUTION_TAG = TAG_PREFIX + "execution"
DEPLOYED_AT_TAG = TAG_PREFIX + "deployed-at"
# Set by an undo on the image it puts back and on the one it takes away; retention keeps both.
UNDO_TAG = TAG_PREFIX + "undo"
RESTORED, REPLACED = "restored", "replaced"


@dataclass(frozen=True)
class Image:
    """An AMI.

    Attributes:
        state: of Image in the Amazon EC2 API: ``pending``, ``available``, ``failed``, ...
        reason: why it is in that state, in EC2's words.
        created: ISO 8601 in UTC with a fixed width, so that texts sort as times do.
        volume_sizes: GiB by device name.
    """

    id: str
    name: str
    owner_id: str
    state: str
    reason: str
    created: str
    public: bool
    deregistration_protected: bool
    architecture: str
    tags: Mapping[str, str]
    snapshot_ids: tuple[str, ...]
    volume_sizes: Mapping[str, int]

    @property
    def execution(self) -> str | None:
        return self.tags.get(EXECUTION_TAG)

    @property
    def order(self) -> tuple[str, str]:
        """Sorts a pipeline's images by age: EC2 dates them to the second only."""
        return self.created, self.tags.get(DEPLOYED_AT_TAG, "")

    @property
    def undo(self) -> str:
        """`RESTORED` or `REPLACED` by an undo, or empty."""
        return self.tags.get(UNDO_TAG, "").partition(" ")[0]

    def is_of(self, pipeline: str) -> bool:
        """Whether its tags say that the pipeline made it."""
        return self.tags.get(PIPELINE_TAG) == pipeline

    def was_baked_by(self, pipeline: str) -> bool:
        """Whether it is what the pipeline made, and not a copy of it that has its tags too: image
        names are unique in an account."""
        return self.is_of(pipeline) and self.name == image_name(pipeline, self.execution or "")

    def newer_than(self, deployed: datetime.datetime, pipeline: str) -> bool:
        """Whether the pipeline made it for a deployment later than ``deployed``."""
        return self.is_of(pipeline) and self.tags.get(DEPLOYED_AT_TAG, "") > timestamp(deployed)


@dataclass(frozen=True)
class Snapshot:
    """An EBS snapshot.

    Attributes:
        state: ``pending``, ``completed``, ...
        started: what is written to the volume later is not in it.
    """

    id: str
    state: str
    started: datetime.datetime
    tags: Mapping[str, str] = field(default_factory=dict)


def image_name(pipeline: str, execution: str) -> str:
    """The one name that an execution's image can have: it makes CreateImage, which takes no client
    token, idempotent.

    At most 127 of the characters that EC2 takes (Amazon EC2 API Reference, CreateImage).
    """
    return f"{re.sub('[^A-Za-z0-9()./_-]', '-', pipeline)[:90]}-{execution}"


def timestamp(time: datetime.datetime) -> str:
    """ISO 8601 in UTC with a fixed width, so that texts sort as times do."""
    return time.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
