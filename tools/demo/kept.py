"""The demo's files, and a demo that was left running."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import signal
from contextlib import suppress
from typing import Any

from local_aws.client import LocalAws
from toolchain import ROOT

FOLDER = ROOT / ".demo"
REPOSITORY = FOLDER / "repository"
APPLICATION = FOLDER / "application"
AWS = FOLDER / "aws"
LOG = FOLDER / "local-aws.log"
RUNNING = FOLDER / "running.json"
ENVIRONMENT = FOLDER / "environment"


def clear() -> None:
    remove()
    FOLDER.mkdir()


def remove() -> None:
    shutil.rmtree(FOLDER, ignore_errors=True)


def stop(aws: LocalAws) -> None:
    """Stop the local AWS; its log is all that stays."""
    with suppress(OSError):
        shutil.copy(AWS / "server.log", LOG)
    aws.stop()
    for folder in (REPOSITORY, APPLICATION):
        shutil.rmtree(folder, ignore_errors=True)


def remember(aws: LocalAws, environment: dict[str, str]) -> None:
    """Note what is needed to look at it and to take it down."""
    assert aws.process
    RUNNING.write_text(json.dumps({"endpoint": aws.endpoint, "process": aws.process.pid}))
    shown = {**aws.env, "TF_CLI_CONFIG_FILE": environment["TF_CLI_CONFIG_FILE"]}
    lines = [f"export {name}={shlex.quote(value)}" for name, value in shown.items()]
    ENVIRONMENT.write_text("\n".join(lines) + "\n")


def is_running() -> bool:
    """Whether a demo was left running and still answers."""
    if not RUNNING.exists():
        return False
    return LocalAws(json.loads(RUNNING.read_text())["endpoint"], AWS).is_running()


def take_down() -> None:
    """Stop the server, in whose memory everything lives, and remove the files."""
    if is_running():
        os.kill(json.loads(RUNNING.read_text())["process"], signal.SIGTERM)
    remove()


def how_to_look(outputs: dict[str, Any]) -> str:
    stack = (REPOSITORY / "examples" / "complete").relative_to(ROOT)
    name, group = outputs["pipeline_name"], outputs["auto_scaling_group_name"]
    template = outputs["launch_template_id"]
    return f"""\
In a shell in this folder, for the AWS CLI (version 2, or 1.29 and later), git and Terraform:

  . {ENVIRONMENT.relative_to(ROOT)}

  aws codepipeline get-pipeline-state --name {name}
  aws codepipeline list-action-executions --pipeline-name {name}
  aws deploy list-deployments --application-name {name} --deployment-group-name {name}
  aws ec2 describe-images --owners self
  aws ec2 describe-launch-template-versions --launch-template-id {template}
  aws autoscaling describe-auto-scaling-groups --auto-scaling-group-names {group}

  cd {APPLICATION.relative_to(ROOT)}                      # change src/VERSION, commit, then
  git push {outputs["clone_url"]} HEAD:main

  terraform -chdir={stack} plan

To take it down:

  make demo-down
"""
