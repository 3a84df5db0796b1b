"""EventBridge: rules that invoke Lambda functions and publish to topics."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local_aws.client import LocalAws
from support.delivery import bucket, role
from support.fleet import client, eventually, unique

ACCOUNT = "123456789012"

# A function that keeps each event it gets and fails when the event says so.
KEEPER = """
import json
import boto3

def handler(event, context):
    boto3.client("ssm").put_parameter(
        Name=f"{context.function_name}-{context.aws_request_id}",
        Value=json.dumps(event),
        Type="String",
    )
    if event["detail"].get("fail"):
        raise RuntimeError("as it was told")
"""


@pytest.fixture
def keeper(aws: LocalAws) -> str:
    """The name of the function."""
    name, code = unique("keeper"), io.BytesIO()
    with zipfile.ZipFile(code, "w") as zipped:
        zipped.writestr("keeper.py", KEEPER)
    client(aws, "logs").create_log_group(logGroupName=f"/aws/lambda/{name}")
    client(aws, "lambda").create_function(
        FunctionName=name,
        Role=role(aws, "lambda"),
        Runtime="python3.13",
        Handler="keeper.handler",
        Timeout=60,
        Code={"ZipFile": code.getvalue()},
    )
    return name


def arn_of(function: str) -> str:
    return f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:{function}"


def rule_for(aws: LocalAws, function: str, **target: Any) -> str:
    """A rule on a source of its own name, whose target is the function: its ARN."""
    events, name = client(aws, "events"), unique("rule")
    arn = events.put_rule(Name=name, EventPattern=json.dumps({"source": [name]}))["RuleArn"]
    events.put_targets(Rule=name, Targets=[{"Id": "1", "Arn": arn_of(function), **target}])
    return str(arn)


def permit(aws: LocalAws, function: str, **parameters: str) -> None:
    client(aws, "lambda").add_permission(
        FunctionName=function,
        StatementId=unique("statement"),
        Action="lambda:InvokeFunction",
        **{"Principal": "events.amazonaws.com", **parameters},
    )


def put(aws: LocalAws, rule: str, **detail: Any) -> None:
    """Put an event that the rule wants."""
    source = rule.rsplit("/", 1)[-1]
    entry = {"Source": source, "DetailType": "Test", "Detail": json.dumps(detail)}
    client(aws, "events").put_events(Entries=[{**entry, "Resources": ["arn:one"]}])


def kept(aws: LocalAws, function: str) -> list[dict[str, Any]]:
    """The events that the function got."""
    pages = client(aws, "ssm").get_paginator("describe_parameters").paginate()
    names = [
        parameter["Name"]
        for page in pages
        for parameter in page["Parameters"]
        if parameter["Name"].startswith(f"{function}-")
    ]
    return [
        json.loads(client(aws, "ssm").get_parameter(Name=name)["Parameter"]["Value"])
        for name in names
    ]


def test_a_function_gets_the_event(aws: LocalAws, keeper: str) -> None:
    rule = rule_for(aws, keeper)
    permit(aws, keeper, SourceArn=rule)
    put(aws, rule, answer=42)
    (event,) = eventually(lambda: kept(aws, keeper), bool)
    assert event.pop("id")
    assert datetime.strptime(event.pop("time"), "%Y-%m-%dT%H:%M:%SZ")
    assert event == {
        "version": "0",
        "detail-type": "Test",
        "source": rule.rsplit("/", 1)[-1],
        "account": ACCOUNT,
        "region": "us-east-1",
        "resources": ["arn:one"],
        "detail": {"answer": 42},
    }


def test_a_function_gets_what_an_aws_service_tells(aws: LocalAws, keeper: str) -> None:
    s3, name, rule = client(aws, "s3"), bucket(aws), unique("rule")
    s3.put_bucket_notification_configuration(
        Bucket=name, NotificationConfiguration={"EventBridgeConfiguration": {}}
    )
    events, pattern = client(aws, "events"), {"detail": {"bucket": {"name": [name]}}}
    events.put_rule(Name=rule, EventPattern=json.dumps(pattern))
    events.put_targets(Rule=rule, Targets=[{"Id": "1", "Arn": arn_of(keeper)}])
    permit(aws, keeper)
    s3.put_object(Bucket=name, Key="key", Body=b"")
    (event,) = eventually(lambda: kept(aws, keeper), bool)
    assert (event["source"], event["detail-type"]) == ("aws.s3", "Object Created")


@pytest.mark.parametrize(
    "parameters",
    [
        {"SourceArn": f"arn:aws:events:us-east-1:{ACCOUNT}:rule/*"},
        {"SourceAccount": ACCOUNT},
    ],
)
def test_a_permission_can_be_for_many_rules(
    aws: LocalAws, keeper: str, parameters: dict[str, str]
) -> None:
    rule = rule_for(aws, keeper)
    permit(aws, keeper, **parameters)
    put(aws, rule)
    eventually(lambda: kept(aws, keeper), bool)


def test_an_event_is_lost_when_the_function_does_not_let_the_rule_invoke_it(
    aws: LocalAws, keeper: str
) -> None:
    rule = rule_for(aws, keeper)
    put(aws, rule)
    permit(aws, keeper, SourceArn=f"{rule}-other")
    permit(aws, keeper, SourceAccount="210987654321")
    permit(aws, keeper, Principal="s3.amazonaws.com")
    put(aws, rule)
    aws.sleep(200)
    assert kept(aws, keeper) == []
    permit(aws, keeper, SourceArn=rule)
    put(aws, rule, late=True)
    (event,) = eventually(lambda: kept(aws, keeper), bool)
    assert event["detail"] == {"late": True}


@pytest.mark.parametrize(("retries", "tries"), [(None, 3), (0, 1), (1, 2)])
def test_a_function_that_fails_is_tried_again_as_it_is_configured(
    aws: LocalAws, keeper: str, retries: int | None, tries: int
) -> None:
    if retries is not None:
        client(aws, "lambda").put_function_event_invoke_config(
            FunctionName=keeper, MaximumRetryAttempts=retries
        )
    rule = rule_for(aws, keeper)
    permit(aws, keeper, SourceArn=rule)
    put(aws, rule, fail=True)
    eventually(lambda: kept(aws, keeper), lambda found: len(found) == tries)
    aws.sleep(400)
    assert len(kept(aws, keeper)) == tries


def test_a_rule_serves_all_its_targets(aws: LocalAws, keeper: str) -> None:
    rule, log = rule_for(aws, keeper), unique("/aws/events/log")
    client(aws, "logs").create_log_group(logGroupName=log)
    arn = f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:{log}"
    client(aws, "events").put_targets(
        Rule=rule.rsplit("/", 1)[-1],
        Targets=[{"Id": "2", "Arn": arn}, {"Id": "3", "Arn": arn_of("nothing")}],
    )
    permit(aws, keeper, SourceArn=rule)
    put(aws, rule)
    eventually(lambda: kept(aws, keeper), bool)
    logs = client(aws, "logs")
    logged = eventually(lambda: logs.filter_log_events(logGroupName=log)["events"], bool)
    assert len(logged) == 1


def test_a_target_can_get_a_constant(aws: LocalAws, keeper: str) -> None:
    rule = rule_for(aws, keeper, Input=json.dumps({"detail": {"constant": 1}}))
    permit(aws, keeper, SourceArn=rule)
    put(aws, rule)
    (event,) = eventually(lambda: kept(aws, keeper), bool)
    assert event == {"detail": {"constant": 1}}


def rule_at_a_rate(aws: LocalAws, function: str) -> str:
    """A rule that invokes the function every five minutes: its ARN."""
    events, name = client(aws, "events"), unique("rule")
    arn = events.put_rule(Name=name, ScheduleExpression="rate(5 minutes)")["RuleArn"]
    events.put_targets(Rule=name, Targets=[{"Id": "1", "Arn": arn_of(function)}])
    permit(aws, function, SourceArn=arn)
    return str(arn)


def times(aws: LocalAws, function: str, rule: str) -> list[str]:
    """When the rule sent what the function got from it so far, to the second."""
    return sorted(event["time"] for event in kept(aws, function) if event["resources"] == [rule])


def test_a_rule_can_run_at_a_rate(aws: LocalAws, keeper: str) -> None:
    rule = rule_at_a_rate(aws, keeper)
    first, second, *_ = eventually(lambda: kept(aws, keeper), lambda found: len(found) >= 2)
    assert (first["detail-type"], first["resources"]) == ("Scheduled Event", [rule])
    assert first["id"] != second["id"]


@pytest.mark.parametrize("end", ["disabled", "deleted"])
def test_a_rule_runs_at_its_rate_until_it_is(aws: LocalAws, keeper: str, end: str) -> None:
    """Another rule at the same rate, which begins when the first ends, tells that time has passed:
    an invocation may take as long as it likes."""
    events, rule = client(aws, "events"), rule_at_a_rate(aws, keeper)
    name = rule.rsplit("/", 1)[-1]
    eventually(lambda: times(aws, keeper, rule), bool)
    if end == "disabled":
        events.put_rule(Name=name, ScheduleExpression="rate(5 minutes)", State="DISABLED")
    else:
        events.remove_targets(Rule=name, Ids=["1"])
        events.delete_rule(Name=name)
    other = rule_at_a_rate(aws, keeper)
    begun = eventually(lambda: times(aws, keeper, other), lambda found: len(found) >= 4)[0]
    assert not [time for time in times(aws, keeper, rule) if time > begun]


def test_a_schedule_of_another_kind_is_refused(aws: LocalAws) -> None:
    with pytest.raises(ClientError, match="NotKnownToLocalAws"):
        client(aws, "events").put_rule(Name=unique("rule"), ScheduleExpression="cron(0 12 * * ? *)")


@pytest.mark.parametrize(
    "target",
    [
        {"InputPath": "$.detail"},
        {"InputTransformer": {"InputTemplate": "{}"}},
        {"DeadLetterConfig": {"Arn": f"arn:aws:sqs:us-east-1:{ACCOUNT}:queue"}},
        {"Arn": arn_of("function:1")},
    ],
)
def test_what_is_not_followed_of_a_target_is_refused(aws: LocalAws, target: dict[str, Any]) -> None:
    with pytest.raises(ClientError, match="NotKnownToLocalAws"):
        rule_for(aws, "function", **target)


# Topics


@pytest.fixture
def topic(aws: LocalAws) -> str:
    """The ARN of a topic."""
    return str(client(aws, "sns").create_topic(Name=unique("topic"))["TopicArn"])


@pytest.fixture
def key(aws: LocalAws, topic: str) -> str:
    """The id of the topic's key."""
    made = str(client(aws, "kms").create_key()["KeyMetadata"]["KeyId"])
    client(aws, "sns").set_topic_attributes(
        TopicArn=topic, AttributeName="KmsMasterKeyId", AttributeValue=made
    )
    return made


