"""Conditions, which a test can change: how long things take, and what goes wrong."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NotRequired, TypedDict


class ScriptFailure(TypedDict):
    """A hook script that exits with an error.

    Attributes:
        lifecycle_event: the CodeDeploy lifecycle event, e.g. ``ApplicationStart``.
        instance_id: the instance on which it fails; on every one if left out.
    """

    lifecycle_event: str
    instance_id: NotRequired[str]


@dataclass
class Conditions:
    """Durations are seconds of AWS time, unless noted otherwise.

    Attributes:
        image_seconds: from CreateImage until the image leaves ``pending``; infinite if a test ends
            it (`local_aws.services.ec2.images.Images.end_image`).
        image_failure: the ``StateReason`` with which new images fail; ``None``: they succeed.
        launch_seconds: from the launch of an instance until it is ``running``.
        lifecycle_event_seconds: for each lifecycle event of a CodeDeploy target.
        job_poll_seconds: from a job's result with a continuation token until the next job.
        job_answer_seconds: after this time without a result an action fails; each continuation
            starts it anew. Real seconds, as a function runs in real time.
        command_failure: the status in which Run Command invocations end; ``None``: ``Success``.
        script_failures: hook scripts that fail.
    """

    image_seconds: float = 180
    image_failure: str | None = None
    launch_seconds: float = 40
    lifecycle_event_seconds: float = 2
    job_poll_seconds: float = 30
    job_answer_seconds: float = 20 * 60
    command_failure: str | None = None
    script_failures: list[ScriptFailure] = field(default_factory=list)

    def change(self, changes: dict[str, Any]) -> None:
        """Set the attributes named in ``changes``.

        Raises:
            ValueError: for a name that is not a condition.
        """
        for name, value in changes.items():
            if name not in vars(self):
                raise ValueError(f"{name!r} is not a condition; known are {sorted(vars(self))}")
            setattr(self, name, value)

    def reset(self) -> None:
        """Set all attributes to their defaults."""
        self.change(vars(Conditions()))


class ConditionChanges(TypedDict, total=False):
    """Arguments of `local_aws.client.LocalAws.set_conditions`: the attributes of `Conditions`."""

    image_seconds: float
    image_failure: str | None
    launch_seconds: float
    lifecycle_event_seconds: float
    job_poll_seconds: float
    job_answer_seconds: float
    command_failure: str | None
    script_failures: list[ScriptFailure]
