"""AWS Systems Manager: Run Command, which can flush the file systems of instances."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from moto.core.responses import ActionResult
from moto.core.utils import utcnow
from moto.ec2.models import ec2_backends
from moto.ssm import models, urls
from moto.ssm.exceptions import SSMException
from moto.ssm.models import SimpleSystemManagerBackend
from moto.ssm.responses import SimpleSystemManagerResponse

from local_aws.refusal import Refusal
from local_aws.server_state import server_state
from local_aws.services import disks
from local_aws.services.parameters import knows

PLUGIN = "aws:runShellScript"
# AWS seconds from SendCommand until the invocation is visible to GetCommandInvocation, and until it
# starts; and how long it runs.
VISIBLE_AFTER = 0.3
STARTS_AFTER = 0.7
TAKES = 0.5
# Lines of a script that do not change a disk.
HARMLESS = re.compile(r"(#.*|set( -[a-z]+| -o \w+)+)?")


@dataclass
class Invocation:
    """A command on one instance (GetCommandInvocation, Systems Manager API Reference)."""

    command_id: str
    instance_id: str
    comment: str
    requested: datetime = field(default_factory=utcnow)
    visible: bool = False
    status: str = "Pending"
    status_details: str = "Pending"
    response_code: int = -1
    started: datetime | None = None
    ended: datetime | None = None
    error: str = ""

    def enter(self, status: str, details: str | None = None) -> None:
        self.status, self.status_details = status, details or status

    def shown(self) -> dict[str, Any]:
        elapsed = (self.ended - self.started).total_seconds() if self.ended and self.started else 0
        return {
            "CommandId": self.command_id,
            "InstanceId": self.instance_id,
            "Comment": self.comment,
            "DocumentName": "AWS-RunShellScript",
            "DocumentVersion": "$DEFAULT",
            "PluginName": PLUGIN,
            "ResponseCode": self.response_code,
            "ExecutionStartDateTime": self.started.isoformat() if self.started else "",
            "ExecutionElapsedTime": f"PT{elapsed:.3f}S" if self.ended else "",
            "ExecutionEndDateTime": self.ended.isoformat() if self.ended else "",
            "Status": self.status,
            "StatusDetails": self.status_details,
            "StandardOutputContent": "",
            "StandardErrorContent": self.error,
        }


class SystemsManager(SimpleSystemManagerBackend):
    """The parameters and commands of an account in a region."""

    _url_module = urls

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        self.invocations: dict[tuple[str, str], Invocation] = {}

    def check_node(self, instance_id: str) -> None:
        """Check that an instance is a managed node: it is running, with an instance profile
        ("Setting up managed nodes")."""
        instance = ec2_backends[self.account_id][self.region_name].get_instance_by_id(instance_id)
        if not instance or instance.state != "running" or not instance.iam_instance_profile:
            raise SSMException(
                "InvalidInstanceId",
                f"Instances [[{instance_id}]] not in a valid state for account {self.account_id}",
            )

    def run_command(self, instance_ids: list[str], comment: str) -> str:
        command_id = str(uuid.uuid4())
        for instance_id in instance_ids:
            invocation = Invocation(command_id, instance_id, comment)
            self.invocations[command_id, instance_id] = invocation
            server_state.run(self._run, invocation)
        return command_id

    def _run(self, invocation: Invocation) -> None:
        server_state.clock.sleep(VISIBLE_AFTER)
        invocation.visible = True
        server_state.clock.sleep(STARTS_AFTER - VISIBLE_AFTER)
        invocation.enter("InProgress")
        invocation.started = utcnow()
        server_state.clock.sleep(TAKES)
        invocation.ended = utcnow()
        failure = server_state.conditions.command_failure
        instance = ec2_backends[self.account_id][self.region_name].get_instance_by_id(
            invocation.instance_id
        )
        if failure:
            invocation.error = f"the script ended as {failure}"
            invocation.response_code = 1
            invocation.enter(failure)
        elif instance and instance.state == "running":
            disks.disk_of(invocation.instance_id).sync()
            invocation.response_code = 0
            invocation.enter("Success")
        else:
            invocation.enter("Failed", "Undeliverable")


class SystemsManagerOperations(SimpleSystemManagerResponse):
    """Operations of the Systems Manager API; those not defined here are moto's."""

    def __init__(self) -> None:
        super().__init__()
        self.automated_parameter_parsing = True

    @knows("Comment", "DocumentName", "InstanceIds", "Parameters", "TimeoutSeconds")
    def send_command(self) -> ActionResult:
        """SendCommand (Systems Manager API Reference) of AWS-RunShellScript."""
        if self._get_param("DocumentName") != "AWS-RunShellScript":
            raise Refusal(f"the document {self._get_param('DocumentName')}")
        comment, timeout = self._get_param("Comment", ""), self._get_param("TimeoutSeconds", 3600)
        if len(comment) > 100:
            raise _invalid("comment", comment, "Member must have length less than or equal to 100")
        if not 30 <= timeout <= 2592000:
            raise _invalid("timeoutSeconds", timeout, "Member must be from 30 to 2592000")
        parameters = self._get_param("Parameters", {})
        check_script(parameters)
        instance_ids = self._get_param("InstanceIds", [])
        backend: SystemsManager = self.ssm_backend  # type: ignore[assignment]
        for instance_id in instance_ids:
            backend.check_node(instance_id)
        command = {
            "CommandId": backend.run_command(instance_ids, comment),
            "Comment": comment,
            "DocumentName": "AWS-RunShellScript",
            "DocumentVersion": "$DEFAULT",
            "InstanceIds": instance_ids,
            "Parameters": parameters,
            "RequestedDateTime": utcnow(),
            "Status": "Pending",
            "StatusDetails": "Pending",
            "TargetCount": len(instance_ids),
            "TimeoutSeconds": timeout,
        }
        return ActionResult({"Command": command})

    @knows("CommandId", "InstanceId", "PluginName")
    def get_command_invocation(self) -> ActionResult:
        backend: SystemsManager = self.ssm_backend  # type: ignore[assignment]
        key = (self._get_param("CommandId"), self._get_param("InstanceId"))
        invocation = backend.invocations.get(key)
        if not invocation or not invocation.visible:
            raise SSMException("InvocationDoesNotExist", "")
        if self._get_param("PluginName", PLUGIN) != PLUGIN:
            raise SSMException("InvalidPluginName", "")
        return ActionResult(invocation.shown())


def check_script(parameters: dict[str, list[str]]) -> None:
    """Refuse a script that does anything but flush the file systems (``sync``)."""
    for name in sorted(set(parameters) - {"commands", "executionTimeout"}):
        raise Refusal(f"the parameter {name} of AWS-RunShellScript")
    lines = [line.strip() for text in parameters.get("commands", []) for line in text.splitlines()]
    for line in lines:
        if line != "sync" and not HARMLESS.fullmatch(line):
            raise Refusal(f"the command {line!r} on an instance")
    if "sync" not in lines:
        raise Refusal("a script that does not flush the file systems")


def _invalid(name: str, value: object, constraint: str) -> SSMException:
    return SSMException(
        "ValidationException",
        f"1 validation error detected: Value '{value}' at '{name}' failed to satisfy constraint: "
        f"{constraint}",
    )


def install() -> None:
    models.ssm_backends.backend = SystemsManager
    urls.url_paths["{0}/$"] = SystemsManagerOperations.dispatch
