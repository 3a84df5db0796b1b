"""The application of a service: what its team pushes or uploads."""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from collections.abc import Mapping
from pathlib import Path

VERSION_FILE = Path("src") / "VERSION"


class Application:
    """A working copy of the sample application, and the repository that it is pushed to.

    Args:
        sample: the folder that the first commit consists of.
        folder: for the working copy; created by the first `push`.
        environment: in which git runs.
        remote: the repository's clone URL; empty if the service's source is not a repository.
    """

    def __init__(
        self, sample: Path, folder: Path, environment: Mapping[str, str], remote: str = ""
    ) -> None:
        self.sample = sample
        self.folder = folder
        self.remote = remote
        self.environment = {
            **environment,
            "GIT_CONFIG_GLOBAL": "/dev/null",
            "GIT_CONFIG_SYSTEM": "/dev/null",
            "GIT_AUTHOR_NAME": "Developer",
            "GIT_AUTHOR_EMAIL": "developer@example.com",
            "GIT_COMMITTER_NAME": "Developer",
            "GIT_COMMITTER_EMAIL": "developer@example.com",
        }

    def push(self, version: str, ref: str = "main") -> str:
        """Commit the application as ``version`` and push it; returns the commit's ID.

        Args:
            ref: a branch, or a full name such as ``refs/tags/v1``.

        Raises:
            RuntimeError: with git's message, if git fails.
        """
        if not self.folder.exists():
            shutil.copytree(self.sample, self.folder)
            self._git("init", "--quiet", "--initial-branch", "main")
        (self.folder / VERSION_FILE).write_text(version + "\n")
        self._git("add", "--all")
        self._git("commit", "--quiet", "--allow-empty", "--message", f"Version {version}")
        self._git("push", "--quiet", self.remote, f"HEAD:{ref}")
        return self._git("rev-parse", "HEAD")

    def archive(self, version: str) -> bytes:
        """The application as ``version``, zipped."""
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w") as zipped:
            for path in sorted(self.sample.rglob("*")):
                relative = path.relative_to(self.sample)
                if path.is_file() and relative != VERSION_FILE:
                    zipped.write(path, relative)
            zipped.writestr(VERSION_FILE.as_posix(), version + "\n")
        return archive.getvalue()

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
            raise RuntimeError(f"git {' '.join(arguments)} failed: {done.stderr.strip()}")
        return done.stdout.strip()
