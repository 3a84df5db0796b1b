"""What an event asks for, other than a job (`test_answering`)."""

from __future__ import annotations

from typing import Any

import pytest

from baker import entry
from baker.errors import ConfigurationError
from baker.runtime import Runtime
from unit.baker.account import Account
from unit.baker.samples import ENVIRONMENT


class Context:
    aws_request_id = "r-1"

    def get_remaining_time_in_millis(self) -> int:
        return 60_000


def handled(event: dict[str, Any], answers: dict[str, Any], **runtime: Any) -> Any:
    aws: Any = Account(answers)
    return entry.handle(Runtime(aws, **{"environment": ENVIRONMENT, **runtime}), event, Context())


def test_an_undo_is_given_its_request() -> None:
    with pytest.raises(ConfigurationError, match="'images'"):
        handled({"undo": {"images": "ami-1"}}, {})


def test_instances_return_to_service() -> None:
    answers = {"instances.filtered": []}
    assert handled({"return_to_service": {}}, answers) == {"waiting": []}


def test_terraform_is_told_what_was_done() -> None:
    event = {"tf": {"action": "create"}, "delete_images_on_destroy": False}
    assert handled(event, {}) == {"summary": "No image was removed."}


def test_terraform_destroys_a_function_whose_settings_are_wrong() -> None:
    event = {"tf": {"action": "delete"}, "delete_images_on_destroy": False}
    assert handled(event, {}, environment={}) == {"summary": "No image was removed."}


@pytest.mark.parametrize(
    "event",
    [
        {"undo": {}},
        {"return_to_service": {}},
        {"tf": {"action": "delete"}, "delete_images_on_destroy": True},
    ],
)
def test_a_missing_setting_is_an_error_of_the_call(event: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError, match="PIPELINE_NAME"):
        handled(event, {}, environment={})


def test_lambda_calls_the_handler() -> None:
    with pytest.raises(ValueError, match="The function accepts"):
        entry.handler({}, Context())
