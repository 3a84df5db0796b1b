"""What IAM would be asked about a call: actions, resources and condition keys.

Follows the Service Authorization Reference, "Actions, resources, and condition keys for AWS
services". Policies are not enforced: the recorder keeps the questions, and a test can put them to a
simulator of IAM.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from local_aws.authorization import (
    autoscaling,
    codecommit,
    codedeploy,
    codepipeline,
    ec2,
    elasticloadbalancing,
    functions,
    logs,
    s3,
    ssm,
)
from local_aws.authorization.question import ACCOUNT, Question
from local_aws.call import Call

__all__ = ["ACCOUNT", "Question", "authorizations", "of_a_service"]

_SERVICES: dict[str, Callable[[Call], Iterator[Question] | None]] = {
    "autoscaling": autoscaling.questions,
    "codecommit": codecommit.questions,
    "codedeploy": codedeploy.questions,
    "codepipeline": codepipeline.questions,
    "ec2": ec2.questions,
    "elasticloadbalancing": elasticloadbalancing.questions,
    "lambda": functions.questions,
    "logs": logs.questions,
    "s3": s3.questions,
    "ssm": ssm.questions,
}

# Actions that services take without the condition keys that say on whose behalf. EC2 documents none
# for the role of an instance profile, and CodePipeline none for its service role. EventBridge
# supports none in the policies of topics and of their keys ("Using resource-based policies for
# Amazon EventBridge", Amazon EventBridge User Guide; "Managing Amazon SNS encryption keys and
# costs", Amazon SNS Developer Guide).
_WITHOUT_SOURCE = {
    "codepipeline.amazonaws.com": ("sts:AssumeRole",),
    "ec2.amazonaws.com": ("sts:AssumeRole",),
    "events.amazonaws.com": ("sns:Publish", "kms:Decrypt", "kms:GenerateDataKey"),
}


def authorizations(call: Call) -> list[dict[str, Any]] | None:
    """The questions about a call that has not taken effect yet.

    Returns:
        ``None`` if they are not known; none for a principal that is not a role, as it may do
        everything.
    """
    if ":role/" not in call.principal:
        return []
    known = _SERVICES.get(call.service)
    questions = known(call) if known else None
    if questions is None:
        return None
    return [_asked(question, _of_a_request(call, question)) for question in questions]


def of_a_service(service: str, question: Question, source_arn: str | None) -> list[dict[str, Any]]:
    """The question about an action that an AWS service takes by itself.

    It has the source account, except in `_WITHOUT_SOURCE` (for Lambda: "Working with AWS managed
    policies in the execution role", AWS Lambda Developer Guide), and the source ARN if the
    service's user guide says so ("Cross-service confused deputy prevention" of AWS CodeDeploy and
    of Amazon EventBridge).
    """
    source: dict[str, str] = {}
    if question.action not in _WITHOUT_SOURCE.get(service, ()):
        source["aws:SourceAccount"] = ACCOUNT
        if source_arn:
            source["aws:SourceArn"] = source_arn
    return [_asked(question, source)]


def _of_a_request(call: Call, question: Question) -> dict[str, str]:
    """The keys of every request (IAM User Guide, "AWS global condition context keys").

    The SDKs use TLS on AWS, and plain HTTP here.
    """
    return {
        "aws:RequestedRegion": call.region,
        "aws:SecureTransport": "true",
        **({"s3:TlsVersion": "1.3"} if question.action.startswith("s3:") else {}),
    }


def _asked(question: Question, always: Mapping[str, Any]) -> dict[str, Any]:
    return dataclasses.asdict(dataclasses.replace(question, context={**always, **question.context}))
