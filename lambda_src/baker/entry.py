"""Where an invocation comes in; whatever happens, CodePipeline gets an answer."""

from __future__ import annotations

import logging
import os
import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Protocol

from botocore.exceptions import ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as AwsConnectionError

from baker.answer import Answer, Continue, Fail, Succeed
from baker.aws import Aws
from baker.bake import bake
from baker.errors import BakeError
from baker.job import Job
from baker.settings import Settings

_log = logging.getLogger(__name__)
logging.getLogger("baker").setLevel(logging.INFO)

_aws = Aws()

# Limits of PutJobSuccessResult and PutJobFailureResult (AWS CodePipeline API Reference).
_SUMMARY_LIMIT = 2048
_MESSAGE_LIMIT = 5000

# What is kept of the function's time for the answer. Seconds.
_TIME_TO_ANSWER = 10

# The job is over: it timed out, was stopped or has its answer (AWS CodePipeline API Reference).
_LATE = {"InvalidJobStateException", "JobNotFoundException"}
_DENIED = {"AccessDenied", "AccessDeniedException", "UnauthorizedOperation"}
_BUSY = {
    "ConcurrentSnapshotLimitExceeded",
    "EC2ThrottledException",
    "RequestLimitExceeded",
    "SnapshotCreationPerVolumeRateExceeded",
    "Throttling",
    "ThrottlingException",
    "TooManyRequestsException",
}


class Context(Protocol):
    """What is used of Lambda's context object."""

    def get_remaining_time_in_millis(self) -> int: ...


class _OutOfTime(BaseException):
    """No Exception, because botocore would take that for a failed request and try again."""


def handler(event: Mapping[str, Any], context: Context) -> None:
    """Answer a CodePipeline job.

    Args:
        event: an invoke action's event (AWS CodePipeline User Guide, "AWS Lambda action
            reference").

    Raises:
        ValueError: when the event holds no job, so that there is nobody to answer.
    """
    job = event.get("CodePipeline.job")
    if not isinstance(job, Mapping) or "id" not in job:
        raise ValueError(
            "The event is no CodePipeline job: this function is for an invoke action of a pipeline."
        )
    token = job.get("data", {}).get("continuationToken")
    seconds = context.get_remaining_time_in_millis() / 1000 - _TIME_TO_ANSWER
    try:
        with _time_limit(seconds):
            answer = _answer(job, token)
    except _OutOfTime:
        answer = _try_again(f"the step took more than {seconds:.0f} seconds", token)
    _report(job["id"], answer)


@contextmanager
def _time_limit(seconds: float) -> Iterator[None]:
    """A function that times out gives no answer, and the pipeline would hang for 20 minutes.

    Raises:
        _OutOfTime: in the body, when it takes longer.
    """

    def interrupt(*_: object) -> None:
        raise _OutOfTime

    signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, max(seconds, 0.001))
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _answer(event: Mapping[str, Any], token: str | None) -> Answer:
    """Do the next step; whatever goes wrong becomes an answer in words."""
    try:
        settings = Settings.from_environment(os.environ)
        job = Job.from_event(event)
        return bake(_aws, settings, job)
    except BakeError as error:
        return Fail(str(error), error.failure_type)
    except ClientError as error:
        return _answer_to_refusal(error, token)
    except (AwsConnectionError, HTTPClientError) as error:
        return _try_again(str(error), token)
    except Exception as error:
        _log.exception("unexpected error")
        return Fail(
            f"The baker has met what it does not know: {type(error).__name__}: {error}. Its log "
            "says where. Retry the stage; if it happens again, report it."
        )


def _answer_to_refusal(error: ClientError, token: str | None) -> Answer:
    code = error.response["Error"]["Code"]
    if code in _BUSY or error.response["ResponseMetadata"]["HTTPStatusCode"] >= 500:
        return _try_again(str(error), token)
    if code in _DENIED:
        return Fail(f"The function's role lacks a permission: {error}", "PermissionError")
    return Fail(f"AWS refused a request of the bake: {error}. Mend the cause and retry the stage.")


def _try_again(reason: str, token: str | None) -> Answer:
    """AWS is busy: the pipeline asks again, for up to a day."""
    return Continue(f"Trying again, as AWS did not answer well: {reason}", token or "{}")


def _report(job_id: str, answer: Answer) -> None:
    _log.info("answer", extra={"job": job_id, "answer": str(answer)})
    try:
        _put(job_id, answer)
    except ClientError as error:
        if error.response["Error"]["Code"] in _LATE:
            _log.warning("too late to answer", extra={"job": job_id, "error": str(error)})
            return
        if isinstance(answer, Fail):
            raise
        _log.exception("CodePipeline did not take the answer")
        _report(job_id, Fail(f"CodePipeline did not take the answer {answer}: {error}"))


def _put(job_id: str, answer: Answer) -> None:
    if isinstance(answer, Fail):
        _aws.put_job_failure_result(
            jobId=job_id,
            failureDetails={
                "type": answer.failure_type,
                "message": answer.message[:_MESSAGE_LIMIT],
            },
        )
        return
    details = {"summary": answer.summary[:_SUMMARY_LIMIT]}
    if answer.image_id:
        details["externalExecutionId"] = answer.image_id
    result: dict[str, Any] = {"jobId": job_id, "executionDetails": details}
    if isinstance(answer, Continue):
        result["continuationToken"] = answer.token
    if isinstance(answer, Succeed) and answer.variables:
        result["outputVariables"] = dict(answer.variables)
    _aws.put_job_success_result(**result)
