"""What IAM is asked about each call, as the Service Authorization Reference has it."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any

import pytest

from local_aws.client import REGION, LocalAws
from support.delivery import Deployments, bucket, bundle, role
from support.fleet import (
    bake,
    client,
    describe,
    eventually,
    profile,
    public_image,
    run_instance,
    template,
    unique,
)
from support.pipelines import Pipeline, invocation, make_worker, stage

ACCOUNT = "123456789012"
EC2 = f"arn:aws:ec2:{REGION}"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
Asked = dict[str, Any]

LOGS_MAY_USE_IT = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": {
            "Effect": "Allow",
            "Principal": {"Service": f"logs.{REGION}.amazonaws.com"},
            "Action": "kms:*",
            "Resource": "*",
        },
    }
)


class Caller:
    """Somebody with a role of their own.

    Attributes:
        role: its ARN.
    """

    def __init__(self, aws: LocalAws) -> None:
        self.aws = aws
        self.role = role(aws, "lambda")
        self._session = client(aws, "sts").assume_role(RoleArn=self.role, RoleSessionName="test")[
            "Credentials"
        ]

    def client(self, service: str) -> Any:
        return self.aws.client(
            service,
            aws_access_key_id=self._session["AccessKeyId"],
            aws_secret_access_key=self._session["SecretAccessKey"],
            aws_session_token=self._session["SessionToken"],
        )

    def asked(self, operation: str) -> list[Asked]:
        """About the caller's newest call of this operation."""
        return newest(self.aws, self.role, operation)


@pytest.fixture(scope="module")
def caller(aws: LocalAws) -> Caller:
    return Caller(aws)


@pytest.fixture(scope="module")
def ec2(caller: Caller) -> Any:
    return caller.client("ec2")


def newest(aws: LocalAws, principal: str, operation: str) -> list[Asked]:
    records = [item for item in aws.requests(principal) if item["operation"] == operation]
    assert records, f"{principal} made no call of {operation}"
    found: list[Asked] = records[-1]["authorizations"]
    return found


def on(asked: list[Asked]) -> list[tuple[str, str]]:
    return [(item["action"], item["resource"]) for item in asked]


def context(asked: list[Asked], action: str, resource: str) -> dict[str, Any]:
    """The condition keys of the one question about this action on this resource."""
    (found,) = [item for item in asked if (item["action"], item["resource"]) == (action, resource)]
    keys: dict[str, Any] = found["context"]
    return keys


def of(keys: Mapping[str, Any], *prefixes: str) -> dict[str, Any]:
    """The keys with these prefixes."""
    return {key: value for key, value in keys.items() if key.startswith(prefixes)}


def tagged(kind: str, **tags: str) -> dict[str, Any]:
    pairs = [{"Key": key, "Value": value} for key, value in tags.items()]
    return {"ResourceType": kind, "Tags": pairs}


def instance_arn(instance: str) -> str:
    return f"{EC2}:{ACCOUNT}:instance/{instance}"


@pytest.fixture(scope="module")
def instance(aws: LocalAws) -> str:
    return run_instance(aws, TagSpecifications=[tagged("instance", fleet="orders")])


# Every request


def test_a_request_carries_its_region_and_that_it_came_over_tls(caller: Caller, ec2: Any) -> None:
    ec2.describe_images(Owners=["self"])
    (asked,) = caller.asked("DescribeImages")
    assert asked == {
        "action": "ec2:DescribeImages",
        "resource": "*",
        "context": {"aws:RequestedRegion": REGION, "aws:SecureTransport": "true"},
    }


def test_the_administrator_is_asked_nothing(aws: LocalAws) -> None:
    client(aws, "ec2").describe_images(Owners=["self"])
    assert newest(aws, "user/administrator", "DescribeImages") == []


def test_what_is_asked_about_a_call_may_not_be_known(caller: Caller) -> None:
    caller.client("ssm").put_parameter(Name=unique("name"), Value="1", Type="String")
    records = caller.aws.requests(caller.role)
    assert [item["authorizations"] for item in records if item["operation"] == "PutParameter"] == [
        None
    ]


