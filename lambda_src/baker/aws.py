"""AWS's APIs as the baker uses them; nothing else calls boto3.

A method is named after the API operation that it calls, pages through all of its answer and returns
AWS's own structures. Clients are made when they are first needed.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
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
_DESCRIBE_IMAGE_REFERENCES_LIMIT = 10


def batches(items: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    """The items, at most ``size`` at a time."""
    return (items[start : start + size] for start in range(0, len(items), size))


def _as_list(tags: Mapping[str, str]) -> Any:
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def _filters(filters: Mapping[str, Sequence[str]]) -> Any:
    return [{"Name": name, "Values": values} for name, values in filters.items()]


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
            for batch in batches(ids, _BATCH_GET_DEPLOYMENTS_LIMIT)
            for deployment in self.codedeploy.batch_get_deployments(deploymentIds=batch)[
                "deploymentsInfo"
            ]
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

    def describe_auto_scaling_groups(self) -> list[Any]:
        pages = self.autoscaling.get_paginator("describe_auto_scaling_groups").paginate(
            PaginationConfig={"PageSize": 100}
        )
        return [group for page in pages for group in page["AutoScalingGroups"]]

    def enter_standby(self, group: str, instance: str) -> None:
        """Take an instance out of service, without another in its place."""
        self.autoscaling.enter_standby(
            AutoScalingGroupName=group, InstanceIds=[instance], ShouldDecrementDesiredCapacity=True
        )

    def exit_standby(self, group: str, instance: str) -> None:
        self.autoscaling.exit_standby(AutoScalingGroupName=group, InstanceIds=[instance])

    # EC2: instances and tags

    def describe_instance(self, instance: str) -> Any:
        (reservation,) = self.ec2.describe_instances(InstanceIds=[instance])["Reservations"]
        return reservation["Instances"][0]

    def describe_instances(self, filters: Mapping[str, Sequence[str]]) -> list[Any]:
        pages = self.ec2.get_paginator("describe_instances").paginate(
            Filters=_filters(filters), PaginationConfig={"PageSize": 1000}
        )
        return [
            instance
            for page in pages
            for reservation in page["Reservations"]
            for instance in reservation["Instances"]
        ]

    def create_tags(self, resources: Sequence[str], tags: Mapping[str, str]) -> None:
        self.ec2.create_tags(Resources=resources, Tags=_as_list(tags))

    def delete_tag(self, resource: str, key: str) -> None:
        self.ec2.delete_tags(Resources=[resource], Tags=[{"Key": key}])

    # EC2: images and snapshots

    def describe_own_images(self, filters: Mapping[str, Sequence[str]]) -> list[Any]:
        """The account's own images by filter, those that are disabled or deprecated as well."""
        pages = self.ec2.get_paginator("describe_images").paginate(
            Owners=["self"],
            Filters=_filters(filters),
            IncludeDeprecated=True,
            IncludeDisabled=True,
            PaginationConfig={"PageSize": 1000},
        )
        return [image for page in pages for image in page["Images"]]

    def describe_image(self, image: str) -> Any | None:
        """An image of anybody's; nothing when it is gone."""
        try:
            images = self.ec2.describe_images(ImageIds=[image])["Images"]
        except ClientError as error:
            if error.response["Error"]["Code"].startswith("InvalidAMIID."):
                return None
            raise
        return next(iter(images), None)

    def describe_launch_permissions(self, image: str) -> Sequence[Any]:
        return self.ec2.describe_image_attribute(ImageId=image, Attribute="launchPermission")[
            "LaunchPermissions"
        ]

    def describe_image_references(self, images: Sequence[str]) -> list[Any]:
        """What uses images, except instances.

        Raises:
            NotImplementedError: when the runtime's boto3 is from before the operation.
        """
        if not hasattr(self.ec2, "describe_image_references"):
            raise NotImplementedError(
                f"boto3 {boto3.__version__} of this runtime does not know DescribeImageReferences"
            )
        depth: Any = [{"OptionName": "version-depth", "OptionValues": ["10000"]}]
        kinds: Any = [
            {"ResourceType": "ec2:LaunchTemplate", "ResourceTypeOptions": depth},
            {"ResourceType": "ssm:Parameter"},
            {"ResourceType": "imagebuilder:ImageRecipe"},
            {"ResourceType": "imagebuilder:ContainerRecipe"},
        ]
        paginator = self.ec2.get_paginator("describe_image_references")
        return [
            reference
            for batch in batches(images, _DESCRIBE_IMAGE_REFERENCES_LIMIT)
            for page in paginator.paginate(ImageIds=batch, ResourceTypes=kinds)
            for reference in page["ImageReferences"]
        ]

    def describe_snapshots(self, ids: Sequence[str]) -> Sequence[Any]:
        return self.ec2.describe_snapshots(SnapshotIds=ids)["Snapshots"]

    def describe_own_snapshots(self, filters: Mapping[str, Sequence[str]]) -> list[Any]:
        pages = self.ec2.get_paginator("describe_snapshots").paginate(
            OwnerIds=["self"], Filters=_filters(filters), PaginationConfig={"PageSize": 1000}
        )
        return [snapshot for page in pages for snapshot in page["Snapshots"]]

    def create_image(
        self, instance: str, name: str, description: str, tags: Mapping[str, str], reboot: bool
    ) -> str:
        """Make an image; it and its snapshots get ``tags``."""
        specifications: Any = [
            {"ResourceType": resource, "Tags": _as_list(tags)} for resource in ("image", "snapshot")
        ]
        image = self.ec2.create_image(
            InstanceId=instance,
            Name=name,
            Description=description,
            NoReboot=not reboot,
            TagSpecifications=specifications,
        )
        return image["ImageId"]

    def deregister_image(self, image: str) -> Sequence[Any]:
        """Deregister an image with its snapshots; returns what became of each snapshot. An image
        that is gone already is what was wanted."""
        try:
            answer = self.ec2.deregister_image(ImageId=image, DeleteAssociatedSnapshots=True)
        except ClientError as error:
            if error.response["Error"]["Code"].startswith("InvalidAMIID."):
                return []
            raise
        return answer.get("DeleteSnapshotResults", [])

    def delete_snapshot(self, snapshot: str) -> None:
        try:
            self.ec2.delete_snapshot(SnapshotId=snapshot)
        except ClientError as error:
            if error.response["Error"]["Code"] != "InvalidSnapshot.NotFound":
                raise

    # EC2: launch templates

    def describe_latest_launch_template_version(self, launch_template: str) -> Any:
        return self.ec2.describe_launch_template_versions(
            LaunchTemplateId=launch_template, Versions=["$Latest"]
        )["LaunchTemplateVersions"][0]

    def describe_launch_template_versions(self, launch_template: str, **which: Any) -> list[Any]:
        """All versions, or those that ``which`` (parameters of the operation) says."""
        pages = self.ec2.get_paginator("describe_launch_template_versions").paginate(
            LaunchTemplateId=launch_template, PaginationConfig={"PageSize": 200}, **which
        )
        return [version for page in pages for version in page["LaunchTemplateVersions"]]

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

    def delete_launch_template_versions(
        self, launch_template: str, numbers: Sequence[int]
    ) -> dict[int, str]:
        """Delete up to 200 versions.

        Returns:
            those that stay, each with the reason: the operation succeeds even so. A version that is
            gone already is what was wanted.
        """
        answer = self.ec2.delete_launch_template_versions(
            LaunchTemplateId=launch_template, Versions=[str(number) for number in numbers]
        )
        return {
            item["VersionNumber"]: item["ResponseError"].get("Message", "no reason given")
            for item in answer["UnsuccessfullyDeletedLaunchTemplateVersions"]
            if item["ResponseError"].get("Code") != "launchTemplateVersionDoesNotExist"
        }

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
