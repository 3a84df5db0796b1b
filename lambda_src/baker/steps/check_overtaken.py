"""Give up when a newer deployment changed what an image would hold, or may have changed it."""

from __future__ import annotations

import datetime

from baker.decisions.overtaking import deploy_action, overtaking
from baker.messages import bake as messages
from baker.model.answer import Succeed
from baker.steps.discard_image import superseded
from baker.steps.state import Bake


def check_overtaken_before_capture(bake: Bake) -> Succeed | None:
    """Capture only while the newest deployment is the execution's own.

    Raises:
        NotYetVisible: when the execution does not wait for its bake, or its deployment is not
            visible.
    """
    newer = _newer_deployment(bake)
    return Succeed(messages.SUPERSEDED(by=newer)) if newer else None


def check_overtaken_during_capture(bake: Bake) -> Succeed | None:
    """Promote no image in which a newer deployment may have left a mixture.

    Raises:
        BakeError: when the image has no snapshots.
        NotYetVisible: as before the capture.
    """
    newer = _newer_deployment(bake)
    return superseded(bake, newer) if newer else None


def _newer_deployment(bake: Bake) -> str | None:
    """The deployment that overtook the bake, in words; the execution's own is left in the bake."""
    settings, execution = bake.settings, bake.job.execution
    actions = bake.aws.pipelines.actions(settings.pipeline_name, execution)
    action = deploy_action(actions, execution, settings)
    ids = bake.aws.deployments.ids_since(
        settings.application_name, settings.deployment_group_name, action.started
    )
    found = bake.aws.deployments.described(list(dict.fromkeys([action.external_id, *ids])))
    deployments = {deployment.id: deployment for deployment in found}
    own = deployments.pop(action.external_id, None)
    if own is None:
        raise messages.DEPLOYMENT_NOT_VISIBLE.error(
            deployment=action.external_id, execution=execution
        )
    bake.deployment = own
    newer = overtaking(own, deployments.values(), until=_time_of_capture(bake))
    return f"deployment {newer.id}" if newer else None


def _time_of_capture(bake: Bake) -> datetime.datetime | None:
    """When the last of the image's snapshots was taken; nothing before the image is made."""
    image = bake.image
    if not image:
        return None
    if not image.snapshot_ids:
        raise messages.NO_SNAPSHOTS.error(image=image.id)
    return max(snapshot.started for snapshot in bake.aws.snapshots.get(image.snapshot_ids))
