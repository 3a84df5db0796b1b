"""What no role of a pipeline may do, whatever happens to what holds the role.

The requests are those that AWS would ask IAM about, with the condition keys that the Service
Authorization Reference gives them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

ACCOUNT = "123456789012"
REGION = "us-east-1"
ELSEWHERE = "eu-west-1"
OTHER_ACCOUNT = "999999999999"

PIPELINE_TAG = "asg-ami-pipeline:pipeline"
UNDO_TAG = "asg-ami-pipeline:undo"
STANDBY_TAG = "asg-ami-pipeline:standby"
GROUP_TAG = "aws:autoscaling:groupName"
SSM_READS_IMAGES = {"aws:CalledVia": ["ec2-images.amazonaws.com"], "aws:ViaAWSService": "true"}


@dataclass(frozen=True)
class Case:
    """One request that must be denied.

    Attributes:
        who: the role's kind (`baker`), or an AWS service (`events.amazonaws.com`).
        what: in words.
        administrator: whether even AdministratorAccess must not help.
        left_to_iam: whether it must be denied even if the key's policy left all to IAM, as that of
            a team's own key may.
    """

    who: str
    what: str
    action: str
    resource: str
    context: Mapping[str, Any] = field(default_factory=dict)
    administrator: bool = False
    left_to_iam: bool = False


def ec2(kind: str, name: str, account: str = ACCOUNT, region: str = REGION) -> str:
    """ARN of something of EC2; those of images and snapshots hold no account."""
    owner = "" if kind in ("image", "snapshot") else account
    return f"arn:aws:ec2:{region}:{owner}:{kind}/{name}"


def tags(where: str = "aws:ResourceTag", **given: str) -> dict[str, str]:
    """Context of tags, whose keys are written with `__` for `:` and `_` for `-`."""
    return {
        f"{where}/{key.replace('__', ':').replace('_', '-')}": value for key, value in given.items()
    }


def own_image(pipeline: str, owner: str = ACCOUNT) -> dict[str, Any]:
    return {f"aws:ResourceTag/{PIPELINE_TAG}": pipeline, "ec2:Owner": owner}


def of_group(group: str) -> dict[str, Any]:
    return {f"aws:ResourceTag/{GROUP_TAG}": group}


def putting(**given: str) -> dict[str, Any]:
    """Context of tags that a request puts."""
    keys = {key.replace("__", ":").replace("_", "-"): value for key, value in given.items()}
    return {
        **{f"aws:RequestTag/{key}": value for key, value in keys.items()},
        "aws:TagKeys": list(keys),
    }


def cases(names: Mapping[str, Any], hardened: bool, capture: str) -> Iterator[Case]:
    """All of them, for a pipeline with these outputs of the root module."""
    yield from _baker_images(names)
    yield from _baker_fleet(names, capture)
    yield from _baker_pipeline(names)
    yield from _pipeline(names)
    yield from _instance(names)
    if hardened:
        yield from _codedeploy(names)
    yield from _start(names)
    yield from _everybody(names)
    yield from _bucket(names)
    yield from _services(names, capture)
    if hardened:
        yield from _key(names)


def _baker_images(names: Mapping[str, Any]) -> Iterator[Case]:
    own, image, snapshot = names["pipeline_name"], ec2("image", "ami-1"), ec2("snapshot", "snap-1")
    for action, resource in (
        ("ec2:DeregisterImage", image),
        ("ec2:DeleteSnapshot", snapshot),
    ):
        yield Case("baker", "an image that nobody tagged", action, resource, {"ec2:Owner": ACCOUNT})
        yield Case("baker", "another pipeline's image", action, resource, own_image("billing"))
        yield Case(
            "baker",
            "an image that looks ours in another account",
            action,
            resource,
            own_image(own, OTHER_ACCOUNT),
        )
        yield Case(
            "baker",
            "an image in another region",
            action,
            resource.replace(REGION, ELSEWHERE),
            own_image(own),
        )
    yield Case(
        "baker",
        "whether a foreign image is shared",
        "ec2:DescribeImageAttribute",
        image,
        own_image("billing"),
    )
    yield Case(
        "baker",
        "whether an image elsewhere is shared",
        "ec2:DescribeImageAttribute",
        ec2("image", "ami-1", region=ELSEWHERE),
        own_image(own),
    )
    yield Case(
        "baker", "open an image to others", "ec2:ModifyImageAttribute", image, own_image(own)
    )

    put_own = putting(asg_ami_pipeline__pipeline=own)
    put_other = putting(asg_ami_pipeline__pipeline="billing")
    for kind in (image, snapshot):
        yield Case(
            "baker",
            "make a foreign image its own",
            "ec2:CreateTags",
            kind,
            {**own_image("billing"), **put_own},
        )
        yield Case(
            "baker",
            "make an untagged image its own",
            "ec2:CreateTags",
            kind,
            {"ec2:Owner": ACCOUNT, **put_own},
        )
        yield Case(
            "baker",
            "give its own image away",
            "ec2:CreateTags",
            kind,
            {**own_image(own), **put_other},
        )
        yield Case("baker", "image without its tag", "ec2:CreateImage", kind, {})
        yield Case("baker", "image for another pipeline", "ec2:CreateImage", kind, put_other)
        yield Case(
            "baker",
            "image in another region",
            "ec2:CreateImage",
            kind.replace(REGION, ELSEWHERE),
            put_own,
        )
        creating = {"ec2:CreateAction": "CreateImage"}
        yield Case(
            "baker",
            "tag a new image for another pipeline",
            "ec2:CreateTags",
            kind,
            {**creating, **put_other},
        )
        yield Case(
            "baker",
            "tag a new image in another region",
            "ec2:CreateTags",
            kind.replace(REGION, ELSEWHERE),
            {**creating, **put_own},
        )
        yield Case(
            "baker",
            "tag what another action makes",
            "ec2:CreateTags",
            kind,
            {"ec2:CreateAction": "CopySnapshot", **put_own},
        )
    undo = putting(asg_ami_pipeline__undo="kept")
    yield Case(
        "baker",
        "mark a foreign image of an undo",
        "ec2:CreateTags",
        image,
        {**own_image("billing"), **undo},
    )
    yield Case(
        "baker",
        "mark an image elsewhere of an undo",
        "ec2:CreateTags",
        ec2("image", "ami-1", region=ELSEWHERE),
        {**own_image(own), **undo},
    )
    yield Case(
        "baker",
        "mark a snapshot of an undo",
        "ec2:CreateTags",
        snapshot,
        {**own_image(own), **undo},
    )
    yield Case(
        "baker",
        "mark an image of an undo and of more",
        "ec2:CreateTags",
        image,
        {**own_image(own), **putting(asg_ami_pipeline__undo="kept", team="other")},
    )
    yield Case(
        "baker", "tag an image with nothing that is named", "ec2:CreateTags", image, own_image(own)
    )
    yield Case(
        "baker",
        "take its tag from an image",
        "ec2:DeleteTags",
        image,
        {**own_image(own), "aws:TagKeys": [PIPELINE_TAG]},
    )


def _baker_fleet(names: Mapping[str, Any], capture: str) -> Iterator[Case]:
    group = names["auto_scaling_group_name"]
    other = (
        f"arn:aws:autoscaling:{REGION}:{ACCOUNT}:autoScalingGroup:1:autoScalingGroupName/billing"
    )
    own = f"arn:aws:autoscaling:{REGION}:{ACCOUNT}:autoScalingGroup:1:autoScalingGroupName/{group}"
    instance = ec2("instance", "i-1")
    yield Case(
        "baker", "image another group's instance", "ec2:CreateImage", instance, of_group("billing")
    )
    yield Case("baker", "image an instance of no group", "ec2:CreateImage", instance, {})
    yield Case(
        "baker",
        "image an instance elsewhere",
        "ec2:CreateImage",
        ec2("instance", "i-1", region=ELSEWHERE),
        of_group(group),
    )
    yield Case("baker", "end an instance", "ec2:TerminateInstances", instance, of_group(group))
    yield Case("baker", "run instances", "ec2:RunInstances", instance, {})

    template = names["launch_template_id"]
    for action in ("ec2:CreateLaunchTemplateVersion", "ec2:DeleteLaunchTemplateVersions"):
        yield Case(
            "baker",
            "another launch template",
            action,
            ec2("launch-template", "lt-0fedcba9876543210"),
        )
        yield Case(
            "baker",
            "a launch template elsewhere",
            action,
            ec2("launch-template", template, region=ELSEWHERE),
        )
    for action in ("ec2:DeleteLaunchTemplate", "ec2:ModifyLaunchTemplate"):
        yield Case("baker", "the launch template itself", action, ec2("launch-template", template))

    shell = f"arn:aws:ssm:{REGION}::document/AWS-RunShellScript"
    ssm_tag = "ssm:resourceTag/" + GROUP_TAG
    yield Case(
        "baker", "run commands in another group", "ssm:SendCommand", instance, {ssm_tag: "billing"}
    )
    yield Case(
        "baker",
        "run commands elsewhere",
        "ssm:SendCommand",
        ec2("instance", "i-1", region=ELSEWHERE),
        {ssm_tag: group},
    )
    yield Case(
        "baker",
        "run another document",
        "ssm:SendCommand",
        shell.replace("AWS-RunShellScript", "AWS-RunRemoteScript"),
    )
    yield Case(
        "baker",
        "run a document of the account",
        "ssm:SendCommand",
        f"arn:aws:ssm:{REGION}:{ACCOUNT}:document/AWS-RunShellScript",
    )
    if capture == "standby":
        yield Case("baker", "run commands when nothing is flushed", "ssm:SendCommand", shell)

    standby = putting(asg_ami_pipeline__standby="execution")
    for action in ("autoscaling:EnterStandby", "autoscaling:ExitStandby"):
        yield Case("baker", "another group's instances", action, other)
        yield Case(
            "baker", "instances of a group elsewhere", action, own.replace(REGION, ELSEWHERE)
        )
        if capture == "live":
            yield Case("baker", "instances in service when it captures live", action, own)
    for action in ("ec2:CreateTags", "ec2:DeleteTags"):
        yield Case(
            "baker",
            "mark another group's instance",
            action,
            instance,
            {**of_group("billing"), **standby},
        )
        yield Case(
            "baker",
            "mark an instance elsewhere",
            action,
            ec2("instance", "i-1", region=ELSEWHERE),
            {**of_group(group), **standby},
        )
        yield Case(
            "baker",
            "tag an instance otherwise",
            action,
            instance,
            {**of_group(group), **putting(Name="other")},
        )
        yield Case(
            "baker", "tag an instance with nothing that is named", action, instance, of_group(group)
        )
    for action in (
        "UpdateAutoScalingGroup",
        "SetDesiredCapacity",
        "TerminateInstanceInAutoScalingGroup",
    ):
        yield Case("baker", "change the group", f"autoscaling:{action}", own)


def _baker_pipeline(names: Mapping[str, Any]) -> Iterator[Case]:
    own = names["pipeline_name"]
    pipeline = f"arn:aws:codepipeline:{REGION}:{ACCOUNT}:"
    yield Case(
        "baker",
        "another pipeline's executions",
        "codepipeline:ListActionExecutions",
        pipeline + "billing",
    )
    yield Case(
        "baker",
        "executions elsewhere",
        "codepipeline:ListActionExecutions",
        pipeline.replace(REGION, ELSEWHERE) + own,
    )
    yield Case("baker", "start the pipeline", "codepipeline:StartPipelineExecution", pipeline + own)
    group = f"arn:aws:codedeploy:{REGION}:{ACCOUNT}:deploymentgroup:"
    for action in ("codedeploy:BatchGetDeployments", "codedeploy:ListDeployments"):
        yield Case("baker", "another group's deployments", action, group + "billing/billing")
        yield Case("baker", "another group of the application", action, f"{group}{own}/billing")
        yield Case(
            "baker",
            "deployments elsewhere",
            action,
            f"{group.replace(REGION, ELSEWHERE)}{own}/{own}",
        )
    yield Case("baker", "deploy", "codedeploy:CreateDeployment", f"{group}{own}/{own}")

    log = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/aws/lambda/"
    for action in ("logs:CreateLogStream", "logs:PutLogEvents"):
        yield Case("baker", "another function's log", action, f"{log}billing-baker:log-stream:1")
        yield Case(
            "baker",
            "a log elsewhere",
            action,
            f"{log.replace(REGION, ELSEWHERE)}{own}-baker:log-stream:1",
        )

    parameter = f"arn:aws:ssm:{REGION}:{ACCOUNT}:parameter/password"
    recipe = f"arn:aws:imagebuilder:{REGION}:{ACCOUNT}:container-recipe/web/1.0.0"
    yield Case("baker", "read a parameter", "ssm:GetParameters", parameter)
    yield Case("baker", "read a recipe", "imagebuilder:GetContainerRecipe", recipe)
    for action, resource in (
        ("ssm:GetParameters", parameter),
        ("imagebuilder:GetContainerRecipe", recipe),
    ):
        for arn in (resource.replace(REGION, ELSEWHERE), resource.replace(ACCOUNT, OTHER_ACCOUNT)):
            yield Case(
                "baker",
                "have EC2 read it elsewhere",
                action,
                arn,
                {**SSM_READS_IMAGES, **_in(arn.split(":")[3])},
            )
    for action in (
        "ssm:DescribeParameters",
        "imagebuilder:ListImageRecipes",
        "imagebuilder:ListContainerRecipes",
        "ec2:DescribeLaunchTemplates",
    ):
        yield Case("baker", "look for itself at what EC2 looks at", action, "*")
        yield Case(
            "baker", "have EC2 look elsewhere", action, "*", {**SSM_READS_IMAGES, **_in(ELSEWHERE)}
        )
    for action in (
        "autoscaling:DescribeAutoScalingGroups",
        "codedeploy:ListDeploymentTargets",
        "codepipeline:PutJobSuccessResult",
        "codepipeline:PutJobFailureResult",
        "ec2:DescribeImages",
        "ec2:DescribeSnapshots",
        "ssm:GetCommandInvocation",
    ):
        yield Case("baker", "look at another region", action, "*", _in(ELSEWHERE))


def _pipeline(names: Mapping[str, Any]) -> Iterator[Case]:
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
        yield Case("pipeline", "look at another region", action, "*", _in(ELSEWHERE))
    yield Case(
        "pipeline",
        "change itself",
        "codepipeline:UpdatePipeline",
        f"arn:aws:codepipeline:{REGION}:{ACCOUNT}:{own}",
    )


def _instance(names: Mapping[str, Any]) -> Iterator[Case]:
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
    for action in (
        "ssmmessages:CreateControlChannel",
        "ssmmessages:OpenDataChannel",
        "ec2messages:GetMessages",
        "ec2messages:SendReply",
    ):
        yield Case("instance", "be managed from another region", action, "*", _in(ELSEWHERE))
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


def _codedeploy(names: Mapping[str, Any]) -> Iterator[Case]:
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
        "another alarm",
        "cloudwatch:DescribeAlarms",
        f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:billing errors",
    )
    alarm = f"arn:aws:cloudwatch:{ELSEWHERE}:{ACCOUNT}:alarm:{own} errors"
    yield Case("codedeploy", "its alarm elsewhere", "cloudwatch:DescribeAlarms", alarm)
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
        yield Case("codedeploy", "look at another region", action, "*", _in(ELSEWHERE))


def _start(names: Mapping[str, Any]) -> Iterator[Case]:
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


def _everybody(names: Mapping[str, Any]) -> Iterator[Case]:
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


def _bucket(names: Mapping[str, Any]) -> Iterator[Case]:
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


def _services(names: Mapping[str, Any], capture: str) -> Iterator[Case]:
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
                continue  # AWS does not say that Lambda and CodePipeline send the resource.
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


def _key(names: Mapping[str, Any]) -> Iterator[Case]:
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
        yield from _volumes(key, others, administrator, left_to_iam)
    to_admin = {"kms:GranteePrincipal": f"arn:aws:iam::{ACCOUNT}:role/admin"}
    give = "kms:CreateGrant"
    yield Case("admin", "give the key away", give, key, {**caller, **to_admin}, administrator=True)
    yield from _key_of_services(key)


def _volumes(
    key: str, others: tuple[str, ...], administrator: bool, left_to_iam: bool
) -> Iterator[Case]:
    caller = {"kms:CallerAccount": ACCOUNT}
    through_ec2 = {**caller, "kms:ViaService": f"ec2.{REGION}.amazonaws.com"}
    to_admin = {"kms:GranteePrincipal": f"arn:aws:iam::{ACCOUNT}:role/admin"}
    for action in (
        "kms:CreateGrant",
        "kms:Decrypt",
        "kms:GenerateDataKeyWithoutPlaintext",
        "kms:ReEncryptFrom",
        "kms:ReEncryptTo",
    ):
        granting: dict[str, str] = {}
        if action == "kms:CreateGrant":
            granting = {"kms:GrantIsForAWSResource": "true", **to_admin}
        direct, volumes = {**caller, **granting}, {**through_ec2, **granting}
        both = (administrator, left_to_iam)
        yield Case("baker", "the key itself", action, key, direct, *both)
        yield Case("pipeline", "volumes", action, key, volumes, *both)
        for other in others:
            yield Case("baker", "volumes of another key", action, other, volumes)
    give = {**through_ec2, "kms:GrantIsForAWSResource": "false", **to_admin}
    yield Case(
        "baker", "give the key away", "kms:CreateGrant", key, give, administrator, left_to_iam
    )


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


def _in(region: str) -> dict[str, str]:
    return {"aws:RequestedRegion": region}
