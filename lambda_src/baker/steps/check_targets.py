"""Make sure that a new image would be launched, before anything is changed."""

from __future__ import annotations

from baker.steps.state import Bake


def check_targets(bake: Bake) -> None:
    """Leave the group and the targets in the bake.

    Raises:
        ConfigurationError: when the group would not launch the image.
    """
    bake.group = bake.aws.groups.get(bake.settings.auto_scaling_group_name)
    for target in bake.targets:
        target.check_launched_by(bake.group)
        bake.placements += (target.read(),)
