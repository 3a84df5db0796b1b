"""Launch templates and their versions."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from typing import Any, TypeVar

from moto.ec2.exceptions import (
    EC2ClientError,
    InvalidLaunchTemplateVersionNotFound,
    MissingParameterError,
)
from moto.ec2.models import EC2Backend
from moto.ec2.models.launch_templates import LaunchTemplate, LaunchTemplateVersion

Result = TypeVar("Result")


class Template(LaunchTemplate):
    """A launch template; its version numbers are never reused ("Manage launch template
    versions")."""

    newest_number = 0

    def create_version(self, data: dict[str, Any], description: str) -> LaunchTemplateVersion:
        self.newest_number += 1
        version = LaunchTemplateVersion(self, self.newest_number, data, description)
        self.versions.append(version)
        return version

    def get_version(self, num: Any) -> LaunchTemplateVersion:
        """The version with this number, ``$Latest`` or ``$Default``."""
        if num == "$Latest":
            return self.latest_version()
        number = str(self.default_version_number) if num == "$Default" else str(num)
        for version in self.versions:
            if str(version.number) == number:
                return version
        raise InvalidLaunchTemplateVersionNotFound(template_id=self.id, version=num)

    def default_version(self) -> LaunchTemplateVersion:
        return self.get_version("$Default")

    def inherit(self, source: str, data: dict[str, Any]) -> dict[str, Any]:
        """The data of a new version with a SourceVersion (CreateLaunchTemplateVersion).

        ``data`` overrides the source's, key by key; "snapshots applied to the block device mapping
        are ignored ... unless they are explicitly included".
        """
        inherited = dict(self.get_version(source).data)
        if "BlockDeviceMappings" in inherited:
            inherited["BlockDeviceMappings"] = [
                _without_snapshot(mapping) for mapping in inherited["BlockDeviceMappings"]
            ]
        return {**inherited, **data}


def _without_snapshot(mapping: dict[str, Any]) -> dict[str, Any]:
    if "Ebs" not in mapping:
        return mapping
    ebs = {key: value for key, value in mapping["Ebs"].items() if key != "SnapshotId"}
    return {**mapping, "Ebs": ebs}


class Templates(EC2Backend):
    """The launch templates of an account in a region."""

    def __init__(self, region_name: str, account_id: str) -> None:
        self.client_tokens: dict[tuple[str, str], tuple[str, Any]] = {}
        self.templates_lock = threading.RLock()
        super().__init__(region_name, account_id)

    def template(self, template_id: str | None, name: str | None) -> Template:
        """The launch template with an ID or a name, of which one is given."""
        if template_id and name:
            raise EC2ClientError(
                "InvalidParameterCombination",
                "Either launch template ID or launch template name may be given, not both.",
            )
        if template_id:
            found = self.get_launch_template(template_id)
        elif name:
            found = self.get_launch_template_by_name(name)
        else:
            raise MissingParameterError("LaunchTemplateId or LaunchTemplateName")
        assert isinstance(found, Template)
        return found

    def _get_template_from_args(self, launch_template_arg: dict[str, Any]) -> LaunchTemplateVersion:
        template = self.template(
            launch_template_arg.get("LaunchTemplateId"),
            launch_template_arg.get("LaunchTemplateName"),
        )
        return template.get_version(launch_template_arg.get("Version") or "$Default")

    def once(
        self,
        operation: str,
        token: str | None,
        parameters: dict[str, Any],
        make: Callable[[], Result],
    ) -> Result:
        """Call ``make`` unless the client token was used before; then return that result ("Ensuring
        idempotency in EC2 API requests").

        Raises:
            EC2ClientError: ``IdempotentParameterMismatch`` for a used token with other parameters.
        """
        asked = json.dumps(
            {name: value for name, value in parameters.items() if name != "ClientToken"},
            sort_keys=True,
            default=str,
        )
        with self.templates_lock:
            if token is None:
                return make()
            if (operation, token) not in self.client_tokens:
                self.client_tokens[operation, token] = (asked, make())
            before, result = self.client_tokens[operation, token]
        if before != asked:
            raise EC2ClientError(
                "IdempotentParameterMismatch",
                "The request uses the same client token as a previous, but non-identical request.",
            )
        return result

    def delete_versions(
        self, template: Template, numbers: list[str]
    ) -> tuple[list[Any], list[Any]]:
        """DeleteLaunchTemplateVersions (EC2 API Reference); the default version is not deleted.

        Returns:
            the versions that were deleted, and those that were not, each with the error.
        """
        deleted, refused = [], []
        with self.templates_lock:
            for number in numbers:
                item = {
                    "LaunchTemplateId": template.id,
                    "LaunchTemplateName": template.name,
                    "VersionNumber": int(number),
                }
                error = _why_it_stays(template, number)
                if error:
                    refused.append({**item, "ResponseError": error})
                else:
                    template.versions.remove(template.get_version(number))
                    deleted.append(item)
        return deleted, refused


def _why_it_stays(template: Template, number: str) -> dict[str, str] | None:
    if number not in {str(version.number) for version in template.versions}:
        return {
            "Code": "launchTemplateVersionDoesNotExist",
            "Message": f"Could not find launch template version {number} of {template.id}.",
        }
    if number == str(template.default_version_number):
        return {
            "Code": "unexpectedError",
            "Message": f"Cannot delete version {number}: it is the default version.",
        }
    return None
