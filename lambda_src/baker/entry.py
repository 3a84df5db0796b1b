"""Where an invocation comes in: what the function can be asked for."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from typing import Any

from baker import standby
from baker.answering import Context, answer_job
from baker.aws import Aws
from baker.cleaning import remove_all
from baker.settings import Settings
from baker.undo import Request, undo

logging.getLogger("baker").setLevel(logging.INFO)

_aws = Aws()


def handler(event: Mapping[str, Any], context: Context) -> Any:
    """Do what an event asks for.

    Args:
        event: one of
            ``{"CodePipeline.job": ...}``: a job of a pipeline's invoke action (AWS CodePipeline
            User Guide, "AWS Lambda action reference");
            ``{"undo": {...}}``: see `baker.undo.Request`;
            ``{"return_to_service": {}}``: put instances back whose bake was cut off;
            ``{"tf": ..., "delete_images_on_destroy": ...}``: from Terraform, when the function was
            made or changed, or is about to be destroyed (aws_lambda_invocation, lifecycle_scope).

    Returns:
        a report, except for a job, whose answer CodePipeline gets.

    Raises:
        BakeError: when what was asked for, other than a job, cannot be done; the text says why.
        ValueError: when the event is something else.
    """
    if "CodePipeline.job" in event:
        return answer_job(_aws, os.environ, event["CodePipeline.job"], context)
    if "undo" in event:
        request = Request.from_event(event["undo"])
        return undo(_aws, _settings(), request, context.aws_request_id)
    if "return_to_service" in event:
        return {"waiting": standby.put_back_left_behind(_aws, _settings())}
    if "tf" in event:
        return _follow_terraform(event)
    raise ValueError(
        f"The event has the keys {sorted(event)}: this function takes the job of an invoke action "
        'of a pipeline (CodePipeline.job), {"undo": {}} and {"return_to_service": {}}.'
    )


def _settings() -> Settings:
    return Settings.from_environment(os.environ)


def _follow_terraform(event: Mapping[str, Any]) -> dict[str, str]:
    if event["tf"]["action"] != "delete" or event["delete_images_on_destroy"] is not True:
        return {"summary": "No image was removed."}
    return {"summary": str(remove_all(_aws, _settings())) or "There was no image to remove."}
