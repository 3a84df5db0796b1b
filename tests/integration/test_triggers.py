"""A push to the branch starts the pipeline, and nothing else does."""

from __future__ import annotations

import pytest

from support.service import Service

# Longer than CodePipeline's polling interval, in AWS's seconds.
SEVERAL_POLLS = 600


@pytest.fixture(scope="module", autouse=True)
def first_push(service: Service) -> None:
    execution = service.execution_of(service.push("first"))
    assert service.finished(execution) == "Succeeded", service.explanation(execution)


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


def test_a_push_to_another_branch_starts_nothing(service: Service) -> None:
    before = service.executions()
    service.push("elsewhere", ref="feature/other")
    service.aws.sleep(SEVERAL_POLLS)
    assert service.executions() == before


def test_a_tag_starts_nothing(service: Service) -> None:
    before = service.executions()
    service.push("tagged", ref="refs/tags/v1")
    service.aws.sleep(SEVERAL_POLLS)
    assert service.executions() == before


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
