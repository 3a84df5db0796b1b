"""The steps of a bake. Each invocation looks at what exists in AWS and does the next thing.

capture an image of the source -> wait for it -> promote it

Nothing is remembered between invocations but what AWS holds: an invocation may be lost, repeated or
cut off anywhere, and the next one goes on from what it finds.
"""

from __future__ import annotations

import datetime
import logging

from baker import standby
from baker.answer import Answer, Continue, Succeed
from baker.aws import Aws
from baker.capture import capture, superseded
from baker.deployment import overtaking
from baker.deployments import deployments_of
from baker.errors import BakeError, Unsettled
from baker.fleet import LaunchTemplateVersion
from baker.image import Image, image_name
from baker.job import Hint, Job
from baker.settings import Settings
from baker.template import group_of, image_of, latest_version, put_into_template, versions_of

_log = logging.getLogger(__name__)


def bake(aws: Aws, settings: Settings, job: Job) -> Answer:
    """Do the next step of the execution's bake.

    Raises:
        BakeError: when the bake is over without an image that can be launched.
    """
    image = _find_image(aws, settings, job)
    if image is None:
        return capture(aws, settings, job)
    if image.state == "pending":
        return Continue(f"Image {image.id} is pending", Hint(image_id=image.id), image.id)
    if settings.capture == "standby":
        # Whatever became of the image: its source is needed for nothing more.
        waiting = standby.put_back(aws, settings, job.execution)
        if waiting:
            return Continue(waiting, Hint(image_id=image.id), image.id)
    if image.state != "available":
        left = _give_back(aws, image)
        raise BakeError(
            f"Image {image.id} became {image.state}: {image.reason}. It was deregistered{left}. "
            "Retry the stage to make another one."
        )
    return _promote(aws, settings, job, image)


def _find_image(aws: Aws, settings: Settings, job: Job) -> Image | None:
    name = image_name(settings.pipeline_name, job.execution)
    images = [Image.from_api(image) for image in aws.describe_own_images({"name": [name]})]
    for image in images:
        if not (image.is_of(settings.pipeline_name) and image.execution == job.execution):
            raise BakeError(
                f"Image {image.id} has the name {name} but not the tags of execution "
                f"{job.execution}: it was not made by this pipeline. Rename or deregister it and "
                "retry the stage."
            )
    if not images and job.hint.image_id:
        raise Unsettled(
            f"Image {job.hint.image_id}, which was begun, cannot be seen. If somebody deregistered "
            "it, retry the stage to make another one."
        )
    return next(iter(images), None)


def _promote(aws: Aws, settings: Settings, job: Job, image: Image) -> Answer:
    # The latest version is read first: a version with the image that another invocation makes after
    # the second look is made on top of the same one, and so, with the same client token, only once.
    latest = latest_version(aws, settings)
    # Once is enough, even when others made versions since: Terraform with other settings, or an
    # undo, which a retry of the stage must not take back.
    before = versions_of(aws, settings, image.id)
    if before:
        return _promoted(image, before[-1])
    deployments = deployments_of(aws, settings, job.execution)
    newer = overtaking(deployments.own, deployments.since, until=_captured(aws, image))
    if newer:
        left = _give_back(aws, image)
        return superseded(f"deployment {newer.id}, so that image {image.id} was given back{left}")
    promoted = image_of(aws, latest)
    if promoted and promoted.newer_than(deployments.own, settings.pipeline_name):
        left = _give_back(aws, image)
        return superseded(f"image {promoted.id}, so that {image.id} was given back{left}")
    group_of(aws, settings)
    why = f"revision {job.revision}, execution {job.execution}"
    version = put_into_template(aws, settings, latest, image, why)
    if version is None:
        return Continue(
            f"{settings.launch_template_id} was changed while image {image.id} was put into it; "
            "doing it again on top of that",
            Hint(image_id=image.id),
            image.id,
        )
    return _promoted(image, version)


def _captured(aws: Aws, image: Image) -> datetime.datetime:
    """When the last of the image's snapshots was taken."""
    if not image.snapshot_ids:
        raise BakeError(
            f"Image {image.id} has no snapshots: only instances whose root volume is on EBS can be "
            "baked. Use an EBS-backed image as the fleet's first one."
        )
    snapshots = aws.describe_snapshots(image.snapshot_ids)
    times: list[datetime.datetime] = [snapshot["StartTime"] for snapshot in snapshots]
    return max(times)


def _promoted(image: Image, version: LaunchTemplateVersion) -> Answer:
    _log.info("promoted", extra={"image": image.id, "version": version.number})
    return Succeed(
        f"Image {image.id} is version {version.number} of {version.launch_template_id}",
        image.id,
        {"ImageId": image.id, "LaunchTemplateVersion": str(version.number)},
    )


def _give_back(aws: Aws, image: Image) -> str:
    """Deregister an image with its snapshots; returns a remark on the snapshots that stay."""
    results = aws.deregister_image(image.id)
    _log.info("image given back", extra={"image": image.id, "snapshots": results})
    left = [
        f"{result['SnapshotId']} ({result['ReturnCode']})"
        for result in results
        if result["ReturnCode"] != "success"
    ]
    return f", but these snapshots stay: {', '.join(left)}" if left else ""
