"""CodePipeline: the events of an execution's states, as rules see them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from local_aws.client import LocalAws
from support.fleet import client, eventually, unique
from support.pipelines import Invoke, Pipeline, invocation, make_worker, stage

WHAT = "CodePipeline Pipeline Execution State Change"


@pytest.fixture(scope="module")
def worker(aws: LocalAws) -> str:
    return make_worker(aws)


@pytest.fixture
def invoke(worker: str) -> Invoke:
    return invocation(worker)


@pytest.fixture
def log(aws: LocalAws) -> str:
    """The name of a log group that keeps every event of CodePipeline."""
    events, name = client(aws, "events"), unique("/aws/events/pipelines")
    client(aws, "logs").create_log_group(logGroupName=name)
    rule = name.rsplit("/", 1)[-1]
    events.put_rule(Name=rule, EventPattern=json.dumps({"source": ["aws.codepipeline"]}))
    arn = f"arn:aws:logs:us-east-1:123456789012:log-group:{name}"
    events.put_targets(Rule=rule, Targets=[{"Id": "1", "Arn": arn}])
    return name


def told(aws: LocalAws, log: str, execution: str) -> dict[str, dict[str, Any]]:
    """The events of an execution, by state."""
    logged = client(aws, "logs").filter_log_events(logGroupName=log)["events"]
    events = [json.loads(entry["message"]) for entry in logged]
    return {
        event["detail"]["state"]: event
        for event in events
        if event["detail"]["execution-id"] == execution
    }


def all_told(aws: LocalAws, log: str, execution: str, *states: str) -> dict[str, dict[str, Any]]:
    """The events of an execution, once there is one of every state and of no other."""
    return eventually(lambda: told(aws, log, execution), lambda found: set(found) == set(states))


def test_an_execution_tells_when_it_starts_and_succeeds(
    aws: LocalAws, invoke: Invoke, log: str
) -> None:
    pipeline = Pipeline(aws, stage("Last", invoke("succeed")))
    execution = pipeline.run()
    found = all_told(aws, log, execution, "STARTED", "SUCCEEDED")
    for event in found.values():
        assert event["source"] == "aws.codepipeline"
        assert event["detail-type"] == WHAT
        assert event["resources"] == [
            f"arn:aws:codepipeline:us-east-1:123456789012:{pipeline.name}"
        ]
        assert event["detail"]["pipeline"] == pipeline.name
        assert event["detail"]["version"] == 1
        assert event["detail"]["pipeline-execution-attempt"] == 1
        assert event["detail"]["start-time"].endswith("Z")
    trigger = found["STARTED"]["detail"]["execution-trigger"]
    assert trigger["trigger-type"] == "StartPipelineExecution"
    assert "execution-trigger" not in found["SUCCEEDED"]["detail"]


def test_an_execution_tells_when_it_fails_and_is_resumed(
    aws: LocalAws, invoke: Invoke, log: str
) -> None:
    pipeline = Pipeline(aws, stage("Last", invoke("fail-once", mark=unique("mark"))))
    execution = pipeline.run()
    all_told(aws, log, execution, "STARTED", "FAILED")
    pipeline.client.retry_stage_execution(
        pipelineName=pipeline.name,
        stageName="Last",
        pipelineExecutionId=execution,
        retryMode="FAILED_ACTIONS",
    )
    found = all_told(aws, log, execution, "STARTED", "FAILED", "RESUMED", "SUCCEEDED")
    attempts = {
        state: event["detail"]["pipeline-execution-attempt"] for state, event in found.items()
    }
    assert attempts == {"STARTED": 1, "FAILED": 1, "RESUMED": 2, "SUCCEEDED": 2}


def test_an_execution_tells_when_and_why_it_is_stopped(
    aws: LocalAws, invoke: Invoke, worker: str, log: str
) -> None:
    pipeline = Pipeline(aws, stage("Last", invoke("succeed")))
    pipeline.upload()
    role_arn = client(aws, "lambda").get_function_configuration(FunctionName=worker)["Role"]
    with aws.held_at(operation="PutJobSuccessResult", principal=role_arn) as answer:
        execution = pipeline.start()
        answer.wait()
        pipeline.client.stop_pipeline_execution(
            pipelineName=pipeline.name, pipelineExecutionId=execution, reason="an update"
        )
        found = all_told(aws, log, execution, "STARTED", "STOPPING")
    assert found["STOPPING"]["detail"]["stop-execution-comments"] == "an update"
    all_told(aws, log, execution, "STARTED", "STOPPING", "STOPPED")


def test_an_execution_tells_when_it_is_superseded(
    aws: LocalAws, invoke: Invoke, worker: str, log: str
) -> None:
    pipeline = Pipeline(aws, stage("Last", invoke("succeed")))
    pipeline.upload()
    role_arn = client(aws, "lambda").get_function_configuration(FunctionName=worker)["Role"]
    with aws.held_at(operation="PutJobSuccessResult", principal=role_arn) as answer:
        pipeline.start()
        answer.wait()
        older = pipeline.start()
        eventually(lambda: pipeline.states()["Last"].get("inboundExecutions", []), bool)
        pipeline.start()
        all_told(aws, log, older, "STARTED", "SUPERSEDED")
