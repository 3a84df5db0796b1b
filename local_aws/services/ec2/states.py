"""The states of instances, and listeners for their changes."""

from __future__ import annotations

from collections.abc import Callable

from moto.ec2.models.instances import Instance, InstanceState

from local_aws.server_state import server_state

# "Amazon EC2 instance state changes" (EC2 User Guide), codes from the API's InstanceState.
CODES = {
    "pending": 0,
    "running": 16,
    "shutting-down": 32,
    "terminated": 48,
    "stopping": 64,
    "stopped": 80,
}

# Called in the background after a change, with the instance's ID and its state.
listeners: list[Callable[[str, str], None]] = []


def enter(instance: Instance, state: str) -> None:
    instance._state = InstanceState(state, CODES[state])
    announce(instance)


def announce(instance: Instance) -> None:
    """Call the listeners, for a state that has been set already."""
    for listener in listeners:
        server_state.run(listener, instance.id, instance.state)
