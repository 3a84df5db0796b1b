"""A Terraform workspace, applied on a local AWS through python-terraform."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any
from unittest import mock

from python_terraform import IsFlagged, Terraform

from local_aws.client import LocalAws
from shared_provider import SharedProvider
from toolchain import environment

REPOSITORY = Path(__file__).resolve().parents[2]
# What a workspace reaches through relative paths.
_SHARED = ("modules", "examples", "tests/integration/workspaces")
_NOT_SHARED = shutil.ignore_patterns(".terraform*", "*.tfstate*")


class Stack:
    """One workspace with a state of its own.

    Args:
        aws: where it is applied.
        workspace: its folder in the repository, e.g. ``examples/complete``.
        folder: an empty one, for a copy of the workspace and its state.
        share_provider: whether all commands use one process of the provider, which takes less time;
            otherwise each starts its own, as usual.
    """

    def __init__(
        self, aws: LocalAws, workspace: str, folder: Path, share_provider: bool = True
    ) -> None:
        for shared in _SHARED:
            shutil.copytree(REPOSITORY / shared, folder / shared, ignore=_NOT_SHARED)
        for path in REPOSITORY.glob("*.tf"):
            shutil.copy(path, folder)
        self._folder = folder / workspace
        self._environment = aws.env
        self._terraform = Terraform(working_dir=str(self._folder))
        self._variables: dict[str, Any] = {}
        self._run("init")
        self._provider: SharedProvider | None = None
        if share_provider:
            data = self._folder / ".terraform"
            self._provider = SharedProvider(data, self._folder, {**environment(), **aws.env})
            self._environment = {**aws.env, **self._provider.env}

    def __enter__(self) -> Stack:
        return self

    def __exit__(self, *_: object) -> None:
        if self._provider:
            self._provider.stop()

    def apply(self, **variables: Any) -> dict[str, Any]:
        """Apply with ``variables`` (earlier ones are kept) and return the outputs.

        Raises:
            python_terraform.TerraformCommandError: when Terraform does.
        """
        self._variables.update(variables)
        self._run("apply", auto_approve=IsFlagged, var=self._variables)
        outputs = json.loads(self.state())["outputs"]
        return {name: output["value"] for name, output in outputs.items()}

    def plan(self) -> str:
        """What Terraform would change; empty when nothing."""
        code, text = self._run("plan", detailed_exitcode=IsFlagged, var=self._variables)
        return text if code else ""

    def state(self) -> str:
        """Terraform's state, as JSON."""
        return (self._folder / "terraform.tfstate").read_text()

    def destroy(self) -> str:
        """Destroy everything and return what Terraform said."""
        _, text = self._run("destroy", auto_approve=IsFlagged, var=self._variables)
        return text

    def _run(self, command: str, **options: Any) -> tuple[int, str]:
        with mock.patch.dict(os.environ, self._environment):
            code, text, errors = self._terraform.cmd(
                command, input=False, no_color=IsFlagged, **options
            )
        if code not in (0, 2):
            raise AssertionError(f"terraform {command} failed:\n{errors}\n{text[-3000:]}")
        return code, text
