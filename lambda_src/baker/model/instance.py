"""Instances, as EC2 shows them."""

from __future__ import annotations

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
