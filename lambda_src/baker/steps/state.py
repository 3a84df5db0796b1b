"""What steps are given, and what they leave for the steps after them."""

from __future__ import annotations

from dataclasses import dataclass

from baker.aws import Aws
from baker.limits import RemovalLimits
from baker.model.answer import Promotion
from baker.model.deployment import Deployment
from baker.model.group import AutoScalingGroup
from baker.model.image import Image
from baker.model.job import Job
from baker.model.settings import Settings
from baker.targets import Placement


@dataclass
class Bake:
    """One invocation's walk through the steps.

    Attributes:
        image: the execution's image, once it exists.
        deployment: the execution's own.
        group: the Auto Scaling group, before the capture.
        placements: the targets of the image, as they were read.
        source: the id of the instance that is imaged.
        promotion: how the image is launched, once it is.
    """

    aws: Aws
    settings: Settings
    job: Job
    removal_limits: RemovalLimits
    image: Image | None = None
    deployment: Deployment | None = None
    group: AutoScalingGroup | None = None
    placements: tuple[Placement, ...] = ()
    source: str | None = None
    promotion: Promotion | None = None
