"""Launch template versions."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class LaunchTemplateVersion:
    """One version of a launch template.

    Attributes:
        volume_sizes: GiB by device name, for the devices whose size the template sets.
    """

    launch_template_id: str
    number: int
    image_id: str | None
    created: datetime.datetime
    volume_sizes: Mapping[str, int]
    is_default: bool = False
    description: str = ""

    def client_token(self, image_id: str, why: str) -> str:
        """The same for every attempt to put ``image_id`` on top of this version for the same reason
        (64 characters: Amazon EC2 Developer Guide, "Ensuring idempotency")."""
        text = f"{self.launch_template_id} {self.number} {image_id} {why}"
        return hashlib.sha256(text.encode()).hexdigest()
