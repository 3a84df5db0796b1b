"""Put the image where new instances launch from."""

from __future__ import annotations

import logging

from baker.messages import bake as messages
from baker.model.answer import ContinuationToken, Continue, Succeed
from baker.steps.discard_image import superseded
from baker.steps.state import Bake

_log = logging.getLogger(__name__)


def find_promotion(bake: Bake) -> None:
    """Leave the targets in the bake, and the promotion if the image is in all of them."""
    bake.placements = tuple(target.read(bake.image) for target in bake.targets)
    _note_promotion(bake)


def promote(bake: Bake) -> Continue | Succeed | None:
    """Put the image into the targets that do not hold it; leave the promotion in the bake.

    Raises:
        ConfigurationError: when the group would not launch it, or it could not be launched.
    """
    image = bake.image
    assert image and bake.deployment
    missing = [place for place in bake.placements if not place.promotion]
    # All targets are checked before the first one takes the image.
    for place in missing:
        launched = bake.launched_by(place)
        if launched and launched.newer_than(bake.deployment.created, bake.settings.pipeline_name):
            return superseded(bake, f"image {launched.id}")
    group = bake.aws.groups.get(bake.settings.auto_scaling_group_name)
    for place in missing:
        place.target.check_launched_by(group)
        place.target.check_fits(place.current, image)
    why = f"revision {bake.job.revision}, execution {bake.job.execution}"
    for place in missing:
        place.promotion = place.target.put(place.current, image, why)
        if place.promotion is None:
            return Continue(
                messages.LAUNCH_TEMPLATE_CHANGED(
                    launch_template=place.current.launch_template_id, image=image.id
                ),
                ContinuationToken(image_id=image.id),
            )
    _note_promotion(bake)
    return None


def _note_promotion(bake: Bake) -> None:
    promotions = [place.promotion for place in bake.placements]
    if None not in promotions:
        bake.promotion = promotions[0]
        _log.info("promoted", extra={"promotion": str(bake.promotion)})
