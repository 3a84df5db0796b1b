"""The operations that the local AWS answers, in a table for each service; it refuses all others."""

from __future__ import annotations

from local_aws.operations import (
    autoscaling,
    codecommit,
    codedeploy,
    codepipeline,
    ec2,
    elasticloadbalancing,
    events,
    functions,
    iam,
    kms,
    logs,
    monitoring,
    s3,
    sns,
    sqs,
    ssm,
    sts,
)

SERVICES = tuple(
    module.SERVICE
    for module in (
        autoscaling,
        codecommit,
        codedeploy,
        codepipeline,
        ec2,
        elasticloadbalancing,
        events,
        functions,
        iam,
        kms,
        logs,
        monitoring,
        s3,
        sns,
        sqs,
        ssm,
        sts,
    )
)

# The prefix of the service's IAM actions, and the operation's name: as in `local_aws.call.Call`.
KNOWN = frozenset(
    (service.prefix, operation.name) for service in SERVICES for operation in service.operations
)
