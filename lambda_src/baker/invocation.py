"""What every invocation works with, whatever it was asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from baker.aws import Aws
from baker.limits import RemovalLimits
from baker.model.settings import Settings
from baker.targets import Target, targets


@dataclass
class Invocation:
    """One invocation of the function.

    Attributes:
        targets: where the pipeline's images are put; the first is the launch template, whose
            versions retention removes.
    """

    aws: Aws
    settings: Settings
    targets: tuple[Target, ...]
    removal_limits: RemovalLimits


def prepare(aws: Aws, environment: Mapping[str, str], removal_limits: RemovalLimits) -> Invocation:
    """Read the settings.

    Raises:
        ConfigurationError: when the environment lacks one, or one is wrong.
    """
    settings = Settings.from_environment(environment)
    all_targets = targets(aws.launch_templates, settings.launch_template_id)
    return Invocation(aws, settings, all_targets, removal_limits)
