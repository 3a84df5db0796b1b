"""Deployment configurations: how many instances are deployed to at a time.

AWS CodeDeploy User Guide, "Predefined deployment configurations for an EC2/on-premises compute
platform".
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

from local_aws.refusal import Refusal


@dataclass(frozen=True)
class Config:
    """A deployment configuration.

    Attributes:
        kind: the type of minimumHealthyHosts (AWS CodeDeploy API Reference).
        value: of minimumHealthyHosts.
    """

    name: str
    kind: str
    value: int

    def minimum_healthy(self, instances: int) -> int:
        if self.kind == "FLEET_PERCENT":
            return ceil(instances * self.value / 100)
        if self.name == "CodeDeployDefault.OneAtATime":
            return instances - 1
        return self.value

    def at_a_time(self, instances: int) -> int:
        """At least one: a single instance is deployed to even if none stays healthy."""
        return max(1, instances - self.minimum_healthy(instances))

    def holds(self, succeeded: int, failed: int, instances: int) -> bool:
        """Whether a deployment with so many targets of each status continues or has succeeded.

        AllAtOnce succeeds if one instance does; OneAtATime succeeds also if only the last instance
        fails.
        """
        if failed == 0:
            return True
        if instances - failed < self.minimum_healthy(instances):
            return False
        if self.name == "CodeDeployDefault.OneAtATime":
            return succeeded + failed == instances and succeeded > 0
        return succeeded > 0 or succeeded + failed < instances


PREDEFINED = {
    config.name: config
    for config in (
        Config("CodeDeployDefault.AllAtOnce", "HOST_COUNT", 0),
        Config("CodeDeployDefault.HalfAtATime", "FLEET_PERCENT", 50),
        Config("CodeDeployDefault.OneAtATime", "HOST_COUNT", 1),
    )
}


def config(name: str) -> Config:
    """A predefined configuration.

    Raises:
        Refusal: for any other one.
    """
    if name not in PREDEFINED:
        raise Refusal(f"the deployment configuration {name}")
    return PREDEFINED[name]
