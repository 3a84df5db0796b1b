"""The job that CodePipeline gives: which execution, which revision, how far it has come."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from baker.errors import ConfigurationError

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
class Flush:
    """A Run Command that writes an instance's page cache to its volumes."""

    command_id: str
    instance_id: str


@dataclass(frozen=True)
class Job:
    """One invocation's work.

    The event holds credentials for the artifacts: nothing but what is named here is read from it,
    and it is never logged (AWS CodePipeline User Guide, "AWS Lambda action reference").

    Attributes:
        execution: the id of the pipeline execution.
        revision: what was deployed: a commit id, or the version id of an S3 object.
        flush: the flush that an earlier invocation began; a hint that may be lost without harm.
    """

    id: str
    execution: str
    revision: str
    flush: Flush | None

    @classmethod
    def from_event(cls, job: Mapping[str, Any]) -> Job:
        """Read ``event["CodePipeline.job"]``.

        Raises:
            ConfigurationError: when the action's user parameters are not what this function takes.
        """
        data = job["data"]
        configuration = data["actionConfiguration"]["configuration"]
        parameters = _user_parameters(configuration.get("UserParameters", ""))
        return cls(
            id=job["id"],
            execution=_matching("execution", parameters, _EXECUTION),
            revision=_matching("revision", parameters, _REVISION),
            flush=_flush(data.get("continuationToken")),
        )


def continuation_token(flush: Flush | None = None) -> str:
    """What the next invocation gets as its continuation token (AWS keeps the state; see `Job`)."""
    return json.dumps({"flush": [flush.command_id, flush.instance_id]} if flush else {})


def _flush(token: str | None) -> Flush | None:
    known = json.loads(token or "{}").get("flush")
    return Flush(*known) if known else None


def _user_parameters(text: str) -> dict[str, Any]:
    try:
        parameters = json.loads(text)
    except ValueError:
        parameters = None
    if not isinstance(parameters, dict):
        raise ConfigurationError(
            f"The action's UserParameters must be a JSON object such as {_EXAMPLE}; they are "
            f"{text[:200]!r}."
        )
    unknown = sorted(parameters.keys() - {"execution", "revision"})
    if unknown:
        raise ConfigurationError(
            f"The action's UserParameters have keys that this function does not know: "
            f"{', '.join(unknown)}. It takes execution and revision only."
        )
    return parameters


def _matching(key: str, parameters: Mapping[str, Any], pattern: re.Pattern[str]) -> str:
    value = parameters.get(key)
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise ConfigurationError(
            f"{key} in the action's UserParameters is {value!r}, which is no {key}. They should be "
            f"{_EXAMPLE}, and the source action needs the namespace SourceVariables."
        )
    return value
