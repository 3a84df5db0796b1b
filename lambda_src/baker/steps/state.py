"""What steps are given, and what they leave for the steps after them."""

from __future__ import annotations

from dataclasses import dataclass

from baker.invocation import Invocation
from baker.model.answer import Promotion
from baker.model.deployment import Deployment
from baker.model.group import AutoScalingGroup
from baker.model.image import Image, image_name
from baker.model.job import Job
from baker.targets import Placement


@dataclass
class Bake(Invocation):
    """One invocation's walk through the steps.

    Attributes:
        image: the execution's image, once it exists.
        deployment: the execution's own.
        group: the Auto Scaling group, before the capture.
        placements: the targets of the image, as they were read.
        source: the id of the instance that is imaged.
        promotion: how the image is launched, once it is.
    """

    job: Job
    image: Image | None = None
    deployment: Deployment | None = None
    group: AutoScalingGroup | None = None
    placements: tuple[Placement, ...] = ()
    source: str | None = None
    promotion: Promotion | None = None

    @property
    def image_name(self) -> str:
        """The name of the execution's image, whether it exists or not."""
        return image_name(self.settings.pipeline_name, self.job.execution)

    def launched_by(self, place: Placement) -> Image | None:
        """The image that a target holds now, if it still exists."""
        image = place.current.image_id
        return self.aws.images.find(image) if image else None
