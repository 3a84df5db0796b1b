"""AWS Systems Manager: commands on an instance."""

from __future__ import annotations

from dataclasses import dataclass

from botocore.exceptions import ClientError

from baker import limits
from baker.aws.clients import Clients
from baker.aws.error_codes import NOT_REACHABLE, code_of

_UNFINISHED = ("Pending", "InProgress", "Delayed")


class Unreachable(Exception):
    """Systems Manager cannot reach the instance."""


@dataclass(frozen=True)
class CommandResult:
    """What became of a command.

    Attributes:
        error: what the command wrote to standard error.
    """

    finished: bool
    succeeded: bool
    status: str
    error: str


class Commands:
    def __init__(self, clients: Clients) -> None:
        self._clients = clients

    def send(self, instance: str, command: str, comment: str) -> str:
        """Run a shell command on an instance; its id.

        Raises:
            Unreachable: when Systems Manager cannot reach the instance.
        """
        try:
            sent = self._clients.ssm.send_command(
                DocumentName="AWS-RunShellScript",
                InstanceIds=[instance],
                Parameters={"commands": [command], "executionTimeout": ["300"]},
                TimeoutSeconds=60,
                Comment=comment[: limits.COMMAND_COMMENT_LENGTH],
            )
        except ClientError as error:
            if code_of(error) in NOT_REACHABLE:
                raise Unreachable from None
            raise
        return sent["Command"]["CommandId"]

    def result(self, command: str, instance: str) -> CommandResult:
        found = self._clients.ssm.get_command_invocation(CommandId=command, InstanceId=instance)
        return CommandResult(
            finished=found["Status"] not in _UNFINISHED,
            succeeded=found["Status"] == "Success",
            status=found["StatusDetails"],
            error=found["StandardErrorContent"],
        )
