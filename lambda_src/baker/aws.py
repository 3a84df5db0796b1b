"""AWS's APIs as the baker uses them; nothing else calls boto3.

A method is named after the API operation that it calls, pages through all of its answer and returns
AWS's own structures. Clients are made when they are first needed.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from mypy_boto3_autoscaling import AutoScalingClient
    from mypy_boto3_codedeploy import CodeDeployClient
    from mypy_boto3_codepipeline import CodePipelineClient
    from mypy_boto3_ec2 import EC2Client
    from mypy_boto3_ssm import SSMClient

# An answer to CodePipeline must still fit into the function's timeout when a call is slow.
_CONFIG = Config(
    connect_timeout=3, read_timeout=10, retries={"mode": "standard", "total_max_attempts": 4}
)
_BATCH_GET_DEPLOYMENTS_LIMIT = 25


class Aws:
    """The clients of one region, kept by a warm function."""

    @cached_property
    def autoscaling(self) -> AutoScalingClient:
        return boto3.client("autoscaling", config=_CONFIG)

    @cached_property
    def codedeploy(self) -> CodeDeployClient:
        return boto3.client("codedeploy", config=_CONFIG)

    @cached_property
    def codepipeline(self) -> CodePipelineClient:
        return boto3.client("codepipeline", config=_CONFIG)

    @cached_property
    def ec2(self) -> EC2Client:
        return boto3.client("ec2", config=_CONFIG)

    @cached_property
    def ssm(self) -> SSMClient:
        return boto3.client("ssm", config=_CONFIG)

    # CodePipeline

    def list_action_executions(self, pipeline: str, execution: str) -> list[Any]:
        pages = self.codepipeline.get_paginator("list_action_executions").paginate(
            pipelineName=pipeline, filter={"pipelineExecutionId": execution}
        )
        return [action for page in pages for action in page["actionExecutionDetails"]]

    def put_job_success_result(self, **result: Any) -> None:
        self.codepipeline.put_job_success_result(**result)

    def put_job_failure_result(self, **result: Any) -> None:
        self.codepipeline.put_job_failure_result(**result)

    # CodeDeploy

    def list_deployments(self, application: str, group: str, since: datetime.datetime) -> list[str]:
        pages = self.codedeploy.get_paginator("list_deployments").paginate(
            applicationName=application,
            deploymentGroupName=group,
            createTimeRange={"start": since},
        )
        return [deployment for page in pages for deployment in page["deployments"]]

    def batch_get_deployments(self, ids: Sequence[str]) -> list[Any]:
        return [
            deployment
            for start in range(0, len(ids), _BATCH_GET_DEPLOYMENTS_LIMIT)
            for deployment in self.codedeploy.batch_get_deployments(
                deploymentIds=ids[start : start + _BATCH_GET_DEPLOYMENTS_LIMIT]
            )["deploymentsInfo"]
        ]

    def list_deployment_targets(self, deployment: str, status: str) -> list[str]:
        pages = self.codedeploy.get_paginator("list_deployment_targets").paginate(
            deploymentId=deployment, targetFilters={"TargetStatus": [status]}
        )
        return [target for page in pages for target in page["targetIds"]]

    # Auto Scaling

    def describe_auto_scaling_group(self, name: str) -> Any | None:
        groups = self.autoscaling.describe_auto_scaling_groups(AutoScalingGroupNames=[name])
        return next(iter(groups["AutoScalingGroups"]), None)

    # EC2

    def describe_instance(self, instance: str) -> Any:
        (reservation,) = self.ec2.describe_instances(InstanceIds=[instance])["Reservations"]
        return reservation["Instances"][0]

    def describe_images_named(self, name: str) -> list[Any]:
        """The account's own images of a name: there is one at most."""
        images = self.ec2.describe_images(
            Owners=["self"], Filters=[{"Name": "name", "Values": [name]}]
        )
        return images["Images"]

    def describe_image(self, image: str) -> Any | None:
        """An image of anybody's; nothing when it is gone."""
        try:
            images = self.ec2.describe_images(ImageIds=[image])["Images"]
        except ClientError as error:
            if error.response["Error"]["Code"].startswith("InvalidAMIID."):
                return None
            raise
        return next(iter(images), None)

    def describe_snapshots(self, ids: Sequence[str]) -> Sequence[Any]:
        return self.ec2.describe_snapshots(SnapshotIds=ids)["Snapshots"]

    def create_image(
        self, instance: str, name: str, description: str, tags: Mapping[str, str]
    ) -> str:
        """Make an image without stopping the instance; it and its snapshots get ``tags``."""
        as_list = [{"Key": key, "Value": value} for key, value in tags.items()]
        specifications: Any = [
            {"ResourceType": resource, "Tags": as_list} for resource in ("image", "snapshot")
        ]
        image = self.ec2.create_image(
            InstanceId=instance,
            Name=name,
            Description=description,
            NoReboot=True,
            TagSpecifications=specifications,
        )
        return image["ImageId"]

    def deregister_image(self, image: str) -> Sequence[Any]:
        """Deregister an image with its snapshots; returns what became of each snapshot."""
        answer = self.ec2.deregister_image(ImageId=image, DeleteAssociatedSnapshots=True)
        return answer.get("DeleteSnapshotResults", [])

    def describe_latest_launch_template_version(self, launch_template: str) -> Any:
        return self.ec2.describe_launch_template_versions(
            LaunchTemplateId=launch_template, Versions=["$Latest"]
        )["LaunchTemplateVersions"][0]

    def create_launch_template_version(
        self, launch_template: str, source: int, image: str, description: str, token: str
    ) -> Any:
        """Make a version like ``source``, but with ``image``; the same token makes it once."""
        return self.ec2.create_launch_template_version(
            LaunchTemplateId=launch_template,
            SourceVersion=str(source),
            LaunchTemplateData={"ImageId": image},
            VersionDescription=description,
            ClientToken=token,
        )

    # Systems Manager

    def send_command(self, instance: str, commands: Sequence[str], comment: str) -> str:
        command = self.ssm.send_command(
            DocumentName="AWS-RunShellScript",
            InstanceIds=[instance],
            Parameters={"commands": commands, "executionTimeout": ["300"]},
            TimeoutSeconds=60,
            Comment=comment[:100],
        )
        return command["Command"]["CommandId"]

    def get_command_invocation(self, command: str, instance: str) -> Any:
        return self.ssm.get_command_invocation(CommandId=command, InstanceId=instance)
