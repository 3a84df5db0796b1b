"""The job of an invoke action: whatever happens, CodePipeline gets one answer in words."""

from __future__ import annotations

import logging
import signal
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Protocol

from botocore.exceptions import ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as AwsConnectionError

from baker import standby
from baker.answer import Answer, Continue, Fail, Succeed
from baker.aws import Aws
from baker.bake import bake
from baker.cleaning import clean
from baker.errors import BakeError, ConfigurationError, Unsettled
from baker.job import Hint, Job
from baker.settings import Settings

_log = logging.getLogger(__name__)

# Limits of PutJobSuccessResult and PutJobFailureResult (AWS CodePipeline API Reference).
_SUMMARY_LIMIT = 2048
_MESSAGE_LIMIT = 5000

# What is kept of the time for the answer, and how long to wait before giving it again. Seconds.
_TIME_TO_ANSWER = 10
_ANSWER_AGAIN_AFTER = 1.0

# How often a bake looks again for what it does not see, before it takes that as the truth.
_MOST_LOOKS = 3

# The job is over: it timed out, was stopped or has its answer (AWS CodePipeline API Reference).
_LATE = {"InvalidJobStateException", "JobNotFoundException"}
_DENIED = {"AccessDenied", "AccessDeniedException", "UnauthorizedOperation"}
_BUSY = {
    "ConcurrentSnapshotLimitExceeded",
    "EC2ThrottledException",
    "RequestLimitExceeded",
    "ResourceContention",
    "SnapshotCreationPerVolumeRateExceeded",
    "Throttling",
    "ThrottlingException",
    "TooManyRequestsException",
}
# Said of what was just made and cannot be seen yet.
_NOT_SEEN = {
    "DeploymentDoesNotExistException",
    "InvalidAMIID.NotFound",
    "InvalidAMIID.Unavailable",
    "InvalidInstanceID.NotFound",
    "InvalidLaunchTemplateId.VersionNotFound",
    "InvalidSnapshot.NotFound",
    "InvocationDoesNotExist",
    "PipelineExecutionNotFoundException",
}


class Context(Protocol):
    """What is used of Lambda's context object."""

    aws_request_id: str

    def get_remaining_time_in_millis(self) -> int: ...


class _OutOfTime(BaseException):
    """No Exception, because botocore would take that for a failed request and try again."""


def answer_job(
    aws: Aws, environment: Mapping[str, str], event: Mapping[str, Any], context: Context
) -> None:
    """Do the next step of a bake and answer the job.

    Args:
        environment: see `baker.settings.Settings.from_environment`.
        event: what is under ``CodePipeline.job``. It holds credentials and is never logged.
    """
    hint = Hint.from_token(event.get("data", {}).get("continuationToken"))
    try:
        settings = Settings.from_environment(environment)
        job = Job.from_event(event)
    except ConfigurationError as error:
        return _report(aws, event["id"], Fail(str(error), error.failure_type), context)
    seconds = _time_left(context) - _TIME_TO_ANSWER
    try:
        with _time_limit(seconds):
            answer = _next_answer(aws, settings, job)
    except _OutOfTime:
        answer = _try_again(f"the step took more than {seconds:.0f} seconds", hint)
    if isinstance(answer, Succeed) and answer.image_id:
        answer = _cleaned(aws, settings, answer, _time_left(context) - _TIME_TO_ANSWER)
    return _report(aws, event["id"], answer, context)


def _time_left(context: Context) -> float:
    """Seconds until Lambda ends the function."""
    return context.get_remaining_time_in_millis() / 1000


def _next_answer(aws: Aws, settings: Settings, job: Job) -> Answer:
    answer = _in_words(lambda: bake(aws, settings, job), job.hint)
    if settings.capture == "standby" and not isinstance(answer, Continue):
        return _in_words(lambda: _when_back(aws, settings, job, answer), job.hint)
    return answer


