"""Where an image is put: a list of targets, each with what it holds and how it takes an image."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from baker.aws import Aws
from baker.decisions.fit import check_group_launches_latest, check_volumes
from baker.model.answer import Promotion
from baker.model.group import AutoScalingGroup
from baker.model.image import Image
from baker.model.launch_template import LaunchTemplateVersion
from baker.model.settings import Settings

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class LatestVersion:
    """The newest version of the launch template, which the Auto Scaling group launches."""

    aws: Aws
    settings: Settings

    def current(self) -> LaunchTemplateVersion:
        """What it holds.

        Raises:
            ConfigurationError: when the launch template does not exist.
        """
        return self.aws.launch_templates.latest(self.settings.launch_template_id)

    def check_launched_by(self, group: AutoScalingGroup) -> None:
        """Make sure that the group launches from it.

        Raises:
            ConfigurationError: when it launches something else.
        """
        check_group_launches_latest(group, self.settings.launch_template_id)

    def check_fits(self, current: LaunchTemplateVersion, image: Image) -> None:
        """Make sure that instances can be launched from the image.

        Raises:
            ConfigurationError: when a volume of the template is too small for it.
        """
        check_volumes(current, image)

    def promotion_of(self, image: Image, current: LaunchTemplateVersion) -> Promotion | None:
        """When the image was put here. Once is enough, even when others made versions since:
        Terraform with other settings, or an undo, which a retry of the stage must not take back.

        Args:
            current: what the target holds, which the list of the image's versions may lack: EC2 is
                eventually consistent.
        """
        versions = self.aws.launch_templates.versions_of(self.settings.launch_template_id, image.id)
        if versions:
            return promotion_by(versions[-1])
        return promotion_by(current) if current.image_id == image.id else None

    def put(self, current: LaunchTemplateVersion, image: Image, why: str) -> Promotion | None:
        """Make a version like ``current``, but with ``image``.

        EC2 makes a version on top of whatever is there. When somebody else made one since
        ``current`` was read, the new version would undo theirs, so it is deleted.

        Args:
            why: goes into the version's description; the same text makes the same version once.

        Returns:
            nothing when another version came in between and ``current`` has to be read again.

        Raises:
            ConfigurationError: when nothing could be launched from the image.
        """
        self.check_fits(current, image)
        templates = self.aws.launch_templates
        created = templates.create_version_with_image(current, image.id, why)
        if self._is_next(current.number, created.number):
            return promotion_by(created)
        templates.delete_versions(created.launch_template_id, [created.number])
        _log.info("version deleted", extra={"version": created.number, "source": current.number})
        return None

    def _is_next(self, source: int, created: int) -> bool:
        """Whether no version lies in between; numbers of deleted versions are not used again."""
        if created == source + 1:
            return True
        return not self.aws.launch_templates.versions_between(
            self.settings.launch_template_id, source, created
        )


def promotion_by(version: LaunchTemplateVersion) -> Promotion:
    """The promotion that a version is."""
    return Promotion(version.image_id or "", version.launch_template_id, version.number)


@dataclass(frozen=True)
class Placement:
    """A target as it was read, and how it holds the image that is looked for, if it does."""

    target: LatestVersion
    current: LaunchTemplateVersion
    promotion: Promotion | None = None


def targets(aws: Aws, settings: Settings) -> tuple[LatestVersion, ...]:
    """All targets of the pipeline's images."""
    return (LatestVersion(aws, settings),)
