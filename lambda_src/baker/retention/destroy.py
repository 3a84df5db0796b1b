"""Removing all images before their group and launch template are destroyed."""

from __future__ import annotations

from baker.aws import Aws
from baker.decisions.expiry import orphaned_snapshots, own_reasons_to_keep
from baker.messages import cleanup as messages
from baker.model.settings import Settings
from baker.retention.cleanup import baked_images
from baker.retention.removal import delete_snapshots, deregister
from baker.retention.report import Report
from baker.retention.usage import unused


def remove_all(aws: Aws, settings: Settings) -> str:
    """Remove all images and snapshots of this pipeline that nobody else uses.

    Returns:
        what was removed, in words; empty when there was nothing.

    Raises:
        BakeError: when something was not removed, with the reasons.
    """
    report = Report()
    images = baked_images(aws, settings)
    reasons = own_reasons_to_keep(images)
    for image in unused(aws, settings, images, reasons, settings.auto_scaling_group_name):
        deregister(aws, image.id, report)
    snapshots = aws.snapshots.of_pipeline(settings.pipeline_name)
    delete_snapshots(aws, orphaned_snapshots(snapshots, images, None), report)
    report.problems += [
        messages.IMAGE_NOT_REMOVED(image=image, reason=reason) for image, reason in reasons.items()
    ]
    if report.problems:
        raise messages.IMAGES_LEFT.error(report=report)
    return str(report)
