"""Whatever happens inside, CodePipeline gets one answer within its limits."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError, ReadTimeoutError

from baker import entry
from baker.aws import Aws
from baker.bake import Step
from baker.errors import BakeError, ConfigurationError, NotYetVisible
from baker.model.answer import Answer, ContinuationToken, Continue, Promotion, Succeed
from baker.runtime import Runtime
from baker.steps.clean_up import clean_up
from baker.steps.state import Bake
from support.job_events import EXECUTION, a_job
from unit.baker.samples import ENVIRONMENT

PROMOTION = Promotion("ami-1", "lt-1", 7)
VARIABLES = {"ImageId": "ami-1", "LaunchTemplateVersion": "7"}
# "Error codes for the Amazon EC2 API", of the requests that a bake makes: those whose description
# says to wait or to try again, and the server errors; then what other services throttle with.
RETRIED = [
    "ConcurrentCreateImageNoRebootLimitExceeded",
    "ConcurrentSnapshotLimitExceeded",
    "ConcurrentTagAccess",
    "InternalError",
    "InternalFailure",
    "PendingSnapshotLimitExceeded",
    "RequestLimitExceeded",
    "RetryableError",
    "ServerInternal",
    "ServiceUnavailable",
    "SnapshotCreationPerVolumeRateExceeded",
    "Unavailable",
    "EC2ThrottledException",
    "RequestThrottled",
    "RequestTimeout",
    "ResourceContention",
    "ScalingActivityInProgress",
    "Throttling",
    "ThrottlingException",
    "TooManyRequestsException",
]

TOKEN = ContinuationToken(command_id="c-1").text()


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
def pipeline() -> Pipeline:
    return Pipeline()


def invoke(
    pipeline: Pipeline,
    *outcomes: Answer | Exception | Callable[[Bake], Any],
    event: dict[str, Any] | None = None,
    milliseconds: int = 60_000,
    **runtime: Any,
) -> Any:
    """Run the function with steps that have these outcomes."""
    aws = Aws()
    aws.clients.codepipeline = pipeline  # type: ignore[assignment]
    steps = [Step(a_step(outcome)) for outcome in outcomes]
    usual: dict[str, Any] = {
        "environment": ENVIRONMENT,
        "steps": lambda _: steps,
        "sleep": lambda _: None,
    }
    function = Runtime(aws, **{**usual, **runtime})
    return entry.handle(function, job() if event is None else event, Context(milliseconds))


def a_step(outcome: Any) -> Callable[[Bake], Any]:
    def step(_: Bake) -> Answer:
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    return outcome if callable(outcome) else step


def test_a_finished_bake_gives_its_variables_to_the_pipeline(pipeline: Pipeline) -> None:
    invoke(pipeline, Succeed("done", PROMOTION))
    details = {"summary": "done", "externalExecutionId": "ami-1"}
    assert pipeline.answers == [
        (
            "success",
            {"jobId": "job-1", "executionDetails": details, "outputVariables": VARIABLES},
        )
    ]


def test_an_unfinished_bake_is_continued(pipeline: Pipeline) -> None:
    invoke(pipeline, Continue("waiting", ContinuationToken(command_id="c-1")))
    details = {"summary": "waiting"}
    assert pipeline.answers == [
        ("success", {"jobId": "job-1", "executionDetails": details, "continuationToken": TOKEN})
    ]


def test_the_steps_run_in_order_until_one_answers(pipeline: Pipeline) -> None:
    ran: list[str] = []
    nothing = [lambda _, name=name: ran.append(name) for name in ("first", "second")]
    invoke(pipeline, *nothing, Succeed("done"), lambda _: ran.append("never"))
    assert ran == ["first", "second"]
    assert pipeline.answers[0][1]["executionDetails"]["summary"] == "done"


def test_a_step_without_anything_to_do_is_skipped(pipeline: Pipeline) -> None:
    steps = [
        Step(a_step(Succeed("never")), when=lambda bake: bake.image is not None),
        Step(a_step(Succeed("done")), when=lambda bake: bake.image is None),
    ]
    invoke(pipeline, steps=lambda _: steps)
    assert pipeline.answers[0][1]["executionDetails"]["summary"] == "done"


@pytest.mark.parametrize("final", [Succeed("done"), BakeError("failed")])
def test_a_final_answer_waits_for_the_steps_that_always_run(
    pipeline: Pipeline, final: Answer | Exception
) -> None:
    waiting = [Continue("returning", ContinuationToken("ami-1"))]
    always = Step(lambda _: waiting.pop() if waiting else None, even_when_over=True)
    steps = [Step(a_step(final)), Step(a_step(Succeed("never"))), always]
    for _ in range(2):
        invoke(pipeline, steps=lambda _: steps)
    (_, first), (kind, last) = pipeline.answers
    assert first["continuationToken"] == ContinuationToken("ami-1").text()
    told = last["executionDetails"]["summary"] if kind == "success" else last["failureDetails"]
    assert "never" not in str(told)


@pytest.mark.parametrize(
    ("error", "failure_type", "words"),
    [
        (BakeError("no instance"), "JobFailed", "no instance"),
        (ConfigurationError("wrong group"), "ConfigurationError", "wrong group"),
        (refusal("UnauthorizedOperation"), "PermissionError", "lacks a permission"),
        (refusal("AccessDeniedException"), "PermissionError", "lacks a permission"),
        (refusal("InvalidParameterValue"), "JobFailed", "AWS refused a request of the bake"),
        (KeyError("Images"), "JobFailed", "Unexpected error: KeyError: 'Images'"),
    ],
)
def test_an_error_is_answered_in_words(
    pipeline: Pipeline, error: Exception, failure_type: str, words: str
) -> None:
    invoke(pipeline, error)
    ((kind, result),) = pipeline.answers
    assert kind == "failure"
    assert result["failureDetails"]["type"] == failure_type
    assert words in result["failureDetails"]["message"]


@pytest.mark.parametrize(
    "error",
    [
        *map(refusal, RETRIED),
        refusal("NeverHeardOf", status=500),
        refusal("NeverHeardOf", status=503),
        ConnectTimeoutError(endpoint_url="https://ec2"),
        ReadTimeoutError(endpoint_url="https://ec2"),
    ],
    ids=str,
)
def test_a_transient_error_continues_the_bake_with_the_same_token(
    pipeline: Pipeline, error: Exception
) -> None:
    invoke(pipeline, error, event=job(token=TOKEN))
    ((kind, result),) = pipeline.answers
    assert kind == "success"
    assert result["continuationToken"] == TOKEN
    assert "Retrying" in result["executionDetails"]["summary"]


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (NotYetVisible("not there"), "not there"),
        (refusal("InvalidAMIID.NotFound"), "InvalidAMIID.NotFound"),
        (refusal("IncorrectInstanceState"), "IncorrectInstanceState"),
        (refusal("IncorrectState"), "IncorrectState"),
    ],
    ids=str,
)
def test_what_is_not_visible_yet_is_checked_a_few_times(
    pipeline: Pipeline, error: Exception, words: str
) -> None:
    token = None
    for _ in range(4):
        invoke(pipeline, error, event=job(token=token))
        token = pipeline.answers[-1][1].get("continuationToken")
    assert [kind for kind, _ in pipeline.answers] == ["success"] * 3 + ["failure"]
    message = pipeline.answers[-1][1]["failureDetails"]["message"]
    assert message == words if isinstance(error, NotYetVisible) else words in message


def test_a_cleanup_that_takes_too_long_does_not_undo_the_bake(pipeline: Pipeline) -> None:
    def promoted(bake: Bake) -> None:
        bake.promotion = PROMOTION
        bake.aws.images.of_pipeline = lambda _: time.sleep(30)  # type: ignore[method-assign]

    invoke(pipeline, promoted, clean_up, milliseconds=10_050)
    ((kind, result),) = pipeline.answers
    assert kind == "success"
    told = result["executionDetails"]["summary"]
    assert "Cleanup skipped: the function's time was nearly over." in told
    assert result["outputVariables"] == VARIABLES


def test_an_answer_is_given_again_while_aws_is_not_available(pipeline: Pipeline) -> None:
    errors = [refusal("ThrottlingException"), ReadTimeoutError(endpoint_url="https://codepipeline")]
    waits: list[float] = []

    class Busy(Pipeline):
        def put_job_success_result(self, **result: Any) -> None:
            if errors:
                raise errors.pop()
            super().put_job_success_result(**result)

    busy = Busy()
    invoke(busy, Succeed("done"), sleep=waits.append)
    assert [kind for kind, _ in busy.answers] == ["success"]
    assert len(waits) == 2


def test_an_answer_is_not_given_again_when_the_time_is_over(pipeline: Pipeline) -> None:
    with pytest.raises(ClientError, match="ThrottlingException"):
        invoke(Pipeline(refuse_success="ThrottlingException"), Succeed("done"), milliseconds=1_000)


def test_a_first_invocation_that_is_throttled_is_continued_too(pipeline: Pipeline) -> None:
    invoke(pipeline, refusal("Throttling"))
    assert pipeline.answers[0][1]["continuationToken"]


def test_a_step_that_takes_too_long_is_continued_before_the_function_times_out(
    pipeline: Pipeline,
) -> None:
    def hang(_: Bake) -> None:
        try:
            time.sleep(30)
        except Exception as error:  # as botocore does around a request
            raise AssertionError("the interruption was taken for a failed request") from error

    invoke(pipeline, hang, event=job(token=TOKEN), milliseconds=10_050)
    ((kind, result),) = pipeline.answers
    assert (kind, result["continuationToken"]) == ("success", TOKEN)
    assert "took more than 0 seconds" in result["executionDetails"]["summary"]


def test_texts_are_cut_to_the_apis_limits(pipeline: Pipeline) -> None:
    invoke(pipeline, Succeed("x" * 10_000))
    invoke(pipeline, BakeError("x" * 10_000))
    success, failure = (result for _, result in pipeline.answers)
    assert len(success["executionDetails"]["summary"]) == 2048
    assert len(failure["failureDetails"]["message"]) == 5000


def test_a_wrong_environment_is_answered_by_name(pipeline: Pipeline) -> None:
    lacking = {name: text for name, text in ENVIRONMENT.items() if name != "LAUNCH_TEMPLATE_ID"}
    invoke(pipeline, environment=lacking)
    ((_, result),) = pipeline.answers
    assert result["failureDetails"]["type"] == "ConfigurationError"
    assert "LAUNCH_TEMPLATE_ID" in result["failureDetails"]["message"]


def test_wrong_user_parameters_are_answered_by_name(pipeline: Pipeline) -> None:
    invoke(pipeline, event=job(unknown="x"))
    ((_, result),) = pipeline.answers
    assert result["failureDetails"]["type"] == "ConfigurationError"
    assert "unknown" in result["failureDetails"]["message"]


@pytest.mark.parametrize(
    "unknown", [{"id": "job-1"}, {"id": "job-1", "data": []}, {"id": "job-1", "data": {"new": 1}}]
)
def test_a_job_of_an_unknown_shape_is_answered(pipeline: Pipeline, unknown: dict[str, Any]) -> None:
    invoke(pipeline, Succeed("never"), event={"CodePipeline.job": unknown})
    assert [kind for kind, _ in pipeline.answers] == ["failure"]


def test_user_parameters_that_are_no_text_are_answered(pipeline: Pipeline) -> None:
    event = job()
    configuration = event["CodePipeline.job"]["data"]["actionConfiguration"]["configuration"]
    configuration["UserParameters"] = {"execution": EXECUTION}
    invoke(pipeline, Succeed("never"), event=event)
    assert [kind for kind, _ in pipeline.answers] == ["failure"]


@pytest.mark.parametrize(
    ("response", "kind"),
    [
        ({"ResponseMetadata": {"HTTPStatusCode": 503}}, "success"),
        ({"Error": {}, "ResponseMetadata": {"HTTPStatusCode": 503}}, "success"),
        ({"ResponseMetadata": {"HTTPStatusCode": 400}}, "failure"),
        ({}, "failure"),
    ],
)
def test_an_error_without_a_code_is_answered_by_its_status(
    pipeline: Pipeline, response: Any, kind: str
) -> None:
    """As botocore reads an EC2 error whose body is ``<Response/>``."""
    invoke(pipeline, ClientError(response, "DescribeImages"))
    ((given, result),) = pipeline.answers
    assert given == kind
    assert "KeyError" not in str(result)


def test_what_must_run_runs_even_after_a_condition_that_fails(pipeline: Pipeline) -> None:
    ran = []

    def fails(_: Bake) -> bool:
        raise LookupError("no such thing")

    steps = [Step(a_step(Succeed("never")), when=fails), Step(ran.append, even_when_over=True)]
    invoke(pipeline, steps=lambda _: steps)
    assert len(ran) == 1
    assert [kind for kind, _ in pipeline.answers] == ["failure"]


def test_steps_that_end_without_an_answer_are_answered(pipeline: Pipeline) -> None:
    invoke(pipeline, lambda _: None)
    ((kind, result),) = pipeline.answers
    assert kind == "failure"
    assert "Unexpected error" in result["failureDetails"]["message"]


def test_a_token_of_another_version_of_the_function_is_answered(pipeline: Pipeline) -> None:
    invoke(pipeline, refusal("Throttling"), event=job(token='{"of_another_version": true}'))
    assert [kind for kind, _ in pipeline.answers] == ["success"]


@pytest.mark.parametrize("code", ["JobNotFoundException", "InvalidJobStateException"])
def test_an_answer_that_comes_too_late_is_dropped(code: str) -> None:
    invoke(Pipeline(refuse_success=code), Succeed("done"))


def test_an_answer_that_is_refused_becomes_a_failure() -> None:
    strict = Pipeline(refuse_success="ValidationException")
    invoke(strict, Succeed("done"))
    ((kind, result),) = strict.answers
    assert kind == "failure"
    assert "refused the answer" in result["failureDetails"]["message"]


def test_a_failure_that_is_refused_is_an_error_of_the_function() -> None:
    with pytest.raises(ClientError):
        invoke(Pipeline(refuse_failure="ValidationException"), BakeError("no"))


@pytest.mark.parametrize("event", [{}, {"job": {}}, {"nothing": 1}])
def test_an_unknown_event_is_refused(pipeline: Pipeline, event: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="The function accepts"):
        invoke(pipeline, event=event)
    assert not pipeline.answers
