"""Amazon EC2: images."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import boto3
from botocore.exceptions import ClientError

from baker import limits
from baker.aws.clients import Clients, batches, filters, tag_list, tag_mapping
from baker.aws.error_codes import IMAGE_NAME_TAKEN, NO_SUCH_IMAGE, code_of
from baker.model.image import PIPELINE_TAG, Image


class NameTaken(Exception):
    """An image of the account has the name, or had it a moment ago."""


class Images:
    def __init__(self, clients: Clients) -> None:
        self._clients = clients

    def own(self, wanted: Mapping[str, Sequence[str]]) -> list[Image]:
        """The account's own images by filter, those that are disabled or deprecated as well."""
        pages = self._clients.ec2.get_paginator("describe_images").paginate(
            Owners=["self"],
            Filters=filters(wanted),
            IncludeDeprecated=True,
            IncludeDisabled=True,
            PaginationConfig={"PageSize": limits.EC2_PAGE},
        )
        return [image_from_api(image) for page in pages for image in page["Images"]]

    def of_pipeline(self, pipeline: str) -> list[Image]:
        """The images of this account that carry the pipeline's tag."""
        return self.own({f"tag:{PIPELINE_TAG}": [pipeline]})

    def baked_by(self, pipeline: str) -> list[Image]:
        """Those of them that the pipeline made, not copies that have its tags too."""
        return [image for image in self.of_pipeline(pipeline) if image.was_baked_by(pipeline)]

    def find(self, image: str) -> Image | None:
        """An image of anybody's; nothing when it is gone."""
        try:
            images = self._clients.ec2.describe_images(ImageIds=[image])["Images"]
        except ClientError as error:
            if code_of(error) in NO_SUCH_IMAGE:
                return None
            raise
        return next(map(image_from_api, images), None)

    def is_shared(self, image: str) -> bool:
        """Whether other accounts may launch it."""
        answer = self._clients.ec2.describe_image_attribute(
            ImageId=image, Attribute="launchPermission"
        )
        return bool(answer["LaunchPermissions"])

    def references(self, images: Sequence[str]) -> list[tuple[str, str]]:
        """What uses images, except instances: the image and the ARN of its user.

        Raises:
            NotImplementedError: when the runtime's boto3 is from before the operation.
        """
        ec2 = self._clients.ec2
        if not hasattr(ec2, "describe_image_references"):
            raise NotImplementedError(
                f"boto3 {boto3.__version__} of this runtime does not know DescribeImageReferences"
            )
        depth: Any = [
            {"OptionName": "version-depth", "OptionValues": [str(limits.VERSIONS_SEARCHED)]}
        ]
        kinds: Any = [
            {"ResourceType": "ec2:LaunchTemplate", "ResourceTypeOptions": depth},
            {"ResourceType": "ssm:Parameter"},
            {"ResourceType": "imagebuilder:ImageRecipe"},
            {"ResourceType": "imagebuilder:ContainerRecipe"},
        ]
        paginator = ec2.get_paginator("describe_image_references")
        return [
            (reference["ImageId"], reference["Arn"])
            for batch in batches(images, limits.DESCRIBE_IMAGE_REFERENCES)
            for page in paginator.paginate(ImageIds=batch, ResourceTypes=kinds)
            for reference in page["ImageReferences"]
        ]

    def create(
        self, instance: str, name: str, description: str, tags: Mapping[str, str], reboot: bool
    ) -> str:
        """Make an image, which gets ``tags`` with its snapshots; its id.

        Raises:
            NameTaken: when an image has the name.
        """
        specifications: Any = [
            {"ResourceType": resource, "Tags": tag_list(tags)} for resource in ("image", "snapshot")
        ]
        try:
            image = self._clients.ec2.create_image(
                InstanceId=instance,
                Name=name,
                Description=description[: limits.IMAGE_DESCRIPTION_LENGTH],
                NoReboot=not reboot,
                TagSpecifications=specifications,
            )
        except ClientError as error:
            if code_of(error) in IMAGE_NAME_TAKEN:
                raise NameTaken from None
            raise
        return image["ImageId"]

    def deregister(self, image: str) -> dict[str, str]:
        """Deregister an image with its snapshots. An image that is gone already is what was wanted.

        Returns:
            EC2's word for each snapshot: ``success``, or why it was not deleted.
        """
        try:
            answer = self._clients.ec2.deregister_image(
                ImageId=image, DeleteAssociatedSnapshots=True
            )
        except ClientError as error:
            if code_of(error) in NO_SUCH_IMAGE:
                return {}
            raise
        return {
            result["SnapshotId"]: result["ReturnCode"]
            for result in answer.get("DeleteSnapshotResults", [])
        }

    def tag(self, image: str, key: str, value: str) -> None:
        self._clients.ec2.create_tags(Resources=[image], Tags=tag_list({key: value}))


def image_from_api(image: Mapping[str, Any]) -> Image:
    """From an Image of DescribeImages."""
    volumes = {
        mapping["DeviceName"]: mapping["Ebs"]
        for mapping in image.get("BlockDeviceMappings", [])
        if "Ebs" in mapping
    }
    return Image(
        id=image["ImageId"],
        name=image.get("Name", ""),
        owner_id=image["OwnerId"],
        state=image["State"],
        reason=image.get("StateReason", {}).get("Message", "no reason given"),
        created=image["CreationDate"],
        public=image.get("Public", False),
        deregistration_protected=image.get("DeregistrationProtection", "disabled") != "disabled",
        architecture=image.get("Architecture", ""),
        tags=tag_mapping(image),
        snapshot_ids=tuple(ebs["SnapshotId"] for ebs in volumes.values() if "SnapshotId" in ebs),
        volume_sizes={
            device: ebs["VolumeSize"] for device, ebs in volumes.items() if "VolumeSize" in ebs
        },
    )
