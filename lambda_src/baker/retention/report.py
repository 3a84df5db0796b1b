"""What was removed, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from baker.limits import REMOVALS_LISTED
from baker.messages import cleanup as messages


@dataclass
class Report:
    """What was removed, what was retained although it is old, and what went wrong."""

    dry_run: bool = False
    images: list[str] = field(default_factory=list)
    snapshots: list[str] = field(default_factory=list)
    versions: list[int] = field(default_factory=list)
    retained: dict[str, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        """For the pipeline's summary; empty when there was nothing to do."""
        parts = []
        counted = [
            _count(self.images, "image"),
            _count(self.snapshots, "snapshot"),
            _count(self.versions, "launch template version"),
        ]
        if any(counted):
            removed = messages.WOULD_REMOVE if self.dry_run else messages.REMOVED
            listed = f": {_listed(self.images)}" if self.images else ""
            parts.append(removed(counted=", ".join(filter(None, counted)), listed=listed))
        if self.retained:
            reasons = [f"{image} ({reason})" for image, reason in self.retained.items()]
            parts.append(messages.RETAINED(listed=_listed(reasons)))
        parts += [messages.SKIPPED(problem=problem) for problem in self.problems]
        return " ".join(parts)


def _count(items: Sequence[object], noun: str) -> str:
    return f"{len(items)} {noun}{'s' if len(items) > 1 else ''}" if items else ""


def _listed(items: Sequence[str]) -> str:
    more = len(items) - REMOVALS_LISTED
    return ", ".join(items[:REMOVALS_LISTED]) + (f" and {more} more" if more > 0 else "")
