"""What retention keeps and what it removes.

An image, its snapshots and the launch template versions that name it go together.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass

from baker.messages import cleanup as messages
from baker.model.group import AutoScalingGroup
from baker.model.image import EXECUTION_TAG, Image, Snapshot, timestamp
from baker.model.launch_template import LaunchTemplateVersion


@dataclass(frozen=True)
class Inventory:
    """What exists.

    Attributes:
        current: the image that new instances launch from.
        images: this pipeline's, of this account.
        versions: all of the launch template.
        groups: all Auto Scaling groups of the region.
    """

    current: Image
    images: Sequence[Image]
    versions: Sequence[LaunchTemplateVersion]
    groups: Sequence[AutoScalingGroup]


def expired_images(inventory: Inventory, keep: int) -> list[Image]:
    """The images beyond the newest ``keep``, and those that no bake finished; the oldest first.

    Whether they may go is not decided here, see `reasons_to_keep`.
    """
    named = {version.image_id for version in inventory.versions}
    began = min(timestamp(version.created) for version in inventory.versions)

    def is_unfinished(image: Image) -> bool:
        """A bake that was overtaken or given up left it: younger than the template, in no version
        of it, and with a newer image after it."""
        return (
            image.id not in named
            and began < image.created
            and image.order < inventory.current.order
        )

    def counts(image: Image) -> bool:
        return image.state == "available" and not image.undo and not is_unfinished(image)

    newest_first = sorted(inventory.images, key=lambda image: image.order, reverse=True)
    kept = {image.id for image in [i for i in newest_first if counts(i)][:keep]}
    return [
        image
        for image in reversed(newest_first)
        if image.id not in kept and image.order < inventory.current.order
    ]


def reasons_to_keep(inventory: Inventory, versions_in_use: Container[int]) -> dict[str, str]:
    """Why images must stay, by their ids, as far as the inventory shows."""
    reasons: dict[str, str] = {}
    for group in inventory.groups:
        for image_id in group.image_ids:
            reasons[image_id] = messages.USED_BY_GROUP(group=group.name)
    for version in inventory.versions:
        if version.number in versions_in_use and version.image_id:
            reasons[version.image_id] = messages.USED_BY_VERSION(version=version.number)
    for image in inventory.images:
        if image.undo:
            reasons[image.id] = messages.UNDONE(what=image.undo)
        elif image.state == "pending":
            reasons[image.id] = messages.BEING_MADE()
    reasons.update(own_reasons_to_keep(inventory.images))
    reasons[inventory.current.id] = messages.LAUNCHED()
    return reasons


def own_reasons_to_keep(images: Iterable[Image]) -> dict[str, str]:
    """Why images must stay, by their ids, as far as they show themselves."""
    reasons = {}
    for image in images:
        if image.deregistration_protected:
            reasons[image.id] = messages.PROTECTED()
        elif image.public:
            reasons[image.id] = messages.PUBLIC()
    return reasons


def versions_in_use(inventory: Inventory) -> set[int]:
    """``$Default``, ``$Latest`` and the versions that any Auto Scaling group names by number."""
    (template_id,) = {version.launch_template_id for version in inventory.versions}
    numbers = {version.number for version in inventory.versions if version.is_default}
    numbers.add(max(version.number for version in inventory.versions))
    for group in inventory.groups:
        for template in group.launch_templates:
            if template.id == template_id and template.version.isdecimal():
                numbers.add(int(template.version))
    return numbers


def expired_versions(
    inventory: Inventory, in_use: Container[int], going: Container[str], keep: int
) -> list[int]:
    """The launch template versions that go: first those of images that go, the oldest first.

    Of an image that stays, the newest version stays. Of images that are not this pipeline's, or
    gone, the newest ``keep`` versions stay, one of each image.

    Args:
        in_use: `versions_in_use`.
        going: ids of the images that are removed.
    """
    newest: dict[str | None, int] = {}
    for version in sorted(inventory.versions, key=lambda version: version.number):
        newest[version.image_id] = version.number
    own = {image.id for image in inventory.images}
    foreign = sorted(number for image_id, number in newest.items() if image_id not in own)
    staying = {number for image_id, number in newest.items() if image_id in own}
    staying.update(foreign[-keep:])
    expired = [
        version
        for version in inventory.versions
        if version.number not in in_use
        and (version.image_id in going or version.number not in staying)
    ]
    expired.sort(key=lambda version: (version.image_id not in going, version.number))
    return [version.number for version in expired]


def still_named(
    inventory: Inventory, going: Container[str], removed: Container[int]
) -> set[str | None]:
    """Those of the images that are to go which a version still names: they have to stay, while an
    image that stays without its versions is found again by the next bake."""
    return {
        version.image_id
        for version in inventory.versions
        if version.image_id in going and version.number not in removed
    }


def orphaned_snapshots(
    snapshots: Iterable[Snapshot], images: Iterable[Image], current: Image | None
) -> list[str]:
    """The snapshots whose image is gone, because deregistering it was cut off.

    Args:
        images: all that there are or were a moment ago.
        current: no younger snapshot counts, because its image may just be being made.
    """
    images = list(images)
    known = {snapshot for image in images for snapshot in image.snapshot_ids}
    pending = {image.execution for image in images if image.state == "pending"}
    return [
        snapshot.id
        for snapshot in snapshots
        if snapshot.id not in known
        and snapshot.state != "pending"
        and snapshot.tags.get(EXECUTION_TAG) not in pending
        and not (current and timestamp(snapshot.started) > current.created)
    ]