@pytest.fixture
def inbox(aws: LocalAws, topic: str) -> str:
    """The address of a queue that gets what the topic gets."""
    url = client(aws, "sqs").create_queue(QueueName=unique("inbox"))["QueueUrl"]
    attributes = client(aws, "sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
    queue = attributes["Attributes"]["QueueArn"]
    client(aws, "sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue)
    return str(url)


def rule_for_topic(aws: LocalAws, topic: str) -> str:
    events, name = client(aws, "events"), unique("rule")
    arn = events.put_rule(Name=name, EventPattern=json.dumps({"source": [name]}))["RuleArn"]
    events.put_targets(Rule=name, Targets=[{"Id": "1", "Arn": topic}])
    return str(arn)


def let_publish(aws: LocalAws, topic: str, **condition: Any) -> None:
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": "sns:Publish",
        "Resource": topic,
        **condition,
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    client(aws, "sns").set_topic_attributes(
        TopicArn=topic, AttributeName="Policy", AttributeValue=policy
    )


def let_use(aws: LocalAws, key: str, condition: dict[str, str]) -> None:
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": ["kms:Decrypt", "kms:GenerateDataKey*"],
        "Resource": "*",
        "Condition": {"StringEquals": condition},
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    client(aws, "kms").put_key_policy(KeyId=key, PolicyName="default", Policy=policy)


def received(aws: LocalAws, inbox: str) -> list[Any]:
    messages = client(aws, "sqs").receive_message(QueueUrl=inbox).get("Messages", [])
    return [json.loads(json.loads(message["Body"])["Message"]) for message in messages]


def lost(aws: LocalAws, rule: str, why: str) -> None:
    """The server's log says that an event of a rule was lost."""
    name, log = rule.rsplit("/", 1)[-1], aws.folder / "server.log"
    eventually(
        log.read_text, lambda text: any(name in line and why in line for line in text.splitlines())
    )


def test_a_topic_gets_the_whole_event(aws: LocalAws, topic: str, inbox: str) -> None:
    rule = rule_for_topic(aws, topic)
    let_publish(aws, topic)
    put(aws, rule, colour="red")
    (event,) = eventually(lambda: received(aws, inbox), bool)
    assert event["detail"] == {"colour": "red"}
    assert event["resources"] == ["arn:one"]


@pytest.mark.parametrize("key", ["aws:SourceArn", "aws:SourceAccount"])
def test_a_topic_whose_policy_has_a_condition_gets_nothing(
    aws: LocalAws, topic: str, key: str
) -> None:
    rule = rule_for_topic(aws, topic)
    let_publish(aws, topic, Condition={"StringLike": {key: "*"}})
    put(aws, rule)
    lost(aws, rule, "its policy does not allow it")


def test_a_key_has_to_let_eventbridge_use_it(
    aws: LocalAws, topic: str, inbox: str, key: str
) -> None:
    rule = rule_for_topic(aws, topic)
    let_publish(aws, topic)
    put(aws, rule)
    lost(aws, rule, "the policy of its key does not allow it")

    let_use(aws, key, {"kms:EncryptionContext:aws:sns:topicArn": topic})
    put(aws, rule, second=True)
    (event,) = eventually(lambda: received(aws, inbox), bool)
    assert event["detail"] == {"second": True}


def test_a_key_is_not_told_for_whom_eventbridge_uses_it(
    aws: LocalAws, topic: str, key: str
) -> None:
    rule = rule_for_topic(aws, topic)
    let_publish(aws, topic)
    let_use(aws, key, {"aws:SourceAccount": ACCOUNT})
    put(aws, rule)
    lost(aws, rule, "the policy of its key does not allow it")
