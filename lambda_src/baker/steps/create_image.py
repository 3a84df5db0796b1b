"""Make the image."""

from __future__ import annotations

import logging

from baker.aws.images import NameTaken
from baker.decisions.fit import check_architecture
from baker.messages import bake as messages
from baker.model.answer import ContinuationToken, Continue
from baker.model.image import TAG_PREFIX, timestamp
from baker.steps.state import Bake

_log = logging.getLogger(__name__)


def create_image(bake: Bake, reboot: bool) -> Continue:
    """Image the source.

    Raises:
        ConfigurationError: when the launch template launches another architecture.
    """
    assert bake.source
    source = bake.aws.instances.get(bake.source)
    for place in bake.placements:
        check_architecture(place.current, source, bake.launched_by(place))
    tags = image_tags(bake, source.image_id)
    deployment = tags[TAG_PREFIX + "deployment"]
    description = f"Revision {bake.job.revision} as deployed by {deployment} to {source.id}"
    try:
        image = bake.aws.images.create(source.id, bake.image_name, description, tags, reboot)
    except NameTaken:
        return Continue(messages.IMAGE_NAME_RESERVED(name=bake.image_name))
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
        "Name": bake.image_name,
        **bake.settings.image_tags,
        **{TAG_PREFIX + key: value for key, value in provenance.items()},
    }
