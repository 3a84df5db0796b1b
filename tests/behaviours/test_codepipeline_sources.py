"""CodePipeline: what starts a pipeline, and what it fetches."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest

from local_aws.client import LocalAws
from support.delivery import Repository, bundle, role
from support.fleet import client, eventually, unique
from support.pipelines import Invoke, Pipeline, invocation, make_worker, stage


@pytest.fixture(scope="module")
def worker(aws: LocalAws) -> str:
    return make_worker(aws)


@pytest.fixture
def invoke(worker: str) -> Invoke:
    return invocation(worker)


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
    aws.sleep(120)
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
        aws.sleep(120)
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
    eventually(pipeline.executions, lambda found: len(found) == started)
    aws.sleep(300)
    assert len(pipeline.executions()) == started


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
