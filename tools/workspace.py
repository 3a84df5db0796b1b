"""A copy of the repository to run Terraform in, so that it leaves nothing behind in this one."""

from __future__ import annotations

import shutil
from pathlib import Path

from toolchain import ROOT

_LEFT_BEHIND = shutil.ignore_patterns(
    ".git", ".venv", ".tools", ".demo", ".terraform*", "*.tfstate*", ".*_cache", "__pycache__"
)


def copy_repository(destination: Path) -> Path:
    """Copy all but what was set up or left behind here; an older copy is replaced."""
    shutil.rmtree(destination, ignore_errors=True)
    shutil.copytree(ROOT, destination, ignore=_LEFT_BEHIND)
    return destination
