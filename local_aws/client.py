"""Start, stop and control a local AWS."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol, Unpack

from local_aws import sdk
from local_aws.conditions import ConditionChanges

REGION = "us-east-1"
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local"}


# Seconds that `LocalAws.held_at` waits for the call. Long, because a busy machine must not fail a
# test.
PATIENCE = 600


@dataclass(frozen=True)
class Disk:
    """The files of an instance, by absolute path.

    Attributes:
        files: as processes on the instance read them.
        flushed: as they are on the volume, and thus in an image taken without a reboot.
    """

    files: Mapping[str, str]
    flushed: Mapping[str, str]


class Process(Protocol):
    """What ends a server; `subprocess.Popen` is one."""

    @property
    def pid(self) -> int: ...

    def terminate(self) -> None: ...

    def wait(self) -> int: ...


class LocalAws:
    """A running local AWS.

    Besides the APIs of AWS, it has a control API, for what a test must know or change and AWS has
    no API for: the methods from `requests` on.

    Args:
        endpoint: its URL, e.g. ``http://127.0.0.1:5000``.
        folder: where it keeps its files and its log.
        process: the server, if it is to be stopped with this object.
    """

    def __init__(self, endpoint: str, folder: Path, process: Process | None = None) -> None:
        self.endpoint = endpoint
        self.folder = folder
        self.process = process

    @classmethod
    def start(cls, speed: float = 100, folder: Path | None = None) -> LocalAws:
        """Start a server in a process of its own and wait until it listens.

        Args:
            speed: seconds of AWS time that pass in a real second.
            folder: for its files; by default a temporary one, which `stop` removes.

        Raises:
            RuntimeError: with the end of the server's log, if it does not start.
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
        """Stop the server and remove its files."""
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
        """A boto3 client, by default with the credentials of the account's administrator.

        Args:
            settings: arguments of `boto3.session.Session.client`.
        """
        defaults = {
            "region_name": REGION,
            "endpoint_url": self.endpoint,
            "aws_access_key_id": CREDENTIALS["AWS_ACCESS_KEY_ID"],
            "aws_secret_access_key": CREDENTIALS["AWS_SECRET_ACCESS_KEY"],
        }
        return sdk.client(service, **{**defaults, **settings})

    # What happened

    def requests(self, principal: str = "") -> list[dict[str, Any]]:
        """The requests so far (`local_aws.recorder.Record`), the oldest first.

        Args:
            principal: only those of principals whose ARN contains this.
        """
        requests: list[dict[str, Any]] = self._control("requests", principal=principal)
        return requests

    def role_credentials(self) -> list[dict[str, str]]:
        """All temporary credentials of roles that were ever issued, each with its ``role_arn``."""
        credentials: list[dict[str, str]] = self._control("credentials")
        return credentials

    # Time, and what goes wrong

    def sleep(self, seconds: float) -> None:
        """Return when ``seconds`` of AWS time have passed."""
        self._control("clock/sleep", seconds=seconds)

    def set_conditions(self, **changes: Unpack[ConditionChanges]) -> None:
        """Change how long things take and what goes wrong (`local_aws.conditions.Conditions`).

        Raises:
            RuntimeError: for a condition that does not exist.
        """
        self._control("conditions", **changes)

    def reset_conditions(self) -> None:
        """Set all conditions to their defaults."""
        self._control("conditions/reset")

    @contextmanager
    def held_at(
        self,
        *,
        operation: str = "",
        service: str = "",
        principal: str = "",
        nth: int = 1,
        when: Literal["before", "after"] = "before",
        patience: float = PATIENCE,
    ) -> Iterator[HeldCall]:
        """Hold an API call: it waits, inside the block, ``before`` or ``after`` it takes effect.

        `HeldCall.wait` returns once the call is held. The call goes on when the block ends.

        Args:
            operation: e.g. ``CreateImage``; empty for any.
            service: the prefix of the IAM action, e.g. ``ec2``; empty for any.
            principal: a part of the caller's ARN.
            nth: which of the matching calls is held, counted from 1.
            patience: real seconds that `HeldCall.wait` waits.
        """
        number = self._control(
            "breakpoint",
            operation=operation,
            service=service,
            principal=principal,
            nth=nth,
            when=when,
        )
        call = HeldCall(self, number, patience)
        try:
            yield call
        finally:
            self._control("breakpoint/release", number=number, drop=call.dropped)

    # Instances and images

    def disk(self, instance_id: str) -> Disk:
        """The disk of an instance."""
        return Disk(**self._control("disk", instance_id=instance_id))

    def write_file(self, instance_id: str, path: str, text: str) -> None:
        """Write a file as a process on the instance would: nothing flushes it to the volume."""
        self._control("disk/write", instance_id=instance_id, path=path, text=text)

    def files_in_image(self, image_id: str) -> dict[str, str]:
        """The files in an image, by absolute path: the disk of an instance launched from it."""
        files: dict[str, str] = self._control("image/files", image_id=image_id)
        return files

    def last_installed(self, instance_id: str) -> dict[str, str] | None:
        """The last successful CodeDeploy deployment according to an instance's disk.

        Returns:
            its ``deployment_id`` and ``deployment_group_id``; ``None`` if there is none.
        """
        installed: dict[str, str] | None = self._control(
            "codedeploy/installed", instance_id=instance_id
        )
        return installed

    # Lambda functions

    def cold_starts(self, function_name: str) -> int:
        """How many execution environments a function has had."""
        count: int = self._control("functions/cold-starts", name=function_name)
        return count

    def kill_invocations(self, function_name: str) -> int:
        """Kill the running invocations of a function; returns how many there were."""
        count: int = self._control("functions/kill", name=function_name)
        return count

    def is_running(self) -> bool:
        """Whether the server answers."""
        try:
            self._control("ping")
        except OSError:
            return False
        return True

    def _control(self, name: str, /, **arguments: Any) -> Any:
        """Call a function of `local_aws.server_state.ServerState.controls`.

        Raises:
            RuntimeError: with the reason, if the function fails.
        """
        body = json.dumps(arguments).encode()
        try:
            with urllib.request.urlopen(f"{self.endpoint}/_local/{name}", body) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            raise RuntimeError(f"{name}: {json.load(error)}") from None


class HeldCall:
    """A call that `LocalAws.held_at` holds.

    Attributes:
        dropped: set it to lose the call, held ``before`` it takes effect: it never does.
    """

    def __init__(self, aws: LocalAws, number: int, patience: float) -> None:
        self.dropped = False
        self._aws = aws
        self._number = number
        self._patience = patience

    def wait(self) -> None:
        """Return once the call is held.

        Raises:
            TimeoutError: if there is no such call.
        """
        if not self._aws._control("breakpoint/wait", number=self._number, timeout=self._patience):
            raise TimeoutError(f"no such call within {self._patience:.0f} s")
