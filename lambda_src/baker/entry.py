"""Where an invocation comes in: what the function can be asked for."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from baker.answering import answer_job
from baker.messages import job
from baker.retention.destroy import follow_terraform
from baker.runtime import Context, Runtime
from baker.standby import return_orphaned_instances
from baker.undo import undo

logging.getLogger("baker").setLevel(logging.INFO)

# Kept by a warm function.
RUNTIME = Runtime()


def handler(event: Mapping[str, Any], context: Context) -> Any:
    """What Lambda calls; see `handle`."""
    return handle(RUNTIME, event, context)


def handle(runtime: Runtime, event: Mapping[str, Any], context: Context) -> Any:
    """Do what an event asks for.

    Args:
        event: one of
            ``{"CodePipeline.job": ...}``: a job of a pipeline's invoke action (AWS CodePipeline
            User Guide, "AWS Lambda action reference");
            ``{"undo": {...}}``: see `baker.decisions.undo.Request`;
            ``{"return_to_service": {}}``: return instances to service whose bake was cut off;
            ``{"tf": ..., "delete_images_on_destroy": ...}``: from Terraform, when the function was
            made or changed, or is about to be destroyed (aws_lambda_invocation, lifecycle_scope).

    Returns:
        a report, except for a job, whose answer CodePipeline gets.

    Raises:
        BakeError: when what was asked for, other than a job, cannot be done; the text says why.
        ValueError: when the event is something else.
    """
    if "CodePipeline.job" in event:
        return answer_job(runtime, event["CodePipeline.job"], context)
    if not event.keys() & {"undo", "return_to_service", "tf"}:
        raise ValueError(job.UNKNOWN_EVENT(keys=sorted(event)))
    if "undo" in event:
        return undo(runtime.invocation(), event["undo"], context.aws_request_id)
    if "return_to_service" in event:
        return {"waiting": return_orphaned_instances(runtime.invocation())}
    return {"summary": follow_terraform(runtime.invocation, event)}