def test_a_call_whose_question_cannot_be_put_is_answered_all_the_same(
    aws: LocalAws, caller: Caller, ec2: Any, instance: str
) -> None:
    (volume,) = client(aws, "ec2").describe_volumes(
        Filters=[{"Name": "attachment.instance-id", "Values": [instance]}]
    )["Volumes"]
    ec2.create_tags(Resources=[volume["VolumeId"]], Tags=[{"Key": "a", "Value": "1"}])
    records = [item for item in aws.requests(caller.role) if item["operation"] == "CreateTags"]
    assert (records[-1]["authorizations"], records[-1]["status"]) == (None, 200)


# Images


def test_an_image_is_made_of_an_instance_with_its_tags(
    caller: Caller, ec2: Any, instance: str
) -> None:
    ec2.create_image(
        InstanceId=instance,
        Name=unique("image"),
        NoReboot=True,
        TagSpecifications=[
            tagged("image", pipeline="orders", commit="1"),
            tagged("snapshot", pipeline="orders"),
        ],
    )
    asked = caller.asked("CreateImage")
    image, snapshot = f"{EC2}::image/ami-new", f"{EC2}::snapshot/snap-new"
    assert sorted(on(asked)) == [
        ("ec2:CreateImage", f"{EC2}:{ACCOUNT}:instance/{instance}"),
        ("ec2:CreateImage", image),
        ("ec2:CreateImage", snapshot),
        ("ec2:CreateTags", image),
        ("ec2:CreateTags", snapshot),
    ]
    had = context(asked, "ec2:CreateImage", instance_arn(instance))
    assert of(had, "aws:ResourceTag/", "ec2:ResourceTag/", "aws:RequestTag/", "aws:TagKeys") == {
        "aws:ResourceTag/fleet": "orders",
        "ec2:ResourceTag/fleet": "orders",
    }
    of_image = {
        "aws:RequestTag/pipeline": "orders",
        "aws:RequestTag/commit": "1",
        "aws:TagKeys": ["pipeline", "commit"],
    }
    of_snapshot = {"aws:RequestTag/pipeline": "orders", "aws:TagKeys": ["pipeline"]}
    for resource, tags in ((image, of_image), (snapshot, of_snapshot)):
        made = context(asked, "ec2:CreateImage", resource)
        assert of(made, "aws:RequestTag/", "aws:TagKeys", "ec2:Create") == tags
        put = context(asked, "ec2:CreateTags", resource)
        assert of(put, "aws:RequestTag/", "aws:TagKeys", "ec2:Create") == {
            **tags,
            "ec2:CreateAction": "CreateImage",
        }
        assert not of(made, "aws:ResourceTag/") and not of(put, "aws:ResourceTag/")


def test_an_image_without_tags_puts_none(caller: Caller, ec2: Any, instance: str) -> None:
    ec2.create_image(InstanceId=instance, Name=unique("image"), NoReboot=True)
    asked = caller.asked("CreateImage")
    assert {action for action, _ in on(asked)} == {"ec2:CreateImage"}
    assert not of(context(asked, "ec2:CreateImage", f"{EC2}::image/ami-new"), "aws:TagKeys")


def test_an_image_goes_with_its_snapshots(aws: LocalAws, caller: Caller, instance: str) -> None:
    image = bake(
        aws,
        instance,
        TagSpecifications=[tagged("image", pipeline="orders"), tagged("snapshot", of="orders")],
    )
    (described,) = client(aws, "ec2").describe_images(ImageIds=[image])["Images"]
    snapshot = described["BlockDeviceMappings"][0]["Ebs"]["SnapshotId"]
    caller.client("ec2").deregister_image(ImageId=image, DeleteAssociatedSnapshots=True)
    asked = caller.asked("DeregisterImage")
    wanted = [
        ("ec2:DeregisterImage", f"{EC2}::image/{image}", {"pipeline": "orders"}),
        ("ec2:DeleteSnapshot", f"{EC2}::snapshot/{snapshot}", {"of": "orders"}),
    ]
    assert on(asked) == [(action, resource) for action, resource, _ in wanted]
    for action, resource, tags in wanted:
        keys = context(asked, action, resource)
        assert of(keys, "aws:ResourceTag/", "ec2:Owner") == {
            "ec2:Owner": ACCOUNT,
            **{f"aws:ResourceTag/{key}": value for key, value in tags.items()},
        }


