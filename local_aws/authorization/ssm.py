"""Actions, resources, and condition keys for AWS Systems Manager."""

from __future__ import annotations

from collections.abc import Iterator

from local_aws.authorization.ec2 import tags_of
from local_aws.authorization.question import ACCOUNT, Question, arn
from local_aws.call import Call


def questions(call: Call) -> Iterator[Question] | None:
    if call.operation == "GetCommandInvocation":
        return iter([Question("ssm:GetCommandInvocation")])
    if call.operation == "SendCommand":
        return _send_command(call)
    return None


def _send_command(call: Call) -> Iterator[Question]:
    """SendCommand on the document, and on each instance."""
    name = call.parameters["DocumentName"]
    owner = "" if name.startswith("AWS-") else ACCOUNT
    document = arn("ssm", call.region, f"document/{name}", owner)
    yield Question("ssm:SendCommand", document)
    for instance in call.parameters.get("InstanceIds", []):
        tags = tags_of(call.region, instance)
        yield Question(
            "ssm:SendCommand",
            arn("ec2", call.region, f"instance/{instance}"),
            {
                f"{prefix}/{key}": value
                for prefix in ("aws:ResourceTag", "ssm:resourceTag")
                for key, value in tags.items()
            },
        )
