"""The states of an instance, and who wants to know when one changes."""

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

# Called in the background, with the instance's id and its new state.
listeners: list[Callable[[str, str], None]] = []


def enter(instance: Instance, state: str) -> None:
    instance._state = InstanceState(state, CODES[state])
    announce(instance)


def announce(instance: Instance) -> None:
    """Tell the listeners of a state that was set elsewhere."""
    for listener in listeners:
        server_state.run(listener, instance.id, instance.state)
