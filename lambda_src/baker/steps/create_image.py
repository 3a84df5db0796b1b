"""Make the image."""

from __future__ import annotations

import logging

from baker.aws.images import NameTaken
from baker.decisions.fit import check_architecture
from baker.messages import bake as messages
from baker.model.answer import ContinuationToken, Continue
from baker.model.image import TAG_PREFIX, image_name, timestamp
from baker.steps.state import Bake

_log = logging.getLogger(__name__)


def create_image(bake: Bake, reboot: bool) -> Continue:
    """Image the source.

    Raises:
        ConfigurationError: when the launch template launches another architecture.
    """
    assert bake.source
    source = bake.aws.instances.get(bake.source)
    for placement in bake.placements:
        current = placement.current
        launched = bake.aws.images.find(current.image_id) if current.image_id else None
        check_architecture(current, source, launched)
    name = image_name(bake.settings.pipeline_name, bake.job.execution)
    tags = image_tags(bake, source.image_id)
    deployment = tags[TAG_PREFIX + "deployment"]
    description = f"Revision {bake.job.revision} as deployed by {deployment} to {source.id}"
    try:
        image = bake.aws.images.create(source.id, name, description, tags, reboot)
    except NameTaken:
        return Continue(messages.IMAGE_NAME_RESERVED(name=name))
    _log.info("image requested", extra={"image": image, "source": source.id})
    return Continue(
        messages.CREATING_IMAGE(image=image, instance=source.id), ContinuationToken(image_id=image)
    )


def image_tags(bake: Bake, base_image: str) -> dict[str, str]:
    """The tags of the image and its snapshots: the user's own, and where they come from."""
    assert bake.source and bake.deployment
    provenance = {
        "pipeline": bake.settings.pipeline_name,
        "execution": bake.job.execution,
        "deployment": bake.deployment.id,
        "deployed-at": timestamp(bake.deployment.created),
        "revision": bake.job.revision,
        "source-instance": bake.source,
        "base-image": base_image,
    }
    return {
        "Name": image_name(bake.settings.pipeline_name, bake.job.execution),
        **bake.settings.image_tags,
        **{TAG_PREFIX + key: value for key, value in provenance.items()},
    }
