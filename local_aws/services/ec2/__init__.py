"""Amazon EC2: images, snapshots, launch templates and instances."""

from __future__ import annotations

from typing import Any

from moto.core.serialize import EC2Serializer, TimestampSerializer
from moto.ec2 import models, urls
from moto.ec2.models import core, launch_templates, security_groups
from moto.ec2.responses import EC2Response

from local_aws.services.ec2.image_operations import ImageOperations
from local_aws.services.ec2.image_references import ImageReferenceOperations
from local_aws.services.ec2.instances import Instances
from local_aws.services.ec2.snapshots import SnapshotOperations
from local_aws.services.ec2.tags import tags_of
from local_aws.services.ec2.template_operations import TemplateOperations
from local_aws.services.ec2.templates import Template


class SecurityGroupRule(security_groups.SecurityGroupRule):
    """A rule of a security group; moto loses the description of one with a referenced group."""

    @property
    def description(self) -> str | None:
        return self.ip_range.get("Description") or self.source_group.get("Description")


class Ec2Backend(Instances):
    """The EC2 resources of an account in a region."""

    _url_module = urls


class Ec2Response(
    ImageOperations,
    ImageReferenceOperations,
    SnapshotOperations,
    TemplateOperations,
    EC2Response,
):
    """Operations of the EC2 API; those not defined here are moto's."""

    def _parse_block_device_mapping(self) -> list[dict[str, Any]]:
        """The mappings as given; moto would fill in defaults, which come from the image."""
        return self._get_param("BlockDeviceMappings", [])


def install() -> None:
    # Times with fractions of a second, as EC2 returns them.
    EC2Serializer.DEFAULT_TIMESTAMP_FORMAT = TimestampSerializer.TIMESTAMP_FORMAT_ISO8601
    launch_templates.LaunchTemplate = Template  # type: ignore[misc]
    core.TaggedEC2Resource.get_tags = tags_of  # type: ignore[assignment, method-assign]
    security_groups.SecurityGroupRule = SecurityGroupRule  # type: ignore[misc]
    models.ec2_backends.backend = Ec2Backend
    urls.url_paths["{0}/"] = Ec2Response.dispatch
