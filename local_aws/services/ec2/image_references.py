"""References to images: DescribeImageReferences.

Amazon EC2 User Guide, "Identify your resources referencing specified AMIs": it finds instances,
launch templates, parameters of the data type ``aws:ec2:image`` and Image Builder recipes, which are
not modelled. It does not find Auto Scaling groups.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.exceptions import EC2ClientError, MissingParameterError
from moto.ec2.responses import EC2Response
from moto.ssm.models import ssm_backends

from local_aws.services.parameters import knows, page

MAX_IMAGES = 10
# Options and their defaults.
VERSION_DEPTH = 10
TYPES = (
    "ec2:Instance",
    "ec2:LaunchTemplate",
    "ssm:Parameter",
    "imagebuilder:ImageRecipe",
    "imagebuilder:ContainerRecipe",
)


class ImageReferenceOperations(EC2Response):
    @knows(
        "DryRun", "ImageIds", "IncludeAllResourceTypes", "MaxResults", "NextToken", "ResourceTypes"
    )
    def describe_image_references(self) -> ActionResult:
        self.error_on_dryrun()
        wanted = self._get_param("ImageIds", [])
        if not 1 <= len(wanted) <= MAX_IMAGES:
            raise EC2ClientError(
                "InvalidParameterValue", f"1 to {MAX_IMAGES} images can be asked for."
            )
        asked = {item["ResourceType"]: item for item in self._get_param("ResourceTypes", [])}
        if self._get_param("IncludeAllResourceTypes"):
            asked = {kind: asked.get(kind, {}) for kind in TYPES}
        if not asked:
            raise MissingParameterError("IncludeAllResourceTypes or ResourceTypes")
        found = [
            {"ImageId": image_id, "ResourceType": kind, "Arn": arn}
            for kind, item in asked.items()
            for image_id, arn in self._users(kind, _options(item))
            if image_id in wanted
        ]
        shown, token = page(found, self._get_param("MaxResults"), self._get_param("NextToken"))
        return ActionResult({"ImageReferences": shown, "NextToken": token})

    def _users(self, kind: str, options: dict[str, list[str]]) -> Iterator[tuple[str, str]]:
        """Pairs of an image ID and the ARN of a resource that references it, each once."""
        place = f"{self.region}:{self.current_account}"
        if kind == "ec2:Instance":
            states = options.get("state-name")
            for reservation in self.ec2_backend.reservations.values():
                for instance in reservation.instances:
                    if states is None or instance.state in states:
                        arn = f"arn:{self.partition}:ec2:{place}:instance/{instance.id}"
                        yield instance.image_id, arn
        elif kind == "ec2:LaunchTemplate":
            depth = int(options.get("version-depth", [str(VERSION_DEPTH)])[0])
            for template in self.ec2_backend.launch_templates.values():
                arn = f"arn:{self.partition}:ec2:{place}:launch-template/{template.id}"
                for image_id in {v.data.get("ImageId") for v in template.versions[-depth:]}:
                    yield image_id, arn
        elif kind == "ssm:Parameter":
            parameters: Any = ssm_backends[self.current_account][self.region]._parameters
            for name in list(parameters):
                parameter = parameters[name][-1]
                # Public parameters, such as that of the public image, are not the account's.
                if parameter.data_type == "aws:ec2:image" and not name.startswith("/aws/"):
                    path = name.removeprefix("/")
                    yield parameter.value, f"arn:{self.partition}:ssm:{place}:parameter/{path}"


def _options(item: dict[str, Any]) -> dict[str, list[str]]:
    return {
        option["OptionName"]: option["OptionValues"]
        for option in item.get("ResourceTypeOptions", [])
    }
