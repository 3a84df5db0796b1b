"""Terraform on a workspace: apply and destroy with their progress, outputs, plan."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from demo.errors import DemoError


@dataclass
class Progress:
    """How far an apply or a destroy is.

    Attributes:
        total: resources to change; 0 until the plan is made.
        done: resources changed.
        under_way: since when (`time.monotonic`) each resource is being changed, by address.
    """

    total: int = 0
    done: int = 0
    under_way: dict[str, float] = field(default_factory=dict)

    def follow(self, event: dict[str, Any]) -> str:
        """Take in one line of Terraform's output; what it changed, in words, if anything.

        https://developer.hashicorp.com/terraform/internals/machine-readable-ui
        """
        if event["type"] == "change_summary" and event["changes"]["operation"] == "plan":
            changes = event["changes"]
            self.total = changes["add"] + changes["change"] + changes["remove"]
            return f"{self.total} resources to change"
        if event["type"] == "apply_start" and event["hook"]["action"] != "read":
            self.under_way[event["hook"]["resource"]["addr"]] = time.monotonic()
        if event["type"] == "apply_complete" and event["hook"]["action"] != "read":
            address = event["hook"]["resource"]["addr"]
            self.under_way.pop(address, None)
            self.done += 1
            seconds = event["hook"].get("elapsed_seconds", 0)
            return f"{self.done:3}/{self.total} {address} ({seconds:.0f} s)"
        return ""

    def slowest(self) -> list[tuple[str, float]]:
        """What is under way and for how many seconds, the oldest first."""
        now = time.monotonic()
        return [(address, now - since) for address, since in self.under_way.items()]


class Workspace:
    """A root module with its state beside it.

    Args:
        folder: the root module.
        environment: in which Terraform runs; says which AWS is meant.
    """

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.folder = folder
        self.environment = environment

    def init(self) -> None:
        self._run("init", "-input=false", "-no-color")

    def apply(self) -> Iterator[dict[str, Any]]:
        """Apply; yields Terraform's events as they come."""
        return self._stream("apply", "-auto-approve")

    def destroy(self) -> Iterator[dict[str, Any]]:
        return self._stream("destroy", "-auto-approve")

    def outputs(self) -> dict[str, Any]:
        outputs = json.loads(self._run("output", "-json"))
        return {name: output["value"] for name, output in outputs.items()}

    def planned_changes(self) -> str:
        """What `terraform plan` would change; empty when nothing."""
        command = ("plan", "-detailed-exitcode", "-input=false", "-no-color")
        with self._process(*command) as process:
            output, _ = process.communicate()
        if process.returncode not in (0, 2):
            raise DemoError(f"terraform plan failed:\n{output.strip()}")
        # What comes before is the reading of what exists.
        _, introduction, changes = output.partition("Terraform will perform the following actions")
        return (introduction + changes or output) if process.returncode else ""

    def _run(self, command: str, *options: str) -> str:
        with self._process(command, *options) as process:
            output, _ = process.communicate()
        if process.returncode:
            raise DemoError(f"terraform {command} failed:\n{output.strip()}")
        return output

    def _stream(self, command: str, *options: str) -> Iterator[dict[str, Any]]:
        errors = []
        with self._process(command, *options, "-json", "-input=false") as process:
            assert process.stdout
            for line in process.stdout:
                try:
                    event = json.loads(line)
                except ValueError:  # Terraform did not get as far as speaking JSON
                    errors.append(line.strip())
                    continue
                if event["type"] == "diagnostic" and event["@level"] == "error":
                    diagnostic = event["diagnostic"]
                    where = diagnostic.get("address", "")
                    errors.append(f"{where} {diagnostic['summary']} {diagnostic['detail']}".strip())
                yield event
        if process.returncode:
            raise DemoError(f"terraform {command} failed:\n" + "\n".join(errors))

    @contextmanager
    def _process(self, *arguments: str) -> Iterator[subprocess.Popen[str]]:
        """A Terraform that is gone when the block is left, and its providers with it."""
        process = subprocess.Popen(
            ["terraform", *arguments],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        try:
            yield process
            process.wait()
        finally:
            if process.poll() is None:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                process.wait()
