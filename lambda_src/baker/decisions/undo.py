"""Which image an undo puts back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from baker.messages import undo as messages
from baker.model.image import REPLACED, Image
from baker.model.launch_template import LaunchTemplateVersion


@dataclass(frozen=True)
class Request:
    """``{"undo": {"image": "ami-...", "bad": "ami-..."}}``, both of them optional.

    Attributes:
        image: the image to put back; without it, the one before what is launched now.
        bad: the image to take away; when another one is launched now, nothing is done.
    """

    image: str | None = None
    bad: str | None = None

    @classmethod
    def from_event(cls, event: Any) -> Request:
        """Read ``event["undo"]``.

        Raises:
            ConfigurationError: when it is something else.
        """
        if not isinstance(event, dict) or event.keys() - {"image", "bad"}:
            # Not what is in it: that may be a job of a pipeline, with its credentials.
            got = f"has the keys {sorted(event)}" if isinstance(event, dict) else f"is {event!r}"
            raise messages.INVALID_REQUEST.error(got=got[:200])
        for key, value in event.items():
            if not isinstance(value, str) or not value.startswith("ami-"):
                raise messages.INVALID_IMAGE_ID.error(key=key, value=value)
        return cls(**event)


def choose_image(
    request: Request,
    latest: LaunchTemplateVersion,
    versions: Sequence[LaunchTemplateVersion],
    images: Mapping[str, Image],
    pipeline: str,
) -> Image:
    """The image to put back: the one that was asked for, or the last one before the current one.

    Args:
        latest: what is launched now.
        versions: the newest first.
        images: of the pipeline, by their ids.

    Raises:
        BakeError: when there is no such image, or nothing to undo.
    """
    template, current = latest.launch_template_id, latest.image_id
    if request.bad not in (None, current):
        raise messages.OTHER_IMAGE_LAUNCHED.error(
            launch_template=template, image=current, bad=request.bad
        )
    if request.image is None:
        for image in (images.get(version.image_id or "") for version in versions):
            if image and image.id != current and _can_return(image):
                return image
        raise messages.NO_EARLIER_IMAGE.error(
            launch_template=template, image=current, pipeline=pipeline
        )
    if request.image == current:
        raise messages.LAUNCHED_ALREADY.error(launch_template=template, image=current)
    wanted = images.get(request.image)
    if wanted is None:
        raise messages.NOT_OF_PIPELINE.error(image=request.image, pipeline=pipeline)
    if wanted.state != "available":
        raise messages.NOT_AVAILABLE.error(image=wanted.id, state=wanted.state)
    return wanted


def _can_return(image: Image) -> bool:
    return image.state == "available" and image.undo != REPLACED
