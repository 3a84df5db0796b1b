"""The fleet's group, launch template and images in AWS, and how an image gets into the template."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from botocore.exceptions import ClientError

from baker.aws import Aws
from baker.errors import ConfigurationError
from baker.fleet import Group, LaunchTemplateVersion
from baker.image import PIPELINE_TAG, Image
from baker.settings import Settings

_log = logging.getLogger(__name__)
_DESCRIPTION_LIMIT = 255


def group_of(aws: Aws, settings: Settings) -> Group:
    """The group, which launches what a new version says.

    Raises:
        ConfigurationError: when there is no such group, or it launches something else.
    """
    found = aws.describe_auto_scaling_group(settings.auto_scaling_group_name)
    if found is None:
        raise ConfigurationError(
            f"Auto Scaling group {settings.auto_scaling_group_name} does not exist: correct "
            "auto_scaling_group_name of the baker module."
        )
    group = Group.from_api(found)
    group.check_launches(settings.launch_template_id)
    return group


def latest_version(aws: Aws, settings: Settings) -> LaunchTemplateVersion:
    with _known_template(settings):
        version = aws.describe_latest_launch_template_version(settings.launch_template_id)
    return LaunchTemplateVersion.from_api(version)


def versions(aws: Aws, settings: Settings, **which: Any) -> list[LaunchTemplateVersion]:
    """All versions, or those that ``which`` (parameters of DescribeLaunchTemplateVersions) says;
    the newest first."""
    with _known_template(settings):
        found = aws.describe_launch_template_versions(settings.launch_template_id, **which)
    return sorted(map(LaunchTemplateVersion.from_api, found), key=lambda version: -version.number)


def versions_of(aws: Aws, settings: Settings, image_id: str) -> list[LaunchTemplateVersion]:
    """The versions that name an image, the newest first."""
    return versions(aws, settings, Filters=[{"Name": "image-id", "Values": [image_id]}])


def images_of_pipeline(aws: Aws, settings: Settings) -> list[Image]:
    """The images of this account that carry the pipeline's tag."""
    found = aws.describe_own_images({f"tag:{PIPELINE_TAG}": [settings.pipeline_name]})
    return [Image.from_api(image) for image in found]


def image_of(aws: Aws, version: LaunchTemplateVersion) -> Image | None:
    """The image of a version, which may be gone."""
    image = aws.describe_image(version.image_id) if version.image_id else None
    return Image.from_api(image) if image else None


def put_into_template(
    aws: Aws, settings: Settings, latest: LaunchTemplateVersion, image: Image, why: str
) -> LaunchTemplateVersion | None:
    """Make a version like ``latest``, but with ``image``.

    EC2 makes a version on top of whatever is there. When somebody else made one since ``latest``
    was read, the new version would undo theirs, so it is taken back.

    Args:
        why: goes into the version's description; the same text makes the same version once.

    Returns:
        the version; nothing when another one came in between and ``latest`` has to be read again.
    """
    latest.check_fits(image)
    answer = aws.create_launch_template_version(
        settings.launch_template_id,
        latest.number,
        image.id,
        f"{image.id}, {why}"[:_DESCRIPTION_LIMIT],
        latest.client_token(image.id, why),
    )
    for warning in answer.get("Warning", {}).get("Errors", []):
        _log.warning("launch template version has a warning", extra={"warning": warning})
    created = LaunchTemplateVersion.from_api(answer["LaunchTemplateVersion"])
    if _is_next(aws, settings, latest.number, created.number):
        return created
    aws.delete_launch_template_versions(settings.launch_template_id, [created.number])
    _log.info("version taken back", extra={"version": created.number, "source": latest.number})
    return None


def _is_next(aws: Aws, settings: Settings, source: int, created: int) -> bool:
    """Whether no version lies in between; numbers of deleted versions are not used again."""
    if created == source + 1:
        return True
    between = versions(aws, settings, MinVersion=str(source + 1), MaxVersion=str(created - 1))
    return not between


@contextmanager
def _known_template(settings: Settings) -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if code in ("InvalidLaunchTemplateId.NotFound", "InvalidLaunchTemplateId.Malformed"):
            raise ConfigurationError(
                f"Launch template {settings.launch_template_id} does not exist: correct "
                "launch_template_id of the baker module."
            ) from None
        raise
