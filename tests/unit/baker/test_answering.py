"""Whatever happens inside, CodePipeline gets one answer within its limits."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError, ReadTimeoutError

from baker import answering, entry
from baker.answer import Answer, Continue, Succeed
from baker.cleaning import Report
from baker.errors import BakeError, ConfigurationError, Unsettled
from baker.job import Hint
from job_events import EXECUTION, a_job

ENVIRONMENT = {
    "PIPELINE_NAME": "shop",
    "CODEDEPLOY_APPLICATION_NAME": "app",
    "CODEDEPLOY_DEPLOYMENT_GROUP_NAME": "group",
    "AUTO_SCALING_GROUP_NAME": "asg",
    "LAUNCH_TEMPLATE_ID": "lt-1",
    "CAPTURE": "live",
    "KEEP_IMAGES": "5",
    "RETENTION_DRY_RUN": "false",
}


HINT = Hint(command_id="c-1").token()


class Context:
    """Lambda's context, with the time that a function has left."""

    aws_request_id = "request"

    def __init__(self, milliseconds: int = 60_000) -> None:
        self.milliseconds = milliseconds

    def get_remaining_time_in_millis(self) -> int:
        return self.milliseconds


class Pipeline:
    """CodePipeline, as far as it takes answers."""

    def __init__(self, refuse_success: str = "", refuse_failure: str = "") -> None:
        self.answers: list[tuple[str, dict[str, Any]]] = []
        self._refuse = {"success": refuse_success, "failure": refuse_failure}

    def put_job_success_result(self, **result: Any) -> None:
        self._put("success", result)

    def put_job_failure_result(self, **result: Any) -> None:
        self._put("failure", result)

    def _put(self, kind: str, result: dict[str, Any]) -> None:
        if self._refuse[kind]:
            raise refusal(self._refuse[kind])
        self.answers.append((kind, result))


def refusal(code: str, status: int = 400, message: str = "no") -> ClientError:
    return ClientError(
        {
            "Error": {"Code": code, "Message": message},
            "ResponseMetadata": {"HTTPStatusCode": status},  # type: ignore[typeddict-item]
        },
        "CreateImage",
    )


def job(token: str | None = None, **parameters: str) -> dict[str, Any]:
    usual = {"execution": EXECUTION, "revision": "8f2c1d"}
    return {"CodePipeline.job": a_job({**usual, **parameters}, token)}


@pytest.fixture
def pipeline(monkeypatch: pytest.MonkeyPatch) -> Pipeline:
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    pipeline = Pipeline()
    monkeypatch.setattr(entry, "_aws", pipeline)
    return pipeline


@pytest.fixture
def bake_does(monkeypatch: pytest.MonkeyPatch) -> Callable[[Answer | Exception], None]:
    def does(outcome: Answer | Exception) -> None:
        def bake(*_: object) -> Answer:
            if isinstance(outcome, Exception):
                raise outcome
            return outcome

        monkeypatch.setattr(answering, "bake", bake)

    return does


BakeDoes = Callable[[Answer | Exception], None]


def test_a_finished_bake_gives_its_variables_to_the_pipeline(
    pipeline: Pipeline, bake_does: BakeDoes, monkeypatch: pytest.MonkeyPatch
) -> None:
    bake_does(Succeed("done", "ami-1", {"ImageId": "ami-1", "LaunchTemplateVersion": "7"}))
    monkeypatch.setattr(answering, "clean", lambda *_: Report(images=["ami-0"]))
    entry.handler(job(), Context())
    summary = "done. Removed 1 image: ami-0."
    details = {"summary": summary, "externalExecutionId": "ami-1"}
    variables = {"ImageId": "ami-1", "LaunchTemplateVersion": "7"}
    assert pipeline.answers == [
        (
            "success",
            {"jobId": "job-1", "executionDetails": details, "outputVariables": variables},
        )
    ]


def test_an_unfinished_bake_is_continued(pipeline: Pipeline, bake_does: BakeDoes) -> None:
    bake_does(Continue("waiting", Hint(command_id="c-1")))
    entry.handler(job(), Context())
    details = {"summary": "waiting"}
    assert pipeline.answers == [
        ("success", {"jobId": "job-1", "executionDetails": details, "continuationToken": HINT})
    ]


@pytest.mark.parametrize(
    ("error", "failure_type", "words"),
    [
        (BakeError("no instance"), "JobFailed", "no instance"),
        (ConfigurationError("wrong group"), "ConfigurationError", "wrong group"),
        (refusal("UnauthorizedOperation"), "PermissionError", "lacks a permission"),
        (refusal("AccessDeniedException"), "PermissionError", "lacks a permission"),
        (refusal("InvalidParameterValue"), "JobFailed", "AWS refused a request of the bake"),
        (KeyError("Images"), "JobFailed", "KeyError: 'Images'"),
    ],
)
def test_what_goes_wrong_is_answered_in_words(
    pipeline: Pipeline, bake_does: BakeDoes, error: Exception, failure_type: str, words: str
) -> None:
    bake_does(error)
    entry.handler(job(), Context())
    ((kind, result),) = pipeline.answers
    assert kind == "failure"
    assert result["failureDetails"]["type"] == failure_type
    assert words in result["failureDetails"]["message"]


