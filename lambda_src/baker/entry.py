"""Where an invocation comes in; whatever happens, CodePipeline gets an answer."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from typing import Any

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


def handler(event: Mapping[str, Any], context: object) -> None:
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
    _report(job["id"], _answer(job))


def _answer(event: Mapping[str, Any]) -> Answer:
    """Do the next step; whatever goes wrong becomes an answer in words."""
    token = event.get("data", {}).get("continuationToken")
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
