"""Pushes in quick succession: what is launched is the last push, and never a mixture."""

from __future__ import annotations

from collections import Counter

import pytest

from support.service import Service, eventually


def version_in(service: Service, image_id: str) -> str:
    files = service.aws.files_in_image(image_id)
    return str(files["/var/www/html/VERSION"]).strip()


def launched_version(service: Service) -> str:
    """What the next instance would hold."""
    return version_in(service, service.versions()[-1]["LaunchTemplateData"]["ImageId"])


def deployment_began(service: Service, execution: str) -> bool:
    return any(
        action["actionName"] == "Deploy"
        and action.get("output", {}).get("executionResult", {}).get("externalExecutionId")
        for action in service.actions(execution)
    )


def points_of_a_bake(service: Service) -> list[tuple[str, int]]:
    """Every request that a bake makes, as (operation, how many-th of its kind)."""
    baker = service.names["function_role_arn"]
    before = len(service.aws.requests(principal=baker))
    service.bake("recorded")
    seen: Counter[str] = Counter()
    points = []
    for request in service.aws.requests(principal=baker)[before:]:
        if request["service"] == "logs":
            continue
        seen[request["operation"]] += 1
        points.append((request["operation"], seen[request["operation"]]))
    return points


@pytest.mark.usefixtures("clear_conditions")
def test_the_second_deployment_may_begin_at_any_point_of_the_first_bake(
    service: Service,
) -> None:
    # An image that is there at the first look: how often a bake looks depends on the machine.
    service.aws.set_conditions(image_seconds=1)
    points = points_of_a_bake(service)
    assert ("CreateImage", 1) in points and ("CreateLaunchTemplateVersion", 1) in points
    for operation, nth in points:
        point = f"{operation}-{nth}"
        with service.aws.held_at(principal="baker", operation=operation, nth=nth) as held:
            first = service.execution_of(service.push(f"first-{point}"))
            held.wait()
            second = service.execution_of(service.push(f"second-{point}"))
            eventually(lambda: deployment_began(service, second), f"the deployment at {point}")  # noqa: B023

        for execution in (first, second):
            status = service.finished(execution)
            assert status == "Succeeded", f"{point}: {service.explanation(execution)}"
        assert launched_version(service) == f"second-{point}"
        for image in service.images():
            if image["Name"].endswith(first):
                assert version_in(service, image["ImageId"]) == f"first-{point}", point


def test_a_bake_that_was_overtaken_says_so_and_leaves_no_image(service: Service) -> None:
    with service.aws.held_at(principal="baker", operation="ListActionExecutions") as held:
        first = service.execution_of(service.push("overtaken"))
        held.wait()
        second = service.execution_of(service.push("overtaking"))
        eventually(lambda: deployment_began(service, second), "the second deployment")
    assert service.finished(first) == "Succeeded"
    assert service.finished(second) == "Succeeded"
    result = service.action(first, "Automation")["output"]["executionResult"]
    deployment = service.action(second, "Deploy")["output"]["executionResult"]
    assert result["externalExecutionSummary"] == (
        f"Superseded by deployment {deployment['externalExecutionId']}"
    )
    assert not [image for image in service.images() if image["Name"].endswith(first)]


def test_of_three_quick_pushes_the_last_is_launched(service: Service) -> None:
    commits = [service.push(f"quick-{number}") for number in (1, 2, 3)]
    last = service.execution_of(commits[-1])
    assert service.finished(last) == "Succeeded", service.explanation(last)
    started_by_push = [
        execution
        for execution in service.executions()
        if execution["trigger"]["triggerType"] == "CloudWatchEvent"
    ]
    for execution in started_by_push:
        assert service.finished(execution["pipelineExecutionId"]) in ("Succeeded", "Superseded")
    assert launched_version(service) == "quick-3"
