"""The job that CodePipeline gives: which execution, which revision, how far it has come."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
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
class Hint:
    """What one invocation tells the next through the continuation token. It may be lost without
    harm: the state of a bake is what AWS holds.

    Attributes:
        image_id: the image that was begun, which reads may not show yet.
        command_id: the Run Command that flushes the file systems of ``instance_id``.
        looks: how many invocations in a row did not see what they looked for.
    """

    image_id: str | None = None
    command_id: str | None = None
    instance_id: str | None = None
    looks: int = 0

    @classmethod
    def from_token(cls, token: str | None) -> Hint:
        return cls(**json.loads(token or "{}"))

    def token(self) -> str:
        return json.dumps({key: value for key, value in asdict(self).items() if value})


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
    hint: Hint

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
            hint=Hint.from_token(data.get("continuationToken")),
        )


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
