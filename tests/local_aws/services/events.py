"""Amazon EventBridge: AWS's own events on the default bus, and rules that start pipelines."""

from __future__ import annotations

import sys
import uuid
from typing import Any

from botocore.exceptions import ClientError
from moto.core.utils import unix_time
from moto.events import models
from moto.events.models import events_backends

from local_aws.house import house


def emit(source: str, detail_type: str, resources: list[str], detail: Any, region: str) -> None:
    """Put an event of an AWS service on the default event bus.

    Amazon EventBridge User Guide, "AWS service events": such an event reaches every enabled rule of
    the default bus whose pattern it matches.
    """
    event: Any = {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": detail_type,
        "source": source,
        "account": house.account_id,
        "time": unix_time(),
        "ingestion-time": unix_time(),  # of use in input templates; not part of what targets get
        "region": region,
        "resources": resources,
        "detail": detail,
    }
    bus = events_backends[house.account_id][region].event_buses["default"]
    for rule in list(bus.rules.values()):
        if rule.state == "ENABLED":
            house.run(rule.send_to_targets, event)


class Rule(models.Rule):
    """A rule that can have pipelines as targets."""

    def send_to_targets(self, original_event: Any, transform_input: bool = True) -> None:
        if not self.event_pattern.matches_event(original_event):
            return
        pipelines = [target for target in self.targets if ":codepipeline:" in target["Arn"]]
        for target in pipelines:
            self._start(target)
        if len(pipelines) < len(self.targets):
            super().send_to_targets(original_event, transform_input)

    def _start(self, target: dict[str, Any]) -> None:
        """StartPipelineExecution with the target's role (Amazon EventBridge User Guide, "Targets
        available in the EventBridge console"). What fails is an event that is lost."""
        _, _, _, region, _, name = target["Arn"].split(":", 5)
        try:
            house.client("codepipeline", target["RoleArn"], region).start_pipeline_execution(
                name=name
            )
        except (ClientError, LookupError) as error:
            print(f"rule {self.name} could not start pipeline {name}: {error}", file=sys.stderr)


def install() -> None:
    models.Rule = Rule  # type: ignore[misc]
