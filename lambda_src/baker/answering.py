"""The job of an invoke action: whatever happens, CodePipeline gets one answer in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from baker.bake import walk
from baker.messages.job import STEP_TOO_SLOW
from baker.model.answer import Answer, Continue
from baker.model.job import Job
from baker.outcome import failure
from baker.reporting import report, time_before_answer
from baker.runtime import Context, Runtime
from baker.steps.state import Bake
from baker.time_limit import OutOfTime


def answer_job(runtime: Runtime, event: Mapping[str, Any], context: Context) -> None:
    """Do the next step of a bake and answer the job.

    Args:
        event: what is under ``CodePipeline.job``. It holds credentials and is never logged.
    """
    try:
        answer = _next_answer(runtime, event, time_before_answer(context))
    except Exception as error:
        answer = failure(error)
    report(runtime, event["id"], answer, context)


def _next_answer(runtime: Runtime, event: Mapping[str, Any], seconds: float) -> Answer:
    job = Job.from_event(event)
    bake = Bake(**vars(runtime.invocation()), job=job)
    try:
        with runtime.time_limit(seconds):
            return walk(runtime.steps(bake.settings.capture), bake)
    except OutOfTime:
        return Continue(STEP_TOO_SLOW(seconds=seconds), job.token)
