"""The job that CodePipeline gives: which execution, which revision, how far the bake has come."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from baker.messages import job as messages
from baker.model.answer import ContinuationToken

_EXECUTION = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# What EC2 takes as the value of a tag (Amazon EC2 User Guide, "Tag restrictions").
_REVISION = re.compile(r"[\w .:/=+@-]{1,256}")
_EXAMPLE = json.dumps(
    {
        "execution": "#{codepipeline.PipelineExecutionId}",
        "revision": "#{SourceVariables.CommitId}",
    }
)


@dataclass(frozen=True)
class Job:
    """One invocation's work.

    The event holds credentials for the artifacts: nothing but what is named here is read from it,
    and it is never logged (AWS CodePipeline User Guide, "AWS Lambda action reference").

    Attributes:
        execution: the id of the pipeline execution.
        revision: what was deployed: a commit id, or the version id of an S3 object.
    """

    id: str
    execution: str
    revision: str
    token: ContinuationToken

    @classmethod
    def from_event(cls, job: Mapping[str, Any]) -> Job:
        """Read ``event["CodePipeline.job"]``.

        Raises:
            ConfigurationError: when the action or its user parameters are not what this function
                accepts.
        """
        data = job.get("data", {})
        try:
            text = data["actionConfiguration"]["configuration"].get("UserParameters", "")
        except (AttributeError, KeyError, TypeError):
            raise messages.NO_CONFIGURATION.error() from None
        parameters = _user_parameters(text)
        return cls(
            id=job["id"],
            execution=_matching("execution", parameters, _EXECUTION),
            revision=_matching("revision", parameters, _REVISION),
            token=ContinuationToken.from_text(data.get("continuationToken")),
        )


def _user_parameters(text: str) -> dict[str, Any]:
    try:
        parameters = json.loads(text)
    except ValueError:
        parameters = None
    if not isinstance(parameters, dict):
        raise messages.INVALID_USER_PARAMETERS.error(example=_EXAMPLE, value=text[:200])
    unknown = sorted(parameters.keys() - {"execution", "revision"})
    if unknown:
        raise messages.UNKNOWN_USER_PARAMETERS.error(keys=", ".join(unknown))
    return parameters


def _matching(key: str, parameters: Mapping[str, Any], pattern: re.Pattern[str]) -> str:
    value = parameters.get(key)
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise messages.INVALID_USER_PARAMETER.error(key=key, value=value, example=_EXAMPLE)
    return value
