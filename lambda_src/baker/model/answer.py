"""The three answers to a job that CodePipeline accepts, and the promotion that a bake ends with."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, fields
from typing import Any


@dataclass(frozen=True)
class ContinuationToken:
    """What an invocation hands to the next one. It may be lost without harm: the state of a bake is
    what AWS holds. So a token of another version of the function is read as far as it is known.

    Attributes:
        image_id: the image that was begun, which reads may not show yet.
        command_id: the Run Command that flushes the file systems of ``instance_id``.
        attempts: how many invocations in a row did not see what must exist.
    """

    image_id: str | None = None
    command_id: str | None = None
    instance_id: str | None = None
    attempts: int = 0

    @classmethod
    def from_text(cls, text: str | None) -> ContinuationToken:
        try:
            read = json.loads(text or "{}")
        except (TypeError, ValueError):
            return cls()
        types = {row.name: int if row.name == "attempts" else str for row in fields(cls)}
        given = read.items() if isinstance(read, dict) else ()
        known: dict[str, Any] = {
            key: value for key, value in given if isinstance(value, types.get(key, ()))
        }
        return cls(**known)

    def text(self) -> str:
        return json.dumps({key: value for key, value in asdict(self).items() if value})


@dataclass(frozen=True)
class Promotion:
    """The image that new instances launch from, and the launch template version that names it."""

    image_id: str
    launch_template_id: str
    version: int


@dataclass(frozen=True)
class Continue:
    """Not done yet: CodePipeline invokes the function again, with ``token``."""

    summary: str
    token: ContinuationToken = field(default_factory=ContinuationToken)


@dataclass(frozen=True)
class Succeed:
    """Done; later actions can read the promotion through the action's namespace.

    ``promotion`` is missing when the execution was superseded.
    """

    summary: str
    promotion: Promotion | None = None


@dataclass(frozen=True)
class Fail:
    """Given up; ``failure_type`` is a FailureType of CodePipeline's API."""

    message: str
    failure_type: str = "JobFailed"


Answer = Continue | Succeed | Fail
