"""No credential is kept where somebody reads it later."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from support import job_events
from support.service import Service, eventually
from support.stack import Stack

pytestmark = pytest.mark.usefixtures("clear_conditions")


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
