"""Warm pools: instances that were initialized ahead of time for a group.

Amazon EC2 Auto Scaling User Guide, "Decrease latency for applications with long boot times using
warm pools".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from local_aws.services.autoscaling.members import SETTLED, Member, in_termination_order

if TYPE_CHECKING:
    from local_aws.services.autoscaling.groups import Group


class WarmPool:
    """A warm pool; its callers hold the lock of the group's backend.

    Attributes:
        max_group_prepared_capacity: ``None`` for the group's MaxSize.
        status: set while the pool is being deleted.
    """

    def __init__(self, group: Group) -> None:
        self.max_group_prepared_capacity: int | None = None
        self.min_size = 0
        self.pool_state = "Stopped"
        self.status: str | None = None
        self._group = group

    @property
    def members(self) -> list[Member]:
        """Its instances, including those that are being terminated."""
        return [member for member in self._group.instance_states if member.is_warm]

    def balance(self, why: str) -> None:
        """Launch or terminate instances until the pool has its size."""
        group = self._group
        there = [m for m in self.members if m.lifecycle_state != "Warmed:Terminating"]
        missing = self._wanted() - len(there)
        if missing > 0 and not group.is_suspended("Launch"):
            for _ in range(missing):
                what = "Launching a new EC2 instance into warm pool"
                if not group.launch(why, what, "Warmed:Pending", self.members):
                    group.retry()
                    break
        elif missing < 0 and not group.is_suspended("Terminate"):
            for member in in_termination_order(there)[:-missing]:
                group.terminate(member, why)

    def _wanted(self) -> int:
        """The pool's size ("Warm pool size", "Minimum warm pool size")."""
        prepared = self.max_group_prepared_capacity
        if prepared is None:
            prepared = self._group.max_size or 0
        return 0 if self.status else max(self.min_size, prepared - self._group.wanted)

    def next_to_start(self) -> Member | None:
        """An instance that can be started for the group."""
        ready = [member for member in self.members if member.lifecycle_state in SETTLED]
        return ready[0] if ready and not self.status else None

    def put_in(self, member: Member) -> None:
        """Keep an instance in the pool, after its launch and its lifecycle hooks."""
        if self.pool_state == "Stopped":
            self._group.ec2_backend.stop_instances([member.instance_id])
        member.lifecycle_state = f"Warmed:{self.pool_state}"
        member.launching.succeed()

    def delete(self, force: bool) -> None:
        """DeleteWarmPool: unless forced, the pool exists until its instances are terminated."""
        self.status = "PendingDelete"
        for member in self.members:
            if member.lifecycle_state != "Warmed:Terminating":
                self._group.terminate(member, "a user request deleted the warm pool")
        if force or self.is_over():
            self._group.warm_pool = None

    def is_over(self) -> bool:
        return self.status is not None and not self.members
