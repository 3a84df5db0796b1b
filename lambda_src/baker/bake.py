"""The steps of a bake. Each invocation looks at what exists in AWS and does the next thing.

flush the source's file systems -> make the image -> wait for it -> promote it

Nothing is remembered between invocations but what AWS holds: an invocation may be lost, repeated or
cut off anywhere, and the next one goes on from what it finds.
"""

from __future__ import annotations

import datetime
import logging
from dataclasses import dataclass

from botocore.exceptions import ClientError

from baker.answer import Answer, Continue, Succeed
from baker.aws import Aws
from baker.deployment import Deployment, deploy_action, overtaking
from baker.errors import BakeError, ConfigurationError
from baker.fleet import Group, LaunchTemplateVersion
from baker.image import Image, image_name, image_tags
from baker.job import Flush, Job, continuation_token
from baker.settings import Settings

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Deployments:
    """What was deployed to the deployment group: by this execution, and since."""

    own: Deployment
    since: list[Deployment]


def bake(aws: Aws, settings: Settings, job: Job) -> Answer:
    """Do the next step of the execution's bake.

    Raises:
        BakeError: when the bake is over without an image that can be launched.
    """
    image = _find_image(aws, settings, job)
    if image is None:
        return _capture(aws, settings, job)
    if image.state == "pending":
        return _wait(f"Image {image.id} is pending", image)
    if image.state != "available":
        left = _give_back(aws, image)
        raise BakeError(
            f"Image {image.id} became {image.state}: {image.reason}. It was deregistered{left}. "
            "Retry the stage to make another one."
        )
    return _promote(aws, settings, job, image)


def _find_image(aws: Aws, settings: Settings, job: Job) -> Image | None:
    name = image_name(settings.pipeline_name, job.execution)
    images = [Image.from_api(image) for image in aws.describe_images_named(name)]
    for image in images:
        if not image.belongs_to(settings.pipeline_name, job.execution):
            raise BakeError(
                f"Image {image.id} has the name {name} but not the tags of execution "
                f"{job.execution}: it was not made by this pipeline. Rename or deregister it and "
                "retry the stage."
            )
    return next(iter(images), None)


def _capture(aws: Aws, settings: Settings, job: Job) -> Answer:
    deployments = _deployments(aws, settings, job)
    newer = overtaking(deployments.own, deployments.since)
    if newer:
        return _superseded(f"deployment {newer.id}")
    group = _group(aws, settings)
    latest = _latest_version(aws, settings)
    updated = aws.list_deployment_targets(deployments.own.id, "Succeeded")
    source = group.choose_source(deployments.own.id, set(updated))
    if not job.flush or job.flush.instance_id != source:
        return _flush(aws, job, source)
    flush = aws.get_command_invocation(job.flush.command_id, source)
    if flush["Status"] in ("Pending", "InProgress", "Delayed"):
        return _flushing(job.flush)
    if flush["Status"] != "Success":
        raise BakeError(
            f"The file systems of instance {source} could not be flushed: Run Command "
            f"{job.flush.command_id} ended {flush['StatusDetails']}. "
            f"{flush['StandardErrorContent'][:500]} Retry the stage when it can run there."
        )
    return _make_image(aws, settings, job, deployments.own, source, latest)


def _deployments(aws: Aws, settings: Settings, job: Job) -> Deployments:
    actions = aws.list_action_executions(settings.pipeline_name, job.execution)
    action = deploy_action(actions, job.execution, settings)
    ids = aws.list_deployments(
        settings.application_name, settings.deployment_group_name, action.started
    )
    infos = aws.batch_get_deployments(list(dict.fromkeys([action.deployment_id, *ids])))
    deployments = {info["deploymentId"]: Deployment.from_api(info) for info in infos}
    own = deployments.pop(action.deployment_id)
    return Deployments(own, list(deployments.values()))


