"""Undo: put an earlier image back into the launch template."""

from __future__ import annotations

import datetime
from typing import Any

from baker.aws import Aws
from baker.decisions.undo import Request, choose_image
from baker.limits import UNDO_ATTEMPTS
from baker.messages import undo as messages
from baker.model.answer import Promotion
from baker.model.image import REPLACED, RESTORED, UNDO_TAG, Image, timestamp
from baker.model.settings import Settings
from baker.targets import promotion_by, targets


def undo(aws: Aws, settings: Settings, event: Any, request_id: str) -> dict[str, Any]:
    """Make a launch template version with an earlier image.

    Both images are tagged, so that retention keeps them, and that a second undo goes back further.

    Args:
        event: see `baker.decisions.undo.Request`.
        request_id: of the invocation; Lambda gives it to a retry again.

    Returns:
        what was done: ``image_id``, ``launch_template_version``, ``replaced_image_id`` (missing in
        the report of a retry), ``summary``.

    Raises:
        BakeError: when there is no such image, or nothing to undo.
    """
    request = Request.from_event(event)
    (target,) = targets(aws, settings)
    for _ in range(UNDO_ATTEMPTS):
        latest = target.current()
        versions = aws.launch_templates.versions(settings.launch_template_id)
        for done in (latest, *versions):
            # Others may have made versions since, which a retry must not undo.
            if done.description.endswith(request_id):
                return _report(promotion_by(done), None)
        images = {image.id: image for image in aws.images.of_pipeline(settings.pipeline_name)}
        image = choose_image(request, latest, versions, images, settings.pipeline_name)
        target.check_launched_by(aws.groups.get(settings.auto_scaling_group_name))
        target.check_fits(latest, image)
        _tag(aws, image, images.get(latest.image_id or ""))
        why = f"undo of {latest.image_id}, request {request_id}"
        promotion = target.put(latest, image, why)
        if promotion:
            return _report(promotion, latest.image_id)
    raise messages.LAUNCH_TEMPLATE_BUSY.error(launch_template=settings.launch_template_id)


def _tag(aws: Aws, restored: Image, replaced: Image | None) -> None:
    now = timestamp(datetime.datetime.now(datetime.UTC))
    aws.images.tag(restored.id, UNDO_TAG, f"{RESTORED} {now}")
    if replaced:
        aws.images.tag(replaced.id, UNDO_TAG, f"{REPLACED} {now}")


def _report(promotion: Promotion, replaced: str | None) -> dict[str, Any]:
    return {
        "image_id": promotion.image_id,
        "launch_template_version": promotion.version,
        "replaced_image_id": replaced,
        "summary": messages.DONE(
            image=promotion.image_id,
            version=promotion.version,
            launch_template=promotion.launch_template_id,
        ),
    }
