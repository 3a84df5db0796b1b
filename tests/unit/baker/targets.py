"""An account in memory, as far as targets, a promotion and an undo ask it."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

from baker.invocation import Invocation
from baker.limits import RemovalLimits
from baker.model.image import Image
from baker.model.launch_template import LaunchTemplateVersion
from baker.targets import LatestVersion
from unit.baker.samples import a_group, a_settings, a_version


class Templates:
    """A launch template with a version of each of these images, the first one's first.

    Attributes:
        made_by_others: how many versions others still make, each just before ours.
    """

    def __init__(self, *images: str, made_by_others: int = 0) -> None:
        self.all = [a_version(number, image) for number, image in enumerate(images, start=1)]
        self.made_by_others = made_by_others

    def latest(self, launch_template: str) -> LaunchTemplateVersion:
        return self.all[-1]

    def versions(self, launch_template: str) -> list[LaunchTemplateVersion]:
        return self.all[::-1]

    def versions_of(self, launch_template: str, image: str) -> list[LaunchTemplateVersion]:
        return [version for version in self.all[::-1] if version.image_id == image]

    def versions_between(
        self, launch_template: str, low: int, high: int
    ) -> list[LaunchTemplateVersion]:
        return [version for version in self.all[::-1] if low < version.number < high]

    def create_version_with_image(
        self, source: LaunchTemplateVersion, image: str, why: str
    ) -> LaunchTemplateVersion:
        if self.made_by_others:
            self.made_by_others -= 1
            self._add(source.image_id, "of others")
        return self._add(image, f"{image}, {why}")

    def _add(self, image: str | None, description: str) -> LaunchTemplateVersion:
        version = a_version(self.all[-1].number + 1, image)
        self.all.append(dataclasses.replace(version, description=description))
        return self.all[-1]

    def delete_versions(self, launch_template: str, numbers: Sequence[int]) -> None:
        self.all = [version for version in self.all if version.number not in numbers]

    @property
    def images(self) -> list[str | None]:
        return [version.image_id for version in self.all]


class Images:
    """The account's images.

    Attributes:
        tags: that were set, in order: image, and the first word of its value.
    """

    def __init__(self, images: Sequence[Image]) -> None:
        self._all = {image.id: image for image in images}
        self.deregistered: list[str] = []
        self.tags: list[tuple[str, str]] = []

    def of_pipeline(self, pipeline: str) -> list[Image]:
        return list(self._all.values())

    def find(self, image: str) -> Image | None:
        return self._all.get(image)

    def deregister(self, image: str) -> dict[str, str]:
        self.deregistered.append(image)
        return {}

    def tag(self, image: str, key: str, value: str) -> None:
        self.tags.append((image, value.split()[0]))


def an_invocation(*templates: Templates, images: Sequence[Image] = (), **parts: Any) -> Invocation:
    """An invocation with a target for each of the launch templates, all of which are lt-1."""
    usual = {"groups": SimpleNamespace(get=lambda _: a_group()), "images": Images(images)}
    aws: Any = SimpleNamespace(**{**usual, **parts})
    targets = tuple(LatestVersion(template, "lt-1") for template in templates)  # type: ignore[arg-type]
    return Invocation(aws, a_settings(), targets, RemovalLimits())