def _group(aws: Aws, settings: Settings) -> Group:
    found = aws.describe_auto_scaling_group(settings.auto_scaling_group_name)
    if found is None:
        raise ConfigurationError(
            f"Auto Scaling group {settings.auto_scaling_group_name} does not exist: correct "
            "auto_scaling_group_name of the baker module."
        )
    group = Group.from_api(found)
    group.check_launches(settings.launch_template_id)
    return group


def _latest_version(aws: Aws, settings: Settings) -> LaunchTemplateVersion:
    try:
        version = aws.describe_latest_launch_template_version(settings.launch_template_id)
    except ClientError as error:
        if error.response["Error"]["Code"].startswith("InvalidLaunchTemplateId"):
            raise ConfigurationError(
                f"Launch template {settings.launch_template_id} does not exist: correct "
                "launch_template_id of the baker module."
            ) from None
        raise
    return LaunchTemplateVersion.from_api(version)


def _flush(aws: Aws, job: Job, source: str) -> Answer:
    """An image without a reboot holds only what is on the volumes, so write it there first
    (Amazon EC2 API Reference, CreateImage, NoReboot)."""
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
    return _flushing(Flush(command, source))


def _flushing(flush: Flush) -> Answer:
    return Continue(
        f"Flushing the file systems of instance {flush.instance_id}", continuation_token(flush)
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
    latest.check_architecture(instance, _image(aws, latest.image_id))
    name = image_name(settings.pipeline_name, job.execution)
    try:
        image = aws.create_image(
            source,
            name,
            f"Revision {job.revision} as deployed by {deployment.id} to {source}"[:255],
            image_tags(settings, job, deployment, source, instance["ImageId"]),
        )
    except ClientError as error:
        if error.response["Error"]["Code"] != "InvalidAMIName.Duplicate":
            raise
        # Another invocation was faster, or EC2 still remembers an image that was deregistered.
        return Continue(f"EC2 holds the image name {name}; looking again", continuation_token())
    _log.info("image requested", extra={"image": image, "source": source})
    return Continue(f"Making image {image} of {source}", continuation_token(), image)


def _wait(summary: str, image: Image) -> Answer:
    return Continue(summary, continuation_token(), image.id)


def _promote(aws: Aws, settings: Settings, job: Job, image: Image) -> Answer:
    latest = _latest_version(aws, settings)
    if latest.image_id == image.id:
        return _promoted(image, latest)
    deployments = _deployments(aws, settings, job)
    captured = _captured(aws, image)
    newer = overtaking(deployments.own, deployments.since, until=captured)
    if newer:
        left = _give_back(aws, image)
        return _superseded(f"deployment {newer.id}, so that image {image.id} was given back{left}")
    promoted = _image(aws, latest.image_id)
    if promoted and promoted.newer_than(deployments.own, settings.pipeline_name):
        left = _give_back(aws, image)
        return _superseded(f"image {promoted.id}, so that {image.id} was given back{left}")
    _group(aws, settings)
    latest.check_fits(image)
    created = aws.create_launch_template_version(
        settings.launch_template_id,
        latest.number,
        image.id,
        f"{image.id}, revision {job.revision}, execution {job.execution}"[:255],
        latest.client_token(image.id),
    )
    for warning in created.get("Warning", {}).get("Errors", []):
        _log.warning("launch template version has a warning", extra={"warning": warning})
    return _promoted(image, LaunchTemplateVersion.from_api(created["LaunchTemplateVersion"]))


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


def _image(aws: Aws, image_id: str | None) -> Image | None:
    """The image of a launch template version, which may be gone."""
    image = aws.describe_image(image_id) if image_id else None
    return Image.from_api(image) if image else None


def _promoted(image: Image, version: LaunchTemplateVersion) -> Answer:
    _log.info("promoted", extra={"image": image.id, "version": version.number})
    return Succeed(
        f"Image {image.id} is version {version.number} of {version.launch_template_id}",
        image.id,
        {"ImageId": image.id, "LaunchTemplateVersion": str(version.number)},
    )


def _superseded(by: str) -> Answer:
    """The newer execution bakes, so this one has nothing left to do."""
    return Succeed(f"Superseded by {by}")


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
