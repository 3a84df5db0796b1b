"""CodePipeline: actions that deploy and invoke."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from local_aws.client import LocalAws
from support.delivery import Deployments, bundle
from support.fleet import client, eventually, unique
from support.pipelines import Invoke, Pipeline, action, invocation, make_worker, stage


@pytest.fixture(scope="module")
def worker(aws: LocalAws) -> str:
    return make_worker(aws)


@pytest.fixture
def invoke(worker: str) -> Invoke:
    return invocation(worker)


def test_the_deploy_action_deploys_its_artifact(aws: LocalAws) -> None:
    fleet = Deployments(aws)
    deploy = action(
        "Deploy",
        "CodeDeploy",
        "Deploy",
        inputArtifacts=[{"name": "Source"}],
        configuration={"ApplicationName": fleet.name, "DeploymentGroupName": fleet.name},
    )
    pipeline = Pipeline(aws, stage("Deploy", deploy))

    good = pipeline.run()
    assert pipeline.status(good) == "Succeeded"
    deployment = pipeline.actions(good)["Deploy"]["output"]["executionResult"]
    info = fleet.info(deployment["externalExecutionId"])
    artifact = pipeline.actions(good)["Source"]["output"]["outputArtifacts"][0]["s3location"]
    assert info["revision"]["s3Location"]["key"] == artifact["key"]
    assert info["revision"]["s3Location"]["version"]

    pipeline.upload(bundle(appspec=None))
    bad = pipeline.start()
    assert pipeline.finished(bad) == "Failed"
    error = pipeline.actions(bad)["Deploy"]["output"]["executionResult"]["errorDetails"]
    assert "did not find an AppSpec file" in error["message"]


def test_a_function_answers_with_variables_for_later_actions(aws: LocalAws, invoke: Invoke) -> None:
    first = invoke("succeed", "First", namespace="Earlier", value="#{SourceVariables.VersionId}")
    second = invoke("succeed", "Second", runOrder=2, value="#{Earlier.Answer}!")
    pipeline = Pipeline(aws, stage("Last", first, second))
    version = pipeline.upload()
    execution = pipeline.start()
    assert pipeline.finished(execution) == "Succeeded"
    output = pipeline.actions(execution)["Second"]["output"]
    assert output["outputVariables"] == {"Answer": f"{version}!"}
    assert output["executionResult"]["externalExecutionId"] == "x-1"
    assert output["executionResult"]["externalExecutionSummary"] == "done"


def test_the_execution_is_a_variable(aws: LocalAws, invoke: Invoke) -> None:
    parameter = "#{codepipeline.PipelineExecutionId}"
    pipeline = Pipeline(aws, stage("Last", invoke("succeed", value=parameter)))
    execution = pipeline.run()
    output = pipeline.actions(execution)["Invoke"]["output"]
    assert output["outputVariables"]["Answer"] == execution


def jobs_of(aws: LocalAws, worker: str, count: int) -> list[str]:
    """What a function logged of its jobs, once it has that many; logs come after the answers."""

    def logged() -> list[str]:
        found = client(aws, "logs").filter_log_events(logGroupName=f"/aws/lambda/{worker}")
        lines = [event["message"] for event in found["events"]]
        return [line for line in lines if line.startswith("job")]

    return eventually(logged, lambda lines: len(lines) >= count)


def test_a_continuation_token_brings_a_new_job(aws: LocalAws) -> None:
    worker = make_worker(aws)
    pipeline = Pipeline(aws, stage("Last", invocation(worker)("continue")))
    assert pipeline.status(pipeline.run()) == "Succeeded"
    jobs = [line.split() for line in jobs_of(aws, worker, 3)]
    assert [job[3] for job in jobs] == ["None", "1", "2"]
    assert len({job[1] for job in jobs}) == 3


def test_the_event_says_neither_pipeline_nor_execution(aws: LocalAws) -> None:
    worker = make_worker(aws)
    Pipeline(aws, stage("Last", invocation(worker)("succeed"))).run()
    (line,) = jobs_of(aws, worker, 1)
    keys = "['actionConfiguration', 'artifactCredentials', 'inputArtifacts', 'outputArtifacts']"
    assert line.endswith(keys)


def test_a_failure_fails_the_action_in_the_functions_words(aws: LocalAws, invoke: Invoke) -> None:
    pipeline = Pipeline(aws, stage("Last", invoke("fail")))
    execution = pipeline.run()
    assert pipeline.status(execution) == "Failed"
    (state,) = pipeline.states()["Last"]["actionStates"]
    error = state["latestExecution"]["errorDetails"]
    assert error == {"code": "ConfigurationError", "message": "not today"}


def test_a_second_answer_is_refused(aws: LocalAws, invoke: Invoke) -> None:
    mark = unique("mark")
    pipeline = Pipeline(aws, stage("Last", invoke("twice", mark=mark)))
    assert pipeline.status(pipeline.run()) == "Succeeded"
    found = eventually(lambda: client(aws, "ssm").get_parameters(Names=[mark])["Parameters"], bool)
    assert found[0]["Value"] == "late"


def test_no_answer_for_too_long_fails_the_action(aws: LocalAws, invoke: Invoke) -> None:
    pipeline = Pipeline(aws, stage("Last", invoke("nothing")))
    aws.set_conditions(job_answer_seconds=0.5)
    execution = pipeline.run()
    aws.set_conditions(job_answer_seconds=20 * 60)
    assert pipeline.status(execution) == "Failed"
    result = pipeline.actions(execution)["Invoke"]["output"]["executionResult"]
    assert "failed to return a result" in result["errorDetails"]["message"]


def test_a_function_that_does_not_exist_fails_the_action(aws: LocalAws, invoke: Invoke) -> None:
    pipeline = Pipeline(aws, stage("Last", invoke("succeed", function="nobody")))
    execution = pipeline.run()
    result = pipeline.actions(execution)["Invoke"]["output"]["executionResult"]
    assert "nobody" in result["errorDetails"]["message"]


@pytest.mark.parametrize(
    ("operation", "answer", "error"),
    [
        ("put_job_success_result", {}, "JobNotFoundException"),
        (
            "put_job_success_result",
            {"executionDetails": {"summary": "x" * 2049}},
            "ValidationException",
        ),
        ("put_job_success_result", {"continuationToken": "x" * 2049}, "ValidationException"),
        (
            "put_job_success_result",
            {"continuationToken": "x", "outputVariables": {"A": "b"}},
            "ValidationException",
        ),
        (
            "put_job_failure_result",
            {"failureDetails": {"type": "JobFailed", "message": "x" * 5001}},
            "ValidationException",
        ),
    ],
)
def test_an_answer_outside_the_limits_is_refused(
    aws: LocalAws, operation: str, answer: dict[str, Any], error: str
) -> None:
    job = "00000000-0000-0000-0000-000000000000"
    with pytest.raises(ClientError, match=error):
        getattr(client(aws, "codepipeline"), operation)(jobId=job, **answer)
