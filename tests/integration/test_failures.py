"""What goes wrong, what the pipeline then shows, and that the launch template is never harmed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from support.service import Service, eventually

pytestmark = pytest.mark.usefixtures("clear_conditions", "launchable")


@pytest.fixture
def launchable(service: Service) -> Iterator[None]:
    """After each test: every version of the launch template has an image that is available."""
    yield
    available = {image["ImageId"] for image in service.images() if image["State"] == "available"}
    _first, *baked = service.versions()
    assert {version["LaunchTemplateData"]["ImageId"] for version in baked} <= available


def failed(service: Service, execution: str) -> str:
    """The message of an execution's failed bake."""
    assert service.finished(execution) == "Failed"
    assert service.action(execution, "Automation")["status"] == "Failed"
    return service.explanation(execution)


def image_of_execution(service: Service, execution: str) -> dict[str, Any] | None:
    for image in service.images():
        if image["Name"].endswith(execution):
            return image
    return None


# Images


def test_an_image_that_takes_twenty_polls_is_promoted_when_it_is_available(
    service: Service,
) -> None:
    service.aws.set_conditions(image_seconds=20 * 30)
    before = service.versions()
    execution = service.execution_of(service.push("slow"))
    pending = eventually(lambda: image_of_execution(service, execution), "the image")
    assert pending["State"] == "pending"
    assert service.versions() == before

    assert service.finished(execution) == "Succeeded", service.explanation(execution)

    variables = service.action(execution, "Automation")["output"]["outputVariables"]
    assert variables["ImageId"] == pending["ImageId"]


def test_a_failed_image_is_reported_cleaned_up_and_made_again_by_a_retry(
    service: Service,
) -> None:
    service.aws.set_conditions(image_failure="Server.InternalError: no capacity")
    before = service.versions()
    execution = service.execution_of(service.push("image-fails"))

    message = failed(service, execution)

    assert "became failed: Server.InternalError: no capacity" in message
    assert "Retry the stage" in message
    assert not image_of_execution(service, execution)
    assert service.versions() == before
    service.aws.set_conditions(image_failure=None)
    service.retry(execution)
    assert service.finished(execution) == "Succeeded", service.explanation(execution)
    assert len(service.versions()) == len(before) + 1


def test_snapshots_of_a_failed_image_go_with_it(service: Service) -> None:
    def own_snapshots() -> set[str]:
        snapshots = service.ec2.describe_snapshots(OwnerIds=["self"])["Snapshots"]
        return {
            snapshot["SnapshotId"]
            for snapshot in snapshots
            if "Created by CreateImage" in snapshot["Description"]
        }

    before = own_snapshots()
    service.aws.set_conditions(image_failure="Client.InternalError")
    failed(service, service.execution_of(service.push("snapshots")))
    assert own_snapshots() == before


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("operation", ["SendCommand", "CreateImage", "CreateLaunchTemplateVersion"])
def test_a_bake_that_is_cut_off_is_finished_by_a_retry(
    service: Service, operation: str, when: str
) -> None:
    versions = len(service.versions())
    with service.aws.held_at(operation=operation, when=when, principal="baker") as held:
        execution = service.execution_of(service.push(f"cut-off-{when}-{operation}"))
        held.wait()
        held.dropped = when == "before"
        service.aws.kill_invocations(service.names["function_name"])

    service.aws.set_conditions(job_answer_seconds=0)
    assert service.finished(execution) == "Failed"
    service.aws.set_conditions(job_answer_seconds=20 * 60)
    service.retry(execution)

    assert service.finished(execution) == "Succeeded", service.explanation(execution)
    assert len(service.versions()) == versions + 1
    variables = service.action(execution, "Automation")["output"]["outputVariables"]
    image = image_of_execution(service, execution)
    assert image and variables["ImageId"] == image["ImageId"]


def test_file_systems_that_cannot_be_flushed_fail_the_bake(service: Service) -> None:
    service.aws.set_conditions(command_failure="Failed")
    images = service.images()
    execution = service.execution_of(service.push("no-flush"))
    assert "could not be flushed" in failed(service, execution)
    assert service.images() == images


# Source instances


@contextmanager
def deployed_but_not_baked(service: Service, version: str) -> Iterator[str]:
    """An execution whose bake is held at its first request; it goes on after the block."""
    with service.aws.held_at(operation="ListActionExecutions", principal="baker") as held:
        execution = service.execution_of(service.push(version))
        held.wait()
        yield execution


def make_standby(service: Service, instance: str) -> Callable[[], None]:
    arguments = {"AutoScalingGroupName": service.group_name, "InstanceIds": [instance]}
    service.autoscaling.enter_standby(**arguments, ShouldDecrementDesiredCapacity=True)
    eventually(lambda: service.instances()[instance]["LifecycleState"] == "Standby", "the standby")
    return lambda: service.autoscaling.exit_standby(**arguments) and None


def make_unhealthy(service: Service, instance: str) -> Callable[[], None]:
    group = {"AutoScalingGroupName": service.group_name}
    service.autoscaling.suspend_processes(**group, ScalingProcesses=["ReplaceUnhealthy"])
    service.autoscaling.set_instance_health(InstanceId=instance, HealthStatus="Unhealthy")

    def mend() -> None:
        service.autoscaling.set_instance_health(InstanceId=instance, HealthStatus="Healthy")
        service.autoscaling.resume_processes(**group)

    return mend


UNFIT = {"Standby": make_standby, "Unhealthy": make_unhealthy}


