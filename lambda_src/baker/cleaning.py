"""Removing what retention does not keep. It fails closed: what cannot be read is in use."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from botocore.exceptions import ClientError

from baker.aws import Aws, batches
from baker.errors import BakeError
from baker.image import EXECUTION_TAG, PIPELINE_TAG, Image, timestamp
from baker.retention import (
    Inventory,
    protected,
    protected_by_others,
    superfluous_versions,
    surplus,
    used_versions,
)
from baker.settings import Settings
from baker.template import images_of_pipeline, versions

# What one bake removes at most; the rest goes with the next ones.
MOST_IMAGES = 20
MOST_ORPHANS = 20
MOST_VERSIONS = 200

# What one request takes (Amazon EC2 API Reference).
_FILTER_VALUES_LIMIT = 200
_REFERENCES_LIMIT = 10
_LONGEST_LIST = 5
_log = logging.getLogger(__name__)


@dataclass
class Report:
    """What was removed, what was kept although it is old, and what went wrong."""

    dry_run: bool = False
    images: list[str] = field(default_factory=list)
    snapshots: list[str] = field(default_factory=list)
    versions: list[int] = field(default_factory=list)
    kept: dict[str, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        """For the pipeline's summary; empty when there was nothing to do."""
        parts = []
        counted = [
            _count(self.images, "image"),
            _count(self.snapshots, "snapshot"),
            _count(self.versions, "launch template version"),
        ]
        if any(counted):
            removed = "Would remove (dry run)" if self.dry_run else "Removed"
            listed = f": {_listed(self.images)}" if self.images else ""
            parts.append(f"{removed} {', '.join(filter(None, counted))}{listed}.")
        if self.kept:
            reasons = [f"{image} ({reason})" for image, reason in self.kept.items()]
            parts.append(f"Kept although old: {_listed(reasons)}.")
        parts += [f"Not cleaned: {problem}." for problem in self.problems]
        return " ".join(parts)


def clean(aws: Aws, settings: Settings, image_id: str, version: int) -> Report:
    """Remove what retention does not keep, after a bake.

    Args:
        image_id: the image that was just promoted ...
        version: ... as this version of the launch template.
    """
    report = Report(dry_run=settings.dry_run)
    try:
        _clean(aws, settings, image_id, version, report)
    except Exception as error:
        # Nothing of this may fail a bake that is done.
        _log.exception("retention")
        report.problems.append(f"{type(error).__name__}: {error}")
    _log.info("retention", extra={"report": vars(report)})
    return report


def remove_all(aws: Aws, settings: Settings) -> Report:
    """Remove all images and snapshots of this pipeline that nobody else uses, before its group and
    launch template are destroyed.

    Raises:
        BakeError: when something stays, with the reasons.
    """
    report = Report()
    images = _own_images(aws, settings)
    reasons = protected_by_others(images)
    for image in _unused(aws, settings, images, reasons, settings.auto_scaling_group_name):
        _deregister(aws, image, report)
    _delete_orphans(aws, settings, images, report)
    report.problems += [f"image {image_id} stays: {why}" for image_id, why in reasons.items()]
    if report.problems:
        raise BakeError(
            f"{report} Remove what uses them, or set delete_images_on_destroy to false and apply; "
            "then destroy again."
        )
    return report


def _clean(aws: Aws, settings: Settings, image_id: str, version: int, report: Report) -> None:
    inventory = _read(aws, settings, image_id, version)
    used = used_versions(inventory)
    reasons = protected(inventory, used)
    old = surplus(inventory, settings.keep)
    going = list(islice(_unused(aws, settings, old, reasons), MOST_IMAGES))
    report.kept = {image.id: reasons[image.id] for image in old if image.id in reasons}
    _remove(aws, settings, inventory, used, going, report)
    _delete_orphans(aws, settings, inventory.images, report, inventory.current, MOST_ORPHANS)


def _read(aws: Aws, settings: Settings, image_id: str, version: int) -> Inventory:
    """Read everything, and make sure that it is everything.

    Raises:
        BakeError: when something is missing that must be there.
    """
    images = _own_images(aws, settings)
    current = next((image for image in images if image.id == image_id), None)
    if current is None:
        raise BakeError(f"image {image_id} is missing in the list of images")
    if {image.owner_id for image in images} != {current.owner_id}:
        raise BakeError("the list of images has some of another account")
    inventory = Inventory(
        current, images, versions(aws, settings), aws.describe_auto_scaling_groups()
    )
    if version not in {known.number for known in inventory.versions}:
        raise BakeError(f"version {version} is missing in the list of launch template versions")
    groups = {group["AutoScalingGroupName"] for group in inventory.groups}
    if settings.auto_scaling_group_name not in groups:
        raise BakeError(
            f"{settings.auto_scaling_group_name} is missing in the list of Auto Scaling groups"
        )
    return inventory


def _own_images(aws: Aws, settings: Settings) -> list[Image]:
    images = images_of_pipeline(aws, settings)
    return [image for image in images if image.was_baked_by(settings.pipeline_name)]


