"""The settings, their defaults and checks: one table.

Each field of `Settings` says from which of the function's environment variables it is read, how it
is checked, and what holds where the variable may be missing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from baker.messages.job import INVALID_VARIABLE, NO_SUCH_VARIABLE


@dataclass(frozen=True)
class Check:
    """What a variable must be.

    Attributes:
        expected: in words.
        parse: from the variable's text; raises ValueError for a wrong one.
    """

    expected: str
    parse: Callable[[str], Any]


def _one_of(*values: str) -> Check:
    def parse(text: str) -> str:
        if text not in values:
            raise ValueError
        return text

    return Check(" or ".join(values), parse)


def _count(text: str) -> int:
    if not re.fullmatch("[1-9][0-9]{0,3}", text):
        raise ValueError
    return int(text)


def _strings(text: str) -> dict[str, str]:
    parsed = json.loads(text)
    if not isinstance(parsed, dict) or not all(isinstance(value, str) for value in parsed.values()):
        raise ValueError
    return parsed


TEXT = Check("a text", str)
COUNT = Check("a number from 1 to 9999", _count)
CAPTURE = _one_of("live", "standby")
BOOLEAN = Check("true or false", lambda text: _one_of("true", "false").parse(text) == "true")
STRINGS = Check("a JSON object whose values are strings", _strings)


def _setting(variable: str, check: Check = TEXT, default: str | None = None) -> Any:
    """A row of the table.

    Args:
        default: the variable's text where it may be missing or empty; without one it is required.
    """
    return field(metadata={"variable": variable, "check": check, "default": default})


@dataclass(frozen=True, kw_only=True)
class Settings:
    """One pipeline, the deployment group that it deploys to and the Auto Scaling group that it
    bakes for.

    Attributes:
        image_tags: the user's own tags for images and snapshots.
        capture: how an image is taken: ``live`` or ``standby``.
        keep: how many images retention keeps.
        dry_run: whether retention only reports what it would remove.
    """

    pipeline_name: str = _setting("PIPELINE_NAME")
    application_name: str = _setting("CODEDEPLOY_APPLICATION_NAME")
    deployment_group_name: str = _setting("CODEDEPLOY_DEPLOYMENT_GROUP_NAME")
    auto_scaling_group_name: str = _setting("AUTO_SCALING_GROUP_NAME")
    launch_template_id: str = _setting("LAUNCH_TEMPLATE_ID")
    image_tags: Mapping[str, str] = _setting("IMAGE_TAGS", STRINGS, default="{}")
    capture: str = _setting("CAPTURE", CAPTURE)
    keep: int = _setting("KEEP_IMAGES", COUNT)
    dry_run: bool = _setting("RETENTION_DRY_RUN", BOOLEAN)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Settings:
        """Read and check the function's environment.

        Raises:
            ConfigurationError: naming the variable that is missing or wrong.
        """
        return cls(**{row.name: _read(row.metadata, environment) for row in fields(cls)})


def _read(row: Mapping[str, Any], environment: Mapping[str, str]) -> Any:
    variable, check = row["variable"], row["check"]
    text = environment.get(variable) or row["default"]
    if text is None:
        raise NO_SUCH_VARIABLE.error(variable=variable)
    try:
        return check.parse(text)
    except ValueError:
        raise INVALID_VARIABLE.error(
            variable=variable, expected=check.expected, value=text[:200]
        ) from None
