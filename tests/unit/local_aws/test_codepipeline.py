"""CodePipeline: executions walk the stages of the pipeline as it was provisioned."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local_aws.client import LocalAws
from unit.local_aws.delivery import Deployments, Repository, bucket, bundle, role
from unit.local_aws.fleet import client, eventually, unique

FINAL = ("Succeeded", "Failed", "Stopped", "Superseded")

# A function that answers a job as its user parameters say.
WORKER = """
import json
import boto3

pipeline = boto3.client("codepipeline")

def handler(event, context):
    job = event["CodePipeline.job"]
    wish = json.loads(job["data"]["actionConfiguration"]["configuration"]["UserParameters"])
    token = job["data"].get("continuationToken")
    answer = {"jobId": job["id"]}
    print("job", job["id"], "token", token, "keys", sorted(job["data"]))
    if wish["do"] == "continue" and token != "2":
        number = str(int(token or "0") + 1)
        details = {"summary": "step " + number, "percentComplete": 50}
        pipeline.put_job_success_result(
            **answer, continuationToken=number, executionDetails=details
        )
    elif wish["do"] in ("succeed", "continue"):
        pipeline.put_job_success_result(
            **answer,
            outputVariables={"Answer": wish.get("value", "42")},
            executionDetails={"summary": "done", "externalExecutionId": "x-1"},
        )
    elif wish["do"] == "fail":
        pipeline.put_job_failure_result(
            **answer, failureDetails={"type": "ConfigurationError", "message": "not today"}
        )
    elif wish["do"] == "fail-once":
        ssm = boto3.client("ssm")
        try:
            ssm.put_parameter(Name=wish["mark"], Value="once", Type="String")
            pipeline.put_job_failure_result(
                **answer, failureDetails={"type": "JobFailed", "message": "once"}
            )
        except ssm.exceptions.ParameterAlreadyExists:
            pipeline.put_job_success_result(**answer)
    elif wish["do"] == "twice":
        pipeline.put_job_success_result(**answer)
        try:
            pipeline.put_job_success_result(**answer)
        except pipeline.exceptions.InvalidJobStateException:
            boto3.client("ssm").put_parameter(Name=wish["mark"], Value="late", Type="String")
