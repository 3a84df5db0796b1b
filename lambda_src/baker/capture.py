"""The first step: choose an instance that was just updated, and make an image of it.

live:     flush its file systems -> make the image while it serves
standby:  take it out of service -> make the image with a reboot -> put it back
"""

from __future__ import annotations

import logging

from botocore.exceptions import ClientError

from baker import standby
from baker.answer import Answer, Continue, Succeed
from baker.aws import Aws
from baker.deployment import Deployment, overtaking
from baker.deployments import deployments_of
from baker.errors import BakeError
from baker.fleet import LaunchTemplateVersion
from baker.image import image_name, image_tags
from baker.job import Hint, Job
from baker.settings import Settings
from baker.template import group_of, image_of, latest_version

_log = logging.getLogger(__name__)


def capture(aws: Aws, settings: Settings, job: Job) -> Answer:
    """Do the next step towards the execution's image, which does not exist yet.

    Raises:
        BakeError: when no image can be made.
    """
    deployments = deployments_of(aws, settings, job.execution)
    newer = overtaking(deployments.own, deployments.since)
    if newer:
        return superseded(f"deployment {newer.id}")
    if settings.capture == "standby":
        # Before the group is looked at: it has more to spare afterwards.
        left = standby.put_back_left_behind(aws, settings)
        if left:
            return Continue(left[0])
    group = group_of(aws, settings)
    latest = latest_version(aws, settings)
    if settings.capture == "standby":
        source = standby.standing_by(aws, settings, job.execution)
    else:
        source = None
    if source is None:
        updated = aws.list_deployment_targets(deployments.own.id, "Succeeded")
        source = group.choose_source(deployments.own.id, set(updated))
    if settings.capture == "standby":
        waiting = standby.take_out(aws, settings, group, job.execution, source)
    else:
        waiting = _flush(aws, job, source)
    return waiting or _make_image(aws, settings, job, deployments.own, source, latest)


def superseded(by: str) -> Answer:
    """The newer execution bakes, so this one has nothing left to do."""
    return Succeed(f"Superseded by {by}")


def _flush(aws: Aws, job: Job, source: str) -> Continue | None:
    """An image without a reboot holds only what is on the volumes, so write it there first
    (Amazon EC2 API Reference, CreateImage, NoReboot); nothing when that is done."""
    if not job.hint.command_id or job.hint.instance_id != source:
        return _begin_flush(aws, job, source)
    flush = aws.get_command_invocation(job.hint.command_id, source)
    if flush["Status"] in ("Pending", "InProgress", "Delayed"):
        return _flushing(job.hint.command_id, source)
    if flush["Status"] != "Success":
        raise BakeError(
            f"The file systems of instance {source} could not be flushed: Run Command "
            f"{job.hint.command_id} ended {flush['StatusDetails']}. "
            f"{flush['StandardErrorContent'][:500]} Retry the stage when it can run there."
        )
    return None


def _begin_flush(aws: Aws, job: Job, source: str) -> Continue:
    try:
        command = aws.send_command(source, ["sync"], f"flush before imaging, {job.execution}")
    except ClientError as error:
        if error.response["Error"]["Code"] == "InvalidInstanceId":
            raise BakeError(
                f"Instance {source} cannot be reached by Systems Manager, which flushes its file "
                "systems before the image is made. Check that the SSM Agent runs there, that its "
                "role allows it and that it has a way out to the network; then retry the stage."
            ) from None
        raise
    return _flushing(command, source)


def _flushing(command: str, source: str) -> Continue:
    return Continue(
        f"Flushing the file systems of instance {source}",
        Hint(command_id=command, instance_id=source),
    )


def _make_image(
    aws: Aws,
    settings: Settings,
    job: Job,
    deployment: Deployment,
    source: str,
    latest: LaunchTemplateVersion,
) -> Answer:
    instance = aws.describe_instance(source)
    latest.check_architecture(instance, image_of(aws, latest))
    name = image_name(settings.pipeline_name, job.execution)
    try:
        image = aws.create_image(
            source,
            name,
            f"Revision {job.revision} as deployed by {deployment.id} to {source}"[:255],
            image_tags(settings, job, deployment, source, instance["ImageId"]),
            reboot=settings.capture == "standby",
        )
    except ClientError as error:
        if error.response["Error"]["Code"] != "InvalidAMIName.Duplicate":
            raise
        # Another invocation was faster, or EC2 still remembers an image that was deregistered.
        return Continue(f"EC2 holds the image name {name}; looking again")
    _log.info("image requested", extra={"image": image, "source": source})
    return Continue(f"Making image {image} of {source}", Hint(image_id=image), image)
