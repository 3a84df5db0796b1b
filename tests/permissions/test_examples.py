"""checkov on the plan of every example: none fails, and what is skipped has a reason beside it."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from local_aws.client import LocalAws
from shared_provider import SharedProvider
from support.stack import REPOSITORY
from toolchain import CHECKOV

EXAMPLES = sorted(path.parent for path in REPOSITORY.glob("examples/*/versions.tf"))
SKIP = re.compile(r"checkov:skip=(\w+):?(.*)")


def run(command: list[str | Path], folder: Path, env: dict[str, str]) -> str:
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True)
    # checkov ends with 1 when a check failed.
    assert done.returncode == 0 or command[0] == CHECKOV / "bin" / "checkov", done.stderr
    return done.stdout


def checked(aws: LocalAws, example: Path, folder: Path) -> dict[str, Any]:
    """checkov's report on a plan of an example.

    It looks for comments beside a resource of the same address, wherever that is in the folder, so
    nothing else may be there.
    """
    for path in REPOSITORY.glob("*.tf"):
        shutil.copy(path, folder)
    for shared in (Path("modules"), example.relative_to(REPOSITORY)):
        hidden = shutil.ignore_patterns(".terraform*", "*.tfstate*")
        shutil.copytree(REPOSITORY / shared, folder / shared, ignore=hidden)
    env = {**os.environ, **aws.env}
    workspace = folder / example.relative_to(REPOSITORY)
    run(["terraform", "init", "-input=false"], workspace, env)
    plan = folder / "plan.json"
    with SharedProvider(workspace / ".terraform", workspace, env) as provider:
        with_provider = {**env, **provider.env}
        run(["terraform", "plan", "-input=false", "-out=plan"], workspace, with_provider)
        plan.write_text(run(["terraform", "show", "-json", "plan"], workspace, with_provider))
    command: list[str | Path] = [
        CHECKOV / "bin" / "checkov",
        "--file",
        plan,
        "--framework=terraform_plan",
        "--repo-root-for-plan-enrichment",
        folder,
        "--output=json",
        "--skip-download",
    ]
    report: dict[str, Any] = json.loads(run(command, folder, env))
    return report


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.name)
def test_no_check_fails(aws: LocalAws, example: Path, tmp_path: Path) -> None:
    report = checked(aws, example, tmp_path)
    failed = [
        f"{check['check_id']} {check['resource']}: {check['check_name']}"
        for check in report["results"]["failed_checks"]
    ]
    assert not failed, "\n".join(failed)
    assert report["summary"]["passed"] > 200
    assert report["summary"]["parsing_errors"] == 0


def test_what_is_skipped_says_why() -> None:
    skips = [
        (path, *SKIP.findall(line)[0])
        for folder in ("modules", "examples")
        for path in REPOSITORY.glob(f"{folder}/**/*.tf")
        for line in path.read_text().splitlines()
        if "checkov:skip" in line
    ]
    assert skips
    assert [skip for skip in skips if len(skip[2].strip()) < 10] == []
