"""Deregister an image that is not to be launched."""

from __future__ import annotations

import logging

from baker.messages import bake as messages
from baker.model.answer import Succeed
from baker.steps.state import Bake

_log = logging.getLogger(__name__)


def discard_unusable_image(bake: Bake) -> None:
    """Deregister the image that EC2 could not make.

    Raises:
        BakeError: with EC2's reason, when it is not available.
    """
    image = bake.image
    assert image
    if image.state != "available":
        left = _deregister(bake, image.id)
        raise messages.IMAGE_UNUSABLE.error(
            image=image.id, state=image.state, reason=image.reason, left=left
        )


def superseded(bake: Bake, by: str) -> Succeed:
    """Deregister the image because the newer execution bakes; the answer.

    An image that a target holds already stays, as instances may launch from it: retention removes
    it later.
    """
    assert bake.image
    if any(place.promotion for place in bake.placements):
        return Succeed(messages.SUPERSEDED(by=by))
    left = _deregister(bake, bake.image.id)
    return Succeed(messages.SUPERSEDED_AND_DEREGISTERED(by=by, image=bake.image.id, left=left))


def _deregister(bake: Bake, image: str) -> str:
    """Returns a remark on the snapshots that were not deleted."""
    results = bake.aws.images.deregister(image)
    _log.info("image deregistered", extra={"image": image, "snapshots": results})
    left = [f"{snapshot} ({word})" for snapshot, word in results.items() if word != "success"]
    return messages.SNAPSHOTS_LEFT(snapshots=", ".join(left)) if left else ""
