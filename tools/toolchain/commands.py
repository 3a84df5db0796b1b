"""Commands that set something up."""

from __future__ import annotations

import hashlib
import subprocess
from collections.abc import Sequence
from pathlib import Path

from toolchain import ROOT, SetupError


def run(
    command: Sequence[str | Path],
    failure: str,
    env: dict[str, str] | None = None,
    folder: Path | None = None,
) -> None:
    """Run a command that is quiet unless it fails.

    Raises:
        SetupError: ``failure``, followed by the last lines of the command's output.
    """
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        lines = (done.stdout + done.stderr).strip().splitlines()[-15:]
        raise SetupError("\n  ".join([f"{failure}:", *lines]))


def say(text: str) -> None:
    """Print a line at once, also into a pipe."""
    print(f"setup: {text}", flush=True)


def shown(path: Path) -> Path:
    """A path as seen from the repository's folder, if it lies there."""
    return path.relative_to(ROOT) if path.is_relative_to(ROOT) else path


def checksum(*contents: bytes) -> str:
    """The SHA-256 of ``contents`` one after the other, in hexadecimal."""
    return hashlib.sha256(b"".join(contents)).hexdigest()
