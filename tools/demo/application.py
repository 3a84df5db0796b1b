"""The application's repository, as its team has it: change, commit, push."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from demo.errors import DemoError

VERSION_FILE = "src/VERSION"
BRANCH = "main"


class Application:
    """A clone of the sample application.

    Args:
        sample: the folder that the first commit consists of.
        folder: for the clone.
        remote: the clone URL.
        environment: in which git runs.
    """

    def __init__(
        self, sample: Path, folder: Path, remote: str, environment: dict[str, str]
    ) -> None:
        self.folder = folder
        self.remote = remote
        self.environment = {
            **environment,
            "GIT_CONFIG_GLOBAL": "/dev/null",
            "GIT_CONFIG_SYSTEM": "/dev/null",
            "GIT_AUTHOR_NAME": "Demo",
            "GIT_AUTHOR_EMAIL": "demo@example.com",
            "GIT_COMMITTER_NAME": "Demo",
            "GIT_COMMITTER_EMAIL": "demo@example.com",
        }
        shutil.copytree(sample, folder)
        self._git("init", "--quiet")

    @property
    def version(self) -> str:
        return (self.folder / VERSION_FILE).read_text().strip()

    def change_version(self, version: str) -> None:
        (self.folder / VERSION_FILE).write_text(version + "\n")

    def push(self) -> str:
        """Commit what there is and push it; the id of the commit."""
        self._git("add", "--all")
        self._git("commit", "--quiet", "--message", f"Version {self.version}")
        self._git("push", "--quiet", self.remote, f"HEAD:refs/heads/{BRANCH}")
        return self._git("rev-parse", "HEAD")

    def _git(self, *arguments: str) -> str:
        done = subprocess.run(
            ["git", *arguments],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise DemoError(f"git {' '.join(arguments)} failed: {done.stderr.strip()}")
        return done.stdout.strip()
