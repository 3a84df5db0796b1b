"""Operations of the EC2 API on images."""

from __future__ import annotations

from moto.core.responses import ActionResult
from moto.ec2.exceptions import (
    EC2ClientError,
    InvalidAMIIdError,
    InvalidTaggableResourceType,
    MissingParameterError,
)
from moto.ec2.responses import EC2Response

from local_aws.refusal import Refusal
from local_aws.services.parameters import knows, page


class ImageOperations(EC2Response):
    @knows(
        "BlockDeviceMappings",
        "Description",
        "DryRun",
        "InstanceId",
        "Name",
        "NoReboot",
        "TagSpecifications",
    )
    def create_image(self) -> ActionResult:
        for name in ("InstanceId", "Name"):
            if not self._get_param(name):
                raise MissingParameterError(name)
        self.error_on_dryrun()
        image = self.ec2_backend.take_image(
            self._get_param("InstanceId"),
            self._get_param("Name"),
            self._get_param("Description", ""),
            self._get_param("NoReboot", False),
            self._get_param("BlockDeviceMappings", []),
            self._image_tags(),
        )
        return ActionResult({"ImageId": image.id})

    def _image_tags(self) -> dict[str, dict[str, str]]:
        """The tags of the image and its snapshots: "If you specify other values for ResourceType,
        the request fails" (CreateImage, EC2 API Reference)."""
        tags = self._parse_tag_specification()
        for resource_type in set(tags) - {"image", "snapshot"}:
            raise InvalidTaggableResourceType(resource_type)
        for key, value in (pair for given in tags.values() for pair in given.items()):
            _check_tag(key, value)
        return tags

    @knows(
        "DryRun",
        "Filters",
        "ImageIds",
        "IncludeDeprecated",
        "IncludeDisabled",
        "MaxResults",
        "NextToken",
        "Owners",
    )
    def describe_images(self) -> ActionResult:
        """DescribeImages: without deregistered images; fails for an unknown ID."""
        self.error_on_dryrun()
        ids = self._get_param("ImageIds", [])
        known = [*self.ec2_backend.amis, *self.ec2_backend.deleted_amis]
        if unknown := [image_id for image_id in ids if image_id not in known]:
            raise InvalidAMIIdError(unknown)
        images = self.ec2_backend.describe_images(
            filters=self._filters_from_querystring(), owners=self._get_param("Owners", [])
        )
        if ids:
            images = [image for image in images if image.id in ids]
        if not self._get_param("IncludeDisabled"):
            images = [image for image in images if image.state != "disabled"]
        shown, token = page(images, self._get_param("MaxResults"), self._get_param("NextToken"))
        return ActionResult({"Images": shown, "NextToken": token})

    @knows("DeleteAssociatedSnapshots", "DryRun", "ImageId")
    def deregister_image(self) -> ActionResult:
        self.ec2_backend.image(self._get_param("ImageId"))
        self.error_on_dryrun()
        results = self.ec2_backend.forget_image(
            self._get_param("ImageId"), self._get_param("DeleteAssociatedSnapshots", False)
        )
        return ActionResult({"Return": True, "DeleteSnapshotResults": results})

    @knows("Attribute", "DryRun", "ImageId")
    def describe_image_attribute(self) -> ActionResult:
        """DescribeImageAttribute of a registered image; for others moto raises an exception."""
        self.ec2_backend.image(self._get_param("ImageId"))
        return super().describe_image_attribute()

    @knows("DryRun", "ImageId", "WithCooldown")
    def enable_image_deregistration_protection(self) -> ActionResult:
        """EnableImageDeregistrationProtection ("Protect an Amazon EC2 AMI from deregistration",
        Amazon EC2 User Guide)."""
        image = self.ec2_backend.image(self._get_param("ImageId"))
        self.error_on_dryrun()
        how = "with" if self._get_param("WithCooldown") else "without"
        image.deregistration_protection = f"enabled-{how}-cooldown"
        return ActionResult({"Return": image.deregistration_protection})

    @knows("DryRun", "ImageId")
    def disable_image_deregistration_protection(self) -> ActionResult:
        """DisableImageDeregistrationProtection; the cooldown of 24 hours is not modelled."""
        image = self.ec2_backend.image(self._get_param("ImageId"))
        self.error_on_dryrun()
        if image.deregistration_protection == "enabled-with-cooldown":
            raise Refusal("how DescribeImages shows protection that is cooling down")
        image.deregistration_protection = "disabled"
        return ActionResult({"Return": "disabled"})


def _check_tag(key: str, value: str) -> None:
    """Check a tag: at most 127 and 256 characters, and ``aws:`` is reserved (Tag, EC2 API
    Reference)."""
    if key.lower().startswith("aws:"):
        raise EC2ClientError(
            "InvalidParameterValue",
            f"Tag keys starting with 'aws:' are reserved for internal use: {key}",
        )
    if len(key) > 127 or len(value) > 256:
        raise EC2ClientError(
            "InvalidParameterValue",
            f"Tag {key!r} exceeds the maximum length of 127 characters for the key or 256 for "
            "the value",
        )
