"""Put the image where new instances launch from."""

from __future__ import annotations

import logging

from baker.messages import bake as messages
from baker.model.answer import ContinuationToken, Continue, Succeed
from baker.steps.discard_image import superseded
from baker.steps.state import Bake
from baker.targets import Placement, targets

_log = logging.getLogger(__name__)


def find_promotion(bake: Bake) -> None:
    """Leave the targets in the bake, and the promotion if the image is in all of them.

    What a target holds is read before it is asked for the image: a version that another invocation
    makes in between is made on top of the same one, and so, with the same client token, only once.
    """
    assert bake.image
    for target in targets(bake.aws, bake.settings):
        current = target.current()
        bake.placements += (Placement(target, current, target.promotion_of(bake.image, current)),)
    _note_promotion(bake)


def promote(bake: Bake) -> Continue | Succeed | None:
    """Put the image into the targets that do not hold it; leave the promotion in the bake.

    Raises:
        ConfigurationError: when the group would not launch it, or it could not be launched.
    """
    image = bake.image
    assert image and bake.deployment
    why = f"revision {bake.job.revision}, execution {bake.job.execution}"
    placed: list[Placement] = []
    for place in bake.placements:
        if place.promotion:
            placed.append(place)
            continue
        current = place.current
        launched = bake.aws.images.find(current.image_id) if current.image_id else None
        if launched and launched.newer_than(bake.deployment.created, bake.settings.pipeline_name):
            return superseded(bake, f"image {launched.id}")
        place.target.check_launched_by(bake.aws.groups.get(bake.settings.auto_scaling_group_name))
        promotion = place.target.put(current, image, why)
        if promotion is None:
            return Continue(
                messages.LAUNCH_TEMPLATE_CHANGED(
                    launch_template=current.launch_template_id, image=image.id
                ),
                ContinuationToken(image_id=image.id),
            )
        placed.append(Placement(place.target, current, promotion))
    bake.placements = tuple(placed)
    _note_promotion(bake)
    return None


def _note_promotion(bake: Bake) -> None:
    promotions = [place.promotion for place in bake.placements]
    if None not in promotions:
        bake.promotion = promotions[0]
        _log.info("promoted", extra={"promotion": str(bake.promotion)})
