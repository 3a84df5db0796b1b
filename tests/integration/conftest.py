from __future__ import annotations

from collections.abc import Iterator

import pytest

from local_aws.client import LocalAws
from local_aws.launcher import Launcher
from support.service import Service
from support.stack import Stack

# Fast enough that an image takes a second, slow enough that states between can be seen.
SPEED = 200


@pytest.fixture(scope="module")
def aws(launcher: Launcher) -> Iterator[LocalAws]:
    """An account of the module's own."""
    with launcher.start(speed=SPEED) as running:
        yield running


@pytest.fixture(scope="module")
def service_stack(aws: LocalAws, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The workspace of a service without a load balancer, not applied yet."""
    folder = tmp_path_factory.mktemp("stack")
    with Stack(aws, "tests/integration/workspaces/service", folder) as stack:
        yield stack


@pytest.fixture(scope="module")
def service(
    aws: LocalAws, service_stack: Stack, tmp_path_factory: pytest.TempPathFactory
) -> Service:
    """A service with two instances that has never been deployed to, applied once a module."""
    outputs = service_stack.apply()["service"]
    return Service(aws, outputs, tmp_path_factory.mktemp("clone") / "application")


@pytest.fixture
def clear_conditions(aws: LocalAws) -> Iterator[None]:
    """For tests that set conditions: afterwards all have their defaults."""
    yield
    aws.reset_conditions()
