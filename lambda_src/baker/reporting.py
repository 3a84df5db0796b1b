"""Giving the answer to CodePipeline, again and again while AWS is not available."""

from __future__ import annotations

import logging

from botocore.exceptions import ClientError

from baker.aws.error_codes import JOB_OVER, NETWORK_ERRORS, code_of, is_transient
from baker.limits import ANSWER_AGAIN_AFTER, TIME_TO_ANSWER
from baker.messages.job import ANSWER_REFUSED
from baker.model.answer import Answer, Fail
from baker.runtime import Context, Runtime

_log = logging.getLogger(__name__)


def time_before_answer(context: Context) -> float:
    """Seconds until it is time to answer."""
    return _time_left(context) - TIME_TO_ANSWER


def report(runtime: Runtime, job_id: str, answer: Answer, context: Context) -> None:
    """Give the answer, as long as there is time.

    Raises:
        ClientError: when CodePipeline accepts no answer at all.
    """
    _log.info("answer", extra={"job": job_id, "answer": str(answer)})
    while True:
        try:
            return runtime.aws.pipelines.answer(job_id, answer)
        except ClientError as error:
            if code_of(error) in JOB_OVER:
                _log.warning("too late to answer", extra={"job": job_id, "error": str(error)})
                return None
            if is_transient(error):
                _wait(runtime, error, context)
            elif isinstance(answer, Fail):
                raise
            else:
                _log.exception("CodePipeline refused the answer")
                answer = Fail(ANSWER_REFUSED(answer=answer, reason=error))
        except NETWORK_ERRORS as error:
            _wait(runtime, error, context)


def _wait(runtime: Runtime, error: Exception, context: Context) -> None:
    if _time_left(context) < 2 * ANSWER_AGAIN_AFTER:
        raise error
    runtime.sleep(ANSWER_AGAIN_AFTER)


def _time_left(context: Context) -> float:
    """Seconds until Lambda ends the function."""
    return context.get_remaining_time_in_millis() / 1000
