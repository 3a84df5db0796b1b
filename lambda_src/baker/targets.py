"""Where an image is put: a list of targets, each with what it holds and how it takes an image.

Another kind of target is another class here with the methods of `LatestVersion`, added to `Target`
and to the list in `targets`. The steps and an undo go through the whole list; retention removes
versions of the first target alone, and what another one launches counts as in use.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from baker.aws.launch_templates import LaunchTemplates
from baker.decisions.fit import check_group_launches_latest, check_volumes
from baker.model.answer import Promotion
from baker.model.group import AutoScalingGroup
from baker.model.image import Image
from baker.model.launch_template import LaunchTemplateVersion

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class LatestVersion:
    """The newest version of the launch template, which the Auto Scaling group launches."""

    templates: LaunchTemplates
    launch_template_id: str

    def current(self) -> LaunchTemplateVersion:
        """What it holds.

        Raises:
            ConfigurationError: when the launch template does not exist.
        """
        return self.templates.latest(self.launch_template_id)

    def read(self, image: Image | None = None) -> Placement:
        """What it holds, and how it holds an image.

        What it holds is read first: a version that another invocation makes in between is made on
        top of the same one, and so, with the same client token, only once.

        Raises:
            ConfigurationError: when the launch template does not exist.
        """
        current = self.current()
        return Placement(self, current, self._promotion_of(image, current) if image else None)

    def history(self) -> Sequence[LaunchTemplateVersion]:
        """What it holds and held, the newest first.

        Raises:
            ConfigurationError: when the launch template does not exist.
        """
        return self.templates.versions(self.launch_template_id)

    def check_launched_by(self, group: AutoScalingGroup) -> None:
        """Make sure that the group launches from it.

        Raises:
            ConfigurationError: when it launches something else.
        """
        check_group_launches_latest(group, self.launch_template_id)

    def check_fits(self, current: LaunchTemplateVersion, image: Image) -> None:
        """Make sure that instances can be launched from the image.

        Raises:
            ConfigurationError: when a volume of the template is too small for it.
        """
        check_volumes(current, image)

    def _promotion_of(self, image: Image, current: LaunchTemplateVersion) -> Promotion | None:
        """When the image was put here. Once is enough, even when others made versions since:
        Terraform with other settings, or an undo, which a retry of the stage must not take back.

        Args:
            current: what it holds, which the list of the image's versions may lack: EC2 is
                eventually consistent.
        """
        versions = self.templates.versions_of(self.launch_template_id, image.id)
        if versions:
            return promotion_by(versions[-1])
        return promotion_by(current) if current.image_id == image.id else None

    def put(self, current: LaunchTemplateVersion, image: Image, why: str) -> Promotion | None:
        """Make a version like ``current``, but with ``image``, which must fit (`check_fits`).

        EC2 makes a version on top of whatever is there. When somebody else made one since
        ``current`` was read, the new version would undo theirs, so it is deleted.

        Args:
            why: goes into the version's description; the same text makes the same version once.

        Returns:
            nothing when another version came in between and ``current`` has to be read again.
        """
        created = self.templates.create_version_with_image(current, image.id, why)
        if self._is_next(current.number, created.number):
            return promotion_by(created)
        self.templates.delete_versions(created.launch_template_id, [created.number])
        _log.info("version deleted", extra={"version": created.number, "source": current.number})
        return None

    def _is_next(self, source: int, created: int) -> bool:
        """Whether no version lies in between; numbers of deleted versions are not used again."""
        if created == source + 1:
            return True
        return not self.templates.versions_between(self.launch_template_id, source, created)


def promotion_by(version: LaunchTemplateVersion) -> Promotion:
    """The promotion that a version is."""
    return Promotion(version.image_id or "", version.launch_template_id, version.number)


# A union as soon as there is another kind.
Target = LatestVersion


@dataclass
class Placement:
    """A target as it was read, and how it holds the image that is looked for, if it does."""

    target: Target
    current: LaunchTemplateVersion
    promotion: Promotion | None = None


def targets(templates: LaunchTemplates, launch_template_id: str) -> tuple[Target, ...]:
    """All targets of a pipeline's images; the bake's answer names the first one."""
    return (LatestVersion(templates, launch_template_id),)