def test_an_image_can_go_alone(aws: LocalAws, caller: Caller, instance: str) -> None:
    image = bake(aws, instance)
    caller.client("ec2").deregister_image(ImageId=image)
    assert on(caller.asked("DeregisterImage")) == [("ec2:DeregisterImage", f"{EC2}::image/{image}")]


def test_a_snapshot_is_deleted_with_its_tags(aws: LocalAws, caller: Caller, instance: str) -> None:
    image = bake(aws, instance, TagSpecifications=[tagged("snapshot", pipeline="orders")])
    (described,) = client(aws, "ec2").describe_images(ImageIds=[image])["Images"]
    snapshot = described["BlockDeviceMappings"][0]["Ebs"]["SnapshotId"]
    client(aws, "ec2").deregister_image(ImageId=image)
    caller.client("ec2").delete_snapshot(SnapshotId=snapshot)
    asked = caller.asked("DeleteSnapshot")
    keys = context(asked, "ec2:DeleteSnapshot", f"{EC2}::snapshot/{snapshot}")
    assert keys["aws:ResourceTag/pipeline"] == "orders"
    assert keys["ec2:Owner"] == ACCOUNT


def test_an_attribute_is_the_images(aws: LocalAws, caller: Caller, instance: str) -> None:
    image = bake(aws, instance, TagSpecifications=[tagged("image", pipeline="orders")])
    caller.client("ec2").describe_image_attribute(ImageId=image, Attribute="launchPermission")
    keys = context(
        caller.asked("DescribeImageAttribute"),
        "ec2:DescribeImageAttribute",
        f"{EC2}::image/{image}",
    )
    assert keys["aws:ResourceTag/pipeline"] == "orders"


# Tags


def test_tags_are_put_on_what_has_other_tags_until_then(aws: LocalAws, caller: Caller) -> None:
    instance = run_instance(aws, TagSpecifications=[tagged("instance", mark="old")])
    caller.client("ec2").create_tags(
        Resources=[instance], Tags=[{"Key": "mark", "Value": "new"}, {"Key": "more", "Value": "1"}]
    )
    keys = context(caller.asked("CreateTags"), "ec2:CreateTags", instance_arn(instance))
    assert of(keys, "aws:ResourceTag/", "aws:RequestTag/", "aws:TagKeys", "ec2:Create") == {
        "aws:ResourceTag/mark": "old",
        "aws:RequestTag/mark": "new",
        "aws:RequestTag/more": "1",
        "aws:TagKeys": ["mark", "more"],
    }


def test_tags_are_taken_off_by_their_keys(aws: LocalAws, caller: Caller) -> None:
    instance = run_instance(aws, TagSpecifications=[tagged("instance", mark="old")])
    caller.client("ec2").delete_tags(Resources=[instance], Tags=[{"Key": "mark"}])
    keys = context(caller.asked("DeleteTags"), "ec2:DeleteTags", instance_arn(instance))
    assert of(keys, "aws:ResourceTag/", "aws:TagKeys", "ec2:Create") == {
        "aws:ResourceTag/mark": "old",
        "aws:TagKeys": ["mark"],
    }


# What uses an image


