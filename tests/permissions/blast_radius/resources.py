"""Who must not use the bucket, the roles, the topic, the function and the key, which have policies
of their own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from permissions.blast_radius.case import (
    ACCOUNT,
    ELSEWHERE,
    OTHER_ACCOUNT,
    REGION,
    Case,
)


def bucket(names: Mapping[str, Any]) -> Iterator[Case]:
    artifact = f"arn:aws:s3:::{names['artifact_bucket_name']}/orders/Source/1"
    for action in ("s3:GetObject", "s3:GetObjectVersion", "s3:PutObject"):
        for who in ("admin", "baker", "codedeploy", "start"):
            yield Case(who, "artifacts, as an administrator", action, artifact, administrator=True)
    yield Case(
        "instance",
        "replace artifacts, as an administrator",
        "s3:PutObject",
        artifact,
        administrator=True,
    )
    for what, context in (
        ("artifacts without TLS", {"aws:SecureTransport": "false"}),
        ("artifacts over TLS 1.1", {"s3:TlsVersion": "1.1"}),
    ):
        for action in ("s3:GetObject", "s3:GetObjectVersion", "s3:PutObject"):
            yield Case("pipeline", what, action, artifact, context, administrator=True)
        yield Case(
            "pipeline", what, "s3:ListBucket", artifact.split("/")[0], context, administrator=True
        )


def services(names: Mapping[str, Any]) -> Iterator[Case]:
    """Services that act for somebody else."""
    name = names["pipeline_name"]
    sources = {
        "baker": (
            "lambda.amazonaws.com",
            f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:",
            f"{name}-baker",
        ),
        "codedeploy": (
            "codedeploy.amazonaws.com",
            f"arn:aws:codedeploy:{REGION}:{ACCOUNT}:deploymentgroup:",
            f"{name}/{name}",
        ),
        "pipeline": (
            "codepipeline.amazonaws.com",
            f"arn:aws:codepipeline:{REGION}:{ACCOUNT}:",
            name,
        ),
        "start": (
            "events.amazonaws.com",
            f"arn:aws:events:{REGION}:{ACCOUNT}:rule/",
            f"{name}-start",
        ),
    }
    for role, (service, prefix, own) in sources.items():
        arn = names["role_arns"][role]
        for what, account, source in (
            ("for another of its kind", ACCOUNT, prefix + own.replace(name, "billing")),
            ("for another region", ACCOUNT, prefix.replace(REGION, ELSEWHERE) + own),
            ("for another account", OTHER_ACCOUNT, prefix + own),
        ):
            if account == ACCOUNT and role in ("baker", "pipeline"):
                continue  # AWS does not say what Lambda and CodePipeline send as the resource.
            context = {"aws:SourceAccount": account, "aws:SourceArn": source}
            yield Case(service, f"take the role {role} {what}", "sts:AssumeRole", arn, context)
    for role, arn in names["role_arns"].items():
        yield Case(
            "cloudformation.amazonaws.com",
            f"take the role {role}",
            "sts:AssumeRole",
            arn,
            {"aws:SourceAccount": ACCOUNT},
        )
    invoke = "lambda:InvokeFunction"
    yield Case(
        "admin", "invoke the function without a right of its own", invoke, names["function_arn"]
    )
    for who in ("instance", "codedeploy", "start", "baker"):
        yield Case(who, "invoke the function", invoke, names["function_arn"])
    yield Case(
        "events.amazonaws.com",
        "invoke the function for another rule",
        invoke,
        names["function_arn"],
        {
            "aws:SourceArn": f"arn:aws:events:{REGION}:{ACCOUNT}:rule/billing-failed",
            "aws:SourceAccount": ACCOUNT,
        },
    )
    topic = names["notification_topic_arn"]
    for who in ("admin", "instance", "start", "baker", "pipeline", "s3.amazonaws.com"):
        yield Case(who, "publish a notification", "sns:Publish", topic)


def key(names: Mapping[str, Any]) -> Iterator[Case]:
    key = names["kms_key_arn"]
    others = (key[:-1] + "x", key.replace(REGION, ELSEWHERE))
    bucket = f"arn:aws:s3:::{names['artifact_bucket_name']}"
    caller = {"kms:CallerAccount": ACCOUNT}
    artifacts = {
        **caller,
        "kms:ViaService": f"s3.{REGION}.amazonaws.com",
        "kms:EncryptionContext:aws:s3:arn": bucket,
    }
    for action in ("kms:Decrypt", "kms:GenerateDataKey"):
        for who in ("admin", "codedeploy", "start"):
            yield Case(who, "the key, as an administrator", action, key, artifacts, True)
        for who in ("pipeline", "instance"):
            for what, context in (
                ("the key itself", caller),
                (
                    "the key for other things in S3",
                    {**artifacts, "kms:EncryptionContext:aws:s3:arn": "arn:aws:s3:::billing/1"},
                ),
                (
                    "the key through another service",
                    {**artifacts, "kms:ViaService": f"secretsmanager.{REGION}.amazonaws.com"},
                ),
            ):
                yield Case(who, what, action, key, context, administrator=True)
                yield Case(who, what, action, key, context, left_to_iam=True)
            for other in others:
                yield Case(who, "another key", action, other, artifacts)
    for administrator, left_to_iam in ((True, False), (False, True)):
        yield Case(
            "instance",
            "encrypt artifacts",
            "kms:GenerateDataKey",
            key,
            artifacts,
            administrator,
            left_to_iam,
        )
        yield from _volumes(key, administrator, left_to_iam)
        yield from _logs(key, names["log_group_name"], administrator, left_to_iam)
    for other in others:
        yield from _another_key(other, names["log_group_name"])
    to_admin = {"kms:GranteePrincipal": f"arn:aws:iam::{ACCOUNT}:role/admin"}
    give = "kms:CreateGrant"
    yield Case("admin", "give the key away", give, key, {**caller, **to_admin}, administrator=True)
    yield from _key_of_services(key)


# What EC2 does with the key of a volume, in the name of who images it.
ON_VOLUMES = (
    "kms:CreateGrant",
    "kms:Decrypt",
    "kms:GenerateDataKeyWithoutPlaintext",
    "kms:ReEncryptFrom",
    "kms:ReEncryptTo",
)


def _through(service: str) -> dict[str, str]:
    return {"kms:CallerAccount": ACCOUNT, "kms:ViaService": f"{service}.{REGION}.amazonaws.com"}


def _granting(action: str) -> dict[str, str]:
    """What a request for a grant has beside the others."""
    if action != "kms:CreateGrant":
        return {}
    return {
        "kms:GrantIsForAWSResource": "true",
        "kms:GranteePrincipal": f"arn:aws:iam::{ACCOUNT}:role/admin",
    }


def _of_log(group: str, service: str = "logs") -> dict[str, str]:
    arn = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{group}"
    return {**_through(service), "kms:EncryptionContext:aws:logs:arn": arn}


def _another_key(other: str, group: str) -> Iterator[Case]:
    for action in ON_VOLUMES:
        volumes = {**_through("ec2"), **_granting(action)}
        yield Case("baker", "volumes of another key", action, other, volumes)
    for action in ("kms:Decrypt", "kms:GenerateDataKey"):
        yield Case("baker", "a log with another key", action, other, _of_log(group))
    yield Case("baker", "look at another key", "kms:DescribeKey", other, _through("logs"))


def _volumes(key: str, administrator: bool, left_to_iam: bool) -> Iterator[Case]:
    for action in ON_VOLUMES:
        direct = {"kms:CallerAccount": ACCOUNT, **_granting(action)}
        volumes = {**_through("ec2"), **_granting(action)}
        both = (administrator, left_to_iam)
        yield Case("baker", "the key itself", action, key, direct, *both)
        yield Case("pipeline", "volumes", action, key, volumes, *both)
    give = {
        **_through("ec2"),
        **_granting("kms:CreateGrant"),
        "kms:GrantIsForAWSResource": "false",
    }
    yield Case(
        "baker", "give the key away", "kms:CreateGrant", key, give, administrator, left_to_iam
    )


def _logs(key: str, group: str, administrator: bool, left_to_iam: bool) -> Iterator[Case]:
    for action in ("kms:Decrypt", "kms:GenerateDataKey"):
        for who in ("admin", "baker"):
            for what, context in (
                ("the key for another log", _of_log("/aws/lambda/billing-baker")),
                ("the key of the log through another service", _of_log(group, "secretsmanager")),
            ):
                yield Case(who, what, action, key, context, administrator, left_to_iam)
    for who in ("admin", "pipeline"):
        write = "kms:GenerateDataKey"
        yield Case(who, "write the log", write, key, _of_log(group), administrator, left_to_iam)
    see = "kms:DescribeKey"
    caller = {"kms:CallerAccount": ACCOUNT}
    yield Case("baker", "look at the key itself", see, key, caller, left_to_iam=left_to_iam)


def _key_of_services(key: str) -> Iterator[Case]:
    log = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/aws/lambda/billing-baker"
    logs = f"logs.{REGION}.amazonaws.com"
    for action in ("kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"):
        context = {"kms:EncryptionContext:aws:logs:arn": log}
        yield Case(logs, "the key for another log", action, key, context)
    topic = f"arn:aws:sns:{REGION}:{ACCOUNT}:billing-notifications"
    for action in ("kms:Decrypt", "kms:GenerateDataKey"):
        context = {"kms:EncryptionContext:aws:sns:topicArn": topic}
        yield Case("events.amazonaws.com", "the key for another topic", action, key, context)
