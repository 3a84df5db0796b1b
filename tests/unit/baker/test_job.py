from __future__ import annotations

from typing import Any

import pytest

from baker.errors import ConfigurationError
from baker.model.job import ContinuationToken, Job
from support.job_events import CREDENTIALS, EXECUTION, a_job


def test_the_first_invocation_knows_execution_and_revision() -> None:
    job = Job.from_event(a_job({"execution": EXECUTION, "revision": "8f2c1d"}))
    assert job == Job("job-1", EXECUTION, "8f2c1d", ContinuationToken())


def test_a_later_invocation_knows_what_an_earlier_one_told_it() -> None:
    token = ContinuationToken("ami-1", "command-1", "i-1", 2)
    told = Job.from_event(a_job({"execution": EXECUTION, "revision": "8f2c1d"}, token.text()))
    assert told.token == token


def test_a_token_may_say_nothing() -> None:
    told = Job.from_event(
        a_job({"execution": EXECUTION, "revision": "8f2c1d"}, ContinuationToken().text())
    )
    assert told.token == ContinuationToken()


def test_the_longest_token_is_within_codepipelines_limit() -> None:
    longest = ContinuationToken("ami-" + "0" * 17, "c" * 36, "i-" + "0" * 17, 10**6)
    assert len(longest.text()) <= 2048


def test_credentials_stay_in_the_event() -> None:
    job = Job.from_event(a_job({"execution": EXECUTION, "revision": "8f2c1d"}))
    assert all(value not in repr(job) for value in CREDENTIALS.values())


def test_an_s3_object_version_is_a_revision() -> None:
    version = "L4kqtJlcpXroDTDmpUMLUo.nB_-x"
    assert Job.from_event(a_job({"execution": EXECUTION, "revision": version})).revision == version


@pytest.mark.parametrize(
    ("parameters", "complaint"),
    [
        ("", "must be a JSON object"),
        ("not json", "must be a JSON object .*'not json'"),
        ('["a"]', "must be a JSON object"),
        ({"execution": EXECUTION, "revision": "1", "imgae": "x"}, "unknown keys: imgae"),
        ({"revision": "1"}, "execution .* is None"),
        ({"execution": EXECUTION}, "revision .* is None"),
        ({"execution": "tomorrow", "revision": "1"}, "execution .* is 'tomorrow'"),
        ({"execution": EXECUTION, "revision": ""}, "revision .* is ''"),
        (
            {"execution": EXECUTION, "revision": "#{SourceVariables.CommitId}"},
            "revision .*SourceVariables.CommitId}', which is not a valid revision",
        ),
        ({"execution": EXECUTION, "revision": "x" * 257}, "which is not a valid revision"),
    ],
)
def test_wrong_user_parameters_are_refused_by_name(parameters: Any, complaint: str) -> None:
    with pytest.raises(ConfigurationError, match=complaint):
        Job.from_event(a_job(parameters))


def test_missing_user_parameters_are_refused() -> None:
    job = {"id": "job-1", "data": {"actionConfiguration": {"configuration": {}}}}
    with pytest.raises(ConfigurationError, match="UserParameters must be a JSON object"):
        Job.from_event(job)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("no json", ContinuationToken()),
        ({"not": "a text"}, ContinuationToken()),
        ("[1]", ContinuationToken()),
        ('{"image_id": "ami-1", "of_another_version": 1}', ContinuationToken(image_id="ami-1")),
        (
            '{"image_id": 5, "attempts": "many", "command_id": "c-1"}',
            ContinuationToken(None, "c-1"),
        ),
    ],
)
def test_a_token_of_another_version_is_read_as_far_as_it_is_known(
    text: Any, read: ContinuationToken
) -> None:
    assert ContinuationToken.from_text(text) == read


@pytest.mark.parametrize("data", [{}, {"actionConfiguration": None}, {"actionConfiguration": []}])
def test_an_action_of_an_unknown_shape_is_refused(data: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError, match="no action configuration"):
        Job.from_event({"id": "job-1", "data": data})
