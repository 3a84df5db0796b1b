"""AWS as one test needs it: each operation gives the answer that the test hands in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from baker.invocation import Invocation
from baker.limits import RemovalLimits
from baker.model.answer import ContinuationToken
from baker.model.job import Job
from baker.steps.state import Bake
from baker.targets import targets
from unit.baker.samples import a_settings

JOB = Job("job-1", "e-1", "8f2c1d", ContinuationToken())


class Noun:
    """The operations of one module of `baker.aws`."""

    def __init__(self, aws: Account, name: str) -> None:
        self._aws, self._name = aws, name

    def __getattr__(self, operation: str) -> Callable[..., Any]:
        return lambda *args: self._aws.call(f"{self._name}.{operation}", args)


class Account:
    """Takes the place of `baker.aws.Aws`.

    Args:
        answers: by operation, such as ``images.find``: an answer, an error, or a function that
            gives the answer.

    Attributes:
        calls: those that were made, as texts.
    """

    def __init__(self, answers: Mapping[str, Any]) -> None:
        self.calls: list[str] = []
        self._answers = answers
        for name in ("commands", "deployments", "groups", "images", "instances"):
            setattr(self, name, Noun(self, name))
        for name in ("launch_templates", "pipelines", "snapshots"):
            setattr(self, name, Noun(self, name))

    def call(self, operation: str, args: tuple[Any, ...]) -> Any:
        self.calls.append(" ".join([operation, *map(str, args)]))
        answer = self._answers[operation]
        if isinstance(answer, Exception):
            raise answer
        return answer(*args) if callable(answer) else answer


def an_invocation(answers: Mapping[str, Any], **settings: str) -> Any:
    aws: Any = Account(answers)
    read = a_settings(**settings)
    all_targets = targets(aws.launch_templates, read.launch_template_id)
    return Invocation(aws, read, all_targets, RemovalLimits())


def a_bake(answers: Mapping[str, Any], token: ContinuationToken | None = None, **state: Any) -> Any:
    """A bake whose earlier steps left ``state``."""
    job = Job(JOB.id, JOB.execution, JOB.revision, token or JOB.token)
    return Bake(**vars(an_invocation(answers)), job=job, **state)
