"""Amazon EC2: launch templates and their versions."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from botocore.exceptions import ClientError

from baker import limits
from baker.aws.clients import Clients
from baker.aws.error_codes import NO_SUCH_LAUNCH_TEMPLATE, NO_SUCH_VERSION, code_of
from baker.messages import bake as messages
from baker.model.launch_template import LaunchTemplateVersion

_log = logging.getLogger(__name__)


class LaunchTemplates:
    def __init__(self, clients: Clients) -> None:
        self._clients = clients

    def latest(self, launch_template: str) -> LaunchTemplateVersion:
        """Raises:
        ConfigurationError: when there is no such launch template.
        """
        with _existing(launch_template):
            answer = self._clients.ec2.describe_launch_template_versions(
                LaunchTemplateId=launch_template, Versions=["$Latest"]
            )
        return version_from_api(answer["LaunchTemplateVersions"][0])

    def versions(self, launch_template: str) -> list[LaunchTemplateVersion]:
        """All of them, the newest first.

        Raises:
            ConfigurationError: when there is no such launch template.
        """
        return self._described(launch_template)

    def versions_of(self, launch_template: str, image: str) -> list[LaunchTemplateVersion]:
        """Those that name an image, the newest first.

        Raises:
            ConfigurationError: when there is no such launch template.
        """
        return self._described(launch_template, Filters=[{"Name": "image-id", "Values": [image]}])

    def versions_between(
        self, launch_template: str, low: int, high: int
    ) -> list[LaunchTemplateVersion]:
        """Those with numbers above ``low`` and below ``high``, the newest first.

        Raises:
            ConfigurationError: when there is no such launch template.
        """
        return self._described(launch_template, MinVersion=str(low + 1), MaxVersion=str(high - 1))

    def _described(self, launch_template: str, **which: Any) -> list[LaunchTemplateVersion]:
        with _existing(launch_template):
            pages = self._clients.ec2.get_paginator("describe_launch_template_versions").paginate(
                LaunchTemplateId=launch_template,
                PaginationConfig={"PageSize": limits.LAUNCH_TEMPLATE_VERSIONS_PAGE},
                **which,
            )
            found = [version for page in pages for version in page["LaunchTemplateVersions"]]
        return sorted(map(version_from_api, found), key=lambda version: -version.number)

    def create_version_with_image(
        self, source: LaunchTemplateVersion, image: str, why: str
    ) -> LaunchTemplateVersion:
        """Make a version like ``source``, but with ``image``; the same ``why``, which goes into its
        description, makes it once."""
        answer = self._clients.ec2.create_launch_template_version(
            LaunchTemplateId=source.launch_template_id,
            SourceVersion=str(source.number),
            LaunchTemplateData={"ImageId": image},
            VersionDescription=f"{image}, {why}"[: limits.VERSION_DESCRIPTION_LENGTH],
            ClientToken=source.client_token(image, why),
        )
        for warning in answer.get("Warning", {}).get("Errors", []):
            _log.warning("launch template version has a warning", extra={"warning": warning})
        return version_from_api(answer["LaunchTemplateVersion"])

    def delete_versions(self, launch_template: str, numbers: Sequence[int]) -> dict[int, str]:
        """Delete up to `baker.limits.LAUNCH_TEMPLATE_VERSIONS_DELETED` versions.

        Returns:
            those that stay, each with the reason: the operation succeeds even so. A version that is
            gone already is what was wanted.
        """
        answer = self._clients.ec2.delete_launch_template_versions(
            LaunchTemplateId=launch_template, Versions=[str(number) for number in numbers]
        )
        return {
            item["VersionNumber"]: item["ResponseError"].get("Message", "no reason given")
            for item in answer["UnsuccessfullyDeletedLaunchTemplateVersions"]
            if item["ResponseError"].get("Code") not in NO_SUCH_VERSION
        }


@contextmanager
def _existing(launch_template: str) -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        if code_of(error) in NO_SUCH_LAUNCH_TEMPLATE:
            raise messages.NO_SUCH_LAUNCH_TEMPLATE.error(launch_template=launch_template) from None
        raise


def version_from_api(version: Mapping[str, Any]) -> LaunchTemplateVersion:
    """From a LaunchTemplateVersion of DescribeLaunchTemplateVersions."""
    data = version["LaunchTemplateData"]
    return LaunchTemplateVersion(
        launch_template_id=version["LaunchTemplateId"],
        number=version["VersionNumber"],
        image_id=data.get("ImageId"),
        created=version["CreateTime"],
        volume_sizes={
            mapping["DeviceName"]: mapping["Ebs"]["VolumeSize"]
            for mapping in data.get("BlockDeviceMappings", [])
            if "VolumeSize" in mapping.get("Ebs", {})
        },
        is_default=version["DefaultVersion"],
        description=version.get("VersionDescription", ""),
    )
