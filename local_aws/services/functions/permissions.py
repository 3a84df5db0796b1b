"""Resource-based policies of functions: who may invoke one beside the roles of the account."""

from __future__ import annotations

from local_aws.services import resource_policies
from local_aws.services.functions.models import Function


def allows(function: Function, service: str, source_arn: str, source_account: str) -> bool:
    """Whether an AWS service may invoke a function on behalf of one of its resources
    (AddPermission, AWS Lambda API Reference)."""
    return resource_policies.allows(
        {"Statement": function.policy.statements},
        service,
        "lambda:InvokeFunction",
        {"aws:SourceArn": source_arn, "aws:SourceAccount": source_account},
    )
