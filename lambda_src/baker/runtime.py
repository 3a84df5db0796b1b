"""What the function runs on."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Protocol

from baker.aws import Aws
from baker.bake import Step, steps
from baker.invocation import Invocation, prepare
from baker.limits import RemovalLimits
from baker.time_limit import time_limit


class Context(Protocol):
    """What is used of Lambda's context object."""

    aws_request_id: str

    def get_remaining_time_in_millis(self) -> int: ...


@dataclass(frozen=True)
class Runtime:
    """Everything that is not in the event; by default as Lambda has it.

    Attributes:
        environment: see `baker.model.settings.Settings`.
        steps: of a bake, by the way of capture.
        time_limit: interrupts what takes more than so many seconds.
        sleep: waits for so many seconds.
    """

    aws: Aws = field(default_factory=Aws)
    environment: Mapping[str, str] = field(default_factory=lambda: os.environ)
    steps: Callable[[str], Sequence[Step]] = steps
    removal_limits: RemovalLimits = field(default_factory=RemovalLimits)
    time_limit: Callable[[float], AbstractContextManager[None]] = time_limit
    sleep: Callable[[float], None] = time.sleep

    def invocation(self) -> Invocation:
        """What an invocation works with.

        Raises:
            ConfigurationError: when the environment lacks a setting, or one is wrong.
        """
        return prepare(self.aws, self.environment, self.removal_limits)
