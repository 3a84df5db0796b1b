"""The cleanup after a bake: read what exists, decide what goes, remove it."""

from __future__ import annotations

import logging
from itertools import islice

from baker.decisions import expiry
from baker.invocation import Invocation
from baker.messages import cleanup as messages
from baker.model.answer import Promotion
from baker.retention.removal import delete_snapshots, delete_versions, deregister
from baker.retention.report import Report
from baker.retention.usage import unused
from baker.time_limit import OutOfTime

_log = logging.getLogger(__name__)


def clean(invocation: Invocation, promotion: Promotion) -> Report:
    """Remove what retention does not keep. Nothing of this may fail a bake that is done."""
    report = Report(dry_run=invocation.settings.dry_run)
    try:
        _clean(invocation, promotion, report)
    except Exception as error:
        _log.exception("cleanup")
        report.problems.append(f"{type(error).__name__}: {error}")
    except OutOfTime:
        report.problems.append(messages.TOO_SLOW())
    _log.info("cleanup", extra={"report": vars(report)})
    return report


def _clean(invocation: Invocation, promotion: Promotion, report: Report) -> None:
    aws, settings, limits = invocation.aws, invocation.settings, invocation.removal_limits
    inventory = _read(invocation, promotion)
    in_use = expiry.versions_in_use(inventory)
    reasons = expiry.reasons_to_keep(inventory, in_use)
    expired = expiry.expired_images(inventory, settings.keep)
    going = list(islice(unused(invocation, expired, reasons), limits.images))
    report.retained = {image.id: reasons[image.id] for image in expired if image.id in reasons}
    ids = {image.id for image in going}
    numbers = expiry.expired_versions(inventory, in_use, ids, settings.keep)[: limits.versions]
    if report.dry_run:
        report.versions = numbers
        report.images = [image.id for image in going]
        report.snapshots = [snapshot for image in going for snapshot in image.snapshot_ids]
    else:
        delete_versions(aws, settings.launch_template_id, numbers, report)
        named = expiry.still_named(inventory, ids, report.versions)
        for image in going:
            if image.id not in named:
                deregister(aws, image.id, report)
    snapshots = aws.snapshots.of_pipeline(settings.pipeline_name)
    orphaned = expiry.orphaned_snapshots(snapshots, inventory.images, inventory.current)
    delete_snapshots(aws, orphaned[: limits.snapshots], report)


def _read(invocation: Invocation, promotion: Promotion) -> expiry.Inventory:
    """Read everything, and make sure that it is everything.

    Raises:
        BakeError: when something is missing that must be there.
    """
    aws, settings = invocation.aws, invocation.settings
    images = aws.images.baked_by(settings.pipeline_name)
    current = next((image for image in images if image.id == promotion.image_id), None)
    if current is None:
        raise messages.IMAGE_NOT_LISTED.error(image=promotion.image_id)
    if {image.owner_id for image in images} != {current.owner_id}:
        raise messages.FOREIGN_IMAGE_LISTED.error()
    versions = aws.launch_templates.versions(settings.launch_template_id)
    inventory = expiry.Inventory(current, images, versions, aws.groups.all())
    if promotion.version not in {version.number for version in versions}:
        raise messages.VERSION_NOT_LISTED.error(version=promotion.version)
    if settings.auto_scaling_group_name not in {group.name for group in inventory.groups}:
        raise messages.GROUP_NOT_LISTED.error(group=settings.auto_scaling_group_name)
    return inventory