@pytest.mark.parametrize("state", sorted(UNFIT))
def test_an_instance_that_is_not_in_service_is_not_imaged(service: Service, state: str) -> None:
    first, second = sorted(service.in_service(2))
    with deployed_but_not_baked(service, f"first-{state}") as execution:
        mend = UNFIT[state](service, first)
    try:
        assert service.finished(execution) == "Succeeded", service.explanation(execution)
        assert source_of(service, execution) == second
    finally:
        mend()
        service.in_service(2)


@pytest.mark.parametrize("state", sorted(UNFIT))
def test_when_no_instance_fits_the_pipeline_says_why(service: Service, state: str) -> None:
    first, second = sorted(service.in_service(2))
    with deployed_but_not_baked(service, f"none-{state}") as execution:
        mends = [UNFIT[state](service, instance) for instance in (first, second)]

    try:
        message = failed(service, execution)
        assert f"{first} is {state}" in message
        assert f"{second} is {state}" in message
    finally:
        for mend in mends:
            mend()
        service.in_service(2)


def test_an_instance_that_is_still_pending_is_not_imaged(service: Service) -> None:
    in_service = service.in_service(2)
    service.aws.set_conditions(launch_seconds=100_000)
    try:
        with deployed_but_not_baked(service, "pending") as execution:
            service.autoscaling.set_desired_capacity(
                AutoScalingGroupName=service.group_name, DesiredCapacity=3
            )
            pending = eventually(
                lambda: [
                    name
                    for name, instance in service.instances().items()
                    if instance["LifecycleState"].startswith("Pending")
                ],
                "a pending instance",
            )
        assert service.finished(execution) == "Succeeded", service.explanation(execution)
        assert source_of(service, execution) not in pending
    finally:
        service.aws.set_conditions(launch_seconds=40)
        for instance in service.instances().keys() - in_service.keys():
            service.autoscaling.terminate_instance_in_auto_scaling_group(
                InstanceId=instance, ShouldDecrementDesiredCapacity=True
            )
        service.in_service(2)


def test_an_instance_whose_deployment_failed_is_not_imaged(service: Service) -> None:
    first, second = sorted(service.in_service(2))
    service.aws.set_conditions(
        script_failures=[{"lifecycle_event": "ApplicationStart", "instance_id": first}]
    )
    execution = service.execution_of(service.push("one-target-fails"))
    assert service.finished(execution) == "Succeeded", service.explanation(execution)
    assert source_of(service, execution) == second


def source_of(service: Service, execution: str) -> str:
    image = image_of_execution(service, execution)
    assert image
    tags = {tag["Key"]: tag["Value"] for tag in image["Tags"]}
    return tags["asg-ami-pipeline:source-instance"]


# Settings


@contextmanager
def user_parameters(service: Service, text: str) -> Iterator[None]:
    """The Automation action with other user parameters."""
    name = service.names["pipeline_name"]
    original = service.codepipeline.get_pipeline(name=name)["pipeline"]
    changed = json.loads(json.dumps(original))
    changed["stages"][-1]["actions"][0]["configuration"]["UserParameters"] = text
    service.codepipeline.update_pipeline(pipeline=changed)
    try:
        yield
    finally:
        service.codepipeline.update_pipeline(pipeline=original)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("execution=1", "must be a JSON object"),
        ('{"execution": "#{codepipeline.PipelineExecutionId}", "branch": "x"}', "branch"),
        ('{"execution": "#{codepipeline.PipelineExecutionId}"}', "revision"),
    ],
)
def test_wrong_user_parameters_fail_the_pipeline_by_name(
    service: Service, text: str, complaint: str
) -> None:
    with user_parameters(service, text):
        execution = service.execution_of(service.push(f"parameters {complaint}"))
        assert complaint in failed(service, execution)


@contextmanager
def environment(service: Service, **changes: str) -> Iterator[None]:
    """The function with another environment."""
    functions = service.aws.client("lambda")
    name = service.names["function_name"]
    original = functions.get_function_configuration(FunctionName=name)["Environment"]
    functions.update_function_configuration(
        FunctionName=name, Environment={"Variables": {**original["Variables"], **changes}}
    )
    try:
        yield
    finally:
        functions.update_function_configuration(FunctionName=name, Environment=original)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("AUTO_SCALING_GROUP_NAME", "no-such-group"),
        ("LAUNCH_TEMPLATE_ID", "lt-0123456789abcdef0"),
        ("CODEDEPLOY_DEPLOYMENT_GROUP_NAME", "no-such-deployment-group"),
    ],
)
def test_what_does_not_exist_fails_the_pipeline_by_name(
    service: Service, variable: str, value: str
) -> None:
    with environment(service, **{variable: value}):
        execution = service.execution_of(service.push(f"without {variable}"))
        assert value in failed(service, execution)


def test_a_deleted_launch_template_is_named(service: Service) -> None:
    """The group still refers to it, as groups do."""
    template = service.ec2.create_launch_template(
        LaunchTemplateName="gone",
        LaunchTemplateData={"ImageId": "ami-0", "InstanceType": "t3.nano"},
    )["LaunchTemplate"]["LaunchTemplateId"]
    original = {"LaunchTemplateId": service.names["launch_template_id"], "Version": "$Latest"}
    group = {"AutoScalingGroupName": service.group_name}
    service.autoscaling.update_auto_scaling_group(
        **group, LaunchTemplate={"LaunchTemplateId": template, "Version": "$Latest"}
    )
    service.ec2.delete_launch_template(LaunchTemplateId=template)
    try:
        with environment(service, LAUNCH_TEMPLATE_ID=template):
            message = failed(service, service.execution_of(service.push("template gone")))
        assert f"Launch template {template} does not exist" in message
    finally:
        service.autoscaling.update_auto_scaling_group(**group, LaunchTemplate=original)
