"""The job of an invoke action: whatever happens, CodePipeline gets one answer in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from baker.bake import walk
from baker.errors import BakeError
from baker.limits import TIME_TO_ANSWER
from baker.messages.job import STEP_TOO_SLOW
from baker.model.answer import Answer, Continue, Fail
from baker.model.job import Job
from baker.model.settings import Settings
from baker.outcome import unexpected
from baker.reporting import report, time_left
from baker.runtime import Context, Runtime
from baker.steps.state import Bake
from baker.time_limit import OutOfTime


def answer_job(runtime: Runtime, event: Mapping[str, Any], context: Context) -> None:
    """Do the next step of a bake and answer the job.

    Args:
        event: what is under ``CodePipeline.job``. It holds credentials and is never logged.
    """
    try:
        answer = _next_answer(runtime, event, time_left(context) - TIME_TO_ANSWER)
    except BakeError as error:
        answer = Fail(str(error), error.failure_type)
    except Exception as error:
        answer = unexpected(error)
    report(runtime, event["id"], answer, context)


def _next_answer(runtime: Runtime, event: Mapping[str, Any], seconds: float) -> Answer:
    job = Job.from_event(event)
    settings = Settings.from_environment(runtime.environment)
    bake = Bake(runtime.aws, settings, job, runtime.removal_limits)
    try:
        with runtime.time_limit(seconds):
            return walk(runtime.steps(settings.capture), bake)
    except OutOfTime:
        return Continue(STEP_TOO_SLOW(seconds=seconds), job.token)
