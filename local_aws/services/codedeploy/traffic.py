"""Traffic of instances, which CodeDeploy blocks and allows with the service role.

AWS CodeDeploy User Guide, "Integrating CodeDeploy with Elastic Load Balancing".
"""

from __future__ import annotations

from typing import Any

from botocore.exceptions import ClientError

from local_aws.server_state import server_state
from local_aws.services.codedeploy.agent import EventFailed

# The longest time that CodeDeploy waits for healthy targets. AWS seconds.
LONGEST_WAIT = 3600
POLL_SECONDS = 5


class Traffic:
    """The target groups of a deployment group.

    Args:
        names: of the target groups.
        elb: a boto3 client of Elastic Load Balancing that acts with the service role.
    """

    def __init__(self, names: list[str], elb: Any) -> None:
        self.names = names
        self._elb = elb

    def block(self, instance_id: str) -> None:
        """BlockTraffic: deregister an instance, and wait until it has drained."""
        for arn in self._arns():
            self._elb.deregister_targets(TargetGroupArn=arn, Targets=[{"Id": instance_id}])
            self._wait(arn, instance_id, {"unused", None})

    def allow(self, instance_id: str) -> None:
        """AllowTraffic: register an instance, and wait until it is healthy."""
        for arn in self._arns():
            self._elb.register_targets(TargetGroupArn=arn, Targets=[{"Id": instance_id}])
            self._wait(arn, instance_id, {"healthy"})

    def _arns(self) -> list[str]:
        try:
            groups = self._elb.describe_target_groups(Names=self.names)["TargetGroups"]
        except ClientError as error:
            raise EventFailed("UnknownError", error.response["Error"]["Message"]) from None
        return [group["TargetGroupArn"] for group in groups]

    def _wait(self, arn: str, instance_id: str, wanted: set[str | None]) -> None:
        for _ in range(0, LONGEST_WAIT, POLL_SECONDS):
            if self._state(arn, instance_id) in wanted:
                return
            server_state.clock.sleep(POLL_SECONDS)
        raise EventFailed("UnknownError", f"{instance_id} did not become {wanted} in {arn}")

    def _state(self, arn: str, instance_id: str) -> str | None:
        health: list[Any] = self._elb.describe_target_health(TargetGroupArn=arn)[
            "TargetHealthDescriptions"
        ]
        for target in health:
            if target["Target"]["Id"] == instance_id:
                return str(target["TargetHealth"]["State"])
        return None
