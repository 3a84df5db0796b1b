"""A service that keeps two images, bakes in Standby and is undone, as Terraform made it."""

from __future__ import annotations

import pytest

from support.service import Service, eventually
from support.stack import Stack

KEEP = 2


@pytest.fixture(scope="module")
def service(service: Service, service_stack: Stack) -> Service:
    service_stack.apply(capture="standby", keep=KEEP, instances=2)
    return service


def image_of(service: Service, number: int = -1) -> str:
    return str(service.versions()[number]["LaunchTemplateData"]["ImageId"])


def deploy_again(service: Service, execution: str) -> None:
    """Deploy the revision of an earlier execution, beside the pipeline."""
    codedeploy = service.aws.client("codedeploy")
    action = service.action(execution, "Deploy")["output"]["executionResult"]
    earlier = codedeploy.get_deployment(deploymentId=action["externalExecutionId"])
    deployment = codedeploy.create_deployment(
        applicationName=service.names["application_name"],
        deploymentGroupName=service.names["deployment_group_name"],
        revision=earlier["deploymentInfo"]["revision"],
    )["deploymentId"]

    def succeeded() -> bool:
        info = codedeploy.get_deployment(deploymentId=deployment)["deploymentInfo"]
        assert info["status"] not in ("Failed", "Stopped"), info
        return str(info["status"]) == "Succeeded"

    eventually(succeeded, f"the end of deployment {deployment}")


def version_on(service: Service, instance: str) -> str:
    files = service.aws.disk(instance).files
    return str(files["/var/www/html/VERSION"]).strip()


def test_old_images_go_and_the_instance_that_was_imaged_returns(
    service: Service, service_stack: Stack
) -> None:
    before = service.in_service(2)
    for version in ("1", "2", "3"):
        service.bake(version)
    assert service.in_service(2).keys() == before.keys()
    assert len(service.images()) == KEEP
    named = {version["LaunchTemplateData"]["ImageId"] for version in service.versions()[1:]}
    assert named == {image["ImageId"] for image in service.images()}
    assert not service_stack.plan()


def test_a_function_that_is_cut_off_leaves_no_instance_out_of_service(service: Service) -> None:
    with service.aws.held_at(operation="CreateImage", when="after", principal="baker") as held:
        execution = service.execution_of(service.push("cut-off-in-standby"))
        held.wait()
        service.aws.kill_invocations(service.names["function_name"])
    service.aws.set_conditions(job_answer_seconds=0)
    assert service.finished(execution) == "Failed"
    service.aws.set_conditions(job_answer_seconds=20 * 60)
    service.in_service(2)


def test_image_and_application_go_back_each_by_itself_and_together(
    service: Service, service_stack: Stack
) -> None:
    good = service.execution_of(service.push("good"))
    assert service.finished(good) == "Succeeded", service.explanation(good)
    good_image = image_of(service)
    service.bake("bad")
    bad_image = image_of(service)

    # The image alone: a new instance starts from the good one, and CodeDeploy brings it up to the
    # last successful revision.
    report = service.invoke({"undo": {"bad": bad_image}})
    assert (report["image_id"], report["replaced_image_id"]) == (good_image, bad_image)
    assert image_of(service) == good_image
    assert not service_stack.plan()
    (new,) = service.scale_to(3)
    (reservation,) = service.ec2.describe_instances(InstanceIds=[new])["Reservations"]
    assert reservation["Instances"][0]["ImageId"] == good_image
    assert version_on(service, new) == "bad"

    # And the application: everything runs the good revision, new instances as well.
    deploy_again(service, good)
    assert {version_on(service, instance) for instance in service.instances()} == {"good"}
    (newer,) = service.scale_to(4)
    assert version_on(service, newer) == "good"

    # The application alone would have left the bad image to start from.
    service.invoke({"undo": {"image": bad_image}})
    (newest,) = service.scale_to(5)
    (reservation,) = service.ec2.describe_instances(InstanceIds=[newest])["Reservations"]
    assert reservation["Instances"][0]["ImageId"] == bad_image
    assert version_on(service, newest) == "good"
    service.scale_to(2)
