"""Who uses an image, apart from what the inventory shows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from baker import limits
from baker.aws.clients import batches
from baker.invocation import Invocation
from baker.messages import cleanup as messages
from baker.model.image import Image


def unused(
    invocation: Invocation,
    images: Sequence[Image],
    reasons: dict[str, str],
    except_group: str | None = None,
) -> Iterator[Image]:
    """Those of the images that nobody uses, asked for as they are wanted.

    Args:
        reasons: why images stay, by their ids; what is found is added.
        except_group: an Auto Scaling group whose instances do not count.
    """

    def without_reason(some: Iterable[Image]) -> list[Image]:
        return [image for image in some if image.id not in reasons]

    for batch in batches(without_reason(images), limits.FILTER_VALUES):
        reasons.update(_instances_of(invocation, batch, except_group))
        for few in batches(without_reason(batch), limits.DESCRIBE_IMAGE_REFERENCES):
            reasons.update(_references(invocation, few))
            reasons.update(_shares(invocation, without_reason(few)))
            yield from without_reason(few)


def _instances_of(
    invocation: Invocation, images: Sequence[Image], except_group: str | None
) -> dict[str, str]:
    """Which of the images instances use, those of warm pools and stopped ones included."""
    instances = invocation.aws.instances.filtered(
        {
            "image-id": [image.id for image in images],
            "instance-state-name": ["pending", "running", "shutting-down", "stopping", "stopped"],
        }
    )
    return {
        instance.image_id: messages.USED_BY_INSTANCE(instance=instance.id)
        for instance in instances
        if except_group is None or instance.group_name != except_group
    }


def _references(invocation: Invocation, images: Sequence[Image]) -> dict[str, str]:
    """Which of the images are in use elsewhere than in the own launch template."""
    own = f":launch-template/{invocation.settings.launch_template_id}"
    return {
        image: messages.USED_BY_RESOURCE(arn=arn)
        for image, arn in invocation.aws.images.references([image.id for image in images])
        if not arn.endswith(own)
    }


def _shares(invocation: Invocation, images: Sequence[Image]) -> dict[str, str]:
    """Which of the images are shared; EC2 shows it for one image at a time."""
    is_shared = invocation.aws.images.is_shared
    return {image.id: messages.SHARED() for image in images if is_shared(image.id)}
