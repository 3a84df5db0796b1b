"""What retention keeps and what goes; pure decisions over what was read from AWS.

An image, its snapshots and the launch template versions that name it go together.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from baker.fleet import LaunchTemplateVersion
from baker.image import Image, timestamp


@dataclass(frozen=True)
class Inventory:
    """What exists.

    Attributes:
        current: the image that the fleet launches now.
        images: this pipeline's, of this account.
        versions: all of the launch template.
        groups: all Auto Scaling groups (AutoScalingGroup of DescribeAutoScalingGroups).
    """

    current: Image
    images: Sequence[Image]
    versions: Sequence[LaunchTemplateVersion]
    groups: Sequence[Mapping[str, Any]]


def surplus(inventory: Inventory, keep: int) -> list[Image]:
    """The images beyond the newest ``keep``, and those that no bake finished; the oldest first.

    Whether they may go is not decided here, see `protected`.
    """
    named = {version.image_id for version in inventory.versions}
    began = min(_created(version) for version in inventory.versions)

    def is_left_over(image: Image) -> bool:
        """A bake that was overtaken or given up left it: younger than the template, in no version
        of it, and with a newer image after it."""
        return (
            image.id not in named
            and began < image.created
            and image.order < inventory.current.order
        )

    def counts(image: Image) -> bool:
        return image.state == "available" and not image.undo and not is_left_over(image)

    newest_first = sorted(inventory.images, key=lambda image: image.order, reverse=True)
    kept = {image.id for image in [i for i in newest_first if counts(i)][:keep]}
    return [
        image
        for image in reversed(newest_first)
        if image.id not in kept and image.order < inventory.current.order
    ]


def protected(inventory: Inventory, used_versions: Container[int]) -> dict[str, str]:
    """Why images must stay, by their ids, as far as the inventory says."""
    reasons: dict[str, str] = {}
    for group in inventory.groups:
        for image_id in _images_in_group(group):
            reasons[image_id] = f"Auto Scaling group {group['AutoScalingGroupName']} uses it"
    for version in inventory.versions:
        if version.number in used_versions and version.image_id:
            reasons[version.image_id] = f"launch template version {version.number} is in use"
    for image in inventory.images:
        if image.undo:
            reasons[image.id] = f"an undo has {image.undo} it"
        elif image.state == "pending":
            reasons[image.id] = "it is being made"
    reasons.update(protected_by_others(inventory.images))
    reasons[inventory.current.id] = "the fleet launches it"
    return reasons


def protected_by_others(images: Sequence[Image]) -> dict[str, str]:
    """Why images must stay, by their ids, as far as they say themselves."""
    reasons = {image.id: "it is public" for image in images if image.public}
    for image in images:
        if image.deregistration_protected:
            reasons[image.id] = "it is protected from deregistration"
    return reasons


def used_versions(inventory: Inventory) -> set[int]:
    """``$Default``, ``$Latest`` and the versions that any Auto Scaling group names by number."""
    (template_id,) = {version.launch_template_id for version in inventory.versions}
    numbers = {version.number for version in inventory.versions if version.is_default}
    numbers.add(max(version.number for version in inventory.versions))
    for group in inventory.groups:
        for specification in _specifications(group):
            number = specification.get("Version", "")
            if specification.get("LaunchTemplateId") == template_id and number.isdecimal():
                numbers.add(int(number))
    return numbers


def superfluous_versions(
    inventory: Inventory, used: Container[int], going: Container[str], keep: int
) -> list[int]:
    """The launch template versions that go, the oldest first.

    Of an image that stays, the newest version stays. Of images that are not this pipeline's, or
    gone, the newest ``keep`` versions stay, one of each image.

    Args:
        used: `used_versions`.
        going: ids of the images that are removed.
    """
    newest: dict[str | None, int] = {}
    for version in sorted(inventory.versions, key=lambda version: version.number):
        newest[version.image_id] = version.number
    own = {image.id for image in inventory.images}
    foreign = sorted(number for image_id, number in newest.items() if image_id not in own)
    staying = {number for image_id, number in newest.items() if image_id in own}
    staying.update(foreign[-keep:])
    return sorted(
        version.number
        for version in inventory.versions
        if version.number not in used
        and (version.image_id in going or version.number not in staying)
    )


def _created(version: LaunchTemplateVersion) -> str:
    assert version.created
    return timestamp(version.created)


def _specifications(group: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
    """The launch templates that a group names, with their versions."""
    if group.get("LaunchTemplate"):
        yield group["LaunchTemplate"]
    mixed = group.get("MixedInstancesPolicy", {}).get("LaunchTemplate", {})
    if mixed.get("LaunchTemplateSpecification"):
        yield mixed["LaunchTemplateSpecification"]
    for override in mixed.get("Overrides", []):
        if override.get("LaunchTemplateSpecification"):
            yield override["LaunchTemplateSpecification"]


def _images_in_group(group: Mapping[str, Any]) -> Iterable[str]:
    """Images that a group names itself: in overrides, and where it replaced root volumes."""
    mixed = group.get("MixedInstancesPolicy", {}).get("LaunchTemplate", {})
    for item in [*mixed.get("Overrides", []), *group.get("Instances", [])]:
        if item.get("ImageId"):
            yield item["ImageId"]