def _when_back(aws: Aws, settings: Settings, job: Job, answer: Answer) -> Answer:
    """The answer, once no instance is out of service for the execution."""
    waiting = standby.put_back(aws, settings, job.execution)
    return Continue(waiting, job.hint) if waiting else answer


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


def _in_words(step: Callable[[], Answer], hint: Hint) -> Answer:
    try:
        return step()
    except Unsettled as error:
        return _look_again(str(error), hint, Fail(str(error), error.failure_type))
    except BakeError as error:
        return Fail(str(error), error.failure_type)
    except ClientError as error:
        return _answer_to_refusal(error, hint)
    except (AwsConnectionError, HTTPClientError) as error:
        return _try_again(str(error), hint)
    except Exception as error:
        _log.exception("unexpected error")
        return Fail(
            f"The baker has met what it does not know: {type(error).__name__}: {error}. Its log "
            "says where. Retry the stage; if it happens again, report it."
        )


def _answer_to_refusal(error: ClientError, hint: Hint) -> Answer:
    code = error.response["Error"]["Code"]
    if _is_busy(error):
        return _try_again(str(error), hint)
    if code in _DENIED:
        return Fail(f"The function's role lacks a permission: {error}", "PermissionError")
    refused = Fail(
        f"AWS refused a request of the bake: {error}. Mend the cause and retry the stage."
    )
    return _look_again(str(error), hint, refused) if code in _NOT_SEEN else refused


def _is_busy(error: ClientError) -> bool:
    status = error.response["ResponseMetadata"]["HTTPStatusCode"]
    return error.response["Error"]["Code"] in _BUSY or status >= 500


def _try_again(reason: str, hint: Hint) -> Answer:
    """AWS is busy: the pipeline asks again, for up to a day."""
    return Continue(f"Trying again, as AWS did not answer well: {reason}", hint)


def _look_again(reason: str, hint: Hint, otherwise: Answer) -> Answer:
    """Look a few times for what may only be too young to be seen."""
    if hint.looks >= _MOST_LOOKS:
        return otherwise
    return Continue(f"Looking again: {reason}", replace(hint, looks=hint.looks + 1))


def _cleaned(aws: Aws, settings: Settings, answer: Succeed, seconds: float) -> Succeed:
    """The answer with what retention did; that it did not end does not undo the bake."""
    variables = answer.variables
    try:
        with _time_limit(seconds):
            version = int(variables["LaunchTemplateVersion"])
            report = str(clean(aws, settings, variables["ImageId"], version))
    except _OutOfTime:
        report = f"Not cleaned: it took more than {seconds:.0f} seconds."
    return replace(answer, summary=f"{answer.summary}. {report}".rstrip()) if report else answer


def _report(aws: Aws, job_id: str, answer: Answer, context: Context) -> None:
    """Give the answer, again and again while AWS is busy and there is time."""
    _log.info("answer", extra={"job": job_id, "answer": str(answer)})
    while True:
        try:
            return _put(aws, job_id, answer)
        except ClientError as error:
            if error.response["Error"]["Code"] in _LATE:
                _log.warning("too late to answer", extra={"job": job_id, "error": str(error)})
                return None
            if _is_busy(error):
                _wait_to_answer_again(error, context)
            elif isinstance(answer, Fail):
                raise
            else:
                _log.exception("CodePipeline did not take the answer")
                answer = Fail(f"CodePipeline did not take the answer {answer}: {error}")
        except (AwsConnectionError, HTTPClientError) as error:
            _wait_to_answer_again(error, context)


def _wait_to_answer_again(error: Exception, context: Context) -> None:
    if _time_left(context) < 2 * _ANSWER_AGAIN_AFTER:
        raise error
    time.sleep(_ANSWER_AGAIN_AFTER)


def _put(aws: Aws, job_id: str, answer: Answer) -> None:
    if isinstance(answer, Fail):
        aws.put_job_failure_result(
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
        result["continuationToken"] = answer.hint.token()
    if isinstance(answer, Succeed) and answer.variables:
        result["outputVariables"] = dict(answer.variables)
    aws.put_job_success_result(**result)
