"""What a test may set about the world: how long things take and what goes wrong."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class ScriptFailure:
    """A hook script that exits non-zero.

    Attributes:
        lifecycle_event: the CodeDeploy lifecycle event, e.g. ``ApplicationStart``.
        instance_id: the instance on which it fails; ``None`` for every one.
    """

    lifecycle_event: str
    instance_id: str | None = None


@dataclass
class Conditions:
    """Durations are AWS seconds where nothing else is said.

    Attributes:
        image_seconds: from CreateImage until the image leaves ``pending``; infinite when a test
            ends it (`local_aws.services.ec2.images.Images.end_image`).
        image_failure: the ``StateReason`` with which the next images fail; ``None``: they succeed.
        launch_seconds: from the launch of an instance until it is ready.
        lifecycle_event_seconds: for each lifecycle event of a CodeDeploy target.
        job_poll_seconds: between a job's answer with a continuation token and the next job.
        job_answer_seconds: after these an action without an answer fails; an answer that it goes on
            starts them anew. Real seconds: what a function does takes real time.
        command_failure: the status with which Run Command invocations end, if not ``Success``.
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

    def change(self, changes: dict[str, object]) -> None:
        """Set the attributes named in ``changes`` (JSON values).

        Raises:
            ValueError: for a name that is not a condition.
        """
        for name, value in changes.items():
            if not hasattr(self, name):
                raise ValueError(f"{name!r} is not a condition; known are {sorted(vars(self))}")
            if name == "script_failures":
                value = [ScriptFailure(**failure) for failure in value]  # type: ignore[attr-defined]
            setattr(self, name, value)
