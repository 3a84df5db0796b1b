"""Targets: a deployment to one instance."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto.core.utils import utcnow

from local_aws.server_state import server_state
from local_aws.services.codedeploy.agent import Agent, EventFailed
from local_aws.services.codedeploy.traffic import Traffic

# AWS CodeDeploy User Guide, "AppSpec 'hooks' section", "Run order of hooks in a deployment".
BLOCKING = ["BeforeBlockTraffic", "BlockTraffic", "AfterBlockTraffic"]
INSTALLING = [
    "ApplicationStop",
    "DownloadBundle",
    "BeforeInstall",
    "Install",
    "AfterInstall",
    "ApplicationStart",
    "ValidateService",
]
ALLOWING = ["BeforeAllowTraffic", "AllowTraffic", "AfterAllowTraffic"]


class Target:
    """An InstanceTarget (AWS CodeDeploy API Reference).

    Args:
        events: the names of the lifecycle events.
    """

    def __init__(self, agent: Agent, events: list[str], traffic: Traffic | None) -> None:
        self.agent = agent
        self.traffic = traffic
        self.status = "Pending"
        self.updated = utcnow()
        self.events: list[dict[str, Any]] = [
            {"lifecycleEventName": name, "status": "Pending"} for name in events
        ]

    def run(self, location: dict[str, Any], stopped: Callable[[], bool]) -> None:
        """Deploy the revision at ``location``, and set the final status."""
        self._become("InProgress")
        for event in self.events:
            if stopped():
                return self.skip()
            event.update(status="InProgress", startTime=utcnow())
            server_state.clock.sleep(server_state.conditions.lifecycle_event_seconds)
            try:
                self._do(event["lifecycleEventName"], location)
            except EventFailed as error:
                event["diagnostics"] = {
                    "errorCode": error.code,
                    "message": str(error),
                    "scriptName": error.script,
                    "logTail": "",
                }
                event.update(status="Failed", endTime=utcnow())
                self._skip_rest()
                return self._become("Failed")
            event.update(status="Succeeded", endTime=utcnow())
            event["diagnostics"] = {"errorCode": "Success", "message": "Succeeded"}
        self.agent.remember()
        self._become("Succeeded")

    def skip(self) -> None:
        self._skip_rest()
        self._become("Skipped")

    def failure(self) -> str:
        """The failed lifecycle event with its message; empty if none failed."""
        for event in self.events:
            if event["status"] == "Failed":
                return f"{event['lifecycleEventName']}: {event['diagnostics']['message']}"
        return ""

    def described(self, deployment_id: str, arn: str) -> dict[str, Any]:
        return {
            "deploymentTargetType": "InstanceTarget",
            "instanceTarget": {
                "deploymentId": deployment_id,
                "targetId": self.agent.instance_id,
                "targetArn": arn,
                "status": self.status,
                "lastUpdatedAt": self.updated,
                "lifecycleEvents": self.events,
            },
        }

    def _do(self, event: str, location: dict[str, Any]) -> None:
        if event == "DownloadBundle":
            self.agent.download(location)
        elif event == "Install":
            self.agent.install()
        elif event == "ApplicationStop":
            self.agent.stop_application()
        elif event == "BlockTraffic":
            assert self.traffic
            self.traffic.block(self.agent.instance_id)
        elif event == "AllowTraffic":
            assert self.traffic
            self.traffic.allow(self.agent.instance_id)
        elif self.agent.revision:
            self.agent.run_scripts(event)

    def _skip_rest(self) -> None:
        for event in self.events:
            if event["status"] == "Pending":
                event["status"] = "Skipped"

    def _become(self, status: str) -> None:
        self.status = status
        self.updated = utcnow()
