"""Deployment, baker and pipeline with a fleet that a team already has, and a source in S3."""

from __future__ import annotations

import pytest

from local_aws.client import LocalAws
from support.service import Service
from support.stack import Stack


@pytest.fixture(scope="module")
def stack(aws: LocalAws, tmp_path_factory: pytest.TempPathFactory) -> Stack:
    """Its commands start the provider themselves, as a team's do."""
    folder = tmp_path_factory.mktemp("stack")
    return Stack(aws, "tests/integration/workspaces/standalone", folder, share_provider=False)


@pytest.fixture(scope="module")
def service(aws: LocalAws, stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Service:
    return Service(aws, stack.apply()["service"], tmp_path_factory.mktemp("clone"))


def release(service: Service, version: str, key: str = "billing.zip") -> str:
    """Upload the sample application as ``version``; returns the object's version."""
    return service.upload(version, service.names["release_bucket"], key)


def test_a_release_is_deployed_and_baked_into_a_template_that_keeps_all_else(
    service: Service, stack: Stack
) -> None:
    assert len(service.group_name) == 255
    before = service.versions()[-1]["LaunchTemplateData"]

    execution = service.execution_of(release(service, "r1"))

    assert service.finished(execution) == "Succeeded", service.explanation(execution)
    after = service.versions()[-1]["LaunchTemplateData"]
    assert after["ImageId"] != before["ImageId"]
    assert after == {**before, "ImageId": after["ImageId"]}
    assert after["InstanceMarketOptions"]["MarketType"] == "spot"
    assert after["MetadataOptions"]["InstanceMetadataTags"] == "enabled"
    assert [mapping["DeviceName"] for mapping in after["BlockDeviceMappings"]] == [
        "/dev/xvda",
        "/dev/sdf",
    ]
    assert not stack.plan()


def test_the_image_is_tagged_with_the_version_of_the_object(service: Service) -> None:
    version = release(service, "r2")
    execution = service.execution_of(version)
    assert service.finished(execution) == "Succeeded", service.explanation(execution)
    (image,) = [image for image in service.images() if image["Name"].endswith(execution)]
    tags = {tag["Key"]: tag["Value"] for tag in image["Tags"]}
    assert tags["asg-ami-pipeline:revision"] == version


def test_another_object_of_the_bucket_starts_nothing(service: Service) -> None:
    before = service.executions()
    release(service, "other", key="other/billing.zip")
    service.aws.sleep(600)
    assert service.executions() == before


def test_queued_executions_are_all_deployed_and_the_last_one_is_launched(
    service: Service,
) -> None:
    executions = [
        service.execution_of(release(service, f"queued-{number}")) for number in (1, 2, 3)
    ]
    for execution in executions:
        assert service.finished(execution) == "Succeeded", service.explanation(execution)
        assert service.action(execution, "Deploy")["status"] == "Succeeded"
    image = service.versions()[-1]["LaunchTemplateData"]["ImageId"]
    files = service.aws.files_in_image(image)
    assert files["/var/www/html/VERSION"] == "queued-3\n"
