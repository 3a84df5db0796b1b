"""Find the execution's image, whichever invocation made it."""

from __future__ import annotations

from baker.messages import bake as messages
from baker.steps.state import Bake


def find_image(bake: Bake) -> None:
    """Leave the image in the bake, if it exists.

    Raises:
        BakeError: when an image that this execution did not make has its name.
        NotYetVisible: when an image that was begun is not visible.
    """
    pipeline, execution = bake.settings.pipeline_name, bake.job.execution
    images = bake.aws.images.own({"name": [bake.image_name]})
    for image in images:
        if not (image.is_of(pipeline) and image.execution == execution):
            raise messages.FOREIGN_IMAGE.error(
                image=image.id, name=bake.image_name, execution=execution
            )
    if not images and bake.job.token.image_id:
        raise messages.IMAGE_NOT_VISIBLE.error(image=bake.job.token.image_id)
    bake.image = next(iter(images), None)