@pytest.mark.parametrize(
    ("which", "looked"),
    [
        ({"ResourceTypes": [{"ResourceType": "ec2:Instance"}]}, ["ec2:DescribeInstances"]),
        (
            {
                "ResourceTypes": [
                    {"ResourceType": "ec2:LaunchTemplate"},
                    {"ResourceType": "ssm:Parameter"},
                ]
            },
            [
                "ec2:DescribeLaunchTemplateVersions",
                "ec2:DescribeLaunchTemplates",
                "ssm:DescribeParameters",
            ],
        ),
        (
            {"IncludeAllResourceTypes": True},
            [
                "ec2:DescribeInstances",
                "ec2:DescribeLaunchTemplateVersions",
                "ec2:DescribeLaunchTemplates",
                "imagebuilder:ListContainerRecipes",
                "imagebuilder:ListImageRecipes",
                "ssm:DescribeParameters",
            ],
        ),
    ],
    ids=["instances", "templates and parameters", "all"],
)
def test_ec2_looks_for_uses_of_an_image_in_the_name_of_who_asks(
    caller: Caller, ec2: Any, which: dict[str, Any], looked: list[str]
) -> None:
    ec2.describe_image_references(ImageIds=[public_image(caller.aws)], **which)
    first, *others = caller.asked("DescribeImageReferences")
    assert first["action"] == "ec2:DescribeImageReferences"
    assert not of(first["context"], "aws:CalledVia", "aws:ViaAWSService")
    assert sorted(action for action, _ in on(others)) == looked
    for other in others:
        assert of(other["context"], "aws:CalledVia", "aws:ViaAWSService") == {
            "aws:CalledVia": ["ec2-images.amazonaws.com"],
            "aws:CalledViaFirst": "ec2-images.amazonaws.com",
            "aws:CalledViaLast": "ec2-images.amazonaws.com",
            "aws:ViaAWSService": "true",
        }


# Launch templates


def test_a_version_is_the_templates(aws: LocalAws, caller: Caller, ec2: Any) -> None:
    launch_template = template(aws)
    ec2.create_launch_template_version(
        LaunchTemplateId=launch_template, LaunchTemplateData={"ImageId": "ami-12345678"}
    )
    ec2.delete_launch_template_versions(LaunchTemplateId=launch_template, Versions=["2"])
    resource = f"{EC2}:{ACCOUNT}:launch-template/{launch_template}"
    for operation in ("CreateLaunchTemplateVersion", "DeleteLaunchTemplateVersions"):
        assert on(caller.asked(operation)) == [(f"ec2:{operation}", resource)]


# Systems Manager


def test_a_command_is_checked_against_its_document_and_its_instances(
    aws: LocalAws, caller: Caller
) -> None:
    instance = run_instance(
        aws,
        IamInstanceProfile={"Name": profile(aws)},
        TagSpecifications=[tagged("instance", fleet="orders")],
    )
    ssm = caller.client("ssm")
    command = ssm.send_command(
        DocumentName="AWS-RunShellScript",
        InstanceIds=[instance],
        Parameters={"commands": ["sync"]},
    )["Command"]["CommandId"]
    asked = caller.asked("SendCommand")
    document = f"arn:aws:ssm:{REGION}::document/AWS-RunShellScript"
    assert on(asked) == [
        ("ssm:SendCommand", document),
        ("ssm:SendCommand", instance_arn(instance)),
    ]
    keys = context(asked, "ssm:SendCommand", instance_arn(instance))
    assert of(keys, "aws:ResourceTag/", "ssm:resourceTag/") == {
        "aws:ResourceTag/fleet": "orders",
        "ssm:resourceTag/fleet": "orders",
    }
    assert not of(context(asked, "ssm:SendCommand", document), "aws:ResourceTag/")
    eventually(lambda: _invocation(ssm, command, instance), lambda status: status == "Success")
    assert on(caller.asked("GetCommandInvocation")) == [("ssm:GetCommandInvocation", "*")]


def _invocation(ssm: Any, command: str, instance: str) -> str:
    try:
        found = ssm.get_command_invocation(CommandId=command, InstanceId=instance)
    except ssm.exceptions.InvocationDoesNotExist:
        return ""
    return str(found["Status"])


# Amazon S3 and AWS KMS


def encrypt(aws: LocalAws, name: str, **rule: Any) -> None:
    default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": KEY}
    client(aws, "s3").put_bucket_encryption(
        Bucket=name,
        ServerSideEncryptionConfiguration={
            "Rules": [{"ApplyServerSideEncryptionByDefault": default, **rule}]
        },
    )


