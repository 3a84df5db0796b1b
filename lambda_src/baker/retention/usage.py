"""Who uses an image, apart from what the inventory shows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from baker import limits
from baker.aws import Aws
from baker.aws.clients import batches
from baker.messages import cleanup as messages
from baker.model.image import Image
from baker.model.settings import Settings


def unused(
    aws: Aws,
    settings: Settings,
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
        reasons.update(_instances_of(aws, batch, except_group))
        for few in batches(without_reason(batch), limits.DESCRIBE_IMAGE_REFERENCES):
            reasons.update(_references(aws, settings, few))
            reasons.update(_shares(aws, without_reason(few)))
            yield from without_reason(few)


def _instances_of(aws: Aws, images: Sequence[Image], except_group: str | None) -> dict[str, str]:
    """Which of the images instances use, those of warm pools and stopped ones included."""
    instances = aws.instances.filtered(
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


def _references(aws: Aws, settings: Settings, images: Sequence[Image]) -> dict[str, str]:
    """Which of the images are in use elsewhere than in the own launch template."""
    own = f":launch-template/{settings.launch_template_id}"
    return {
        image: messages.USED_BY_RESOURCE(arn=arn)
        for image, arn in aws.images.references([image.id for image in images])
        if not arn.endswith(own)
    }


def _shares(aws: Aws, images: Sequence[Image]) -> dict[str, str]:
    """Which of the images are shared; EC2 shows it for one image at a time."""
    return {image.id: messages.SHARED() for image in images if aws.images.is_shared(image.id)}
