"""Systems Manager Run Command: flushing the file systems of an instance."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local_aws.client import LocalAws
from local_aws.launcher import Launcher
from support.fleet import client, eventually, profile, run_instance

ENDED = ("Success", "Failed", "TimedOut")


@pytest.fixture(scope="module")
def aws(launcher: Launcher) -> Iterator[LocalAws]:
    """Twice as fast as AWS, so that a command is not over before it is looked at."""
    with launcher.start(speed=2) as running:
        running.set_conditions(launch_seconds=0.1)
        yield running


@pytest.fixture(scope="module")
def node(aws: LocalAws) -> str:
    """An instance that Systems Manager manages."""
    return run_instance(aws, IamInstanceProfile={"Name": profile(aws)})


def send(aws: LocalAws, instance_id: str, *commands: str, **parameters: Any) -> dict[str, Any]:
    return client(aws, "ssm").send_command(
        **{
            "DocumentName": "AWS-RunShellScript",
            "InstanceIds": [instance_id],
            "Parameters": {"commands": list(commands or ("sync",)), "executionTimeout": ["60"]},
            **parameters,
        }
    )["Command"]


def invocation(aws: LocalAws, command: dict[str, Any]) -> dict[str, Any]:
    return client(aws, "ssm").get_command_invocation(
        CommandId=command["CommandId"], InstanceId=command["InstanceIds"][0]
    )


def status(aws: LocalAws, command: dict[str, Any]) -> str:
    try:
        return invocation(aws, command)["Status"]
    except ClientError as error:
        return error.response["Error"]["Code"]


def test_sync_flushes_the_disk_and_takes_its_time(aws: LocalAws, node: str) -> None:
    aws.write_file(node, "/file", "cached")
    command = send(aws, node, "set -eu", "sync", Comment="flush", TimeoutSeconds=30)
    assert command["Status"] == "Pending"

    seen = [status(aws, command)]
    while seen[-1] not in ENDED:
        if (now := status(aws, command)) != seen[-1]:
            seen.append(now)

    # A busy machine may look too seldom to see every state, but never sees them out of order.
    states = ["InvocationDoesNotExist", "Pending", "InProgress", "Success"]
    assert seen == [state for state in states if state in seen]
    assert seen[-1] == "Success"
    assert aws.disk(node).flushed["/file"] == "cached"
    answer = invocation(aws, command)
    assert (answer["ResponseCode"], answer["Comment"]) == (0, "flush")
    assert (answer["StatusDetails"], answer["PluginName"]) == ("Success", "aws:runShellScript")


def test_a_command_can_be_made_to_fail_and_then_flushes_nothing(aws: LocalAws, node: str) -> None:
    aws.write_file(node, "/other", "cached")
    aws.set_conditions(command_failure="TimedOut")
    command = send(aws, node)
    eventually(lambda: status(aws, command), "TimedOut".__eq__)
    aws.set_conditions(command_failure=None)
    assert invocation(aws, command)["ResponseCode"] != 0
    assert "/other" not in aws.disk(node).flushed


def test_a_command_does_not_reach_an_instance_that_stopped(aws: LocalAws) -> None:
    instance_id = run_instance(aws, IamInstanceProfile={"Name": profile(aws)})
    command = send(aws, instance_id)
    client(aws, "ec2").stop_instances(InstanceIds=[instance_id])
    eventually(lambda: status(aws, command), "Failed".__eq__)
    assert invocation(aws, command)["StatusDetails"] == "Undeliverable"
    with pytest.raises(ClientError, match="InvalidInstanceId"):
        send(aws, instance_id)


def test_an_instance_without_a_profile_is_no_managed_node(aws: LocalAws) -> None:
    with pytest.raises(ClientError, match="InvalidInstanceId"):
        send(aws, run_instance(aws))
    with pytest.raises(ClientError, match="InvalidInstanceId"):
        send(aws, "i-0123456789abcdef0")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"DocumentName": "AWS-RunPowerShellScript"},
            "NotKnownToLocalAws.*AWS-RunPowerShellScript",
        ),
        ({"Parameters": {"commands": ["sync", "rm -rf /"]}}, "NotKnownToLocalAws.*rm -rf /"),
        ({"Parameters": {"commands": ["set -e"]}}, "NotKnownToLocalAws.*does not flush"),
        ({"Parameters": {"commands": ["sync"], "workingDirectory": ["/"]}}, "workingDirectory"),
        ({"OutputS3BucketName": "bucket"}, "NotKnownToLocalAws.*OutputS3BucketName"),
        ({"TimeoutSeconds": 2592001}, "ValidationException.*timeoutSeconds"),
        ({"Comment": "c" * 101}, "ValidationException.*comment"),
    ],
)
def test_what_is_not_known_or_not_allowed_is_refused(
    aws: LocalAws, node: str, change: dict[str, Any], message: str
) -> None:
    with pytest.raises(ClientError, match=message):
        send(aws, node, **change)


def test_an_invocation_that_was_never_made_does_not_exist(aws: LocalAws, node: str) -> None:
    command = send(aws, node)
    with pytest.raises(ClientError, match="InvocationDoesNotExist"):
        invocation(aws, {**command, "CommandId": "00000000-0000-0000-0000-000000000000"})
    eventually(lambda: status(aws, command), "Success".__eq__)
    with pytest.raises(ClientError, match="InvalidPluginName"):
        client(aws, "ssm").get_command_invocation(
            CommandId=command["CommandId"], InstanceId=node, PluginName="aws:other"
        )