def test_an_object_of_a_version_is_another_action(aws: LocalAws, caller: Caller) -> None:
    name, s3 = bucket(aws), caller.client("s3")
    resource = f"arn:aws:s3:::{name}/a/key"
    version = s3.put_object(Bucket=name, Key="a/key", Body=b"1")["VersionId"]
    assert on(caller.asked("PutObject")) == [("s3:PutObject", resource)]
    s3.get_object(Bucket=name, Key="a/key")
    (asked,) = caller.asked("GetObject")
    assert (asked["action"], asked["resource"]) == ("s3:GetObject", resource)
    assert "s3:TlsVersion" in asked["context"]
    s3.get_object(Bucket=name, Key="a/key", VersionId=version)
    assert on(caller.asked("GetObject")) == [("s3:GetObjectVersion", resource)]


def test_questions_about_a_bucket_are_on_the_bucket(aws: LocalAws, caller: Caller) -> None:
    name, s3 = bucket(aws), caller.client("s3")
    s3.get_bucket_versioning(Bucket=name)
    s3.list_object_versions(Bucket=name)
    resource = f"arn:aws:s3:::{name}"
    assert on(caller.asked("GetBucketVersioning")) == [("s3:GetBucketVersioning", resource)]
    assert on(caller.asked("ListObjectVersions")) == [("s3:ListBucketVersions", resource)]


@pytest.mark.parametrize(
    ("rule", "suffix"),
    [({"BucketKeyEnabled": True}, ""), ({"BucketKeyEnabled": False}, "/key"), ({}, "/key")],
    ids=["bucket key", "no bucket key", "nothing said"],
)
def test_s3_uses_the_key_of_a_bucket_in_the_name_of_who_asks(
    aws: LocalAws, caller: Caller, rule: dict[str, Any], suffix: str
) -> None:
    name, s3 = bucket(aws), caller.client("s3")
    encrypt(aws, name, **rule)
    s3.put_object(Bucket=name, Key="key", Body=b"1")
    s3.get_object(Bucket=name, Key="key")
    for operation, action in (("PutObject", "kms:GenerateDataKey"), ("GetObject", "kms:Decrypt")):
        asked = caller.asked(operation)
        assert on(asked) == [
            (f"s3:{operation}", f"arn:aws:s3:::{name}/key"),
            (action, KEY),
        ]
        keys = context(asked, action, KEY)
        assert of(keys, "kms:", "s3:", "aws:ViaAWSService") == {
            "aws:ViaAWSService": "true",
            "kms:CallerAccount": ACCOUNT,
            "kms:EncryptionContext:aws:s3:arn": f"arn:aws:s3:::{name}{suffix}",
            "kms:ViaService": f"s3.{REGION}.amazonaws.com",
        }


def test_an_object_is_decrypted_with_the_key_that_it_was_encrypted_with(
    aws: LocalAws, caller: Caller
) -> None:
    name, s3 = bucket(aws), caller.client("s3")
    s3.put_object(Bucket=name, Key="key", Body=b"1")
    encrypt(aws, name)
    s3.get_object(Bucket=name, Key="key")
    assert on(caller.asked("GetObject")) == [("s3:GetObject", f"arn:aws:s3:::{name}/key")]


# CodeDeploy


@pytest.fixture(scope="module")
def deployments(aws: LocalAws) -> Deployments:
    return Deployments(aws)


def test_deployments_are_their_groups(caller: Caller, deployments: Deployments) -> None:
    codedeploy, names = caller.client("codedeploy"), deployments.names
    prefix = f"arn:aws:codedeploy:{REGION}:{ACCOUNT}"
    group = f"{prefix}:deploymentgroup:{deployments.name}/{deployments.name}"
    deployment = deployments.deploy(bundle())["deploymentId"]
    revision = deployments.info(deployment)["revision"]
    codedeploy.register_application_revision(applicationName=deployments.name, revision=revision)
    codedeploy.get_deployment(deploymentId=deployment)
    codedeploy.batch_get_deployments(deploymentIds=[deployment])
    codedeploy.list_deployments(**names)
    codedeploy.list_deployment_targets(deploymentId=deployment)
    deployments.ended(codedeploy.create_deployment(**names, revision=revision)["deploymentId"])
    for operation in (
        "BatchGetDeployments",
        "CreateDeployment",
        "GetDeployment",
        "ListDeployments",
    ):
        assert on(caller.asked(operation)) == [(f"codedeploy:{operation}", group)]
    assert on(caller.asked("ListDeploymentTargets")) == [("codedeploy:ListDeploymentTargets", "*")]
    assert on(caller.asked("RegisterApplicationRevision")) == [
        ("codedeploy:RegisterApplicationRevision", f"{prefix}:application:{deployments.name}")
    ]


