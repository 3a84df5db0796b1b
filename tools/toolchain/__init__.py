"""The tools that `make` sets up in this folder, and the environment in which they run."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
TOOLS = ROOT / ".tools"
# Tools that run as processes of their own: checkov, which pins another boto3, and the simulator of
# IAM policies, which is no Python.
CHECKOV = TOOLS / "checkov"
SIMULATOR = TOOLS / "simulator"


class SetupError(Exception):
    """Something is missing that set-up cannot bring; the text says what, and how to get it."""


def environment(tools: Path = TOOLS, venv: Path = VENV) -> dict[str, str]:
    """This process's environment, with the tools set up here and none of the user's own settings
    for Terraform and AWS: neither may decide what a test does, or in which account.
    """
    inherited = {
        name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "TF_"))
    }
    path = [str(tools / "bin"), str(venv / "bin"), os.environ.get("PATH", os.defpath)]
    direct = ",".join(filter(None, [os.environ.get("NO_PROXY"), "127.0.0.1", "localhost"]))
    return {
        **inherited,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "NO_PROXY": direct,
        "no_proxy": direct,
        "PATH": os.pathsep.join(path),
        "TF_CLI_CONFIG_FILE": str(tools / "terraform.rc"),
        "TF_IN_AUTOMATION": "1",
    }
