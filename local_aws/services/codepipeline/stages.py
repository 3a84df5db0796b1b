"""Locks of stages: one execution at a time in a stage, and those that wait for it.

AWS CodePipeline User Guide, "How pipeline executions work", "Rules for processing executions".
"""

from __future__ import annotations

import threading

from local_aws.server_state import server_state
from local_aws.services.codepipeline.executions import Execution

# Real seconds between two checks of a waiting execution whether it was stopped.
LOOK_SECONDS = 0.05


class Stages:
    """The stages of a pipeline, by name.

    Attributes:
        inside: the execution in a stage.
        waiting: the executions that wait for a stage, in order.
        latest: the last execution that entered a stage.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self.inside: dict[str, Execution] = {}
        self.waiting: dict[str, list[Execution]] = {}
        self.latest: dict[str, Execution] = {}

    def enter(self, stage: str, execution: Execution) -> bool:
        """Wait for a stage, and lock it.

        Returns:
            false if the execution ended while it waited.
        """
        with self._changed:
            queue = self.waiting.setdefault(stage, [])
            if execution.declaration.get("executionMode", "SUPERSEDED") == "SUPERSEDED":
                self._supersede(queue, execution)
            queue.append(execution)
            while execution is not queue[0] or stage in self.inside:
                if execution.over() or execution.stopping.is_set():
                    break
                server_state.clock.wait(self._changed, LOOK_SECONDS)
            queue.remove(execution)
            if execution.over() or execution.stopping.is_set():
                return False
            self.inside[stage] = execution
            self.latest[stage] = execution
            return True

    def leave(self, stage: str) -> None:
        with self._changed:
            del self.inside[stage]
            self._changed.notify_all()

    def _supersede(self, queue: list[Execution], newer: Execution) -> None:
        for older in queue:
            if older.started < newer.started:
                older.become("Superseded", f"Superseded by {newer.id}")
        self._changed.notify_all()
