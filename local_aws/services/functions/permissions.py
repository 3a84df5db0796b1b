"""Resource-based policies of functions."""

from __future__ import annotations

from local_aws.services import resource_policies
from local_aws.services.functions.models import Function


def allows(function: Function, service: str, source_arn: str, source_account: str) -> bool:
    """Whether an AWS service may invoke a function (AddPermission, AWS Lambda API Reference).

    Args:
        source_arn: the resource on whose behalf.
        source_account: the account on whose behalf.
    """
    return resource_policies.allows(
        {"Statement": function.policy.statements},
        service,
        "lambda:InvokeFunction",
        {"aws:SourceArn": source_arn, "aws:SourceAccount": source_account},
    )
