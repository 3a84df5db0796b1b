"""What an error in a step means for the job."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace

from botocore.exceptions import ClientError

from baker.aws.error_codes import (
    DENIED,
    NETWORK_ERRORS,
    NOT_YET_VISIBLE,
    code_of,
    is_transient,
)
from baker.errors import BakeError, NotYetVisible
from baker.limits import MAX_VISIBILITY_CHECKS
from baker.messages import job as messages
from baker.model.answer import Answer, ContinuationToken, Continue, Fail

_log = logging.getLogger(__name__)


def answer_of(step: Callable[[], Answer | None], token: ContinuationToken) -> Answer | None:
    """The step's answer, or what its error means.

    Args:
        token: what the invocation was given, and the next one is given when it is to try again.
    """
    try:
        return step()
    except NotYetVisible as error:
        return _check_again(str(error), token, failure(error))
    except ClientError as error:
        return _answer_to_refusal(error, token)
    except NETWORK_ERRORS as error:
        return Continue(messages.RETRYING(reason=error), token)
    except Exception as error:
        return failure(error)


def failure(error: Exception) -> Fail:
    """The answer to an error that ends a bake; the log has the traceback of an unexpected one."""
    if isinstance(error, BakeError):
        return Fail(str(error), error.failure_type)
    _log.exception("unexpected error")
    return Fail(messages.UNEXPECTED_ERROR(reason=f"{type(error).__name__}: {error}"))


def _answer_to_refusal(error: ClientError, token: ContinuationToken) -> Answer:
    if is_transient(error):
        return Continue(messages.RETRYING(reason=error), token)
    if code_of(error) in DENIED:
        return Fail(messages.PERMISSION_MISSING(reason=error), "PermissionError")
    refused = Fail(messages.REQUEST_REFUSED(reason=error))
    if code_of(error) in NOT_YET_VISIBLE:
        return _check_again(str(error), token, refused)
    return refused


def _check_again(reason: str, token: ContinuationToken, otherwise: Answer) -> Answer:
    """Check a few times for what may only be too young to be visible."""
    if token.attempts >= MAX_VISIBILITY_CHECKS:
        return otherwise
    return Continue(
        messages.NOT_YET_VISIBLE(reason=reason), replace(token, attempts=token.attempts + 1)
    )
