"""The driver of a service."""

from __future__ import annotations

import datetime
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest

from service import Application, Service, Stage, eventually
from service.driver import stage_of

NOW = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)


def action(status: str, **more: Any) -> dict[str, Any]:
    times = {"startTime": NOW, "lastUpdateTime": NOW + datetime.timedelta(seconds=5)}
    return {"stageName": "Deploy", "actionName": "Deploy", "status": status, **times, **more}


def test_a_stage_shows_its_time_and_what_its_action_says() -> None:
    result = {"executionResult": {"externalExecutionSummary": "Deployment succeeded"}}

    stage = stage_of(action("Succeeded", output=result))

    assert stage == Stage("Deploy", "Succeeded", 5, "Deployment succeeded")


def test_a_failed_stage_shows_the_error() -> None:
    result = {"executionResult": {"errorDetails": {"message": "no healthy instance"}}}

    assert stage_of(action("Failed", output=result)).summary == "no healthy instance"


class Pipeline:
    """CodePipeline's client, for an execution that fails in its second stage at the third look."""

    def __init__(self) -> None:
        self.looks = 0

    def get_pipeline(self, **_: Any) -> Any:
        return {"pipeline": {"stages": [{"name": "Source"}, {"name": "Deploy"}, {"name": "Last"}]}}

    def get_pipeline_execution(self, **_: Any) -> Any:
        self.looks += 1
        return {"pipelineExecution": {"status": "Failed" if self.looks > 2 else "InProgress"}}

    def list_action_executions(self, **_: Any) -> Any:
        return {"actionExecutionDetails": [action("Failed" if self.looks > 2 else "InProgress")]}


def a_service(tmp_path: Path, patience: float = 60) -> Service:
    pipeline = Pipeline()
    application = Application(tmp_path, tmp_path, {})
    return Service(
        lambda _: pipeline, {"pipeline_name": "shop"}, application, patience, poll_seconds=0
    )


def test_stages_are_followed_until_the_execution_has_ended(tmp_path: Path) -> None:
    followed = [[stage.status for stage in stages] for stages in a_service(tmp_path).follow("e-1")]

    assert followed == [["", "InProgress", ""]] * 2 + [["", "Failed", ""]]


def test_an_execution_that_does_not_end_is_not_followed_for_ever(tmp_path: Path) -> None:
    with pytest.raises(TimeoutError, match="execution e-1 is still InProgress"):
        list(a_service(tmp_path, patience=-1).follow("e-1"))


def test_a_wait_ends_with_what_was_waited_for() -> None:
    found = iter([None, [], "an instance"])

    assert eventually(lambda: next(found), "an instance", poll_seconds=0) == "an instance"


def test_a_wait_in_vain_names_what_did_not_come() -> None:
    with pytest.raises(TimeoutError, match="for an instance"):
        eventually(lambda: None, "an instance", patience=-1)


def test_an_archive_is_the_sample_with_another_version(tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "VERSION").write_text("1")
    (tmp_path / "appspec.yml").write_text("version: 0.0")

    archive = Application(tmp_path, tmp_path, {}).archive("2")

    with zipfile.ZipFile(io.BytesIO(archive)) as zipped:
        assert {name: zipped.read(name) for name in zipped.namelist()} == {
            "appspec.yml": b"version: 0.0",
            "src/VERSION": b"2\n",
        }


def test_a_git_command_that_fails_says_why(tmp_path: Path) -> None:
    sample = tmp_path / "sample"
    (sample / "src").mkdir(parents=True)
    remote = str(tmp_path / "nowhere")
    application = Application(sample, tmp_path / "clone", {"PATH": "/usr/bin:/bin"}, remote)

    with pytest.raises(RuntimeError, match="git push .* failed: .*nowhere"):
        application.push("1")
