"""Operations of the EC2 API on launch templates."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models.launch_templates import LaunchTemplate, LaunchTemplateVersion
from moto.ec2.responses import EC2Response
from moto.ec2.utils import generic_filter, parse_user_data

from local_aws.refusal import Refusal
from local_aws.services.ec2.templates import Template
from local_aws.services.parameters import knows, page

WHICH = ("DryRun", "LaunchTemplateId", "LaunchTemplateName")
# The filters of DescribeLaunchTemplateVersions that are modelled, and the value of a version.
FILTERS: dict[str, Callable[[LaunchTemplateVersion], str]] = {
    "image-id": lambda version: version.image_id,
    "instance-type": lambda version: version.instance_type,
    "is-default-version": lambda version: str(version.template.is_default(version)).lower(),
}


class TemplateOperations(EC2Response):
    @knows(
        "ClientToken",
        "DryRun",
        "LaunchTemplateData",
        "LaunchTemplateName",
        "TagSpecifications",
        "VersionDescription",
    )
    def create_launch_template(self) -> ActionResult:
        self.error_on_dryrun()

        def make() -> LaunchTemplate:
            created: LaunchTemplate = self.ec2_backend.create_launch_template(
                self._get_param("LaunchTemplateName"),
                self._get_param("VersionDescription"),
                self._launch_template_data(),
                self._parse_tag_specification(expected_type="launch-template"),
            )
            return created

        return ActionResult({"LaunchTemplate": self._shown(self._once(make))})

    @knows("ClientToken", "LaunchTemplateData", "SourceVersion", "VersionDescription", *WHICH)
    def create_launch_template_version(self) -> ActionResult:
        template = self._template()
        self.error_on_dryrun()

        def make() -> LaunchTemplateVersion:
            data = self._launch_template_data()
            if source := self._get_param("SourceVersion"):
                data = template.inherit(source, data)
            return template.create_version(data, self._get_param("VersionDescription"))

        version = self._once(make)
        return ActionResult({"LaunchTemplateVersion": self._shown_version(version)})

    @knows("ClientToken", "DefaultVersion", *WHICH)
    def modify_launch_template(self) -> ActionResult:
        template = self._template()
        self.error_on_dryrun()

        def make() -> Template:
            version = template.get_version(self._get_param("DefaultVersion"))
            template.default_version_number = version.number
            return template

        return ActionResult({"LaunchTemplate": self._shown(self._once(make))})

    @knows(*WHICH)
    def delete_launch_template(self) -> ActionResult:
        template = self._template()
        self.error_on_dryrun()
        self.ec2_backend.delete_launch_template(template.name, None)
        return ActionResult({"LaunchTemplate": self._shown(template)})

    @knows("Versions", *WHICH)
    def delete_launch_template_versions(self) -> ActionResult:
        template = self._template()
        numbers = self._get_param("Versions", [])
        if not 1 <= len(numbers) <= 200:
            raise EC2ClientError(
                "InvalidParameterValue",
                f"Between 1 and 200 launch template versions can be deleted, not {len(numbers)}.",
            )
        self.error_on_dryrun()
        deleted, refused = self.ec2_backend.delete_versions(template, numbers)
        return ActionResult(
            {
                "SuccessfullyDeletedLaunchTemplateVersions": deleted,
                "UnsuccessfullyDeletedLaunchTemplateVersions": refused,
            }
        )

    @knows(
        "DryRun", "Filters", "LaunchTemplateIds", "LaunchTemplateNames", "MaxResults", "NextToken"
    )
    def describe_launch_templates(self) -> ActionResult:
        self.error_on_dryrun()
        ids = self._get_param("LaunchTemplateIds", [])
        names = self._get_param("LaunchTemplateNames", [])
        templates = [self.ec2_backend.template(template_id, None) for template_id in ids]
        templates += [self.ec2_backend.template(None, name) for name in names]
        if not ids and not names:
            templates = list(self.ec2_backend.launch_templates.values())
        templates = generic_filter(self._filters_from_querystring(), templates)
        shown, token = page(
            templates, self._get_int_param("MaxResults"), self._get_param("NextToken")
        )
        result = {"LaunchTemplates": list(map(self._shown, shown)), "NextToken": token}
        return ActionResult(result)

    @knows("Filters", "MaxResults", "MaxVersion", "MinVersion", "NextToken", "Versions", *WHICH)
    def describe_launch_template_versions(self) -> ActionResult:
        """DescribeLaunchTemplateVersions (EC2 API Reference): the newest first."""
        self.error_on_dryrun()
        template = self._template()
        asked = self._get_param("Versions", [])
        versions = [template.get_version(number) for number in asked] or template.versions
        least = self._get_int_param("MinVersion", 1)
        most = self._get_int_param("MaxVersion", template.newest_number)
        versions = [version for version in versions if least <= version.number <= most]
        for name, values in self._filters_from_querystring().items():
            if name not in FILTERS:
                raise Refusal(f"the filter {name} of launch template versions")
            versions = [version for version in versions if FILTERS[name](version) in values]
        versions = sorted(versions, key=lambda version: version.number, reverse=True)
        shown, token = page(
            versions, self._get_int_param("MaxResults"), self._get_param("NextToken")
        )
        return ActionResult(
            {
                "LaunchTemplateVersions": list(map(self._shown_version, shown)),
                "NextToken": token,
            }
        )

    def _template(self) -> Template:
        found: Template = self.ec2_backend.template(
            self._get_param("LaunchTemplateId"), self._get_param("LaunchTemplateName")
        )
        return found

    def _once(self, make: Any) -> Any:
        return self.ec2_backend.once(
            self._get_action(), self._get_param("ClientToken"), self.params, make
        )

    def _launch_template_data(self) -> dict[str, Any]:
        data = dict(self._get_param("LaunchTemplateData", {}))
        if "UserData" in data:
            data["UserData"] = parse_user_data(data["UserData"])
        if data.get("ImageId", "").startswith("resolve:"):
            raise Refusal(f"the image {data['ImageId']}, an alias, in a launch template")
        return data

    def _shown(self, template: LaunchTemplate) -> dict[str, Any]:
        return {
            "CreateTime": template.create_time,
            "CreatedBy": f"arn:{self.partition}:iam::{self.current_account}:root",
            "DefaultVersionNumber": template.default_version_number,
            "LatestVersionNumber": template.latest_version_number,
            "LaunchTemplateId": template.id,
            "LaunchTemplateName": template.name,
            "Tags": template.get_tags(),
        }

    def _shown_version(self, version: LaunchTemplateVersion) -> dict[str, Any]:
        return {
            "CreateTime": version.create_time,
            "CreatedBy": f"arn:{self.partition}:iam::{self.current_account}:root",
            "DefaultVersion": version.template.is_default(version),
            "LaunchTemplateData": version.data,
            "LaunchTemplateId": version.template.id,
            "LaunchTemplateName": version.template.name,
            "VersionDescription": version.description,
            "VersionNumber": version.number,
        }
