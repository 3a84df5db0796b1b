"""Wait while EC2 makes the image."""

from __future__ import annotations

from baker.messages import bake as messages
from baker.model.answer import ContinuationToken, Continue
from baker.steps.state import Bake


def wait_for_image(bake: Bake) -> Continue | None:
    """Ask for another invocation as long as the image is pending."""
    assert bake.image
    if bake.image.state != "pending":
        return None
    return Continue(
        messages.IMAGE_PENDING(image=bake.image.id), ContinuationToken(image_id=bake.image.id)
    )
