"""Undo: put an earlier image back into the launch template."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from baker.aws import Aws
from baker.errors import BakeError, ConfigurationError
from baker.fleet import LaunchTemplateVersion
from baker.image import REPLACED, RESTORED, UNDO_TAG, Image, timestamp
from baker.settings import Settings
from baker.template import (
    group_of,
    images_of_pipeline,
    latest_version,
    put_into_template,
    versions,
)

_ATTEMPTS = 3


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
        known = {"image", "bad"}
        if not isinstance(event, dict) or event.keys() - known:
            # Not what is in it: that may be a job of a pipeline, with its credentials.
            got = f"has the keys {sorted(event)}" if isinstance(event, dict) else f"is {event!r}"
            raise ConfigurationError(
                'undo must be an object with the keys "image" and "bad", or one of them, or none: '
                f'{{"undo": {{}}}} puts the previous image back. It {got[:200]}.'
            )
        for key, value in event.items():
            if not isinstance(value, str) or not value.startswith("ami-"):
                raise ConfigurationError(f"{key} must be the id of an image; it is {value!r}.")
        return cls(**event)


def undo(aws: Aws, settings: Settings, request: Request, request_id: str) -> dict[str, Any]:
    """Make a launch template version with an earlier image.

    Both images are tagged, so that retention keeps them, and that a second undo goes back further.

    Args:
        request_id: of the invocation; Lambda gives it to a retry again.

    Returns:
        what was done: ``image_id``, ``launch_template_version``, ``replaced_image_id`` (not told to
        a retry), ``summary``.

    Raises:
        BakeError: when there is no such image, or nothing to undo.
    """
    for _ in range(_ATTEMPTS):
        latest = latest_version(aws, settings)
        known = versions(aws, settings)
        for done in (latest, *known):
            # Others may have made versions since, which a retry must not undo.
            if done.description.endswith(request_id):
                return _report(done, None)
        bad = latest.image_id
        if request.bad not in (None, bad):
            raise BakeError(
                f"{settings.launch_template_id} launches {bad}, not {request.bad}: nothing was "
                "changed."
            )
        images = {image.id: image for image in images_of_pipeline(aws, settings)}
        image = _wanted(settings, request, bad, images, known)
        group_of(aws, settings)
        latest.check_fits(image)
        now = timestamp(datetime.datetime.now(datetime.UTC))
        aws.create_tags([image.id], {UNDO_TAG: f"{RESTORED} {now}"})
        if bad in images:
            aws.create_tags([bad], {UNDO_TAG: f"{REPLACED} {now}"})
        why = f"undo of {bad}, request {request_id}"
        version = put_into_template(aws, settings, latest, image, why)
        if version:
            return _report(version, bad)
    raise BakeError(
        f"{settings.launch_template_id} is being changed by others; nothing was put back. "
        "Try again."
    )


def _wanted(
    settings: Settings,
    request: Request,
    bad: str | None,
    images: Mapping[str, Image],
    known: Sequence[LaunchTemplateVersion],
) -> Image:
    """The image to put back: the one that was asked for, or the last one before ``bad``."""
    if request.image is None:
        earlier = (images.get(version.image_id or "") for version in known)
        for image in earlier:
            if image and image.id != bad and image.state == "available" and image.undo != REPLACED:
                return image
        raise BakeError(
            f"{settings.launch_template_id} has no version before {bad} with an image of pipeline "
            f"{settings.pipeline_name} that is available and was not undone: there is nothing to "
            "put back."
        )
    if request.image == bad:
        raise BakeError(f"{settings.launch_template_id} launches {bad} already.")
    wanted = images.get(request.image)
    if wanted is None:
        raise BakeError(
            f"{request.image} is no image of pipeline {settings.pipeline_name} in this account: "
            "only such an image can be put back."
        )
    if wanted.state != "available":
        raise BakeError(f"{wanted.id} is {wanted.state}: it cannot be launched. Choose another.")
    return wanted


def _report(version: LaunchTemplateVersion, replaced: str | None) -> dict[str, Any]:
    return {
        "image_id": version.image_id,
        "launch_template_version": version.number,
        "replaced_image_id": replaced,
        "summary": f"Image {version.image_id} is version {version.number} of "
        f"{version.launch_template_id}. Instances launched from now on start from it; running ones "
        "stay as they are. CodeDeploy still installs the last successful revision on every new "
        "instance: deploy the earlier revision to go back to that as well.",
    }
