"""Undo: put an earlier image back where new instances launch from."""

from __future__ import annotations

import datetime
from typing import Any

from baker.decisions.undo import Request, choose_image
from baker.invocation import Invocation
from baker.limits import UNDO_ATTEMPTS
from baker.messages import undo as messages
from baker.model.answer import Promotion
from baker.model.image import REPLACED, RESTORED, UNDO_TAG, Image, timestamp
from baker.targets import Target, promotion_by


def undo(invocation: Invocation, event: Any, request_id: str) -> dict[str, Any]:
    """Make a launch template version with an earlier image.

    The first target decides which image that is; all others get the same one. Both images are
    tagged, so that retention keeps them, and that a second undo goes back further.

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
    first, *others = invocation.targets
    promotion, replaced = _put_back(invocation, first, request, request_id)
    for target in others:
        if target.current().image_id != promotion.image_id:
            _put_back(invocation, target, Request(image=promotion.image_id), request_id)
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


def _put_back(
    invocation: Invocation, target: Target, request: Request, request_id: str
) -> tuple[Promotion, str | None]:
    """Put an earlier image back into a target, once for a request.

    Returns:
        what was done, and the id of the image that was replaced, if that was now.
    """
    aws, settings = invocation.aws, invocation.settings
    for _ in range(UNDO_ATTEMPTS):
        latest = target.current()
        history = target.history()
        for done in (latest, *history):
            # Others may have made versions since, which a retry must not undo.
            if done.description.endswith(request_id):
                return promotion_by(done), None
        images = {image.id: image for image in aws.images.of_pipeline(settings.pipeline_name)}
        image = choose_image(request, latest, history, images, settings.pipeline_name)
        target.check_launched_by(aws.groups.get(settings.auto_scaling_group_name))
        target.check_fits(latest, image)
        _tag(invocation, image, images.get(latest.image_id or ""))
        why = f"undo of {latest.image_id}, request {request_id}"
        promotion = target.put(latest, image, why)
        if promotion:
            return promotion, latest.image_id
    raise messages.LAUNCH_TEMPLATE_BUSY.error(launch_template=latest.launch_template_id)


def _tag(invocation: Invocation, restored: Image, replaced: Image | None) -> None:
    images, now = invocation.aws.images, timestamp(datetime.datetime.now(datetime.UTC))
    images.tag(restored.id, UNDO_TAG, f"{RESTORED} {now}")
    if replaced:
        images.tag(replaced.id, UNDO_TAG, f"{REPLACED} {now}")
