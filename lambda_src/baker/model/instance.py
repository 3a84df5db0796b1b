"""Instances and snapshots, as EC2 shows them."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Instance:
    """An EC2 instance.

    Attributes:
        state: ``pending``, ``running``, ``stopped``, ...
    """

    id: str
    image_id: str
    state: str
    architecture: str
    tags: Mapping[str, str] = field(default_factory=dict)

    @property
    def group_name(self) -> str | None:
        """The Auto Scaling group that it belongs to, by the tag that Auto Scaling sets."""
        return self.tags.get("aws:autoscaling:groupName")


@dataclass(frozen=True)
class Snapshot:
    """An EBS snapshot.

    Attributes:
        state: ``pending``, ``completed``, ...
        started: what is written to the volume later is not in it.
    """

    id: str
    state: str
    started: datetime.datetime
    tags: Mapping[str, str] = field(default_factory=dict)
