"""CodePipeline: stages that wait, fail and are retried, and what a pipeline may look like."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local_aws.client import LocalAws
from support.fleet import client, eventually, unique
from support.pipelines import Invoke, Pipeline, invocation, make_worker, stage


@pytest.fixture(scope="module")
def worker(aws: LocalAws) -> str:
    return make_worker(aws)


@pytest.fixture
def invoke(worker: str) -> Invoke:
    return invocation(worker)


def held(aws: LocalAws, worker: str) -> Any:
    """Holds the function's next answer."""
    role_arn = client(aws, "lambda").get_function_configuration(FunctionName=worker)["Role"]
    return aws.held_at(operation="PutJobSuccessResult", principal=role_arn)


def test_a_waiting_execution_is_superseded_by_a_newer_one(
    aws: LocalAws, invoke: Invoke, worker: str
) -> None:
    pipeline = Pipeline(aws, stage("Last", invoke("succeed")))
    pipeline.upload()
    with held(aws, worker) as first_answer:
        first = pipeline.start()
        first_answer.wait()
        second = pipeline.start()
        eventually(
            lambda: pipeline.states()["Last"].get("inboundExecutions", []), lambda found: found
        )
        third = pipeline.start()
        assert pipeline.finished(second) == "Superseded"
    assert [pipeline.finished(execution) for execution in (first, third)] == ["Succeeded"] * 2


def test_queued_executions_take_their_turn(aws: LocalAws, invoke: Invoke, worker: str) -> None:
    pipeline = Pipeline(aws, stage("Last", invoke("succeed")), executionMode="QUEUED")
    pipeline.upload()
    with held(aws, worker) as first_answer:
        executions = [pipeline.start()]
        first_answer.wait()
        for _ in range(2):
            executions.append(pipeline.start())
            count = len(executions) - 1
            eventually(
                lambda: pipeline.states()["Last"].get("inboundExecutions", []),
                lambda found, count=count: len(found) == count,
            )
    assert [pipeline.finished(execution) for execution in executions] == ["Succeeded"] * 3
    started = [pipeline.actions(execution)["Invoke"]["startTime"] for execution in executions]
    assert started == sorted(started)


def test_a_failed_stage_is_retried_in_the_same_execution(aws: LocalAws, invoke: Invoke) -> None:
    pipeline = Pipeline(aws, stage("Last", invoke("fail-once", mark=unique("mark"))))
    execution = pipeline.run()
    assert pipeline.status(execution) == "Failed"
    pipeline.client.retry_stage_execution(
        pipelineName=pipeline.name,
        stageName="Last",
        pipelineExecutionId=execution,
        retryMode="FAILED_ACTIONS",
    )
    assert pipeline.finished(execution) == "Succeeded"


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({}, "StageNotRetryableException"),
        ({"stageName": "None"}, "StageNotFoundException"),
    ],
)
def test_what_has_not_failed_cannot_be_retried(
    aws: LocalAws, invoke: Invoke, change: dict[str, str], error: str
) -> None:
    pipeline = Pipeline(aws, stage("Last", invoke("succeed")))
    request = {
        "pipelineName": pipeline.name,
        "stageName": "Last",
        "pipelineExecutionId": pipeline.run(),
        "retryMode": "FAILED_ACTIONS",
    }
    with pytest.raises(ClientError, match=error):
        pipeline.client.retry_stage_execution(**{**request, **change})


def test_only_the_latest_execution_of_a_stage_can_be_retried(aws: LocalAws, invoke: Invoke) -> None:
    pipeline = Pipeline(aws, stage("Last", invoke("fail")))
    older = pipeline.run()
    pipeline.run()
    with pytest.raises(ClientError, match="NotLatestPipelineExecutionException"):
        pipeline.client.retry_stage_execution(
            pipelineName=pipeline.name,
            stageName="Last",
            pipelineExecutionId=older,
            retryMode="FAILED_ACTIONS",
        )


def test_an_execution_can_be_stopped(aws: LocalAws, invoke: Invoke, worker: str) -> None:
    pipeline = Pipeline(aws, stage("Last", invoke("succeed")), stage("Never", invoke("fail")))
    pipeline.upload()
    with held(aws, worker) as answer:
        execution = pipeline.start()
        answer.wait()
        pipeline.client.stop_pipeline_execution(
            pipelineName=pipeline.name, pipelineExecutionId=execution
        )
    assert pipeline.finished(execution) == "Stopped"
    assert set(pipeline.actions(execution)) == {"Source", "Invoke"}


def broken(pipeline: Pipeline, change: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
    declaration: dict[str, Any] = json.loads(json.dumps(pipeline.declaration))
    change(declaration)
    return declaration


def last_action(declaration: dict[str, Any]) -> Any:
    return declaration["stages"][-1]["actions"][0]


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (lambda d: d.update(executionMode="PARALLEL"), "NotKnownToLocalAws.*PARALLEL"),
        (lambda d: d.update(executionMode="QUEUED", pipelineType="V1"), "needs pipeline type V2"),
        (
            lambda d: last_action(d)["configuration"].update(UserParameters="x" * 1001),
            "at most 1000",
        ),
        (
            lambda d: last_action(d)["configuration"].update(UserParameters="#{Nowhere.Value}"),
            "unknown namespace: Nowhere.Value",
        ),
        (lambda d: last_action(d).update(namespace="SourceVariables"), "is not unique"),
        (
            lambda d: last_action(d)["actionTypeId"].update(category="Test", provider="Jenkins"),
            "NotKnownToLocalAws.*Test AWS Jenkins",
        ),
        (lambda d: d["stages"].reverse(), "should start with a stage that only contains source"),
        (lambda d: d["stages"].append(d["stages"][-1]), "not unique"),
        (lambda d: d["stages"][-1].update(onFailure={"result": "ROLLBACK"}), "onFailure"),
    ],
)
def test_a_structure_that_is_wrong_or_not_known_is_refused(
    aws: LocalAws, invoke: Invoke, change: Callable[[dict[str, Any]], None], error: str
) -> None:
    pipeline = Pipeline(aws, stage("Last", invoke("succeed")))
    with pytest.raises(ClientError, match=error):
        pipeline.client.update_pipeline(pipeline=broken(pipeline, change))


def test_a_variable_that_nobody_made_fails_the_action(aws: LocalAws, invoke: Invoke) -> None:
    pipeline = Pipeline(aws, stage("Last", invoke("succeed", value="#{SourceVariables.Nothing}")))
    execution = pipeline.run()
    result = pipeline.actions(execution)["Invoke"]["output"]["executionResult"]
    assert "SourceVariables.Nothing could not be resolved" in result["errorDetails"]["message"]
