"""What Terraform made, what a bake changes of it, and what neither may undo."""

from __future__ import annotations

from support.service import Service
from support.stack import Stack

PREFIX = "asg-ami-pipeline:"


def image_of(service: Service, version: dict[str, object]) -> str:
    data = version["LaunchTemplateData"]
    assert isinstance(data, dict)
    return str(data["ImageId"])


def tags(resource: dict[str, list[dict[str, str]]]) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in resource["Tags"]}


def test_the_plan_is_empty_after_apply_and_after_a_bake(
    service: Service, service_stack: Stack
) -> None:
    assert not service_stack.plan()
    service.bake("1")
    assert not service_stack.plan()


def test_a_bake_promotes_an_available_image_and_changes_nothing_else(service: Service) -> None:
    before = service.versions()[-1]
    variables = service.bake("promoted")
    after = service.versions()[-1]

    assert variables == {
        "ImageId": image_of(service, after),
        "LaunchTemplateVersion": str(after["VersionNumber"]),
    }
    assert after["VersionNumber"] == before["VersionNumber"] + 1
    unchanged = {**before["LaunchTemplateData"], "ImageId": variables["ImageId"]}
    assert after["LaunchTemplateData"] == unchanged
    (image,) = service.ec2.describe_images(ImageIds=[variables["ImageId"]])["Images"]
    assert image["State"] == "available"


def test_image_and_snapshots_say_where_they_come_from(service: Service) -> None:
    commit = service.push("tagged")
    execution = service.execution_of(commit)
    assert service.finished(execution) == "Succeeded", service.explanation(execution)
    (image,) = [
        image for image in service.images() if tags(image).get(PREFIX + "execution") == execution
    ]
    deployment = service.action(execution, "Deploy")["output"]["executionResult"]

    assert tags(image)[PREFIX + "pipeline"] == service.names["pipeline_name"]
    assert tags(image)[PREFIX + "revision"] == commit
    assert tags(image)[PREFIX + "deployment"] == deployment["externalExecutionId"]
    assert tags(image)[PREFIX + "source-instance"] in service.instances()
    assert tags(image)[PREFIX + "base-image"].startswith("ami-")
    assert tags(image)["team"] == "shop"
    snapshots = [mapping["Ebs"]["SnapshotId"] for mapping in image["BlockDeviceMappings"]]
    for snapshot in service.ec2.describe_snapshots(SnapshotIds=snapshots)["Snapshots"]:
        assert tags(snapshot) == tags(image)


def test_no_instance_is_stopped_or_replaced_by_a_bake(service: Service) -> None:
    service.in_service(len(service.instances()))
    before = service.instances().keys()
    service.bake("undisturbed")
    assert service.instances().keys() == before
    operations = {request["operation"] for request in service.aws.requests()}
    assert not operations & {"StopInstances", "RebootInstances", "EnterStandby"}


def test_the_next_scale_out_launches_what_was_pushed(service: Service) -> None:
    variables = service.bake("scaled-out")
    count = len(service.instances())
    launched = service.scale_to(count + 1)
    (new,) = launched
    assert launched[new]["LaunchTemplate"]["Version"] == variables["LaunchTemplateVersion"]
    (reservation,) = service.ec2.describe_instances(InstanceIds=[new])["Reservations"]
    assert reservation["Instances"][0]["ImageId"] == variables["ImageId"]
    image = service.aws.files_in_image(variables["ImageId"])
    assert image["/var/www/html/VERSION"] == "scaled-out\n"
    service.scale_to(count)


def test_a_change_by_terraform_keeps_the_image_and_a_bake_keeps_the_change(
    service: Service, service_stack: Stack
) -> None:
    baked = service.bake("before-the-change")["ImageId"]

    service_stack.apply(instance_type="t3.small")
    changed = service.versions()[-1]
    assert changed["LaunchTemplateData"]["InstanceType"] == "t3.small"
    assert image_of(service, changed) == baked
    assert not service_stack.plan()

    service.bake("after-the-change")
    rebaked = service.versions()[-1]
    assert rebaked["LaunchTemplateData"]["InstanceType"] == "t3.small"
    assert image_of(service, rebaked) != baked
    assert not service_stack.plan()


def test_bakes_in_one_warm_container_do_not_know_of_each_other(service: Service) -> None:
    # Jobs so far apart that one container is free again before the next comes.
    service.aws.set_conditions(job_poll_seconds=300)
    first = service.bake("warm-1")
    cold_starts = service.aws.cold_starts(service.names["function_name"])
    second = service.bake("warm-2")
    service.aws.set_conditions(job_poll_seconds=30)
    assert first["ImageId"] != second["ImageId"]
    assert int(second["LaunchTemplateVersion"]) == int(first["LaunchTemplateVersion"]) + 1
    name = service.names["function_name"]
    assert service.aws.cold_starts(name) == cold_starts
