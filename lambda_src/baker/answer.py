"""The three answers that CodePipeline takes to a job."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from baker.job import Hint


@dataclass(frozen=True)
class Continue:
    """Not done yet: CodePipeline invokes the function again, with ``hint``."""

    summary: str
    hint: Hint = field(default_factory=Hint)
    image_id: str | None = None


@dataclass(frozen=True)
class Succeed:
    """Done; later actions can read ``variables`` through the action's namespace.

    ``image_id`` is the image that was promoted, if one was.
    """

    summary: str
    image_id: str | None = None
    variables: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Fail:
    """Given up; ``failure_type`` is a FailureType of CodePipeline's API."""

    message: str
    failure_type: str = "JobFailed"


Answer = Continue | Succeed | Fail