def test_codedeploy_takes_its_role_for_the_deployment_group(
    aws: LocalAws, deployments: Deployments
) -> None:
    (asked,) = [
        question
        for record in aws.requests("codedeploy.amazonaws.com")
        for question in record["authorizations"]
        if question["resource"] == deployments.role
    ]
    assert asked["action"] == "sts:AssumeRole"
    name = f"{deployments.name}/{deployments.name}"
    assert of(asked["context"], "aws:Source") == {
        "aws:SourceAccount": ACCOUNT,
        "aws:SourceArn": f"arn:aws:codedeploy:{REGION}:{ACCOUNT}:deploymentgroup:{name}",
    }
    group = describe(aws, deployments.group)["AutoScalingGroupARN"]
    assert on(newest(aws, deployments.role, "PutLifecycleHook")) == [
        ("autoscaling:PutLifecycleHook", group)
    ]
    assert group.endswith(f":autoScalingGroupName/{deployments.group}")


def test_an_instance_has_its_role_without_a_source(aws: LocalAws, deployments: Deployments) -> None:
    deployments.deploy(bundle())
    record = aws.requests("ec2.amazonaws.com")[-1]
    (asked,) = record["authorizations"]
    assert asked["action"] == "sts:AssumeRole"
    assert not of(asked["context"], "aws:Source")
    assert [action for action, _ in on(newest(aws, asked["resource"], "GetObject"))] == [
        "s3:GetObjectVersion"
    ]


# Auto Scaling


def test_standby_is_the_groups(aws: LocalAws, caller: Caller, deployments: Deployments) -> None:
    autoscaling, (instance,) = caller.client("autoscaling"), deployments.instances()
    wish = {"AutoScalingGroupName": deployments.group, "InstanceIds": [instance]}
    autoscaling.enter_standby(**wish, ShouldDecrementDesiredCapacity=True)
    eventually(
        lambda: describe(aws, deployments.group)["Instances"][0]["LifecycleState"],
        "Standby".__eq__,
    )
    autoscaling.exit_standby(**wish)
    autoscaling.describe_auto_scaling_groups()
    group = describe(aws, deployments.group)["AutoScalingGroupARN"]
    for operation in ("EnterStandby", "ExitStandby"):
        assert on(caller.asked(operation)) == [(f"autoscaling:{operation}", group)]
    assert on(caller.asked("DescribeAutoScalingGroups")) == [
        ("autoscaling:DescribeAutoScalingGroups", "*")
    ]


# CodePipeline, Lambda and EventBridge


@pytest.fixture(scope="module")
def worker(aws: LocalAws) -> str:
    return make_worker(aws)


@pytest.fixture(scope="module")
def pipeline(aws: LocalAws, worker: str) -> Pipeline:
    """One that has run."""
    made = Pipeline(aws, stage("Invoke", invocation(worker)("succeed")))
    made.run()
    return made


def test_a_pipeline_acts_on_what_its_actions_name(
    aws: LocalAws, pipeline: Pipeline, worker: str
) -> None:
    function = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{worker}"
    assert on(newest(aws, pipeline.role, "Invoke")) == [("lambda:InvokeFunction", function)]
    assert on(newest(aws, pipeline.role, "GetObject")) == [
        ("s3:GetObject", f"arn:aws:s3:::{pipeline.bucket}/source.zip")
    ]
    ((action, artifact),) = on(newest(aws, pipeline.role, "PutObject"))
    assert action == "s3:PutObject"
    store = pipeline.declaration["artifactStore"]["location"]
    assert artifact.startswith(f"arn:aws:s3:::{store}/{pipeline.name[:20]}")


