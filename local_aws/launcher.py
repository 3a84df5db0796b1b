"""Start many local AWSs at little cost."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local_aws.client import LocalAws


class Launcher:
    """A process that has loaded what a server needs, and forks one on each request.

    Loading takes longer than many a test. The servers end with the launcher.
    """

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "local_aws.forks"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)},
            start_new_session=True,
        )

    def start(self, speed: float = 100) -> LocalAws:
        """Start a server, as `LocalAws.start` does.

        Raises:
            RuntimeError: with the end of the server's log, if it does not start.
        """
        folder = Path(tempfile.mkdtemp(prefix="local-aws-"))
        started = self.ask(folder=str(folder), speed=speed)
        if not started["endpoint"]:
            log = (folder / "server.log").read_text()
            raise RuntimeError(f"the local AWS did not start:\n{log[-2000:]}")
        return LocalAws(started["endpoint"], folder, Fork(self, started["pid"]))

    def stop(self) -> None:
        """End this process, and the servers that are left."""
        self._process.communicate()

    def __enter__(self) -> Launcher:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def ask(self, **request: Any) -> Any:
        """Send a request; see `local_aws.forks`."""
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())


@dataclass(frozen=True)
class Fork:
    """The process of a server. It is a child of the launcher's process, which alone can wait for
    it."""

    launcher: Launcher
    pid: int

    def terminate(self) -> None:
        os.kill(self.pid, signal.SIGTERM)

    def wait(self) -> int:
        self.launcher.ask(wait=self.pid)
        return 0