"""


def stage(name: str, *actions: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "actions": list(actions)}


def action(category: str, provider: str, name: str = "", **parts: Any) -> dict[str, Any]:
    kind = {"category": category, "owner": "AWS", "provider": provider, "version": "1"}
    return {"name": name or provider, "actionTypeId": kind, **parts}


class Pipeline:
    """A pipeline whose source is an object in S3, or a branch."""

    def __init__(
        self, aws: LocalAws, *stages: dict[str, Any], source: Any = None, **parts: Any
    ) -> None:
        self.aws = aws
        self.client = client(aws, "codepipeline")
        self.name = unique("pipeline")
        self.role = role(aws, "codepipeline")
        self.bucket = bucket(aws)
        configuration = source or {
            "S3Bucket": self.bucket,
            "S3ObjectKey": "source.zip",
            "PollForSourceChanges": "false",
        }
        provider = "CodeCommit" if "RepositoryName" in configuration else "S3"
        self.first = action(
            "Source",
            provider,
            "Source",
            namespace="SourceVariables",
            outputArtifacts=[{"name": "Source"}],
            configuration=configuration,
        )
        self.declaration = {
            "name": self.name,
            "roleArn": self.role,
            "artifactStore": {"type": "S3", "location": bucket(aws)},
            "pipelineType": "V2",
            "stages": [stage("Source", self.first), *stages],
            **parts,
        }
        self.client.create_pipeline(pipeline=self.declaration)
        self.finished(self.newest())

    def upload(self, data: bytes | None = None) -> str:
        stored = client(self.aws, "s3").put_object(
            Bucket=self.bucket, Key="source.zip", Body=data or bundle()
        )
        return str(stored["VersionId"])

    def start(self) -> str:
        return str(self.client.start_pipeline_execution(name=self.name)["pipelineExecutionId"])

    def run(self) -> str:
        """Upload, start and wait; returns the execution."""
        self.upload()
        execution = self.start()
        self.finished(execution)
        return execution

    def newest(self) -> str:
        return str(self.executions()[0]["pipelineExecutionId"])

    def executions(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.client.list_pipeline_executions(pipelineName=self.name)[
            "pipelineExecutionSummaries"
        ]
        return found

    def status(self, execution: str) -> str:
        return str(
            self.client.get_pipeline_execution(
                pipelineName=self.name, pipelineExecutionId=execution
            )["pipelineExecution"]["status"]
        )

    def finished(self, execution: str) -> str:
        return eventually(lambda: self.status(execution), FINAL.__contains__, within=30)

    def actions(self, execution: str) -> dict[str, dict[str, Any]]:
        """The newest run of each action."""
        details = self.client.list_action_executions(
            pipelineName=self.name, filter={"pipelineExecutionId": execution}
        )["actionExecutionDetails"]
        return {detail["actionName"]: detail for detail in reversed(details)}

    def states(self) -> dict[str, dict[str, Any]]:
        states = self.client.get_pipeline_state(name=self.name)["stageStates"]
        return {state["stageName"]: state for state in states}


@pytest.fixture(scope="module")
def worker(aws: LocalAws) -> str:
    name, code = unique("worker"), io.BytesIO()
    with zipfile.ZipFile(code, "w") as zipped:
        zipped.writestr("worker.py", WORKER)
    client(aws, "logs").create_log_group(logGroupName=f"/aws/lambda/{name}")
    client(aws, "lambda").create_function(
        FunctionName=name,
        Role=role(aws, "lambda"),
        Runtime="python3.13",
        Handler="worker.handler",
        Timeout=20,
        Code={"ZipFile": code.getvalue()},
    )
    return name


Invoke = Callable[..., dict[str, Any]]


@pytest.fixture
def invoke(worker: str) -> Invoke:
    def invoke(do: str, name: str = "Invoke", **wish: Any) -> dict[str, Any]:
        parts = {key: wish.pop(key) for key in ("namespace", "runOrder") if key in wish}
        configuration = {
            "FunctionName": wish.pop("function", worker),
            "UserParameters": json.dumps({"do": do, **wish}),
        }
        return action("Invoke", "Lambda", name, configuration=configuration, **parts)

    return invoke


# Starting


def test_a_new_pipeline_starts_at_once(aws: LocalAws, invoke: Invoke) -> None:
    pipeline = Pipeline(aws, stage("Last", invoke("succeed")))
    (execution,) = pipeline.executions()
    assert execution["trigger"]["triggerType"] == "CreatePipeline"
    assert execution["status"] == "Failed", "there is no object yet"


def test_the_same_request_token_starts_one_execution(aws: LocalAws, invoke: Invoke) -> None:
    pipeline = Pipeline(aws, stage("Last", invoke("succeed")))
    started = {
        pipeline.client.start_pipeline_execution(name=pipeline.name, clientRequestToken="t")[
            "pipelineExecutionId"
        ]
        for _ in range(2)
    }
    assert len(started) == 1


@pytest.mark.parametrize(("state", "starts"), [("ENABLED", True), ("DISABLED", False)])
def test_a_rule_starts_its_pipeline_on_an_object_of_a_bucket_that_tells(
    aws: LocalAws, invoke: Invoke, state: str, starts: bool
) -> None:
    pipeline = Pipeline(aws, stage("Last", invoke("succeed")))
    arn = f"arn:aws:codepipeline:us-east-1:123456789012:{pipeline.name}"
    pattern = {"source": ["aws.s3"], "detail": {"bucket": {"name": [pipeline.bucket]}}}
    events, rule = client(aws, "events"), unique("rule")
    events.put_rule(Name=rule, EventPattern=json.dumps(pattern), State=state)
    starter = role(aws, "events")
    events.put_targets(Rule=rule, Targets=[{"Id": "1", "Arn": arn, "RoleArn": starter}])

    pipeline.upload()
    aws.ask("clock/sleep", seconds=120)
    assert len(pipeline.executions()) == 1, "the bucket does not tell EventBridge"

    client(aws, "s3").put_bucket_notification_configuration(
        Bucket=pipeline.bucket, NotificationConfiguration={"EventBridgeConfiguration": {}}
    )
    pipeline.upload()
    if starts:
        found = eventually(pipeline.executions, lambda found: len(found) == 2)
        assert found[0]["trigger"]["triggerType"] == "CloudWatchEvent"
        called = [request["operation"] for request in aws.requests(principal=starter)]
        assert called == ["StartPipelineExecution"]
    else:
        aws.ask("clock/sleep", seconds=120)
        assert len(pipeline.executions()) == 1


@pytest.mark.parametrize(("polling", "started"), [(None, 2), ("true", 2), ("false", 1)])
def test_a_source_is_polled_unless_polling_is_off(
    aws: LocalAws, invoke: Invoke, tmp_path: Path, polling: str | None, started: int
) -> None:
    repository = Repository(aws, tmp_path)
    source = {"RepositoryName": repository.name, "BranchName": "main"}
    if polling:
        source["PollForSourceChanges"] = polling
    pipeline = Pipeline(aws, stage("Last", invoke("succeed")), source=source)
    repository.push_revision()
    aws.ask("clock/sleep", seconds=300)
    assert len(pipeline.executions()) == started


# Sources and artifacts


def test_a_branch_is_archived_and_described(aws: LocalAws, invoke: Invoke, tmp_path: Path) -> None:
    repository = Repository(aws, tmp_path)
    commit = repository.push_revision("v1")
    repository.push("other", more="x")
    source = {
        "RepositoryName": repository.name,
        "BranchName": "main",
        "PollForSourceChanges": "false",
    }
    pipeline = Pipeline(aws, stage("Last", invoke("succeed")), source=source)
    run = pipeline.actions(pipeline.newest())["Source"]
    assert run["output"]["outputVariables"]["CommitId"] == commit
    assert run["output"]["outputVariables"]["BranchName"] == "main"
    location = run["output"]["outputArtifacts"][0]["s3location"]
    body = client(aws, "s3").get_object(Bucket=location["bucket"], Key=location["key"])["Body"]
    with zipfile.ZipFile(io.BytesIO(body.read())) as archive:
        assert archive.read("src/VERSION") == b"v1"
        assert "more" not in archive.namelist()
    called = {request["operation"] for request in aws.requests(principal=pipeline.role)}
    assert {"GetBranch", "GetCommit", "UploadArchive", "PutObject"} <= called


def test_an_object_is_taken_in_its_newest_version(aws: LocalAws, invoke: Invoke) -> None:
    pipeline = Pipeline(aws, stage("Last", invoke("succeed")))
    pipeline.upload(bundle("old"))
    version = pipeline.upload(bundle("new"))
    execution = pipeline.start()
    pipeline.finished(execution)
    variables = pipeline.actions(execution)["Source"]["output"]["outputVariables"]
    assert variables["VersionId"] == version


@pytest.mark.parametrize(("versioned", "message"), [(False, "not versioned"), (True, "not a ZIP")])
def test_an_object_has_to_be_a_versioned_zip(
    aws: LocalAws, invoke: Invoke, versioned: bool, message: str
) -> None:
    pipeline = Pipeline(aws, stage("Last", invoke("succeed")))
    pipeline.upload(b"no zip")
    if not versioned:
        client(aws, "s3").put_bucket_versioning(
            Bucket=pipeline.bucket, VersioningConfiguration={"Status": "Suspended"}
        )
    execution = pipeline.start()
    assert pipeline.finished(execution) == "Failed"
    result = pipeline.actions(execution)["Source"]["output"]["executionResult"]
    assert message in result["errorDetails"]["message"]


# Deploying


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


# Invoking


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


def test_a_continuation_token_brings_a_new_job(aws: LocalAws, invoke: Invoke, worker: str) -> None:
    pipeline = Pipeline(aws, stage("Last", invoke("continue")))
    assert pipeline.status(pipeline.run()) == "Succeeded"
    logged = client(aws, "logs").filter_log_events(logGroupName=f"/aws/lambda/{worker}")
    jobs = [e["message"].split() for e in logged["events"] if e["message"].startswith("job")]
    assert [job[3] for job in jobs[-3:]] == ["None", "1", "2"]
    assert len({job[1] for job in jobs[-3:]}) == 3


def test_the_event_says_neither_pipeline_nor_execution(
    aws: LocalAws, invoke: Invoke, worker: str
) -> None:
    Pipeline(aws, stage("Last", invoke("succeed"))).run()
    logged = client(aws, "logs").filter_log_events(logGroupName=f"/aws/lambda/{worker}")
    (line,) = [e["message"] for e in logged["events"] if e["message"].startswith("job")][-1:]
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


def test_no_answer_in_twenty_minutes_fails_the_action(aws: LocalAws, invoke: Invoke) -> None:
    pipeline = Pipeline(aws, stage("Last", invoke("nothing")))
    execution = pipeline.run()
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


# Stages


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


# Structure


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
