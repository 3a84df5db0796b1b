"""Amazon EventBridge: events of AWS services on the default bus, and rules that start pipelines,
invoke functions and publish to topics."""

from __future__ import annotations

import copy
import json
import re
import sys
import uuid
from typing import Any

from botocore.exceptions import ClientError
from moto.core.utils import iso_8601_datetime_without_milliseconds, unix_time, utcfromtimestamp
from moto.events import models
from moto.events.models import events_backends
from moto.kms.models import kms_backends
from moto.sns.models import sns_backends

from local_aws.authorization import Question
from local_aws.refusal import Refusal
from local_aws.server_state import server_state
from local_aws.services import resource_policies
from local_aws.services.functions import invocations, permissions

# What a target that is a function or a topic may have. A retry policy has no effect here: it is for
# events that the target's service does not accept. Lambda has its own settings for retries.
KNOWN_OF_TARGETS = {"Arn", "Id", "Input", "RetryPolicy"}
UNIT_SECONDS = {"minute": 60, "hour": 3600, "day": 86400}


def emit(source: str, detail_type: str, resources: list[str], detail: Any, region: str) -> None:
    """Send an event of an AWS service to every enabled rule of the default bus that matches it
    (Amazon EventBridge User Guide, "AWS service events")."""
    event = _event(source, detail_type, resources, detail, region)
    bus = events_backends[server_state.account_id][region].event_buses["default"]
    for rule in list(bus.rules.values()):
        if rule.state == "ENABLED":
            server_state.run(rule.send_to_targets, event)


def _event(source: str, detail_type: str, resources: list[str], detail: Any, region: str) -> Any:
    return {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": detail_type,
        "source": source,
        "account": server_state.account_id,
        "time": unix_time(),
        "ingestion-time": unix_time(),  # for input templates; targets do not get it
        "region": region,
        "resources": resources,
        "detail": detail,
    }


