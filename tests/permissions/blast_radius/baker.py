"""What the role of the function must not be able to do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from permissions.blast_radius.case import (
    ACCOUNT,
    ELSEWHERE,
    GROUP_TAG,
    OTHER_ACCOUNT,
    PIPELINE_TAG,
    REGION,
    Case,
    ec2,
    in_region,
    of_group,
    own_image,
    putting,
)

# EC2, which looks in the function's name for what uses an image.
THROUGH_EC2 = {"aws:CalledVia": ["ec2-images.amazonaws.com"], "aws:ViaAWSService": "true"}


def cases(names: Mapping[str, Any], capture: str) -> Iterator[Case]:
    yield from _images(names)
    yield from _fleet(names, capture)
    yield from _pipeline(names)


def _images(names: Mapping[str, Any]) -> Iterator[Case]:
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


def _fleet(names: Mapping[str, Any], capture: str) -> Iterator[Case]:
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


def _pipeline(names: Mapping[str, Any]) -> Iterator[Case]:
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
                {**THROUGH_EC2, **in_region(arn.split(":")[3])},
            )
    for action in (
        "ssm:DescribeParameters",
        "imagebuilder:ListImageRecipes",
        "imagebuilder:ListContainerRecipes",
        "ec2:DescribeLaunchTemplates",
    ):
        yield Case("baker", "look for itself at what EC2 looks at", action, "*")
        yield Case(
            "baker",
            "have EC2 look elsewhere",
            action,
            "*",
            {**THROUGH_EC2, **in_region(ELSEWHERE)},
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
        yield Case("baker", "look at another region", action, "*", in_region(ELSEWHERE))