def test_a_function_logs_and_answers_with_its_role(
    aws: LocalAws, pipeline: Pipeline, worker: str
) -> None:
    function = client(aws, "lambda").get_function(FunctionName=worker)["Configuration"]
    assert on(newest(aws, function["Role"], "PutJobSuccessResult")) == [
        ("codepipeline:PutJobSuccessResult", "*")
    ]
    group = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/aws/lambda/{worker}:log-stream:"
    for operation in ("CreateLogStream", "PutLogEvents"):
        ((action, stream),) = on(newest(aws, function["Role"], operation))
        assert action == f"logs:{operation}"
        assert stream.startswith(group) and stream != group


def test_who_writes_an_encrypted_log_uses_its_key(aws: LocalAws, caller: Caller) -> None:
    key = client(aws, "kms").create_key(Policy=LOGS_MAY_USE_IT)["KeyMetadata"]["Arn"]
    group = unique("/test/log")
    client(aws, "logs").create_log_group(logGroupName=group, kmsKeyId=key)
    logs = caller.client("logs")
    logs.create_log_stream(logGroupName=group, logStreamName="1")
    events = [{"timestamp": int(time.time() * 1000), "message": "written"}]
    logs.put_log_events(logGroupName=group, logStreamName="1", logEvents=events)
    _, *asked = caller.asked("PutLogEvents")
    assert on(asked) == [
        (action, key) for action in ("kms:DescribeKey", "kms:Decrypt", "kms:GenerateDataKey")
    ]
    arn = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{group}"
    for question in asked:
        assert question["context"]["kms:ViaService"] == f"logs.{REGION}.amazonaws.com"
    for question in asked[1:]:
        assert question["context"]["kms:EncryptionContext:aws:logs:arn"] == arn


@pytest.mark.parametrize(
    ("service", "said"), [("codepipeline", {}), ("lambda", {"aws:SourceAccount": ACCOUNT})]
)
def test_services_take_their_role_for_whom_they_document(
    aws: LocalAws, pipeline: Pipeline, service: str, said: dict[str, str]
) -> None:
    records = aws.requests(f"{service}.amazonaws.com")
    assert records
    for record in records:
        assert record["operation"] == "AssumeRole"
        (asked,) = record["authorizations"]
        assert of(asked["context"], "aws:Source") == said


def test_a_rule_starts_a_pipeline_in_its_own_name(aws: LocalAws, pipeline: Pipeline) -> None:
    starter = role(aws, "events")
    arn = f"arn:aws:codepipeline:{REGION}:{ACCOUNT}:{pipeline.name}"
    rule = send_event(aws, Arn=arn, RoleArn=starter)
    records = eventually(lambda: aws.requests(starter), bool)
    assert on(records[0]["authorizations"]) == [("codepipeline:StartPipelineExecution", arn)]
    (asked,) = [
        question
        for record in aws.requests("events.amazonaws.com")
        for question in record["authorizations"]
        if question["resource"] == starter
    ]
    assert asked["action"] == "sts:AssumeRole"
    assert of(asked["context"], "aws:Source") == {
        "aws:SourceAccount": ACCOUNT,
        "aws:SourceArn": rule,
    }


def test_a_rule_invokes_a_function_in_its_own_name(aws: LocalAws, worker: str) -> None:
    function = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{worker}"
    client(aws, "lambda").add_permission(
        FunctionName=worker,
        StatementId=unique("statement"),
        Action="lambda:InvokeFunction",
        Principal="events.amazonaws.com",
    )
    rule = send_event(aws, Arn=function)
    (record,) = eventually(
        lambda: [r for r in aws.requests("events.amazonaws.com") if r["service"] == "lambda"], bool
    )
    assert on(record["authorizations"]) == [("lambda:InvokeFunction", function)]
    assert of(record["authorizations"][0]["context"], "aws:Source") == {
        "aws:SourceAccount": ACCOUNT,
        "aws:SourceArn": rule,
    }


def send_event(aws: LocalAws, **target: str) -> str:
    """Put an event that a new rule passes on to the target; the rule's ARN."""
    events, name = client(aws, "events"), unique("rule")
    arn = events.put_rule(Name=name, EventPattern=json.dumps({"source": [name]}))["RuleArn"]
    events.put_targets(Rule=name, Targets=[{"Id": "1", **target}])
    events.put_events(Entries=[{"Source": name, "DetailType": "Test", "Detail": "{}"}])
    return str(arn)