@pytest.mark.parametrize(
    "error",
    [
        refusal("RequestLimitExceeded"),
        refusal("ThrottlingException"),
        refusal("SnapshotCreationPerVolumeRateExceeded"),
        refusal("InternalError", status=500),
        refusal("Unavailable", status=503),
        ConnectTimeoutError(endpoint_url="https://ec2"),
        ReadTimeoutError(endpoint_url="https://ec2"),
    ],
    ids=str,
)
def test_when_aws_is_busy_the_pipeline_asks_again_with_what_it_knew(
    pipeline: Pipeline, bake_does: BakeDoes, error: Exception
) -> None:
    bake_does(error)
    entry.handler(job(token=HINT), Context())
    ((kind, result),) = pipeline.answers
    assert kind == "success"
    assert result["continuationToken"] == HINT
    assert "Trying again" in result["executionDetails"]["summary"]


def test_what_cannot_be_seen_yet_is_looked_for_a_few_times(
    pipeline: Pipeline, bake_does: BakeDoes
) -> None:
    bake_does(Unsettled("not there"))
    token = None
    for _ in range(4):
        entry.handler(job(token=token), Context())
        token = pipeline.answers[-1][1].get("continuationToken")
    assert [kind for kind, _ in pipeline.answers] == ["success"] * 3 + ["failure"]
    assert pipeline.answers[-1][1]["failureDetails"]["message"] == "not there"


def test_retention_that_takes_too_long_does_not_undo_the_bake(
    pipeline: Pipeline, bake_does: BakeDoes, monkeypatch: pytest.MonkeyPatch
) -> None:
    bake_does(Succeed("done", "ami-1", {"ImageId": "ami-1", "LaunchTemplateVersion": "7"}))
    monkeypatch.setattr(answering, "clean", lambda *_: time.sleep(30))
    entry.handler(job(), Context(milliseconds=10_050))
    ((kind, result),) = pipeline.answers
    assert kind == "success"
    assert "Not cleaned: it took more than" in result["executionDetails"]["summary"]
    assert result["outputVariables"] == {"ImageId": "ami-1", "LaunchTemplateVersion": "7"}


def test_an_answer_is_given_again_while_aws_is_busy(
    pipeline: Pipeline, bake_does: BakeDoes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answering, "_ANSWER_AGAIN_AFTER", 0.01)
    errors = [refusal("ThrottlingException"), ReadTimeoutError(endpoint_url="https://codepipeline")]
    put = pipeline.put_job_success_result

    def busy(**result: Any) -> None:
        if errors:
            raise errors.pop()
        put(**result)

    monkeypatch.setattr(pipeline, "put_job_success_result", busy)
    bake_does(Succeed("done"))
    entry.handler(job(), Context())
    assert [kind for kind, _ in pipeline.answers] == ["success"]


def test_a_first_invocation_that_meets_a_busy_aws_is_continued_too(
    pipeline: Pipeline, bake_does: BakeDoes
) -> None:
    bake_does(refusal("Throttling"))
    entry.handler(job(), Context())
    assert pipeline.answers[0][1]["continuationToken"]


def test_a_step_that_takes_too_long_is_continued_before_the_function_times_out(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    def hang(*_: object) -> None:
        try:
            time.sleep(30)
        except Exception as error:  # as botocore does around a request
            raise AssertionError("the interruption was taken for a failed request") from error

    monkeypatch.setattr(answering, "bake", hang)
    entry.handler(job(token=HINT), Context(milliseconds=10_050))
    ((kind, result),) = pipeline.answers
    assert (kind, result["continuationToken"]) == ("success", HINT)
    assert "took more than" in result["executionDetails"]["summary"]


def test_texts_are_cut_to_the_apis_limits(pipeline: Pipeline, bake_does: BakeDoes) -> None:
    bake_does(Succeed("x" * 10_000))
    entry.handler(job(), Context())
    bake_does(BakeError("x" * 10_000))
    entry.handler(job(), Context())
    success, failure = (result for _, result in pipeline.answers)
    assert len(success["executionDetails"]["summary"]) == 2048
    assert len(failure["failureDetails"]["message"]) == 5000


def test_a_wrong_environment_is_answered_by_name(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LAUNCH_TEMPLATE_ID")
    entry.handler(job(), Context())
    ((_, result),) = pipeline.answers
    assert result["failureDetails"]["type"] == "ConfigurationError"
    assert "LAUNCH_TEMPLATE_ID" in result["failureDetails"]["message"]


def test_wrong_user_parameters_are_answered_by_name(pipeline: Pipeline) -> None:
    entry.handler(job(unknown="x"), Context())
    ((_, result),) = pipeline.answers
    assert result["failureDetails"]["type"] == "ConfigurationError"
    assert "unknown" in result["failureDetails"]["message"]


@pytest.mark.parametrize("code", ["JobNotFoundException", "InvalidJobStateException"])
def test_an_answer_that_comes_too_late_is_let_go(
    bake_does: BakeDoes, pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    monkeypatch.setattr(entry, "_aws", Pipeline(refuse_success=code))
    bake_does(Succeed("done"))
    entry.handler(job(), Context())


def test_an_answer_that_is_not_taken_becomes_a_failure(
    bake_does: BakeDoes, pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    strict = Pipeline(refuse_success="ValidationException")
    monkeypatch.setattr(entry, "_aws", strict)
    bake_does(Succeed("done"))
    entry.handler(job(), Context())
    ((kind, result),) = strict.answers
    assert kind == "failure"
    assert "did not take the answer" in result["failureDetails"]["message"]


def test_a_failure_that_cannot_be_told_is_an_error_of_the_function(
    bake_does: BakeDoes, pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entry, "_aws", Pipeline(refuse_failure="ValidationException"))
    bake_does(BakeError("no"))
    with pytest.raises(ClientError):
        entry.handler(job(), Context())


@pytest.mark.parametrize("event", [{}, {"job": {}}])
def test_an_event_that_is_not_known_is_refused(pipeline: Pipeline, event: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="this function takes"):
        entry.handler(event, Context())
    assert not pipeline.answers
