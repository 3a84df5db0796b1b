"""The door of the local AWS: start, stop, state."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from local_aws import sdk

REGION = "us-east-1"
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local"}


class LocalAws:
    """A running local AWS.

    Args:
        endpoint: its address, e.g. ``http://127.0.0.1:5000``.
        folder: where it keeps its files and its log.
        process: the server, when this object started it.
    """

    def __init__(
        self, endpoint: str, folder: Path, process: subprocess.Popen[str] | None = None
    ) -> None:
        self.endpoint = endpoint
        self.folder = folder
        self.process = process

    @classmethod
    def start(cls, speed: float = 100, folder: Path | None = None) -> LocalAws:
        """Start a server in a process of its own and wait until it listens.

        Args:
            speed: AWS seconds that pass in one real second.
            folder: for its files; a temporary one, removed by `stop`, if not given.

        Raises:
            RuntimeError: when it does not come up, with the end of its log.
        """
        folder = folder or Path(tempfile.mkdtemp(prefix="local-aws-"))
        folder.mkdir(parents=True, exist_ok=True)
        log = folder / "server.log"
        command = [sys.executable, "-m", "local_aws"]
        with log.open("w") as stderr:
            process = subprocess.Popen(
                [*command, "--speed", str(speed), "--folder", str(folder)],
                stdout=subprocess.PIPE,
                stderr=stderr,
                text=True,
                env={**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)},
                start_new_session=True,
            )
        assert process.stdout
        endpoint = process.stdout.readline().strip()
        if not endpoint:
            raise RuntimeError(f"the local AWS did not start:\n{log.read_text()[-2000:]}")
        return cls(endpoint, folder, process)

    def stop(self) -> None:
        """Stop the server that `start` started and remove its files."""
        if self.process:
            self.process.terminate()
            self.process.wait()
            shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self) -> LocalAws:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def env(self) -> dict[str, str]:
        """The environment in which AWS's SDKs, Terraform, the AWS CLI and git use this AWS."""
        repositories = f"https://git-codecommit.{REGION}.amazonaws.com/v1/repos/"
        return {
            **CREDENTIALS,
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_EC2_METADATA_DISABLED": "true",
            "GIT_CONFIG_COUNT": "1",
            "GIT_CONFIG_KEY_0": f"url.{self.endpoint}/v1/repos/.insteadOf",
            "GIT_CONFIG_VALUE_0": repositories,
            "GIT_TERMINAL_PROMPT": "0",
        }

    def client(self, service: str, **settings: Any) -> Any:
        """A boto3 client of the account's administrator, where the settings say nothing else."""
        usual = {
            "region_name": REGION,
            "endpoint_url": self.endpoint,
            "aws_access_key_id": CREDENTIALS["AWS_ACCESS_KEY_ID"],
            "aws_secret_access_key": CREDENTIALS["AWS_SECRET_ACCESS_KEY"],
        }
        return sdk.client(service, **{**usual, **settings})

    def ask(self, door: str, **wish: Any) -> Any:
        """Use one of the doors of `local_aws.server_state.ServerState`.

        Raises:
            RuntimeError: when the door says no, with its reason.
        """
        body = json.dumps(wish).encode()
        try:
            with urllib.request.urlopen(f"{self.endpoint}/_local/{door}", body) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            raise RuntimeError(f"{door}: {json.load(error)}") from None

    def conditions(self, **changes: Any) -> None:
        """Change the world (`local_aws.conditions.Conditions`)."""
        self.ask("conditions", **changes)

    def requests(self, principal: str = "") -> list[dict[str, Any]]:
        """The recorded requests of the principals whose ARN contains ``principal``."""
        answer: list[dict[str, Any]] = self.ask("requests", principal=principal)
        return answer

    @contextmanager
    def held_at(self, timeout: float = 60, **where: Any) -> Iterator[Breakpoint]:
        """Hold the call described by ``where`` (`local_aws.breakpoints.Breakpoint`).

        Inside the block, `Breakpoint.wait` returns once the call is held; it goes on when the block
        ends.
        """
        point = Breakpoint(self, self.ask("breakpoint", **where), timeout)
        try:
            yield point
        finally:
            self.ask("breakpoint/release", number=point.number, drop=point.dropped)


class Breakpoint:
    """A breakpoint that was set; see `LocalAws.held_at`.

    Attributes:
        dropped: set it, and the call never takes effect.
    """

    def __init__(self, aws: LocalAws, number: int, timeout: float) -> None:
        self.aws = aws
        self.number = number
        self.timeout = timeout
        self.dropped = False

    def wait(self) -> None:
        """Return once the call is held.

        Raises:
            TimeoutError: when no such call came.
        """
        if not self.aws.ask("breakpoint/wait", number=self.number, timeout=self.timeout):
            raise TimeoutError(f"no such call within {self.timeout} s")
