"""Policies as JSON documents."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Document = Mapping[str, Any]


def listed(value: str | list[str]) -> list[str]:
    """A list of strings, where IAM also accepts a single string."""
    return [value] if isinstance(value, str) else list(value)
