"""The demo's own logic; `make demo` itself is the test of the rest."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from demo import kept, pictures
from demo.errors import DemoError
from demo.screen import Screen
from demo.story import check_succeeded, expect
from demo.terraform import Progress, Workspace
from demo.views import Instance, LaunchTemplateVersion, version_in
from service import Application, Service, Stage


def event(kind: str, address: str = "aws_vpc.this", action: str = "create") -> dict[str, Any]:
    hook = {"resource": {"addr": address}, "action": action, "elapsed_seconds": 3}
    return {"type": kind, "hook": hook}


def summary(operation: str, add: int, remove: int = 0) -> dict[str, Any]:
    changes = {"operation": operation, "add": add, "change": 0, "remove": remove}
    return {"type": "change_summary", "changes": changes}


def test_progress_counts_what_the_plan_announced() -> None:
    progress = Progress()

    assert progress.follow(summary("plan", add=2)) == "2 resources to change"
    assert progress.follow(event("apply_start")) == ""
    assert [address for address, _ in progress.slowest()] == ["aws_vpc.this"]
    assert progress.follow(event("apply_complete")) == "  1/2 aws_vpc.this (3 s)"
    assert (progress.done, progress.total, progress.slowest()) == (1, 2, [])


def test_progress_does_not_count_what_is_only_read() -> None:
    progress = Progress()
    progress.follow(event("apply_start", "data.aws_ami.this", "read"))
    progress.follow(event("apply_complete", "data.aws_ami.this", "read"))

    assert (progress.done, progress.slowest()) == (0, [])


def workspace(tmp_path: Path, script: str) -> Workspace:
    """A workspace in which `terraform` is a shell script."""
    terraform = tmp_path / "terraform"
    terraform.write_text(f"#!/bin/sh\n{script}\n")
    terraform.chmod(0o755)
    return Workspace(tmp_path, {"PATH": f"{tmp_path}:/usr/bin:/bin"})


def test_a_failed_apply_says_what_terraform_said(tmp_path: Path) -> None:
    script = (
        """echo '{"type":"diagnostic","@level":"error","diagnostic":{"address":"aws_vpc.this","""
        """"summary":"no VPC","detail":"quota"}}'; exit 1"""
    )
    failing = workspace(tmp_path, script)

    with pytest.raises(DemoError, match="terraform apply failed:\naws_vpc.this no VPC quota"):
        list(failing.apply())


@pytest.mark.parametrize(
    ("script", "changes"),
    [
        ("echo 'No changes.'", ""),
        (
            "echo Reading...; echo 'Terraform will perform the following actions: ~ image_id';"
            " exit 2",
            "Terraform will perform the following actions: ~ image_id\n",
        ),
    ],
)
def test_a_plan_is_empty_or_says_what_would_change(
    tmp_path: Path, script: str, changes: str
) -> None:
    planning = workspace(tmp_path, script)

    assert planning.planned_changes() == changes


class FailedPipeline:
    """CodePipeline's client, for an execution that failed."""

    def get_pipeline_execution(self, **_: Any) -> Any:
        return {"pipelineExecution": {"status": "Failed"}}

    def list_action_executions(self, **_: Any) -> Any:
        result = {"executionResult": {"errorDetails": {"message": "scripts/start failed"}}}
        return {"actionExecutionDetails": [{"output": result}]}


def test_a_failed_execution_ends_the_demo_in_the_pipelines_words(tmp_path: Path) -> None:
    service = Service(
        lambda _: FailedPipeline(),
        {"pipeline_name": "shop"},
        Application(tmp_path, tmp_path, {}),
    )

    with pytest.raises(DemoError, match="e-1 ended Failed: scripts/start failed"):
        check_succeeded(service, "e-1")


def test_what_differs_from_the_promise_is_named() -> None:
    expect("the image", "ami-1", "ami-1")
    with pytest.raises(DemoError, match="the image is 'ami-1', and should be 'ami-2'"):
        expect("the image", "ami-1", "ami-2")


def test_the_version_of_a_disk_without_the_application_is_none() -> None:
    assert version_in({}) == "none"
    assert version_in({"/var/www/html/VERSION": "2.0.0\n"}) == "2.0.0"


def test_a_log_file_gets_lines_with_the_time_and_no_control_characters(
    capsys: pytest.CaptureFixture[str],
) -> None:
    screen = Screen()
    with screen.live(lambda: "a picture that changes"):
        screen.chapter("Apply")
        screen.change("1/2 aws_vpc.this")
        screen.proven("it is there")

    lines = capsys.readouterr().out.splitlines()
    assert [line[8:] for line in lines if line] == [
        "  == Apply",
        "  1/2 aws_vpc.this",
        "  ✓ it is there",
    ]
    assert not any("\x1b" in line for line in lines)


def test_the_pictures_show_what_they_are_given() -> None:
    before = LaunchTemplateVersion(1, "ami-1", {"InstanceType": "t3.micro", "Monitoring": {}})
    after = LaunchTemplateVersion(2, "ami-2", {"InstanceType": "t3.micro", "Monitoring": {}})
    instance = Instance("i-1", "InService", 2, "ami-2", "2.0.0")
    out = Console(file=io.StringIO(), width=120)

    out.print(pictures.template_picture("lt-1", before, after))
    out.print(pictures.instances_picture([instance], new="i-1"))
    out.print(pictures.stages_picture([Stage("Source", "Succeeded", 1.5, "abc"), Stage("Deploy")]))
    out.print(pictures.apply_picture(Progress(total=3, done=1), 75))

    text = out.file.getvalue()  # type: ignore[attr-defined]
    for shown in ("ami-1", "ami-2", "t3.micro", "i-1 (new)", "2.0.0", "1.5 s", "1/3", "1 min 15 s"):
        assert shown in text


def test_a_demo_that_no_longer_answers_is_not_running(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "RUNNING", tmp_path / "running.json")
    assert not kept.is_running()
    kept.RUNNING.write_text('{"endpoint": "http://127.0.0.1:9", "process": 1}')
    assert not kept.is_running()
