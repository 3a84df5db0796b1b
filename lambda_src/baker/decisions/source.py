"""Which instance an image is made from."""

from __future__ import annotations

from collections.abc import Container

from baker.limits import REASONS_LISTED
from baker.messages import bake as messages
from baker.model.group import AutoScalingGroup, Member


def choose_source(group: AutoScalingGroup, deployment_id: str, updated: Container[str]) -> str:
    """The instance to make the image from: in service, healthy, and updated.

    Args:
        updated: the instances that are Succeeded targets of the deployment.

    Raises:
        NotYetVisible: when no instance fits (yet), with what is wrong with each.
    """
    reasons = {
        member.id: _unfit(member)
        or ("" if member.id in updated else f"is not a Succeeded target of {deployment_id}")
        for member in sorted(group.instances, key=lambda member: member.id)
    }
    for instance, reason in reasons.items():
        if not reason:
            return instance
    listed = [f"{instance} {reason}" for instance, reason in reasons.items()]
    raise messages.NO_SOURCE.error(
        group=group.name,
        reasons="; ".join(listed[:REASONS_LISTED]) or "it has none",
        deployment=deployment_id,
    )


def _unfit(member: Member) -> str:
    wrong = [
        value
        for value, right in (
            (member.lifecycle_state, "InService"),
            (member.health_status, "Healthy"),
        )
        if value != right
    ]
    return f"is {' and '.join(wrong)}" if wrong else ""
