"""What Terraform decided: the function's environment."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from baker.errors import ConfigurationError


@dataclass(frozen=True)
class Settings:
    """One pipeline, the deployment group it deploys to and the fleet it bakes for.

    Attributes:
        image_tags: tags of the user's own for images and snapshots.
        capture: how an image is taken: ``live`` or ``standby``.
        keep: how many images retention keeps.
        dry_run: whether retention only says what it would remove.
    """

    pipeline_name: str
    application_name: str
    deployment_group_name: str
    auto_scaling_group_name: str
    launch_template_id: str
    image_tags: Mapping[str, str] = field(default_factory=dict)
    capture: str = "live"
    keep: int = 5
    dry_run: bool = False

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Settings:
        """Read and check the environment.

        Raises:
            ConfigurationError: naming the variable that is missing or wrong.
        """

        def value(name: str) -> str:
            if not environment.get(name):
                raise ConfigurationError(
                    f"The function has no environment variable {name}: apply the baker module."
                )
            return environment[name]

        return cls(
            pipeline_name=value("PIPELINE_NAME"),
            application_name=value("CODEDEPLOY_APPLICATION_NAME"),
            deployment_group_name=value("CODEDEPLOY_DEPLOYMENT_GROUP_NAME"),
            auto_scaling_group_name=value("AUTO_SCALING_GROUP_NAME"),
            launch_template_id=value("LAUNCH_TEMPLATE_ID"),
            image_tags=_tags(environment.get("IMAGE_TAGS") or "{}"),
            capture=_one_of("CAPTURE", value("CAPTURE"), "live", "standby"),
            keep=_at_least_one("KEEP_IMAGES", value("KEEP_IMAGES")),
            dry_run=_one_of("RETENTION_DRY_RUN", value("RETENTION_DRY_RUN"), "true", "false")
            == "true",
        )


def _one_of(name: str, text: str, *known: str) -> str:
    if text not in known:
        raise ConfigurationError(
            f"The function's environment variable {name} must be {' or '.join(known)}; it is "
            f"{text[:200]!r}."
        )
    return text


def _at_least_one(name: str, text: str) -> int:
    if not re.fullmatch("[1-9][0-9]{0,3}", text):
        raise ConfigurationError(
            f"The function's environment variable {name} must be a number from 1 to 9999; it is "
            f"{text[:200]!r}."
        )
    return int(text)


def _tags(text: str) -> dict[str, str]:
    try:
        tags = json.loads(text)
    except ValueError:
        tags = None
    if not isinstance(tags, dict) or not all(isinstance(value, str) for value in tags.values()):
        raise ConfigurationError(
            "The function's environment variable IMAGE_TAGS must be a JSON object whose values are "
            f"strings; it is {text[:200]!r}."
        )
    return tags
