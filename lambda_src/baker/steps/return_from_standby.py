"""Return instances from Standby to service."""

from __future__ import annotations

from baker.model.answer import ContinuationToken, Continue
from baker.standby import return_orphaned_instances, return_to_service
from baker.steps.state import Bake


def return_orphans(bake: Bake) -> Continue | None:
    """Return what earlier bakes left behind: the group has more to spare afterwards."""
    waiting = return_orphaned_instances(bake)
    return Continue(waiting[0]) if waiting else None


def return_source(bake: Bake) -> Continue | None:
    """Return the execution's own source, whatever became of its image."""
    waiting = return_to_service(bake, bake.job.execution)
    if waiting is None:
        return None
    token = ContinuationToken(image_id=bake.image.id) if bake.image else bake.job.token
    return Continue(waiting, token)
