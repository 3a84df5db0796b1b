"""What the other roles must not be able to do, and what none of them must."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from permissions.blast_radius.case import (
    ACCOUNT,
    ELSEWHERE,
    GROUP_TAG,
    OTHER_ACCOUNT,
    REGION,
    Case,
    ec2,
    in_region,
    of_group,
)


def pipeline(names: Mapping[str, Any]) -> Iterator[Case]:
    own, bucket = names["pipeline_name"], "arn:aws:s3:::billing-artifacts"
    for action in ("s3:GetBucketVersioning", "s3:GetBucketAcl", "s3:GetBucketLocation"):
        yield Case("pipeline", "another bucket", action, bucket)
    for action in ("s3:GetObject", "s3:GetObjectVersion", "s3:PutObject", "s3:PutObjectAcl"):
        yield Case("pipeline", "another pipeline's artifacts", action, f"{bucket}/billing/Source/1")
    for action in ("s3:GetObject", "s3:GetObjectVersion"):
        yield Case(
            "pipeline", "another release", action, f"arn:aws:s3:::{own}-releases/billing.zip"
        )
    yield Case(
        "pipeline",
        "replace a release",
        "s3:PutObject",
        f"arn:aws:s3:::{own}-releases/application.zip",
    )
    yield Case(
        "pipeline",
        "delete artifacts",
        "s3:DeleteObject",
        f"arn:aws:s3:::{names['artifact_bucket_name']}/orders/Source/1",
    )
    repository = f"arn:aws:codecommit:{REGION}:{ACCOUNT}:"
    for action in (
        "GetBranch",
        "GetCommit",
        "UploadArchive",
        "GetUploadArchiveStatus",
        "CancelUploadArchive",
    ):
        yield Case("pipeline", "another repository", f"codecommit:{action}", repository + "billing")
        yield Case(
            "pipeline",
            "a repository elsewhere",
            f"codecommit:{action}",
            repository.replace(REGION, ELSEWHERE) + own,
        )
    yield Case("pipeline", "push", "codecommit:GitPush", repository + own)

    codedeploy = f"arn:aws:codedeploy:{REGION}:{ACCOUNT}:"
    for action in ("CreateDeployment", "GetDeployment", "GetDeploymentGroup", "ListDeployments"):
        for group in ("billing/billing", f"{own}/billing"):
            yield Case(
                "pipeline",
                "another deployment group",
                f"codedeploy:{action}",
                f"{codedeploy}deploymentgroup:{group}",
            )
    for action in (
        "GetApplication",
        "GetApplicationRevision",
        "ListDeploymentGroups",
        "RegisterApplicationRevision",
    ):
        yield Case(
            "pipeline",
            "another application",
            f"codedeploy:{action}",
            f"{codedeploy}application:billing",
        )
    yield Case(
        "pipeline",
        "another deployment configuration",
        "codedeploy:GetDeploymentConfig",
        f"{codedeploy}deploymentconfig:billing",
    )
    for action, resource in (
        ("codedeploy:CreateDeployment", f"{codedeploy}deploymentgroup:{own}/{own}"),
        ("codedeploy:RegisterApplicationRevision", f"{codedeploy}application:{own}"),
        (
            "codedeploy:GetDeploymentConfig",
            f"{codedeploy}deploymentconfig:CodeDeployDefault.AllAtOnce",
        ),
        ("lambda:InvokeFunction", names["function_arn"]),
    ):
        yield Case("pipeline", "its own elsewhere", action, resource.replace(REGION, ELSEWHERE))
    yield Case(
        "pipeline",
        "change the deployment group",
        "codedeploy:UpdateDeploymentGroup",
        f"{codedeploy}deploymentgroup:{own}/{own}",
    )

    function = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:"
    yield Case(
        "pipeline", "invoke another function", "lambda:InvokeFunction", function + "billing-baker"
    )
    yield Case(
        "pipeline", "change the function", "lambda:UpdateFunctionCode", f"{function}{own}-baker"
    )
    yield Case(
        "pipeline",
        "build",
        "codebuild:StartBuild",
        f"arn:aws:codebuild:{REGION}:{ACCOUNT}:project/billing",
    )
    for action in ("codedeploy:ListDeploymentConfigs", "lambda:ListFunctions"):
        yield Case("pipeline", "look at another region", action, "*", in_region(ELSEWHERE))
    yield Case(
        "pipeline",
        "change itself",
        "codepipeline:UpdatePipeline",
        f"arn:aws:codepipeline:{REGION}:{ACCOUNT}:{own}",
    )


def instance(names: Mapping[str, Any]) -> Iterator[Case]:
    own = f"arn:aws:s3:::{names['artifact_bucket_name']}/orders/Source/1"
    for action in ("s3:GetObject", "s3:GetObjectVersion"):
        yield Case(
            "instance",
            "another pipeline's artifacts",
            action,
            "arn:aws:s3:::billing-artifacts/billing/Source/1",
        )
    yield Case("instance", "replace artifacts", "s3:PutObject", own)
    yield Case("instance", "list artifacts", "s3:ListBucket", own.split("/")[0])
    yield Case(
        "instance",
        "read a parameter",
        "ssm:GetParameter",
        f"arn:aws:ssm:{REGION}:{ACCOUNT}:parameter/password",
    )
    register = "ssm:UpdateInstanceInformation"
    yield Case("instance", "register elsewhere", register, ec2("instance", "i-1", region=ELSEWHERE))
    yield Case(
        "instance",
        "register in another account",
        register,
        ec2("instance", "i-1", account=OTHER_ACCOUNT),
    )
    yield Case(
        "instance",
        "register as a machine elsewhere",
        register,
        f"arn:aws:ssm:{REGION}:{ACCOUNT}:managed-instance/mi-1",
    )
    for action in ("ssmmessages:CreateControlChannel", "ssmmessages:OpenDataChannel"):
        yield Case("instance", "be managed from another region", action, "*", in_region(ELSEWHERE))
    yield Case(
        "instance",
        "run commands",
        "ssm:SendCommand",
        ec2("instance", "i-1"),
        {f"ssm:resourceTag/{GROUP_TAG}": "orders"},
    )
    yield Case(
        "instance",
        "start the pipeline",
        "codepipeline:StartPipelineExecution",
        f"arn:aws:codepipeline:{REGION}:{ACCOUNT}:{names['pipeline_name']}",
    )


def codedeploy(names: Mapping[str, Any]) -> Iterator[Case]:
    own = names["auto_scaling_group_name"]
    group = f"arn:aws:autoscaling:{REGION}:{ACCOUNT}:autoScalingGroup:1:autoScalingGroupName/"
    for action in (
        "CompleteLifecycleAction",
        "DeleteLifecycleHook",
        "PutLifecycleHook",
        "RecordLifecycleActionHeartbeat",
        "ResumeProcesses",
        "SuspendProcesses",
    ):
        yield Case("codedeploy", "another group", f"autoscaling:{action}", group + "billing")
        yield Case(
            "codedeploy",
            "a group elsewhere",
            f"autoscaling:{action}",
            group.replace(REGION, ELSEWHERE) + own,
        )
    for action in (
        "DeleteAutoScalingGroup",
        "UpdateAutoScalingGroup",
        "AttachLoadBalancerTargetGroups",
    ):
        yield Case("codedeploy", "change the group", f"autoscaling:{action}", group + own)
    targets = f"arn:aws:elasticloadbalancing:{REGION}:{ACCOUNT}:targetgroup/"
    for action in ("DeregisterTargets", "RegisterTargets"):
        yield Case(
            "codedeploy",
            "another target group",
            f"elasticloadbalancing:{action}",
            targets + "billing/0123456789abcdef",
        )
        yield Case(
            "codedeploy",
            "a target group elsewhere",
            f"elasticloadbalancing:{action}",
            f"{targets.replace(REGION, ELSEWHERE)}{own}/0123456789abcdef",
        )
    yield Case(
        "codedeploy",
        "look at alarms in another region",
        "cloudwatch:DescribeAlarms",
        f"arn:aws:cloudwatch:{ELSEWHERE}:{ACCOUNT}:alarm:{own} errors",
        in_region(ELSEWHERE),
    )
    yield Case(
        "codedeploy",
        "end instances",
        "ec2:TerminateInstances",
        ec2("instance", "i-1"),
        of_group("billing"),
    )
    topics = (f"arn:aws:sns:{REGION}:{ACCOUNT}:billing", names["notification_topic_arn"])
    for topic in topics:
        yield Case("codedeploy", "publish a notification", "sns:Publish", topic)
    for action in (
        "autoscaling:DescribeAutoScalingGroups",
        "ec2:DescribeInstances",
        "elasticloadbalancing:DescribeTargetGroups",
    ):
        yield Case("codedeploy", "look at another region", action, "*", in_region(ELSEWHERE))


def start(names: Mapping[str, Any]) -> Iterator[Case]:
    pipeline = f"arn:aws:codepipeline:{REGION}:{ACCOUNT}:"
    start = "codepipeline:StartPipelineExecution"
    yield Case("start", "start another pipeline", start, pipeline + "billing")
    yield Case(
        "start",
        "start a pipeline elsewhere",
        start,
        pipeline.replace(REGION, ELSEWHERE) + names["pipeline_name"],
    )
    yield Case(
        "start",
        "stop the pipeline",
        "codepipeline:StopPipelineExecution",
        pipeline + names["pipeline_name"],
    )


def everybody(names: Mapping[str, Any]) -> Iterator[Case]:
    """What none of the roles may do, to begin with: become more than it is."""
    kinds = ("instance", "baker", "codedeploy", "pipeline", "start")
    for who in kinds:
        for other in (*kinds, "admin"):
            role = names["role_arns"].get(other, f"arn:aws:iam::{ACCOUNT}:role/admin")
            if other != who:
                yield Case(who, f"take the role {other}", "sts:AssumeRole", role)
            service = {"iam:PassedToService": "ec2.amazonaws.com"}
            yield Case(who, f"pass the role {other} on", "iam:PassRole", role, service)
        own = names["role_arns"][who]
        for action in (
            "iam:PutRolePolicy",
            "iam:AttachRolePolicy",
            "iam:DeleteRolePermissionsBoundary",
        ):
            yield Case(who, "give itself more", action, own)