class Rule(models.Rule):
    """A rule, with pipelines, functions and topics as targets, or a schedule."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.scheduled_expression:
            server_state.run(self._keep_time, _seconds(self.scheduled_expression))

    def _keep_time(self, seconds: float) -> None:
        """Send an event at each interval, until the rule is deleted or replaced ("Creating a rule
        that runs on a schedule", Amazon EventBridge User Guide)."""
        buses = events_backends[self.account_id][self.region_name].event_buses
        while True:
            server_state.clock.sleep(seconds)
            if buses[self.event_bus_name].rules.get(self.name) is not self:
                return
            if self.state == "ENABLED":
                self._send(
                    _event("aws.events", "Scheduled Event", [self.arn], {}, self.region_name)
                )

    def put_targets(self, targets: list[dict[str, Any]]) -> None:
        """PutTargets; settings that `_invoke` and `_publish` would ignore are refused."""
        for target in targets:
            if _service(target) not in ("lambda", "sns"):
                continue
            if unknown := sorted(set(target) - KNOWN_OF_TARGETS):
                raise Refusal(f"{', '.join(unknown)} of a target that is {target['Arn']}")
            if _service(target) == "lambda" and target["Arn"].count(":") > 6:
                raise Refusal("versions and aliases of Lambda functions")
        super().put_targets(targets)

    def send_to_targets(self, original_event: Any, transform_input: bool = True) -> None:
        if not self.scheduled_expression and self.event_pattern.matches_event(original_event):
            self._send(original_event)

    def _send(self, original_event: Any) -> None:
        senders = {"codepipeline": self._start, "lambda": self._invoke, "sns": self._publish}
        others = copy.copy(self)
        others.targets = []
        for target in list(self.targets):
            if sender := senders.get(_service(target)):
                sender(target, original_event)
            else:
                others.targets.append(target)
        if others.targets:
            super(Rule, others).send_to_targets(original_event)

    def _start(self, target: dict[str, Any], event: Any) -> None:
        """StartPipelineExecution with the target's role (Amazon EventBridge User Guide, "Targets
        available in the EventBridge console"). If it fails, the event is lost."""
        _, _, _, region, _, name = target["Arn"].split(":", 5)
        try:
            client = server_state.client(
                "codepipeline", target["RoleArn"], region, "events.amazonaws.com", self.arn
            )
            client.start_pipeline_execution(name=name)
        except (ClientError, LookupError) as error:
            print(f"rule {self.name} could not start pipeline {name}: {error}", file=sys.stderr)

    def _invoke(self, target: dict[str, Any], event: Any) -> None:
        """Invoke a function asynchronously. If its policy does not allow EventBridge to do so, the
        event is lost (Amazon EventBridge User Guide, "Using resource-based policies for Amazon
        EventBridge")."""
        _, _, _, region, _, _, name = target["Arn"].split(":")
        function = invocations.find(region, name)
        if not function:
            reason = "it does not exist"
        elif not permissions.allows(function, "events.amazonaws.com", self.arn, self.account_id):
            reason = "its policy does not allow it"
        else:
            question = Question("lambda:InvokeFunction", target["Arn"])
            server_state.recorder.record_service("events.amazonaws.com", question, self.arn, region)
            payload = target.get("Input") or json.dumps(_sent(event))
            server_state.run(invocations.deliver, region, name, payload.encode())
            return
        print(f"rule {self.name} could not invoke function {name}: {reason}", file=sys.stderr)

    def _publish(self, target: dict[str, Any], event: Any) -> None:
        """Publish to a topic. If its policy, or that of its key, does not allow EventBridge to do
        so, the event is lost.

        "You can't use Condition blocks in Amazon SNS topic policies for EventBridge" (Amazon
        EventBridge User Guide, "Using resource-based policies for Amazon EventBridge"): no
        condition is met.
        """
        _, _, _, region, _, name = target["Arn"].split(":")
        topic = sns_backends[self.account_id][region].topics.get(target["Arn"])
        service = "events.amazonaws.com"
        if not topic:
            reason = "it does not exist"
        elif not resource_policies.allows(topic._policy_json, service, "sns:Publish", {}):
            reason = "its policy does not allow it"
        elif topic.kms_master_key_id and not self._may_encrypt(topic, region):
            reason = "the policy of its key does not allow it"
        else:
            question = Question("sns:Publish", target["Arn"])
            server_state.recorder.record_service(service, question, None, region)
            topic.publish(target.get("Input") or json.dumps(_sent(event)))
            return
        print(f"rule {self.name} could not publish to topic {name}: {reason}", file=sys.stderr)

    def _may_encrypt(self, topic: Any, region: str) -> bool:
        """Whether the policy of a topic's key allows EventBridge to use it; that of alias/aws/sns
        does not (Amazon SNS Developer Guide, "Enable compatibility between event sources from AWS
        services and encrypted topics").

        The encryption context has the topic's ARN ("Setting up Amazon SNS topic encryption with
        server-side encryption"). There are no condition keys for the rule and its account.
        """
        keys = kms_backends[self.account_id][region]
        key = keys.keys.get(keys.get_key_id(topic.kms_master_key_id))
        if not key:
            return False
        policy = json.loads(key.policy)
        context = {"kms:EncryptionContext:aws:sns:topicArn": topic.arn}
        for action in ("kms:Decrypt", "kms:GenerateDataKey"):
            if not resource_policies.allows(policy, "events.amazonaws.com", action, context):
                return False
            question = Question(action, key.arn, context)
            server_state.recorder.record_service("events.amazonaws.com", question, None, region)
        return True


def _seconds(expression: str) -> float:
    """The seconds in a schedule such as ``rate(5 minutes)``."""
    rate = re.fullmatch(r"rate\((\d+) (minute|hour|day)s?\)", expression)
    if not rate:
        raise Refusal(f"the schedule {expression}")
    return int(rate[1]) * UNIT_SECONDS[rate[2]]


def _service(target: dict[str, Any]) -> str:
    return str(target["Arn"]).split(":")[2]


def _sent(event: Any) -> dict[str, Any]:
    """An event as targets receive it (Amazon EventBridge User Guide, "Event structure")."""
    time = event["time"]
    if not isinstance(time, str):
        time = iso_8601_datetime_without_milliseconds(utcfromtimestamp(time))
    kept = {name: value for name, value in event.items() if name != "ingestion-time"}
    return {**kept, "time": time}


def install() -> None:
    models.Rule = Rule  # type: ignore[misc]