def _unused(
    aws: Aws,
    settings: Settings,
    images: Sequence[Image],
    reasons: dict[str, str],
    except_group: str | None = None,
) -> Iterator[Image]:
    """Those of the images that nobody uses, asked for as they are wanted.

    Args:
        reasons: why images stay, by their ids; what is found is added.
        except_group: a group whose instances do not count.
    """

    def without_reason(some: Iterable[Image]) -> list[Image]:
        return [image for image in some if image.id not in reasons]

    for batch in _batches(without_reason(images), _FILTER_VALUES_LIMIT):
        reasons.update(_instances_of(aws, batch, except_group))
        for few in _batches(without_reason(batch), _REFERENCES_LIMIT):
            reasons.update(_references(aws, settings, few))
            reasons.update(_shares(aws, without_reason(few)))
            yield from without_reason(few)


def _instances_of(aws: Aws, images: Sequence[Image], except_group: str | None) -> dict[str, str]:
    """Which of the images instances use, those of warm pools and stopped ones included."""
    instances = aws.describe_instances(
        {
            "image-id": [image.id for image in images],
            "instance-state-name": ["pending", "running", "shutting-down", "stopping", "stopped"],
        }
    )
    return {
        instance["ImageId"]: f"instance {instance['InstanceId']} was launched from it"
        for instance in instances
        if except_group is None
        or {"Key": "aws:autoscaling:groupName", "Value": except_group}
        not in instance.get("Tags", [])
    }


def _references(aws: Aws, settings: Settings, images: Sequence[Image]) -> dict[str, str]:
    """Which of the images are in use elsewhere than in the own launch template."""
    found = aws.describe_image_references([image.id for image in images]) if images else []
    return {
        reference["ImageId"]: f"{reference['Arn']} uses it"
        for reference in found
        if not reference["Arn"].endswith(f":launch-template/{settings.launch_template_id}")
    }


def _shares(aws: Aws, images: Sequence[Image]) -> dict[str, str]:
    """Which of the images are shared; EC2 tells it of one image at a time."""
    return {
        image.id: "it is shared" for image in images if aws.describe_launch_permissions(image.id)
    }


def _remove(
    aws: Aws,
    settings: Settings,
    inventory: Inventory,
    used: set[int],
    going: Sequence[Image],
    report: Report,
) -> None:
    """The versions first: an image whose versions stay has to stay as well, while one that stays
    without them is found again by the next bake."""
    going_ids = {image.id for image in going}
    by_age = superfluous_versions(inventory, used, going_ids, settings.keep)
    of_images = {v.number for v in inventory.versions if v.image_id in going_ids}
    numbers = sorted(by_age, key=lambda number: number not in of_images)[:MOST_VERSIONS]
    if report.dry_run:
        report.versions = numbers
        report.images = [image.id for image in going]
        report.snapshots = [snapshot for image in going for snapshot in image.snapshot_ids]
        return
    failed: dict[int, str] = {}
    if numbers:
        failed = aws.delete_launch_template_versions(settings.launch_template_id, numbers)
        report.versions = [number for number in numbers if number not in failed]
        report.problems += [
            f"launch template version {number} stays: {why}" for number, why in failed.items()
        ]
    left = of_images - set(report.versions)
    named = {version.image_id for version in inventory.versions if version.number in left}
    for image in going:
        if image.id not in named:
            _deregister(aws, image, report)


def _deregister(aws: Aws, image: Image, report: Report) -> None:
    try:
        results = aws.deregister_image(image.id)
    except ClientError as error:
        report.problems.append(f"image {image.id} stays: {error}")
        return
    report.images.append(image.id)
    for result in results:
        if result["ReturnCode"] == "success":
            report.snapshots.append(result["SnapshotId"])
        else:
            report.problems.append(
                f"snapshot {result['SnapshotId']} of {image.id} stays: {result['ReturnCode']}"
            )


def _delete_orphans(
    aws: Aws,
    settings: Settings,
    images: Sequence[Image],
    report: Report,
    current: Image | None = None,
    most: int | None = None,
) -> None:
    """Delete the snapshots whose image is gone, because deregistering it was cut off.

    Args:
        images: all there are or were a moment ago.
        current: no younger snapshot is looked at, because its image may just be being made.
        most: how many are deleted at most.
    """
    known = {snapshot for image in images for snapshot in image.snapshot_ids}
    executions = {image.execution for image in images if image.state == "pending"}

    def is_orphan(snapshot: Any) -> bool:
        tags = {tag["Key"]: tag["Value"] for tag in snapshot.get("Tags", [])}
        return not (
            snapshot["SnapshotId"] in known
            or snapshot["State"] == "pending"
            or tags.get(EXECUTION_TAG) in executions
            or (current and timestamp(snapshot["StartTime"]) > current.created)
        )

    found = aws.describe_own_snapshots({f"tag:{PIPELINE_TAG}": [settings.pipeline_name]})
    for snapshot in islice(filter(is_orphan, found), most):
        if not report.dry_run:
            try:
                aws.delete_snapshot(snapshot["SnapshotId"])
            except ClientError as error:
                report.problems.append(f"snapshot {snapshot['SnapshotId']} stays: {error}")
                continue
        report.snapshots.append(snapshot["SnapshotId"])


def _batches(images: Sequence[Image], size: int) -> Iterable[list[Image]]:
    by_id = {image.id: image for image in images}
    return ([by_id[i] for i in few] for few in batches(list(by_id), size))


def _count(items: Sequence[object], noun: str) -> str:
    return f"{len(items)} {noun}{'s' if len(items) > 1 else ''}" if items else ""


def _listed(items: Sequence[str]) -> str:
    more = len(items) - _LONGEST_LIST
    return ", ".join(items[:_LONGEST_LIST]) + (f" and {more} more" if more > 0 else "")
