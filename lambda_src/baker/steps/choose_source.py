"""Choose the instance that the image is made from."""

from __future__ import annotations

from baker.decisions.source import choose_source as choose
from baker.standby import tagged_instances
from baker.steps.state import Bake


def find_source_in_standby(bake: Bake) -> None:
    """Leave the instance in the bake that left service for the execution, or is about to."""
    bake.source = min(tagged_instances(bake, bake.job.execution), default=None)


def choose_source(bake: Bake) -> None:
    """Leave an instance in the bake that was just updated, if none was found before.

    Raises:
        NotYetVisible: when no instance can be imaged (yet).
    """
    assert bake.group and bake.deployment
    if bake.source is None:
        updated = bake.aws.deployments.succeeded_targets(bake.deployment.id)
        bake.source = choose(bake.group, bake.deployment.id, updated)
