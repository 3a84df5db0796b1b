"""`make pin`: resolve pyproject.toml's dependency groups and write tools/requirements."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from toolchain import ROOT, SetupError
from toolchain.commands import run, say, shown
from toolchain.packages import APART, GROUPS, REQUIREMENTS, Installer


def pin_packages(installer: Installer) -> None:
    """Write one file for each group, with all that its packages need.

    Groups that share an environment get the same versions. Versions that are pinned already stay as
    they are where pyproject.toml still accepts them.

    Raises:
        SetupError: when uv cannot resolve a group.
    """
    with tempfile.TemporaryDirectory() as folder:
        together = Path(folder) / "requirements.txt"
        pinned = [REQUIREMENTS / f"{group}.txt" for group in GROUPS]
        lines = {
            line for file in pinned if file.is_file() for line in file.read_text().splitlines()
        }
        together.write_text("\n".join(sorted(lines)))
        compile_groups(GROUPS, together, installer)
        for group in GROUPS:
            compile_groups([group], REQUIREMENTS / f"{group}.txt", installer, constraints=together)
    for group in APART:
        compile_groups([group], REQUIREMENTS / f"{group}.txt", installer)
    say(f"wrote {shown(REQUIREMENTS)}")


def compile_groups(
    groups: Sequence[str], output: Path, installer: Installer, constraints: Path | None = None
) -> None:
    """Resolve groups for all platforms and versions of Python, and write what they need.

    Args:
        output: a file in the format of pip; versions that it holds already are preferred.
        constraints: such a file, from which no version may differ.
    """
    options: list[str | Path] = ["--universal", "--python-version=3.11", "--no-annotate"]
    options += [f"--group={group}" for group in groups]
    options += ["--constraint", constraints] if constraints else []
    run(
        [installer.uv, "pip", "compile", "--quiet", *options, "--output-file", output],
        f"uv could not resolve {', '.join(groups)}",
        {**installer.uv_environment, "UV_CUSTOM_COMPILE_COMMAND": "make pin"},
        ROOT,
    )


if __name__ == "__main__":
    try:
        pin_packages(Installer())
    except SetupError as error:
        sys.exit(f"pin: {error}")
