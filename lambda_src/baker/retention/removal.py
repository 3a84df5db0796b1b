"""Removing images, snapshots and launch template versions."""

from __future__ import annotations

from collections.abc import Sequence

from botocore.exceptions import ClientError

from baker.aws import Aws
from baker.messages import cleanup as messages
from baker.retention.report import Report


def delete_versions(aws: Aws, launch_template: str, numbers: Sequence[int], report: Report) -> None:
    if not numbers:
        return
    failed = aws.launch_templates.delete_versions(launch_template, numbers)
    report.versions = [number for number in numbers if number not in failed]
    report.problems += [
        messages.VERSION_NOT_REMOVED(version=number, reason=reason)
        for number, reason in failed.items()
    ]


def deregister(aws: Aws, image: str, report: Report) -> None:
    """Deregister an image with its snapshots."""
    try:
        results = aws.images.deregister(image)
    except ClientError as error:
        report.problems.append(messages.IMAGE_NOT_REMOVED(image=image, reason=error))
        return
    report.images.append(image)
    for snapshot, word in results.items():
        if word == "success":
            report.snapshots.append(snapshot)
        else:
            report.problems.append(
                messages.SNAPSHOT_NOT_REMOVED(snapshot=f"{snapshot} of {image}", reason=word)
            )


def delete_snapshots(aws: Aws, snapshots: Sequence[str], report: Report) -> None:
    for snapshot in snapshots:
        refused = None if report.dry_run else aws.snapshots.delete(snapshot)
        if refused:
            report.problems.append(messages.SNAPSHOT_NOT_REMOVED(snapshot=snapshot, reason=refused))
        else:
            report.snapshots.append(snapshot)
