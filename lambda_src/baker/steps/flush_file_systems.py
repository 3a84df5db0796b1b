"""Flush the source's file systems: an image without a reboot holds only what is on the volumes
(Amazon EC2 API Reference, CreateImage, NoReboot)."""

from __future__ import annotations

from baker.aws.commands import Unreachable
from baker.messages import bake as messages
from baker.model.answer import ContinuationToken, Continue
from baker.steps.state import Bake


def flush_file_systems(bake: Bake) -> Continue | None:
    """Run ``sync`` on the source, and wait until it ended.

    Raises:
        BakeError: when the source cannot be reached, or the command failed.
    """
    assert bake.source
    token = bake.job.token
    if not token.command_id or token.instance_id != bake.source:
        return _begin(bake, bake.source)
    result = bake.aws.commands.result(token.command_id, bake.source)
    if not result.finished:
        return _flushing(token.command_id, bake.source)
    if not result.succeeded:
        raise messages.FLUSH_FAILED.error(
            instance=bake.source,
            command=token.command_id,
            status=result.status,
            error=result.error[:500],
        )
    return None


def _begin(bake: Bake, source: str) -> Continue:
    comment = f"flush before imaging, {bake.job.execution}"
    try:
        return _flushing(bake.aws.commands.send(source, "sync", comment), source)
    except Unreachable:
        raise messages.NOT_REACHABLE.error(instance=source) from None


def _flushing(command: str, source: str) -> Continue:
    return Continue(
        messages.FLUSHING(instance=source),
        ContinuationToken(command_id=command, instance_id=source),
    )
