"""What Terraform made, what starts it, what a bake changes of it, and what neither may undo."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from support import job_events
from support.service import Service, eventually
from support.stack import Stack

PREFIX = "asg-ami-pipeline:"
# Longer than CodePipeline's polling interval, in AWS's seconds.
SEVERAL_POLLS = 600


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


# Triggers


@pytest.fixture(scope="module")
def first_push(service: Service) -> None:
    execution = service.execution_of(service.push("first"))
    assert service.finished(execution) == "Succeeded", service.explanation(execution)


@pytest.mark.usefixtures("first_push")
def test_a_push_to_the_branch_starts_one_execution_of_that_commit(service: Service) -> None:
    before = len(service.executions())
    commit = service.push("second")
    execution = service.execution_of(commit)
    service.finished(execution)
    service.aws.sleep(SEVERAL_POLLS)
    newest, *older = service.executions()
    assert len(older) == before
    assert newest["pipelineExecutionId"] == execution
    assert newest["trigger"]["triggerType"] == "CloudWatchEvent"


@pytest.mark.usefixtures("first_push")
def test_a_push_to_another_branch_starts_nothing(service: Service) -> None:
    before = service.executions()
    service.push("elsewhere", ref="feature/other")
    service.aws.sleep(SEVERAL_POLLS)
    assert service.executions() == before


@pytest.mark.usefixtures("first_push")
def test_a_tag_starts_nothing(service: Service) -> None:
    before = service.executions()
    service.push("tagged", ref="refs/tags/v1")
    service.aws.sleep(SEVERAL_POLLS)
    assert service.executions() == before


@pytest.mark.usefixtures("first_push")
def test_without_its_event_rule_nobody_looks_at_the_branch(service: Service) -> None:
    events = service.aws.client("events")
    rule = service.names["pipeline_name"] + "-start"
    events.disable_rule(Name=rule)
    before = service.executions()
    try:
        service.push("unseen")
        service.aws.sleep(SEVERAL_POLLS)
        assert service.executions() == before
    finally:
        events.enable_rule(Name=rule)


# Credentials: none is kept where somebody reads it later


def logged(service: Service) -> list[str]:
    """Every event of every log group, once the function's last invocation is among them: logs come
    after answers."""

    def with_the_last() -> list[str] | None:
        events = list(all_logged(service))
        return events if any("KeyError" in event for event in events) else None

    return eventually(with_the_last, "the log of the last invocation")


def all_logged(service: Service) -> Iterator[str]:
    logs = service.aws.client("logs")
    for group in logs.describe_log_groups()["logGroups"]:
        pages = logs.get_paginator("filter_log_events").paginate(logGroupName=group["logGroupName"])
        for page in pages:
            yield from (event["message"] for event in page["events"])


def shown(service: Service) -> Iterator[Any]:
    """What the APIs answer of the pipeline, its deployments, images and launch template."""
    name = service.names["pipeline_name"]
    for execution in service.executions():
        yield service.codepipeline.get_pipeline_execution(
            pipelineName=name, pipelineExecutionId=execution["pipelineExecutionId"]
        )
    yield service.codepipeline.list_action_executions(pipelineName=name)
    yield service.codepipeline.get_pipeline_state(name=name)
    yield service.versions()
    yield service.images()
    yield service.ec2.describe_snapshots(OwnerIds=["self"])
    yield service.aws.requests()


def report_of_wrong_event(service: Service) -> str:
    """What the function answers to a job in which all but the credentials is missing."""
    event = {"CodePipeline.job": {"data": {"artifactCredentials": job_events.CREDENTIALS}}}
    answer = service.aws.client("lambda").invoke(
        FunctionName=service.names["function_name"], Payload=json.dumps(event)
    )
    assert answer["FunctionError"]
    return str(answer["Payload"].read().decode())


@pytest.mark.usefixtures("clear_conditions")
def test_no_credential_is_logged_shown_or_kept(service: Service, service_stack: Stack) -> None:
    service.bake("good")
    service.aws.set_conditions(image_failure="Server.InternalError: no capacity")
    assert service.finished(service.execution_of(service.push("bad"))) == "Failed"
    report = report_of_wrong_event(service)

    given = service.aws.role_credentials()
    roles = {credentials.pop("role_arn").rpartition("/")[2] for credentials in given}
    events = logged(service)
    places = {
        "the function's report": report,
        "the logs": "\n".join(events),
        "the APIs": json.dumps(list(shown(service)), default=str),
        "the server's log": (service.aws.folder / "server.log").read_text(),
        "Terraform's state": service_stack.state(),
        "Terraform's plan": service_stack.plan(),
    }

    assert any("became failed" in event for event in events)
    assert {role.rpartition("-")[2] for role in roles} >= {"baker", "pipeline"}, roles
    for place, text in places.items():
        for credentials in [job_events.CREDENTIALS, *given]:
            assert not job_events.held_in(text, credentials), f"a credential is in {place}"
