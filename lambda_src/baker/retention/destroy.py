"""Removing all images before their group and launch template are destroyed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from baker.decisions.expiry import orphaned_snapshots, own_reasons_to_keep
from baker.invocation import Invocation
from baker.messages import cleanup as messages
from baker.retention.removal import delete_snapshots, deregister
from baker.retention.report import Report
from baker.retention.usage import unused


def follow_terraform(prepare: Callable[[], Invocation], event: Mapping[str, Any]) -> str:
    """Remove all images when Terraform is about to destroy the function and was asked to.

    Args:
        prepare: reads the settings. A destroy that removes nothing must not fail on them.
        event: ``tf`` is Terraform's part, in which ``action`` is ``create``, ``update`` or
            ``delete``.

    Returns:
        what was done, in words.

    Raises:
        BakeError: when something was not removed, with the reasons.
    """
    if event["tf"]["action"] != "delete" or event["delete_images_on_destroy"] is not True:
        return messages.NO_IMAGE_REMOVED()
    return str(_remove_all(prepare())) or messages.NO_IMAGE_LEFT()


def _remove_all(invocation: Invocation) -> Report:
    """Remove all images and snapshots of this pipeline that nobody else uses.

    Raises:
        BakeError: when something was not removed, with the reasons.
    """
    aws, settings = invocation.aws, invocation.settings
    report = Report()
    images = aws.images.baked_by(settings.pipeline_name)
    reasons = own_reasons_to_keep(images)
    for image in unused(invocation, images, reasons, settings.auto_scaling_group_name):
        deregister(aws, image.id, report)
    snapshots = aws.snapshots.of_pipeline(settings.pipeline_name)
    delete_snapshots(aws, orphaned_snapshots(snapshots, images, None), report)
    report.problems += [
        messages.IMAGE_NOT_REMOVED(image=image, reason=reason) for image, reason in reasons.items()
    ]
    if report.problems:
        raise messages.IMAGES_LEFT.error(report=report)
    return report
