"""Scaling activities."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import datetime

from moto.core.utils import utcnow


@dataclass
class Activity:
    """An Activity (Amazon EC2 Auto Scaling API Reference)."""

    auto_scaling_group_name: str
    auto_scaling_group_arn: str
    description: str
    cause: str
    activity_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    start_time: datetime = field(default_factory=utcnow)
    end_time: datetime | None = None
    status_code: str = "InProgress"
    status_message: str | None = None
    progress: int = 0

    def succeed(self) -> None:
        self._end("Successful")

    def fail(self, message: str) -> None:
        self.status_message = message
        self._end("Failed")

    def cancel(self) -> None:
        """Cancel the activity, unless it has ended."""
        if self.status_code == "InProgress":
            self._end("Cancelled")

    def _end(self, status_code: str) -> None:
        self.status_code = status_code
        self.progress = 100
        self.end_time = utcnow()
